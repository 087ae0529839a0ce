#include "powerstroke/analysis/theory/rate_cuts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "powerstroke/analysis/theory/bin_integrator.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/engine/random/stream.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

/// Where panels of offsets end because rates vanish, and what they miss.
namespace {

laws::StrokeLaw passages(double coupling, double range, laws::Balance balance = laws::Given{}) {
  laws::RatesInput input;
  input.dimension = 3;
  input.mass = 1.0;
  input.hbar = 1.0;
  const std::vector<double> parameters = {coupling, range};
  input.parameter = parameters;
  return {{{1.0, 0.6, 1.0}}, laws::RosenZener(input), balance};
}

Populations at(const laws::StrokeLaw& law, const laws::EnergyLaw& start, double t, int nodes,
               bool cut) {
  Resolution resolution;
  resolution.nodes_per_panel = nodes;
  if (cut) resolution.cuts = rate_cuts(law, 1.0, 60.0, t);
  MasterEquation equation(initial_populations(start, 1.0, resolution), law);
  equation.advance(t);
  return equation.populations();
}

}  // namespace

TEST_CASE("rate cuts: the factor is 0 where they say, and none without a passage") {
  const laws::StrokeLaw law = passages(2.0, 3.0);
  const std::vector<double> cuts = rate_cuts(law, 1.0, 1e9, 1.0);
  const auto factor = [&](double energy) { return laws::uptake_factor(law.rates, energy, 1.0); };
  const auto zeros =
      std::ranges::count_if(cuts, [&](double energy) { return factor(energy) < 1e-20; });
  CHECK(zeros >= 3);
  laws::StrokeLaw constant = law;
  constant.rates = laws::Constant{};
  CHECK(rate_cuts(constant, 1.0, 60.0, 10.0).empty());
}

TEST_CASE(
    "rate cuts: the error that is stated holds that of the nodes, for random passages, starts, "
    "balances and times") {
  Stream stream(3, 0, 0, Purpose::initial_energy);
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(stream()) * 0x1p-64;
  };
  int needed = 0;
  for (int trial = 0; trial < 12; ++trial) {
    const laws::Balance balances[] = {laws::Given{}, laws::Conserving{}, laws::Exchange{},
                                      laws::Bath{0.5, 0.2}};
    const laws::StrokeLaw law = passages(uniform(0.5, 2.0), uniform(0.5, 2.0), balances[trial % 4]);
    const laws::EnergyLaw start =
        trial % 3 == 0 ? laws::EnergyLaw{laws::NormalEnergy{uniform(2.0, 5.0), uniform(0.2, 1.0)}}
        : trial % 3 == 1
            ? laws::EnergyLaw{laws::MaxwellBoltzmannEnergy{uniform(1.0, 4.0), 3}}
            : laws::EnergyLaw{laws::UniformEnergy{uniform(0.1, 1.0), uniform(2.0, 4.0)}};
    const double t = std::exp(uniform(0.0, 5.0));
    const Populations coarse = at(law, start, t, 24, true), fine = at(law, start, t, 40, true),
                      plain = at(law, start, t, 24, false);
    const double stated = 10.0 * (resolution_error(coarse) + resolution_error(fine)) + 1e-8;
    CAPTURE(trial);
    CAPTURE(t);
    CAPTURE(stated);
    CHECK(std::abs(mean_energy(coarse) - mean_energy(fine)) <
          stated * std::max(1.0, mean_energy(fine)));
    CHECK(std::abs(phi(coarse) - phi(fine)) < stated);
    CHECK(std::abs(energy_entropy(coarse) - energy_entropy(fine)) < stated);
    CHECK(std::abs(mean_ln_energy(coarse) - mean_ln_energy(fine)) < stated);
    CHECK(stated < 1e-4);
    // Without the cuts the estimate says so.
    if (std::abs(energy_entropy(plain) - energy_entropy(fine)) > 1e-6) {
      ++needed;
      CHECK(10.0 * resolution_error(plain) >
            std::abs(energy_entropy(plain) - energy_entropy(fine)));
    }
  }
  CHECK(needed > 0);
}
