#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

/// The step of conserving strokes under a rates law that depends on the energy.
namespace {

constexpr double end = 4.0;

laws::StrokeLaw microreversible(int dimension) {
  laws::StrokeLaw law;
  law.transitions = {{1.0, 0.0, 1.0}};
  law.rates = laws::Microreversible(dimension);
  law.balance = laws::Conserving{};
  return law;
}

theory::Populations start() { return theory::initial_populations({laws::DeltaEnergy{2.3}}, 1.0); }

/// What a law with w+ and w- held as they are makes of populations in a time h.
theory::MasterEquation held(const theory::Populations& now, laws::StrokeLaw law, double rate_up,
                            double h) {
  law.balance = laws::Given{};
  law.transitions[0].rate_up = rate_up;
  theory::MasterEquation equation(now, law, 1e-13);
  equation.advance(h);
  return equation;
}

/// The scheme of `ConservingStrokes` without particles: w+ held at the ratio of the averages in the
/// middle of each step.
std::vector<double> scheme(int dimension, int steps) {
  const laws::StrokeLaw law = microreversible(dimension);
  const double h = end / steps, soon = 1e-4;
  theory::Populations now = start();
  double owed = 0.0;  // uptakes
  for (int step = 0; step < steps; ++step) {
    const theory::MasterEquation present(now, law, 1e-13);
    const laws::MeanFactors mean = present.mean_factors(0);
    const laws::MeanFactors next = held(now, law, present.rates(0).up, soon).mean_factors(0);
    const double middle = 0.5 * h / soon;
    const double uptake = mean.uptake + middle * (next.uptake - mean.uptake);
    const double rate_up =
        std::max(0.0, (mean.release + middle * (next.release - mean.release)) / uptake +
                          owed / (h * uptake));
    const theory::MasterEquation after = held(now, law, rate_up, h);
    const laws::MeanFactors end_mean = after.mean_factors(0);
    owed += 0.5 * h * (mean.release + end_mean.release - rate_up * (mean.uptake + end_mean.uptake));
    now = after.populations();
  }
  return theory::level_probabilities(now);
}

std::vector<double> exact(int dimension) {
  theory::MasterEquation equation(start(), microreversible(dimension), 1e-12);
  equation.advance(end);
  return theory::level_probabilities(equation.populations());
}

double distance(std::vector<double> a, std::vector<double> b) {
  a.resize(std::max(a.size(), b.size()), 0.0);
  b.resize(a.size(), 0.0);
  return analysis::total_variation(a, b);
}

}  // namespace

TEST_CASE("constant mean energy, microreversible: the step's scheme is of second order") {
  for (const int dimension : {1, 3}) {
    CAPTURE(dimension);
    const std::vector<double> truth = exact(dimension);
    double coarse = distance(scheme(dimension, 80), truth);
    for (const int steps : {160, 320}) {
      const double fine = distance(scheme(dimension, steps), truth),
                   order = std::log2(coarse / fine);
      MESSAGE("d = ", dimension, ", steps of ", end / steps, ": total variation ", fine, ", order ",
              order);
      CHECK(order > 1.85);
      CHECK(order < 2.15);
      coarse = fine;
    }
  }
}

TEST_CASE(
    "constant mean energy, microreversible: the kernel follows its scheme at a step so long that "
    "the equation shows") {
  constexpr std::size_t many = 4'000'000;
  const std::vector<double> truth = exact(3), expected = scheme(3, 2);
  LadderEnsemble ensemble(1.0, many);
  for (std::size_t i = 0; i < many; ++i) ensemble.set_energy(i, 2.3);
  StepClock clock;
  Ledger ledger;
  ConservingStrokes::with_fixed_step(microreversible(3), 8, end / 2)
      .advance(ensemble, 0.0, end, clock, ledger);
  CHECK(ledger.steps == 2);
  std::vector<std::uint64_t> counts(std::max(truth.size(), expected.size()), 0);
  for (const std::int32_t level : ensemble.view().level)
    ++counts[static_cast<std::size_t>(level - lowest_level)];
  const auto p_value = [&](std::vector<double> law) {
    law.resize(counts.size(), 0.0);
    return analysis::chi_square(counts, law, many).p_value;
  };
  CHECK(p_value(truth) < 1e-9);
  CHECK(p_value(expected) > test_support::false_alarm_rate);
}
