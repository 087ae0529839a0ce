#include <doctest/doctest.h>

#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/laws/threshold_occupation.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/waiting_time_strokes.hpp"
#include "support/bounds.hpp"
#include "support/stroke_laws.hpp"

using namespace powerstroke;

namespace {

LadderEnsemble at_level(std::int32_t level, std::size_t particles) {
  LadderEnsemble ensemble(1.0, particles);
  for (std::size_t i = 0; i < particles; ++i) ensemble.set_energy(i, level + 0.5);
  return ensemble;
}

/// Counts of levels -1, 0, 1, ... up to `size` - 2 and above.
std::vector<std::uint64_t> level_counts(const LadderEnsemble& ensemble, std::size_t size) {
  std::vector<std::uint64_t> counts(size, 0);
  for (const std::int32_t level : ensemble.view().level)
    ++counts[std::min(size - 1, static_cast<std::size_t>(level - lowest_level))];
  return counts;
}

template <class Kernel>
LadderEnsemble moved(const Kernel& kernel, LadderEnsemble ensemble,
                     const std::vector<double>& times) {
  StepClock clock;
  simulate<Ledger>(ensemble, kernel, 0.0, std::span<const double>(times), clock, [](auto&&...) {});
  return ensemble;
}

constexpr std::size_t particles = 400'000;

}  // namespace

TEST_CASE(
    "fixed rates: both ways to time strokes have the closed form's transient, and agree with each "
    "other") {
  struct Case {
    double up, down, t;
    unsigned start;
  };
  // In one advance and in several: a Poisson process does not notice.
  for (const Case& c : {Case{0.5, 1.0, 4.0, 5}, Case{0.75, 1.0, 10.0, 3}, Case{1.0, 0.25, 3.0, 0},
                        Case{0.0, 1.0, 2.0, 2}}) {
    CAPTURE(c.up);
    CAPTURE(c.t);
    const laws::Transition rates{1.0, c.up, c.down};
    const auto start = at_level(static_cast<std::int32_t>(c.start), particles);
    std::vector<double> law(40, 0.0);
    for (unsigned n = 0; n < 39; ++n)
      law[n + 1] = theory::transient_level_probability(n, c.start, c.t, c.up, c.down);
    const auto uniformized =
        level_counts(moved(PoissonStrokes(rates, 21), start, {c.t}), law.size());
    const auto in_pieces = level_counts(
        moved(PoissonStrokes(rates, 22), start, {0.1 * c.t, 0.11 * c.t, 0.9 * c.t, c.t}),
        law.size());
    const auto waited =
        level_counts(moved(WaitingTimeStrokes(rates, 23), start, {0.5 * c.t, c.t}), law.size());
    // Five chi-squares a case, four cases.
    const double limit = test_support::false_alarm_rate / 20.0;
    CHECK(analysis::chi_square(uniformized, law, particles).p_value > limit);
    CHECK(analysis::chi_square(in_pieces, law, particles).p_value > limit);
    CHECK(analysis::chi_square(waited, law, particles).p_value > limit);
    CHECK(analysis::chi_square_two_samples(uniformized, particles, waited, particles).p_value >
          limit);
    CHECK(analysis::chi_square_two_samples(in_pieces, particles, waited, particles).p_value >
          limit);
  }
}

TEST_CASE(
    "fixed rates: the geometric ladder is stationary, and one at E = delta_e may not release") {
  // ratio 0.6, started far away and run for 40 times the slowest decay time; e^-40 of the start is
  // left.
  const laws::Transition rates{1.0, 0.6, 1.0};
  const double t = 40.0 / theory::slowest_decay_rate(0.6, 1.0);
  std::vector<double> law(60, 0.0);
  for (int n = 0; n < 59; ++n) law[static_cast<std::size_t>(n) + 1] = 0.4 * std::pow(0.6, n);
  const auto counts =
      level_counts(moved(PoissonStrokes(rates, 31), at_level(4, particles / 4), {t}), law.size());
  CHECK(analysis::chi_square(counts, law, particles / 4).p_value > test_support::false_alarm_rate);

  LadderEnsemble at_threshold(0.3, 1000);  // 0.3 * 5 is a multiple that rounding could spoil
  for (std::size_t i = 0; i < 1000; ++i) at_threshold.set_energy(i, i % 2 == 0 ? 0.3 : 0.3 * 5);
  StepClock clock;
  Ledger ledger;
  PoissonStrokes({0.3, 0.0, 1.0}, 5).advance(at_threshold, 0.0, 100.0, clock, ledger);
  for (std::size_t i = 0; i < 1000; ++i) CHECK(at_threshold.view().energy(i) == 0.3);
  CHECK(ledger.releases == 500 * 4);
  CHECK(ledger.blocked > 0);
}

namespace {

/// The scheme of ConservingStrokes without particles: the same steps and the same rule for w+, on
/// probabilities.
std::vector<double> scheme(double end, int steps) {
  const double h = end / steps;
  theory::Populations now = theory::initial_populations({laws::DeltaEnergy{3.5}}, 1.0);
  double owed = 0.0;
  for (int step = 0; step < steps; ++step) {
    const std::vector<double> p = theory::level_probabilities(now);
    const laws::ThresholdOccupation f{theory::phi(now), p[0], p[1], p[2], p[3], p[4]};
    const laws::PhiDerivatives derivative = laws::phi_derivatives(f, 1.0);
    const double phi = std::clamp(laws::mean_phi(f.phi, derivative, h) + owed / h, 0.0, 1.0);
    theory::MasterEquation held(now, test_support::single({1.0, phi, 1.0}, false), 1e-13);
    held.advance(h);
    now = held.populations();
    owed += h * (0.5 * (f.phi + theory::phi(now)) - h * h / 12.0 * derivative.second - phi);
  }
  return theory::level_probabilities(now);
}

double distance(const std::vector<double>& a, std::vector<double> b) {
  b.resize(a.size(), 0.0);
  return analysis::total_variation(a, b);
}

}  // namespace

TEST_CASE("constant mean energy: the step's scheme is of second order") {
  constexpr double end = 6.0;
  theory::MasterEquation exact(theory::initial_populations({laws::DeltaEnergy{3.5}}, 1.0),
                               test_support::single({1.0, 0.0, 1.0}, true), 1e-12);
  exact.advance(end);
  const std::vector<double> truth = theory::level_probabilities(exact.populations());
  double coarse = distance(scheme(end, 48), truth);
  for (const int steps : {96, 192, 384}) {
    const double fine = distance(scheme(end, steps), truth), order = std::log2(coarse / fine);
    MESSAGE("steps of ", end / steps, ": total variation ", fine, ", order ", order);
    CHECK(order > 1.9);
    CHECK(order < 2.1);
    coarse = fine;
  }
}

TEST_CASE(
    "constant mean energy: the kernel follows its scheme at a step so long that the equation can "
    "be told apart") {
  constexpr double end = 6.0, step = 3.0;
  constexpr std::size_t many = 4'000'000;
  const auto counts = level_counts(
      moved(ConservingStrokes::with_fixed_step(1.0, 1.0, 8, step), at_level(3, many), {end}), 20);
  std::vector<double> expected = scheme(end, 2);
  expected.resize(20, 0.0);
  theory::MasterEquation equation(theory::initial_populations({laws::DeltaEnergy{3.5}}, 1.0),
                                  test_support::single({1.0, 0.0, 1.0}, true));
  equation.advance(end);
  std::vector<double> exact = theory::level_probabilities(equation.populations());
  exact.resize(20, 0.0);
  // Particles share phi, so that the multinomial chi-square is too strict by a few per cent of the
  // variance at this short time: the fraction on levels 0 and 1 is far from any sum of
  // probabilities the excess could reach.
  CHECK(analysis::chi_square(counts, exact, many).p_value < 1e-9);
  CHECK(analysis::chi_square(counts, expected, many).p_value > test_support::false_alarm_rate);
}

TEST_CASE("constant mean energy: the net number of strokes scatters about 0 as their number says") {
  // Under (8) it is a martingale whose variance is the number of strokes; an extrapolation of phi
  // with a bias would give it a drift.
  constexpr int seeds = 200;
  double sum = 0.0, squares = 0.0;
  for (int seed = 1; seed <= seeds; ++seed) {
    LadderEnsemble ensemble = at_level(3, 5000);
    StepClock clock;
    Ledger ledger;
    ConservingStrokes(1.0, 1.0, static_cast<std::uint64_t>(seed))
        .advance(ensemble, 0.0, 10.0, clock, ledger);
    const double z =
        static_cast<double>(ledger.net_quanta()) / std::sqrt(static_cast<double>(ledger.strokes()));
    sum += z;
    squares += z * z;
  }
  const double largest = test_support::largest_deviate(2);
  CHECK(std::abs(sum) < largest * std::sqrt(seeds));
  CHECK(std::abs(squares - seeds) <
        largest * std::sqrt(2.0 * seeds));  // the chi-square's variance; z is all but normal
}

TEST_CASE(
    "constant mean energy: the net number scatters as it says where most strokes cross the "
    "threshold, too") {
  // Few particles stand above it, next to it: w+ held over a step without what uptakes owe left
  // 0.63 of the variance at t = 1.
  constexpr int seeds = 800;
  for (const double t : {1.0, 5.0}) {
    double squares = 0.0;
    for (int seed = 1; seed <= seeds; ++seed) {
      LadderEnsemble ensemble(1.0, 800);
      for (std::size_t i = 0; i < ensemble.size(); ++i)
        ensemble.set_energy(i, i % 40 == 0 ? 1.5 : 0.5);
      StepClock clock;
      Ledger ledger;
      ConservingStrokes(1.0, 1.0, static_cast<std::uint64_t>(seed))
          .advance(ensemble, 0.0, t, clock, ledger);
      squares += std::pow(static_cast<double>(ledger.net_quanta()), 2) /
                 static_cast<double>(ledger.strokes());
    }
    CAPTURE(t);
    MESSAGE("t = ", t, ": variance of the net number over that of strokes ", squares / seeds);
    CHECK(std::abs(squares - seeds) < test_support::largest_deviate(2) * std::sqrt(2.0 * seeds));
  }
}

TEST_CASE(
    "constant mean energy: the step is short enough where no derivative of phi shows what is "
    "coming") {
  // On level 2, 3 or 4 phi = 1 and its first derivatives vanish. Many particles: a bias of a few
  // 1e-4 strokes a particle would show.
  for (const std::int32_t level : {2, 3, 4}) {
    CAPTURE(level);
    LadderEnsemble ensemble = at_level(level, 10'000'000);
    StepClock clock;
    Ledger ledger;
    ConservingStrokes(1.0, 1.0, 77).advance(ensemble, 0.0, 1.0, clock, ledger);
    const double z =
        static_cast<double>(ledger.net_quanta()) / std::sqrt(static_cast<double>(ledger.strokes()));
    MESSAGE("level ", level, ": ", ledger.steps, " steps, net strokes ", z, " standard deviations");
    CHECK(std::abs(z) < test_support::largest_deviate(3));
  }
}

TEST_CASE("derivatives of phi are those of the equation") {
  theory::Populations start = theory::initial_populations({laws::UniformEnergy{0.2, 4.0}}, 1.0);
  const auto phi_at = [&](double t) {
    theory::MasterEquation equation(start, test_support::single({1.0, 0.0, 1.3}, true), 1e-14);
    equation.advance(t);
    return theory::phi(equation.populations());
  };
  const std::vector<double> p = theory::level_probabilities(start);
  const auto derivative =
      laws::phi_derivatives({theory::phi(start), p[0], p[1], p[2], p[3], p[4]}, 1.3);
  // Forward differences of fourth order.
  const double h = 0.01, f0 = phi_at(0.0), f1 = phi_at(h), f2 = phi_at(2 * h), f3 = phi_at(3 * h),
               f4 = phi_at(4 * h), f5 = phi_at(5 * h);
  CHECK(
      derivative.first ==
      doctest::Approx((-25 * f0 + 48 * f1 - 36 * f2 + 16 * f3 - 3 * f4) / (12 * h)).epsilon(1e-6));
  CHECK(
      derivative.second ==
      doctest::Approx((45 * f0 - 154 * f1 + 214 * f2 - 156 * f3 + 61 * f4 - 10 * f5) / (12 * h * h))
          .epsilon(1e-4));
  CHECK(derivative.third ==
        doctest::Approx((-17 * f0 + 71 * f1 - 118 * f2 + 98 * f3 - 41 * f4 + 7 * f5) /
                        (4 * h * h * h))
            .epsilon(1e-2));
}

TEST_CASE("fixed rates: an uptake rate far below the release rate is not rounded away") {
  // w+/w- = 2e-9 and 1e-10, below the resolution of one 32-bit word; ties between word and
  // threshold decide. All attempts of 64-bit luck.
  for (const double ratio : {2e-9, 1e-10}) {
    CAPTURE(ratio);
    LadderEnsemble ensemble = at_level(0, 1'000'000);
    StepClock clock;
    Ledger ledger;
    const double t = 1000.0;
    PoissonStrokes({1.0, ratio, 1.0}, 12).advance(ensemble, 0.0, t, clock, ledger);
    const boost::math::poisson uptakes(ratio * t * 1e6);
    const auto counted = static_cast<double>(ledger.uptakes);
    CHECK(boost::math::cdf(uptakes, counted) > test_support::false_alarm_rate / 4.0);
    if (counted > 0.0)
      CHECK(boost::math::cdf(boost::math::complement(uptakes, counted - 1.0)) >
            test_support::false_alarm_rate / 4.0);
    CHECK(ledger.blocked + ledger.releases + ledger.uptakes > 999'000'000);
  }
}

TEST_CASE(
    "constant mean energy: nobody above delta_e, nothing moves, and the blocked attempts are "
    "counted") {
  LadderEnsemble ensemble(1.0, 10'000);
  for (std::size_t i = 0; i < ensemble.size(); ++i) ensemble.set_energy(i, i % 3 == 0 ? 1.0 : 0.4);
  StepClock clock;
  Ledger ledger;
  ConservingStrokes(1.0, 1.0, 2).advance(ensemble, 0.0, 20.0, clock, ledger);
  CHECK(ledger.strokes() == 0);
  for (std::size_t i = 0; i < ensemble.size(); ++i)
    CHECK(ensemble.view().energy(i) == (i % 3 == 0 ? 1.0 : 0.4));
  const double expected = 20.0 * 10'000;
  CHECK(std::abs(static_cast<double>(ledger.blocked) - expected) <
        test_support::largest_deviate(1) * std::sqrt(expected));
}
