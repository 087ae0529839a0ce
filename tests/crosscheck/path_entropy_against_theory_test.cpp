#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/path_entropy.hpp"
#include "powerstroke/analysis/theory/entropy_balance.hpp"
#include "powerstroke/analysis/theory/log_density.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

/// Starts must have density wherever the reverse process may arrive, or the theorem's mean is below
/// 1, and they must not be so thin there that a handful of particles carries the mean: with P_t/P_0
/// large where P_0 is small the weights' variance is infinite (an exponential start of less than
/// half the final temperature, a normal one of any). So the starts are wide.
namespace {

constexpr std::size_t particles = 100'000;
constexpr double temperature = 1.5;
const std::vector<double> times = {0.3, 1.0, 3.0, 10.0};

struct Case {
  std::string name;
  laws::EnergyLaw start;
  laws::StrokeLaw law;
};

laws::StrokeLaw thermal(const std::vector<double>& delta_e,
                        const laws::AnyRates& rates = laws::Constant{}) {
  laws::StrokeLaw law{{}, rates};
  for (const double e : delta_e)
    law.transitions.push_back({e, laws::thermal_rate_up(1.0, e, temperature), 1.0});
  return law;
}

/// Two transitions whose rates agree on no temperature: entropy is produced for ever, around the
/// cycle 3 up, 2 down, 2 down, 3 up, 2 down, which returns.
laws::StrokeLaw driven() { return {{{2.0, 0.30, 1.0}, {3.0, 0.10, 0.8}}}; }

std::vector<Case> cases() {
  const laws::EnergyLaw hot{laws::ExponentialEnergy{2.0}}, cool{laws::ExponentialEnergy{1.1}},
      mixed{laws::MixtureEnergy{{{laws::ExponentialEnergy{1.0}}, {laws::ExponentialEnergy{3.0}}},
                                {0.7, 0.3}}},
      raised{laws::MixtureEnergy{{{laws::UniformEnergy{1.2, 3.4}}, {laws::ExponentialEnergy{1.8}}},
                                 {0.4, 0.6}}},
      maxwell{laws::MaxwellBoltzmannEnergy{2.2, 3}},
      cool_maxwell{laws::MaxwellBoltzmannEnergy{1.2, 3}},
      maxwell_1d{laws::MaxwellBoltzmannEnergy{2.2, 1}};
  return {{"fixed, exponential", hot, {{{1.0, 0.5, 1.0}}}},
          {"fixed, uniform and exponential", raised, {{{1.0, 0.6, 1.0}}}},
          {"fixed, two driven transitions, mixture", mixed, driven()},
          {"thermal, cool exponential", cool, thermal({1.0})},
          {"thermal, two transitions, uniform and exponential", raised, thermal({2.0, 3.0})},
          {"thermal, microreversible d = 3", maxwell, thermal({1.0}, laws::Microreversible(3))},
          {"thermal, microreversible d = 3, two transitions", cool_maxwell,
           thermal({2.0, 3.0}, laws::Microreversible(3))},
          {"thermal, microreversible d = 1", maxwell_1d, thermal({1.0}, laws::Microreversible(1))},
          {"fixed, microreversible d = 1, two transitions",
           maxwell_1d,
           {{{2.0, 0.3, 1.0}, {3.0, 0.1, 0.8}}, laws::Microreversible(1)}}};
}

/// Particles whose start, and what they gave to their surroundings, are known.
class Paths {
 public:
  Paths(const Case& c, std::uint64_t seed, std::size_t count)
      : ensemble_(initial_ensemble(c.start, 1.0, count, seed)), strokes_(c.law, seed) {
    ensemble_.record_paths();
    start_.assign(ensemble_.levels().begin(), ensemble_.levels().end());
  }

  void advance(double t) {
    Ledger ledger;
    strokes_.advance(ensemble_, time_, t - time_, clock_, ledger);
    time_ = t;
  }

  /// @param path (its sum over strokes, by how many levels it has moved) -> what is taken for it.
  analysis::PathEntropySums sums(
      const theory::Populations& start, const theory::Populations& now,
      const std::function<double(double, std::int32_t)>& path = [](double sum, std::int32_t) {
        return sum;
      }) const {
    const theory::LogDensity ln_start(start), ln_now(now);
    const LadderView view = ensemble_.view();
    analysis::PathEntropySums all;
    constexpr std::size_t block = 4096;
    std::vector<double> before, after, given, delta_s;
    for (std::size_t first = 0; first < view.size(); first += block) {
      const std::size_t size = std::min(block, view.size() - first);
      for (std::vector<double>* values : {&before, &after, &given, &delta_s}) values->resize(size);
      for (std::size_t k = 0; k < size; ++k) {
        const std::size_t i = first + k;
        before[k] = ln_start(view.offset[i], start_[i]);
        after[k] = ln_now(view.offset[i], view.level[i]);
        given[k] = path(ensemble_.paths()[i], view.level[i] - start_[i]);
      }
      analysis::path_entropy(before, after, given, delta_s);
      all += analysis::gather_path_entropy(delta_s);
    }
    return all;
  }

 private:
  LadderEnsemble ensemble_;
  PoissonStrokes strokes_;
  std::vector<std::int32_t> start_;
  StepClock clock_;
  double time_ = 0.0;
};

/// Advances the equation to `t` and gives int production ds on the way, by Gauss's rule of ten
/// nodes.
double production_until(theory::MasterEquation& equation, double t) {
  using Rule = boost::math::quadrature::gauss<double, 10>;
  const double start = equation.time(), half = 0.5 * (t - start);
  std::vector<std::pair<double, double>> nodes;
  for (std::size_t k = 0; k < Rule::abscissa().size(); ++k)
    for (const double sign : {-1.0, 1.0})
      nodes.emplace_back(sign * Rule::abscissa()[k], Rule::weights()[k]);
  std::ranges::sort(nodes);
  double sum = 0.0;
  for (const auto& [x, weight] : nodes) {
    equation.advance(start + half * (1.0 + x));
    sum += half * weight *
           theory::entropy_balance(equation.populations(), equation.law(), equation.rates())
               .production;
  }
  equation.advance(t);
  return sum;
}

double deviate(const analysis::Estimate& found, double expected) {
  return (found.value - expected) / found.error;
}

}  // namespace

TEST_CASE(
    "path entropy: the integral fluctuation theorem holds at any time from any wide start, and the "
    "mean is the "
    "production") {
  const auto all = cases();
  const double bound =
      test_support::largest_deviate(2 * static_cast<int>(all.size() * times.size()));
  std::uint64_t seed = 80;
  for (const Case& c : all) {
    CAPTURE(c.name);
    const auto start = theory::initial_populations(c.start, 1.0);
    theory::MasterEquation equation(start, c.law, 1e-11);
    Paths paths(c, ++seed, particles);
    double production = 0.0;
    for (const double t : times) {
      CAPTURE(t);
      production += production_until(equation, t);
      paths.advance(t);
      const auto found = analysis::integral_fluctuation(paths.sums(start, equation.populations()));
      MESSAGE(c.name, ", t = ", t, ": <exp(-s)> ", found.exponential.value, " +- ",
              found.exponential.error, " (z ", deviate(found.exponential, 1.0), "), <s> ",
              found.mean.value, " +- ", found.mean.error, ", production ", production, " (z ",
              deviate(found.mean, production), "), rests on ", found.effective_particles,
              ", largest ", found.largest_share);
      CHECK(std::abs(deviate(found.exponential, 1.0)) < bound);
      CHECK(std::abs(deviate(found.mean, production)) < bound);
      CHECK(production > 0.0);
      CHECK(found.mean.value > 0.0);
      CHECK(found.exponential.error < 0.02);
      CHECK(found.largest_share < 0.02);
    }
  }
}

TEST_CASE("path entropy: a sign flipped, the wrong reverse rate or a stale density is found out") {
  const double bound = test_support::largest_deviate(8);
  for (const Case& c : cases()) {
    const bool is_driven = c.name == "fixed, two driven transitions, mixture";
    // Where the energy rises or falls on the average; with no trend a flipped sign may hide.
    const bool has_trend =
        c.name == "thermal, cool exponential" || c.name == "thermal, microreversible d = 3";
    if (!is_driven && !has_trend) continue;
    CAPTURE(c.name);
    const auto start = theory::initial_populations(c.start, 1.0);
    theory::MasterEquation equation(start, c.law, 1e-13);
    Paths paths(c, 97, 4 * particles);
    paths.advance(3.0);
    const double production = production_until(equation, 3.0);
    const auto& now = equation.populations();
    const auto z = [](const analysis::PathEntropySums& sums) {
      return std::abs(deviate(analysis::integral_fluctuation(sums).exponential, 1.0));
    };
    // All that the test above asks of the exponential: a mean far off may also show in that a few
    // particles carry it.
    const auto passes = [&](const analysis::PathEntropySums& sums) {
      const auto found = analysis::integral_fluctuation(sums);
      return std::abs(deviate(found.exponential, 1.0)) < bound && found.exponential.error < 0.02 &&
             found.largest_share < 0.02;
    };
    CHECK(passes(paths.sums(start, now)));
    const auto flipped = paths.sums(start, now, [](double sum, std::int32_t) { return -sum; });
    // Any normalised density in place of P_t keeps the mean of exp(-s) at 1: it is the mean of s
    // that finds this one out, by the relative entropy of the two.
    const auto stale = paths.sums(start, start);
    const double stale_mean =
        std::abs(deviate(analysis::integral_fluctuation(stale).mean, production));
    MESSAGE(c.name, ": sign flipped, z ", z(flipped),
            "; density of the start for that of the end, z ", z(stale), " of <exp(-s)>, ",
            stale_mean, " of <s>");
    if (has_trend) CHECK_FALSE(passes(flipped));
    CHECK(z(stale) < bound);
    CHECK(stale_mean > 2.0 * bound);
    if (!is_driven) continue;
    // net_2 a + net_3 b = sum and 2 net_2 + 3 net_3 = levels give the net strokes of each
    // transition; the reverse rate of the other then takes the place of its own.
    const auto& [two, three] = std::pair(c.law.transitions[0], c.law.transitions[1]);
    const double a = std::log(two.rate_up / two.rate_down),
                 b = std::log(three.rate_up / three.rate_down);
    const double wrong_a = std::log(two.rate_up / three.rate_down),
                 wrong_b = std::log(three.rate_up / two.rate_down);
    const double mixed_up = z(paths.sums(start, now, [&](double sum, std::int32_t levels) {
      const double net_two = (3.0 * sum - b * levels) / (3.0 * a - 2.0 * b),
                   net_three = (levels - 2.0 * net_two) / 3.0;
      return net_two * wrong_a + net_three * wrong_b;
    }));
    MESSAGE("reverse rate of the other transition, z ", mixed_up);
    CHECK(mixed_up > 2.0 * bound);
  }
}

TEST_CASE("path entropy: from a start with empty energies the mean is 1 - lambda") {
  // Under given rates lambda is what lies at 2t where nothing was at the start.
  const Case c{"uniform", {laws::UniformEnergy{1.0, 3.0}}, {{{1.0, 0.5, 1.0}}}};
  const double bound = test_support::largest_deviate(4);
  const auto start = theory::initial_populations(c.start, 1.0);
  theory::MasterEquation equation(start, c.law, 1e-13), twice(start, c.law, 1e-13);
  Paths paths(c, 98, 2 * particles);
  for (const double t : times) {
    CAPTURE(t);
    equation.advance(t);
    twice.advance(2.0 * t);
    paths.advance(t);
    const auto levels = theory::level_probabilities(twice.populations());
    const double kept = levels[2] + levels[3];  // 1 - lambda: levels 1 and 2
    const auto found = analysis::integral_fluctuation(paths.sums(start, equation.populations()));
    MESSAGE("t = ", t, ": <exp(-s)> ", found.exponential.value, " +- ", found.exponential.error,
            ", 1 - lambda ", kept, ", rests on ", found.effective_particles);
    CHECK(std::abs(deviate(found.exponential, kept)) < bound);
    CHECK(std::abs(deviate(found.exponential, 1.0)) > 10.0 * bound);
  }
}
