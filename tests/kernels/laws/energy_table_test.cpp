#include "powerstroke/kernels/laws/energy_table.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace powerstroke::laws;

TEST_CASE("energy table: densities and probabilities have the bits of the law that it is made of") {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> weight(0.0, 1.0);
  HistogramEnergy fine{{0.25}, {}};
  for (int i = 0; i < 1000; ++i) {
    fine.edges.push_back(fine.edges.back() + 0.001 + 0.01 * weight(random));
    fine.weights.push_back(i % 7 == 0 ? 0.0 : weight(random));
  }
  const EnergyLaw histogram{fine};
  const std::vector<EnergyLaw> laws = {
      {NormalEnergy{3.5, 0.2}},
      histogram,
      {MixtureEnergy{
          {{NormalEnergy{3.0, 0.5}}, histogram, {DeltaEnergy{2.0}}, {ExponentialEnergy{1.0}}},
          {1.0, 0.1, 0.7, 3.0}}},
      {MixtureEnergy{{{MixtureEnergy{{histogram, {UniformEnergy{1.0, 2.0}}}, {0.3, 0.6}}},
                      {NormalEnergy{0.0, 1.0}}},
                     {1.0, 2.0}}}};
  std::vector<double> energies = {-1.0, 0.0, 0.25, 2.0, 3.5, 50.0};
  for (int i = 0; i < 1000; i += 50) energies.push_back(fine.edges[static_cast<std::size_t>(i)]);
  for (int i = 0; i < 200; ++i) energies.push_back(8.0 * weight(random));
  for (std::size_t k = 0; k < laws.size(); ++k) {
    CAPTURE(k);
    const EnergyTable table(laws[k]);
    for (const double energy : energies) {
      CAPTURE(energy);
      CHECK(table.density(energy) == density(laws[k], energy));
      CHECK(table.cumulative(energy) == cumulative(laws[k], energy));
    }
  }
}
