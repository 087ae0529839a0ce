#include "powerstroke/analysis/theory/bin_integrator.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "support/stroke_laws.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

/// Bins that no whole number of fits into delta_e = 1.
std::vector<double> incommensurate_edges() {
  std::vector<double> edges;
  for (int i = 0; i <= 800; ++i) edges.push_back(0.05013 * i);
  return edges;
}

double largest_error(const std::vector<double>& bins, const laws::EnergyLaw& law,
                     const std::vector<double>& edges) {
  double worst = 0.0;
  for (std::size_t i = 0; i < bins.size(); ++i)
    worst = std::max(worst, std::abs(bins[i] - (laws::cumulative(law, edges[i + 1]) -
                                                laws::cumulative(law, edges[i]))));
  return worst;
}

}  // namespace

TEST_CASE("bins of a start are differences of its distribution function") {
  const auto edges = incommensurate_edges();
  const laws::EnergyLaw laws_of_test[] = {
      {laws::NormalEnergy{3.5, 0.2}},
      {laws::NormalEnergy{3.5, 0.003}},
      {laws::UniformEnergy{5.03, 6.7}},
      {laws::ExponentialEnergy{3.5}},
      {laws::MaxwellBoltzmannEnergy{7.0 / 3.0, 1}},
      {laws::MaxwellBoltzmannEnergy{7.0 / 3.0, 3}},
      {laws::HistogramEnergy{{0.0, 0.4, 1.7, 2.2}, {1.0, 0.0, 3.0}}}};
  for (const auto& law : laws_of_test) {
    const auto bins = bin_probabilities(initial_populations(law, 1.0), edges);
    REQUIRE(bins.size() == 800);
    CHECK(largest_error(bins, law, edges) < 2e-11);
  }
}

TEST_CASE("an exponential in detailed balance stays exponential, bin by bin") {
  const laws::EnergyLaw law{laws::ExponentialEnergy{2.0}};
  const auto edges = incommensurate_edges();
  const Populations start = initial_populations(law, 1.0);
  const BinIntegrator bins(start.grid, edges);
  for (const bool conserving : {false, true}) {
    MasterEquation equation(start, test_support::single({1.0, std::exp(-0.5), 1.0}, conserving));
    equation.advance(20.0);
    CHECK(largest_error(bins(equation.populations()), law, edges) < 1e-11);
  }
}

TEST_CASE("moved bins: pure releases shift a law by whole delta_e with Poisson weights") {
  const laws::EnergyLaw law{laws::NormalEnergy{40.3, 0.3}};
  MasterEquation equation(initial_populations(law, 1.0),
                          test_support::single({1.0, 0.0, 1.0}, false));
  equation.advance(2.0);
  const auto edges = incommensurate_edges();
  const auto bins = bin_probabilities(equation.populations(), edges);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    double expected = 0.0;
    for (int k = 0; k < 30; ++k)
      expected += std::exp(-2.0) * std::pow(2.0, k) / std::tgamma(k + 1.0) *
                  (laws::cumulative(law, edges[i + 1] + k) - laws::cumulative(law, edges[i] + k));
    CHECK(std::abs(bins[i] - expected) < 2e-12);
  }
}

TEST_CASE("atoms fall into the bin that holds its lower edge") {
  const laws::EnergyLaw law{laws::MixtureEnergy{
      {{laws::DeltaEnergy{0.0}}, {laws::DeltaEnergy{2.0}}, {laws::DeltaEnergy{9.0}}},
      {1.0, 2.0, 1.0}}};
  const auto bins =
      bin_probabilities(initial_populations(law, 1.0), std::vector<double>{0.0, 1.0, 2.0, 3.0});
  CHECK(bins == std::vector<double>{0.25, 0.0, 0.5});
  const auto by_level = bin_level_probabilities(initial_populations(law, 1.0),
                                                std::vector<double>{0.0, 1.0, 2.0, 3.0});
  REQUIRE(by_level.size() == 3);
  CHECK(by_level[0].bin == 0);
  CHECK(by_level[0].level_index == 0);
  CHECK(by_level[1].bin == 2);
  CHECK(by_level[1].level_index == 2);
  CHECK(by_level[2].bin == 3);  // above the last edge
  CHECK(by_level[2].probability == 0.25);
}

TEST_CASE("bins and levels together sum to the bins and to the levels") {
  const Populations p = initial_populations({laws::MaxwellBoltzmannEnergy{2.0, 3}}, 0.7);
  std::vector<double> edges = incommensurate_edges();
  edges.resize(200);
  auto bins = bin_probabilities(p, edges);
  auto levels = level_probabilities(p);
  double overflow = 1.0 - std::accumulate(bins.begin(), bins.end(), 0.0);
  for (const auto& [bin, level_index, probability] : bin_level_probabilities(p, edges)) {
    (bin < bins.size() ? bins[bin] : overflow) -= probability;
    levels[level_index] -= probability;
    if (bin < bins.size()) {
      CHECK(edges[bin + 1] > 0.7 * (level_index - 1.0));
      CHECK(edges[bin] < 0.7 * level_index);
    }
  }
  for (const double rest : bins) CHECK(std::abs(rest) < 1e-12);
  for (const double rest : levels) CHECK(std::abs(rest) < 1e-12);
  CHECK(std::abs(overflow) < 1e-12);
}

TEST_CASE("the density between the nodes is the law's") {
  for (const int dimension : {1, 2, 3}) {
    const laws::EnergyLaw law{laws::MaxwellBoltzmannEnergy{7.0 / 3.0, dimension}};
    const Populations p = initial_populations(law, 1.0);
    for (const double energy : {1e-6, 0.01, 0.4, 1.0, 1.00001, 5.9, 20.0})
      CHECK(std::abs(density(p, energy) - laws::density(law, energy)) <
            1e-10 * std::max(1.0, laws::density(law, energy)));
    CHECK(density(p, 1e5) == 0.0);
  }
}

TEST_CASE(
    "a bin that the equation gives less than nothing is refused with its place, its probability, "
    "and what is allowed") {
  Populations p = initial_populations({laws::MaxwellBoltzmannEnergy{2.0, 3}}, 1.0);
  const std::vector<double> edges{0.0, 1.0, 2.0, 50.0};
  for (std::size_t node = 0; node < p.grid.nodes(); ++node)
    p.mass[node * p.levels + 2] = 0.0;  // level 1: E in (1, 2]
  p.mass[2] = -0.125;
  std::string said;
  try {
    bin_probabilities(p, edges);
  } catch (const NumericsError& error) {
    said = error.what();
  }
  CAPTURE(said);
  CHECK(said.find("histogram: bin 1, from E = 1 to 2, gets the probability -0.125") !=
        std::string::npos);
  CHECK(said.find("allowed: above -1e-09") != std::string::npos);
  CHECK(said.find("ensemble.energy") != std::string::npos);
  CHECK_THROWS_AS(bin_level_probabilities(p, edges), NumericsError);
}
