#include <doctest/doctest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/run/run.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

/// The error bars of runs whose particles share their rates, against the scatter over seeds and against closed forms.
namespace {

struct Shared {
  std::string energy, transitions, balance, more;
  std::uint64_t particles = 2000;
  std::string snapshots = "[0, 10, 30]";
};

io::RunResult run_of(const Shared& shared, int seed) {
  return io::run(io::parse_config(R"({ "format": "powerstroke/1", "seed": )" + std::to_string(seed) + R"(,
    "ensemble": { "particles": )" + std::to_string(shared.particles) +
                                      R"(, "energy": )" + shared.energy + R"( },
    "strokes": { "transitions": )" + shared.transitions +
                                      R"(, "balance": ")" + shared.balance + "\"" + shared.more + R"( },
    "time": { "snapshots": )" + shared.snapshots +
                                      R"( } })",
                                  "shared rates"));
}

/// z of many seeds at the last snapshot: their variance about 0 must be 1.
struct Scatter {
  explicit Scatter(int checks) : rate(test_support::false_alarm_rate / checks) {}
  double rate;

  void add(double value, double expected, double error, double& sum) const {
    CAPTURE(value);
    CAPTURE(expected);
    CHECK(error > 0.0);  // not null either
    sum += std::pow((value - expected) / error, 2);
  }
  void check(double sum, int seeds) const {
    const boost::math::chi_squared squares(seeds);
    CHECK(sum > boost::math::quantile(squares, 0.5 * rate));
    CHECK(sum < boost::math::quantile(boost::math::complement(squares, 0.5 * rate)));
  }
};

const char* const narrow = R"({ "distribution": "normal", "mean": 2.6, "sigma": 0.2 })";
constexpr double spread = 0.2;  ///< its cut at E = 0 is 13 sigma away

}  // namespace

TEST_CASE("errors: the energy that an exchange keeps scatters as at its start, whatever the sample of a seed") {
  const Shared exchange{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 } ])", "exchange", ""};
  for (int seed = 1; seed <= 10; ++seed) {
    const io::RunResult result = run_of(exchange, seed);
    for (const double error : result.series.mean_energy_err)
      CHECK(error == doctest::Approx(spread / std::sqrt(2000.0)).epsilon(1e-6));
  }
}

TEST_CASE("errors: at constant mean energy the walk of the strokes is added to the scatter of the start") {
  Shared shared{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 }, { "delta_e": 0.4, "rate_down": 0.5 } ])",
                "energy_conserving", ""};
  const io::RunResult result = run_of(shared, 1);
  const double n = 2000.0;
  CHECK(result.series.mean_energy_err.front() == doctest::Approx(spread / std::sqrt(n)).epsilon(1e-6));
  // Of this run's own strokes all have 0.4 or 0.8: the walk lies between.
  const double strokes = static_cast<double>(result.series.strokes_up.back() + result.series.strokes_down.back());
  const double error = result.series.mean_energy_err.back();
  CHECK(error > std::sqrt(spread * spread / n + 0.16 * strokes / (n * n)));
  CHECK(error < std::sqrt(spread * spread / n + 0.64 * strokes / (n * n)));
}

TEST_CASE("errors: phi of a first transition that is not the smallest") {
  constexpr int seeds = 60;
  const Scatter scatter(4);
  for (const char* transitions : {R"([ { "delta_e": 3, "rate_down": 0.5 }, { "delta_e": 0.5, "rate_down": 1 } ])",
                                  R"([ { "delta_e": 0.5, "rate_down": 1 }, { "delta_e": 3, "rate_down": 0.5 } ])"}) {
    const Shared shared{
        R"({ "distribution": "exponential", "mean": 2.5 })", transitions, "energy_conserving", "", 2000, "[0, 40]"};
    double of_phi = 0.0, of_energy = 0.0;
    for (int seed = 1; seed <= seeds; ++seed) {
      const io::RunResult result = run_of(shared, seed);
      scatter.add(result.series.phi.back(), result.solution.phi.back(), result.series.phi_err.back(), of_phi);
      scatter.add(result.series.mean_energy.back(), result.solution.mean_energy.back(), result.series.mean_energy_err.back(),
                  of_energy);
    }
    CAPTURE(transitions);
    scatter.check(of_phi, seeds);
    scatter.check(of_energy, seeds);
  }
}

TEST_CASE("errors: narrow starts whose offsets and levels hang together") {
  constexpr int seeds = 60;
  const Scatter scatter(6);
  for (const Shared& shared : {Shared{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 } ])", "exchange", ""},
                               Shared{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 } ])", "energy_conserving", ""},
                               Shared{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 } ])", "bath",
                                      R"(, "bath": { "systems": 2000, "excited": 0.3 })"}}) {
    double of_energy = 0.0, of_phi = 0.0;
    for (int seed = 1; seed <= seeds; ++seed) {
      const io::RunResult result = run_of(shared, seed);
      scatter.add(result.series.mean_energy.back(), result.solution.mean_energy.back(), result.series.mean_energy_err.back(),
                  of_energy);
      scatter.add(result.series.phi.back(), result.solution.phi.back(), result.series.phi_err.back(), of_phi);
    }
    CAPTURE(shared.balance);
    MESSAGE(shared.balance, ": variance of z of the mean energy ", of_energy / seeds, ", of phi ", of_phi / seeds);
    scatter.check(of_energy, seeds);
    scatter.check(of_phi, seeds);
  }
}

TEST_CASE("errors: without a ladder shared rates leave no error but that of what is conserved") {
  for (const char* balance : {"exchange", "energy_conserving", "bath"}) {
    const Shared shared{R"({ "distribution": "exponential", "mean": 2.0 })",
                        R"([ { "delta_e": 1.0, "rate_down": 1.0 }, { "delta_e": 1.4142135623730951, "rate_down": 1.0 } ])",
                        balance, std::string(balance) == "bath" ? R"(, "bath": { "systems": 1000, "excited": 0.3 })" : ""};
    const io::Series series = run_of(shared, 1).series;
    CAPTURE(balance);
    CHECK(series.phi_err.front() > 0.0);  // nothing has been shared yet
    CHECK(std::isnan(series.phi_err.back()));
    CHECK(std::isnan(series.S_E_err.back()));
    CHECK(std::isnan(series.mean_ln_E_err.back()));
    if (shared.balance == "exchange") CHECK(series.mean_energy_err.back() == doctest::Approx(2.0 / std::sqrt(2000.0)));
  }
}
