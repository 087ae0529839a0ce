#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "power/small_run.hpp"
#include "powerstroke/study/run/run.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;
using test_support::SmallRun;

/// Honest runs of few particles over 200 seeds: the verdict must not cry wolf, and p-values must be
/// what they claim.
namespace {

constexpr int seeds = 200;

/// Kolmogorov's bound on the distance of n uniform numbers from the diagonal, at a rate of false
/// alarms (asymptotic; n is 200 and more).
double largest_distance(std::size_t n, double rate) {
  return std::sqrt(-0.5 * std::log(0.5 * rate) / static_cast<double>(n));
}

double distance_from_uniform(std::vector<double> p) {
  std::sort(p.begin(), p.end());
  double largest = 0.0;
  const auto n = static_cast<double>(p.size());
  for (std::size_t i = 0; i < p.size(); ++i)
    largest = std::max(
        {largest, static_cast<double>(i + 1) / n - p[i], p[i] - static_cast<double>(i) / n});
  return largest;
}

void check(SmallRun run) {
  run.particles = 5000;
  run.snapshots = "[0, 2, 10, 40]";
  int alarms = 0;
  std::vector<std::vector<double>> of_bins(4), of_levels(4);
  for (int seed = 1; seed <= seeds; ++seed) {
    run.seed = static_cast<std::uint64_t>(seed);
    const study::RunResult result = study::run(test_support::config(run));
    alarms += result.comparison.verdict != study::Verdict::consistent ? 1 : 0;
    for (std::size_t k = 0; k < 4; ++k) {
      of_bins[k].push_back(result.comparison.master_equation[k].p_value);
      of_levels[k].push_back(result.comparison.levels[k].p_value);
    }
  }
  MESSAGE(alarms, " false alarms in ", seeds, " runs");
  CHECK(alarms <= test_support::most_events(seeds, 1e-3));
  // The chi-squares of many classes are uniform up to the discreteness of counts; seven samples
  // share the rate of false alarms (levels at t = 0 have too few classes to be anything but
  // discrete).
  const double bound = largest_distance(seeds, test_support::false_alarm_rate / 7.0);
  for (std::size_t k = 0; k < 4; ++k) {
    CAPTURE(k);
    CHECK(distance_from_uniform(of_bins[k]) < bound);
    if (k > 0) CHECK(distance_from_uniform(of_levels[k]) < bound);
  }
}

}  // namespace

TEST_CASE("no false alarms in 200 honest runs: constant mean energy, whose particles share phi") {
  check({});
}
TEST_CASE("no false alarms in 200 honest runs: fixed rates") { check(test_support::fixed_rates()); }
TEST_CASE("no false alarms in 200 honest runs: thermal") { check(test_support::thermal()); }
TEST_CASE("no false alarms in 200 honest runs: exchange, whose particles share their quanta") {
  check(test_support::exchange());
}
TEST_CASE("no false alarms in 200 honest runs: a bath of two-level systems") {
  check(test_support::bath(5000));
}
TEST_CASE("no false alarms in 200 honest runs: constant mean energy, microreversible") {
  check(test_support::microreversible());
}
