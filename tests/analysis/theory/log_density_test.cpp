#include "powerstroke/analysis/theory/log_density.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "support/stroke_laws.hpp"

using namespace powerstroke;

namespace {

const std::vector<laws::EnergyLaw> smooth_laws = {
    {laws::ExponentialEnergy{1.3}},
    {laws::NormalEnergy{3.5, 0.2}},
    {laws::MaxwellBoltzmannEnergy{1.7, 1}},
    {laws::MaxwellBoltzmannEnergy{1.7, 3}},
    {laws::MixtureEnergy{{{laws::UniformEnergy{0.3, 2.7}}, {laws::ExponentialEnergy{2.0}}},
                         {0.6, 0.4}}},
    {laws::MixtureEnergy{{{laws::MaxwellBoltzmannEnergy{2.0, 3}}, {laws::NormalEnergy{2.0, 0.5}}},
                         {0.6, 0.4}}}};

/// What an error of ln density may be: more at the bottom of a cell, where next to nothing is.
double allowed(double offset) { return offset < 1e-3 ? 1e-8 : 3e-9; }

std::vector<double> offsets() {
  std::vector<double> found{1e-6, 1e-4, 1e-3, 0.299999, 0.300001, 1.0};
  std::mt19937_64 engine(3);
  std::uniform_real_distribution<double> any(0.0, 1.0);
  for (int i = 0; i < 200; ++i) found.push_back(1.0 - any(engine));
  return found;
}

}  // namespace

TEST_CASE("log density: the start's own law, to some 1e-9 wherever a particle could be") {
  for (const laws::EnergyLaw& law : smooth_laws) {
    CAPTURE(law.law.index());
    const auto populations = theory::initial_populations(law, 1.0);
    const theory::LogDensity ln_density(populations);
    double worst = 0.0;
    for (const double offset : offsets())
      for (std::int32_t level = 0; level + 3 < static_cast<std::int32_t>(populations.levels);
           ++level) {
        const double density = laws::density(law, ladder_energy(1.0, offset, level));
        if (density < 1e-14) continue;
        worst = std::max(worst,
                         std::abs(ln_density(offset, level) - std::log(density)) / allowed(offset));
      }
    MESSAGE("largest error of ln density ", worst, " of what is allowed");
    CHECK(worst < 1.0);
  }
}

TEST_CASE(
    "log density: next to the bottom of a cell, where a density goes as a root or its inverse, to "
    "1e-8") {
  for (const int dimension : {1, 3}) {
    const laws::EnergyLaw law{laws::MaxwellBoltzmannEnergy{1.7, dimension}};
    const theory::LogDensity ln_density(theory::initial_populations(law, 1.0));
    for (const double offset : {1e-12, 1e-8, 1e-5})
      for (const std::int32_t level : {0, 1, 5})
        CHECK(std::abs(ln_density(offset, level) -
                       std::log(laws::density(law, ladder_energy(1.0, offset, level)))) < 1e-8);
  }
}

TEST_CASE("log density: later, what the Bessel form of the transient makes of the start") {
  constexpr double up = 0.5, down = 1.0;
  for (const laws::EnergyLaw& law : smooth_laws)
    for (const double t : {0.3, 10.0}) {
      CAPTURE(law.law.index());
      CAPTURE(t);
      theory::MasterEquation equation(theory::initial_populations(law, 1.0),
                                      test_support::single({1.0, up, down}, false), 1e-13);
      equation.advance(t);
      const theory::LogDensity ln_density(equation.populations());
      std::vector<double> passes(12 * 40);
      for (unsigned n = 0; n < 12; ++n)
        for (unsigned from = 0; from < 40; ++from)
          passes[n * 40 + from] = theory::transient_level_probability(n, from, t, up, down);
      double worst = 0.0;
      for (const double offset : offsets())
        for (unsigned n = 0; n < 12; ++n) {
          double density = 0.0;
          for (unsigned from = 0; from < 40; ++from)
            density +=
                laws::density(law, ladder_energy(1.0, offset, static_cast<std::int32_t>(from))) *
                passes[n * 40 + from];
          if (density < 1e-6) continue;
          // The solver may miss a density by several times its tolerance, 1e-13, of probability.
          const double error =
              std::abs(ln_density(offset, static_cast<std::int32_t>(n)) - std::log(density));
          worst = std::max(worst, (error - 1e-12 / density) / allowed(offset));
        }
      MESSAGE("largest error of ln density ", worst, " of what is allowed");
      CHECK(worst < 1.0);
    }
}

TEST_CASE("log density: atoms have probabilities, and there is nothing beyond the grid") {
  const laws::EnergyLaw law{laws::MixtureEnergy{
      {{laws::DeltaEnergy{2.5}}, {laws::UniformEnergy{1.0, 2.0}}}, {0.25, 0.75}}};
  const auto populations = theory::initial_populations(law, 1.0);
  const theory::LogDensity ln_density(populations);
  constexpr double none = -std::numeric_limits<double>::infinity();
  CHECK(ln_density(0.5, 2) == doctest::Approx(std::log(0.25)).epsilon(1e-14));
  CHECK(ln_density(0.5, 1) == none);
  CHECK(ln_density(0.4, 1) == doctest::Approx(std::log(0.75)).epsilon(1e-12));
  CHECK(ln_density(0.4, 2) == none);
  CHECK(ln_density(0.4, lowest_level) == none);
  CHECK(ln_density(0.4, 1000) == none);
}
