#include "powerstroke/analysis/work_theorems.hpp"

#include <doctest/doctest.h>

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;
using namespace powerstroke::analysis;
using test_support::false_alarm_rate;
using test_support::largest_deviate;
using test_support::most_events;

/// Normal work of deviation s T and mean DeltaF + s^2 T/2 obeys all theorems exactly, and so does
/// its reverse with -DeltaF.
namespace {

constexpr double temperature = 1.5, delta_f = 0.8;

/// @param dissipated <W> - DeltaF, over what the theorems ask for.
std::vector<double> normal_work(double free_energy, double s, std::size_t count,
                                std::uint64_t sample, double dissipated = 1.0) {
  std::vector<double> work(count);
  Stream stream(20, 0, sample, Purpose::initial_energy);
  boost::random::normal_distribution<double> normal(
      free_energy + dissipated * 0.5 * s * s * temperature, s * temperature);
  for (double& w : work) w = normal(stream);
  return work;
}

std::vector<double> forward_work(double s, std::size_t count, std::uint64_t sample) {
  return normal_work(delta_f, s, count, 2 * sample);
}
std::vector<double> reverse_work(double s, std::size_t count, std::uint64_t sample) {
  return normal_work(-delta_f, s, count, 2 * sample + 1);
}

/// Counts how often a truth lies outside of two error bars.
class Misses {
 public:
  void add(const Estimate& estimate, double truth) {
    ++trials_;
    if (std::abs(estimate.value - truth) > 2.0 * estimate.error) ++misses_;
  }
  /// Neither more nor fewer than error bars of normal deviates have it.
  void check() const {
    const double nominal = normal_p_value(2.0);
    CAPTURE(misses_);
    CAPTURE(trials_);
    CHECK(misses_ <= most_events(trials_, nominal, false_alarm_rate / 2));
    CHECK(trials_ - misses_ <= most_events(trials_, 1.0 - nominal, false_alarm_rate / 2));
  }

 private:
  int trials_ = 0, misses_ = 0;
};

}  // namespace

TEST_CASE("Jarzynski's estimate of normal work has the bias and the scatter that are known of it") {
  // A lognormal weight has <w^2>/<w>^2 = q. The mean of N has to 1/N^2: <ln> = -v/2N + k3/3N^2 - 3
  // v^2/4N^2.
  constexpr int repeats = 20'000;
  constexpr double s = 0.7, n = 20.0;
  const double q = std::exp(s * s), v = q - 1.0, k3 = v * v * (q + 2.0);
  const double bias =
      temperature * (v / (2.0 * n) - k3 / (3.0 * n * n) + 3.0 * v * v / (4.0 * n * n));
  Moments estimates;
  for (std::uint64_t repeat = 0; repeat < repeats; ++repeat)
    estimates += {1, jarzynski(forward_work(s, 20, repeat), temperature).delta_f.value, 0.0};
  const double scatter = std::sqrt(estimates.variance() / repeats);
  CHECK(std::abs(estimates.mean - delta_f - bias) < largest_deviate(1) * scatter);
  CHECK(estimates.mean - delta_f > largest_deviate(1) * scatter);  // it can be seen at all
}

TEST_CASE(
    "error bars from normal work miss the truth as often as they say, and the bias is what is "
    "reported") {
  constexpr int repeats = 2000;
  constexpr double s = 0.5, n = 500.0;
  Misses mean, free_energy, average, ratio;
  Moments bias;
  for (std::uint64_t repeat = 0; repeat < repeats; ++repeat) {
    const std::vector<double> forward = forward_work(s, 500, repeat),
                              reverse = reverse_work(s, 700, repeat);
    const Jarzynski j = jarzynski(forward, temperature);
    CHECK(j.is_trusted);
    bias += {1, j.bias, 0.0};
    mean.add(mean_work(forward), delta_f + 0.5 * s * s * temperature);
    free_energy.add(j.delta_f, delta_f);
    average.add(exponential_average(forward, delta_f, temperature), 1.0);
    ratio.add(acceptance_ratio(forward, reverse, temperature).delta_f, delta_f);
  }
  mean.check();
  free_energy.check();
  average.check();
  ratio.check();
  const double v = std::expm1(s * s), k3 = v * v * (v + 3.0);
  const double expected =
      temperature * (v + (3.0 * v * v - 2.0 * k3) / n) / (2.0 * n);  // of s^2/m^2, to 1/N
  CHECK(std::abs(bias.mean - expected) < largest_deviate(1) * std::sqrt(bias.variance() / repeats));
}

TEST_CASE("the acceptance ratio has less scatter than Jarzynski's average of as many works") {
  constexpr int repeats = 300;
  Moments one_way, both_ways;
  for (std::uint64_t repeat = 0; repeat < repeats; ++repeat) {
    one_way += {1, jarzynski(forward_work(1.5, 400, repeat), temperature).delta_f.value, 0.0};
    both_ways += {1,
                  acceptance_ratio(forward_work(1.5, 200, repeat), reverse_work(1.5, 200, repeat),
                                   temperature)
                      .delta_f.value,
                  0.0};
  }
  // The variance of a variance of nearly normal deviates is 2/R of its square.
  const double ratio = std::log(one_way.variance() / both_ways.variance());
  CAPTURE(ratio);
  CHECK(ratio > largest_deviate(1) * std::sqrt(4.0 / repeats));
}

TEST_CASE(
    "Crooks: the logarithm of the ratio of normal works is a line of slope 1/T that crosses 0 at "
    "DeltaF") {
  constexpr double s = 1.5;
  const std::vector<double> forward = forward_work(s, 100'000, 1),
                            reverse = reverse_work(s, 60'000, 1);
  const Crooks fit = crooks(forward, reverse);
  REQUIRE(fit.line);
  CHECK(std::abs(fit.line->slope - 1.0 / temperature) < largest_deviate(3) * fit.line->slope_error);
  CHECK(std::abs(fit.delta_f.value - delta_f) < largest_deviate(3) * fit.delta_f.error);
  CHECK(fit.line->p_value > false_alarm_rate / 3);
  // Ten times wider bins: the works' means in them keep the line where it is.
  const Crooks coarse = crooks(forward, reverse, 8);
  REQUIRE(coarse.line);
  CHECK(std::abs(coarse.line->slope - 1.0 / temperature) <
        largest_deviate(1) * coarse.line->slope_error);
}

TEST_CASE("Crooks' error bars miss the truth as often as they say") {
  Misses slope, crossing;
  for (std::uint64_t repeat = 0; repeat < 300; ++repeat) {
    const Crooks fit =
        crooks(forward_work(1.0, 10'000, repeat), reverse_work(1.0, 10'000, repeat), 20);
    REQUIRE(fit.line);
    slope.add({fit.line->slope, fit.line->slope_error}, 1.0 / temperature);
    crossing.add(fit.delta_f, delta_f);
  }
  slope.check();
  crossing.check();
}

TEST_CASE("work that dissipates a tenth less than it must is caught by average, ratio and line") {
  constexpr double s = 1.0;
  const std::vector<double> forward = normal_work(delta_f, s, 100'000, 1, 0.9),
                            reverse = normal_work(-delta_f, s, 100'000, 2, 0.9);
  const Estimate average = exponential_average(forward, delta_f, temperature);
  CHECK(std::abs(average.value - 1.0) > largest_deviate(1) * average.error);
  const Crooks fit = crooks(forward, reverse);
  REQUIRE(fit.line);
  CHECK(std::abs(fit.line->slope - 1.0 / temperature) > largest_deviate(1) * fit.line->slope_error);
  CHECK(std::abs(acceptance_ratio(forward, normal_work(-delta_f, s, 100'000, 2), temperature)
                     .delta_f.value -
                 delta_f) >
        largest_deviate(1) * acceptance_ratio(forward, reverse, temperature).delta_f.error);
}

TEST_CASE("too few trajectories for so much dissipation are said to be so") {
  const std::vector<double> forward = forward_work(5.0, 1000, 1),
                            reverse = reverse_work(5.0, 1000, 1);
  const Jarzynski j = jarzynski(forward, temperature);
  CHECK(!j.is_trusted);
  CHECK(j.delta_f.value - delta_f > largest_deviate(1) * j.delta_f.error);  // why
  CHECK(!acceptance_ratio(forward, reverse, temperature).is_trusted);
  CHECK(!crooks(forward, reverse).line);
}

TEST_CASE("works so large that their exponentials would overflow give what smaller ones do") {
  std::vector<double> forward = forward_work(1.0, 2000, 1), reverse = reverse_work(1.0, 1000, 1);
  const Jarzynski j = jarzynski(forward, temperature);
  const AcceptanceRatio a = acceptance_ratio(forward, reverse, temperature);
  constexpr double shift = 1e5;
  for (double& w : forward) w += shift;
  for (double& w : reverse) w -= shift;
  CHECK(jarzynski(forward, temperature).delta_f.value - shift ==
        doctest::Approx(j.delta_f.value).epsilon(1e-9));
  CHECK(acceptance_ratio(forward, reverse, temperature).delta_f.value - shift ==
        doctest::Approx(a.delta_f.value).epsilon(1e-9));
  CHECK(exponential_average(forward, shift + delta_f, temperature).value ==
        doctest::Approx(exponential_average(forward_work(1.0, 2000, 1), delta_f, temperature).value)
            .epsilon(1e-9));
}

TEST_CASE("a work that is not finite makes the estimates NaN, and equal works need no range") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> broken = {1.0, infinity, 2.0}, same = {1.0, 1.0, 1.0},
                            back = {-1.0, -1.0, -1.0};
  CHECK(std::isnan(jarzynski(broken, temperature).delta_f.value));
  CHECK(!jarzynski(broken, temperature).is_trusted);
  CHECK(std::isnan(exponential_average(broken, 0.0, temperature).value));
  CHECK(std::isnan(acceptance_ratio(broken, same, temperature).delta_f.value));
  CHECK(jarzynski(same, temperature).delta_f.value == doctest::Approx(1.0));
  CHECK(acceptance_ratio(same, back, temperature).delta_f.value == doctest::Approx(1.0));
  CHECK(!crooks(same, back).line);
}
