#include "powerstroke/analysis/theory/populations.hpp"

#include <doctest/doctest.h>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "powerstroke/analysis/theory/entropy_balance.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

laws::EnergyLaw rest_and_two_atoms() {
  return {laws::MixtureEnergy{
      {{laws::DeltaEnergy{0.0}}, {laws::DeltaEnergy{2.5}}, {laws::DeltaEnergy{7.0}}},
      {1.0, 2.0, 5.0}}};
}

double entropy_production(const Populations& p, double up, double down) {
  return entropy_balance(p, {{{p.grid.spacing, up, down}}, laws::Constant{}, laws::Given{}},
                         {{{up, down}}})
      .production;
}

laws::EnergyLaw many_edges() {
  laws::HistogramEnergy law;
  for (int i = 0; i <= 400; ++i) law.edges.push_back(0.0317 * i);
  for (int i = 0; i < 400; ++i) law.weights.push_back(1.0 + i % 7);
  return {law};
}

}  // namespace

TEST_CASE("Maxwell-Boltzmann laws have the entropy and <ln E> of their gamma law, also in d = 1") {
  for (const double delta_e : {1.0, 0.37, 20.0})
    for (const int dimension : {1, 2, 3}) {
      const double k = 0.5 * dimension, temperature = 7.0 / 3.0;
      const Populations p =
          initial_populations({laws::MaxwellBoltzmannEnergy{temperature, dimension}}, delta_e);
      const double digamma = boost::math::digamma(k);
      const double tolerance = dimension == 1 ? 1e-9 : 2e-11;  // E^(-1/2) ln E at 0 is the hardest
      CHECK(std::abs(mean_ln_energy(p) - (digamma + std::log(temperature))) < tolerance);
      const double entropy =
          k + std::log(temperature) + boost::math::lgamma(k) + (1.0 - k) * digamma;
      CHECK(std::abs(energy_entropy(p) - entropy) < tolerance);
      CHECK(std::abs(phi(p) - boost::math::gamma_q(k, delta_e / temperature)) < 1e-12);
      CHECK(std::abs(mean_energy(p) - k * temperature) < 1e-11);
      CHECK(std::abs(total_mass(p) - 1.0) < 1e-14);
    }
}

TEST_CASE("laws that are narrow, wide, cornered or in many pieces are resolved") {
  const laws::EnergyLaw laws_of_test[] = {
      {laws::NormalEnergy{3.5, 0.01}},      {laws::NormalEnergy{0.3, 0.8}},
      {laws::NormalEnergy{30.0, 9.0}},      {laws::ExponentialEnergy{0.02}},
      {laws::UniformEnergy{5.000001, 6.3}}, many_edges()};
  for (const auto& law : laws_of_test) {
    const Populations p = initial_populations(law, 1.0);
    CHECK(std::abs(mean_energy(p) - laws::mean(law)) < 1e-11);
    CHECK(std::abs(phi(p) - (1.0 - laws::cumulative(law, 1.0))) < 1e-12);
    CHECK(p.grid.nodes() < 1000);
    const auto levels = level_probabilities(p);
    CHECK(levels[0] == 0.0);
    for (std::size_t n = 0; n + 2 < p.levels; ++n) {
      const auto low = static_cast<double>(n);
      CHECK(std::abs(levels[n + 1] -
                     (laws::cumulative(law, low + 1.0) - laws::cumulative(law, low))) < 1e-12);
    }
  }
}

TEST_CASE(
    "a law over thousands of levels is resolved by few nodes: what its sums round to is no reason "
    "for finer panels") {
  for (const double temperature : {10.0, 100.0, 473.0}) {
    const Populations start =
        initial_populations({laws::MaxwellBoltzmannEnergy{temperature, 3}}, 1.0);
    CHECK(start.levels > static_cast<std::size_t>(20.0 * temperature));
    CHECK(start.grid.nodes() < 500);
    // The entropy of a gamma law of shape 3/2: ln(T Gamma(3/2)) + 3/2 - psi(3/2)/2.
    const double entropy =
        std::log(temperature * boost::math::tgamma(1.5)) + 1.5 - 0.5 * boost::math::digamma(1.5);
    CHECK(energy_entropy(start) == doctest::Approx(entropy).epsilon(1e-9));
  }
}

TEST_CASE("a law so narrow that energies round is resolved by few nodes, too") {
  for (const double sigma : {1e-3, 5e-5, 1e-6}) {
    const Populations start = initial_populations({laws::NormalEnergy{3.5, sigma}}, 1.0);
    CHECK(start.grid.nodes() < 5000);
    CHECK(std::abs(energy_entropy(start) -
                   (0.5 + 0.5 * std::log(2.0 * std::acos(-1.0)) + std::log(sigma))) < 1e-7);
  }
}

TEST_CASE("entropy of a piecewise constant law: -sum w ln(w / width)") {
  const laws::EnergyLaw law = many_edges();
  const auto& form = std::get<laws::HistogramEnergy>(law.law);
  const double sum = std::accumulate(form.weights.begin(), form.weights.end(), 0.0);
  double entropy = 0.0;
  for (const double weight : form.weights)
    entropy -= weight / sum * std::log(weight / sum / 0.0317);
  CHECK(std::abs(energy_entropy(initial_populations(law, 1.0)) - entropy) < 1e-9);
}

TEST_CASE("a smooth piece beside hundreds of edges gets the nodes that it needs") {
  const laws::EnergyLaw law{
      laws::MixtureEnergy{{many_edges(), {laws::NormalEnergy{3.3, 0.004}}}, {1.0, 1.0}}};
  const Populations p = initial_populations(law, 1.0);
  CHECK(std::abs(mean_energy(p) - laws::mean(law)) < 1e-11);
  CHECK(std::abs(density(p, 3.3015) / laws::density(law, 3.3015) - 1.0) < 1e-8);
}

TEST_CASE(
    "atoms sit on the place of their energy, share a node if they share the offset, and have no "
    "entropy") {
  const Populations p = initial_populations(rest_and_two_atoms(), 1.0);
  CHECK(p.grid.nodes() == 2);  // 0 and 7 are both at offset 1
  CHECK(p.grid.continuous == 0);
  const auto levels = level_probabilities(p);
  CHECK(levels[0] == doctest::Approx(0.125));
  CHECK(levels[3] == doctest::Approx(0.25));
  CHECK(levels[7] == doctest::Approx(0.625));  // 7 = 1 + level 6
  CHECK(mean_energy(p) == doctest::Approx(5.0));
  CHECK(phi(p) == doctest::Approx(0.875));
  CHECK(std::isnan(mean_ln_energy(p)));
  CHECK(std::isnan(energy_entropy(p)));
  CHECK(std::isnan(entropy_production(p, 1.0, 1.0)));

  const Populations on_delta_e = initial_populations({laws::DeltaEnergy{2.0}}, 2.0);
  CHECK(phi(on_delta_e) == 0.0);  // strictly above
  CHECK(mean_ln_energy(on_delta_e) == doctest::Approx(std::log(2.0)));
}

TEST_CASE("an atom beside a density leaves it the rest of the probability") {
  const laws::EnergyLaw law{
      laws::MixtureEnergy{{{laws::DeltaEnergy{2.3}}, {laws::ExponentialEnergy{1.5}}}, {1.0, 3.0}}};
  const Populations p = initial_populations(law, 0.7);
  CHECK(std::abs(mean_energy(p) - 0.25 * 2.3 - 0.75 * 1.5) < 1e-12);
  CHECK(std::abs(phi(p) - 0.25 - 0.75 * std::exp(-0.7 / 1.5)) < 1e-12);
  CHECK(std::abs(total_mass(p) - 1.0) < 1e-14);
  // The steps of the distribution function at atoms are no reason to cut the panels.
  CHECK(p.grid.continuous == initial_populations({laws::ExponentialEnergy{1.5}}, 0.7).grid.nodes());
}

TEST_CASE("ln E is resolved above an edge that is near 0, but not at 0") {
  const double low = 1e-6, high = 0.7;
  const auto integral = [](double x) { return x * std::log(x) - x; };
  const Populations p = initial_populations({laws::UniformEnergy{low, high}}, 1.0);
  CHECK(std::abs(mean_ln_energy(p) - (integral(high) - integral(low)) / (high - low)) < 1e-11);
}

TEST_CASE(
    "entropy production: (a - b) ln(a/b) for two flat levels, 0 in detailed balance, infinite one "
    "way") {
  const laws::EnergyLaw two_levels{laws::HistogramEnergy{{0.0, 1.0, 2.0}, {0.3, 0.7}}};
  Populations p = initial_populations(two_levels, 1.0);
  CHECK(std::isinf(entropy_production(p, 0.5, 2.0)));  // level 2 is empty
  p.levels = 3;                                        // without it
  std::vector<double> mass;
  for (std::size_t node = 0; node < p.grid.nodes(); ++node)
    for (std::size_t i = 0; i < 3; ++i)
      mass.push_back(p.grid.width[node] * (i == 0 ? 0.0 : (i == 1 ? 0.3 : 0.7)));
  p.mass = mass;
  CHECK(entropy_production(p, 0.5, 2.0) ==
        doctest::Approx((0.15 - 1.4) * std::log(0.15 / 1.4)).epsilon(1e-12));
  CHECK(entropy_production(p, 0.7, 0.3) == doctest::Approx(0.0));
  CHECK(std::isinf(entropy_production(p, 0.0, 2.0)));
  CHECK(entropy_production(p, 0.0, 0.0) == 0.0);
}

TEST_CASE("geometric ladders keep the offsets' density") {
  const Populations start = initial_populations({laws::NormalEnergy{3.5, 0.2}}, 1.0);
  const double q = 0.75;
  const Populations p = geometric_populations(start, q);
  CHECK(std::abs(total_mass(p) - 1.0) < 1e-14);
  CHECK(std::abs(phi(p) - q) < 1e-14);
  CHECK(std::abs(mean_energy(p) - 3.5) < 1e-12);  // 0.5 + q / (1-q)
  const Populations cut_early = geometric_populations(start, q, 1e-3);
  CHECK(std::abs(total_mass(cut_early) - 1.0) < 1e-14);
  CHECK(cut_early.levels == 1 + 25);             // 0.75^24 > 1e-3 > 0.75^25
  const double offsets = energy_entropy(start);  // nearly all of it is on one level ...
  const double levels = -std::log(1.0 - q) - q / (1.0 - q) * std::log(q);
  CHECK(std::abs(energy_entropy(geometric_populations(start, 0.0)) + levels - energy_entropy(p)) <
        1e-12);
  CHECK(energy_entropy(geometric_populations(start, 0.0)) <
        offsets);  // ... and folding the rest only loses information
  CHECK(std::abs(entropy_production(p, q, 1.0)) < 1e-13);

  const Populations uniform =
      geometric_populations(initial_populations({laws::UniformEnergy{5.0, 6.0}}, 1.0), q);
  CHECK(std::abs(energy_entropy(uniform) - levels) < 1e-12);
  for (std::size_t n = 0; n < 20; ++n)
    CHECK(level_probabilities(uniform)[n + 1] ==
          doctest::Approx(0.25 * std::pow(q, n)).epsilon(1e-12));
}

TEST_CASE("influences of the levels average to the observables") {
  const Populations p = initial_populations({laws::MaxwellBoltzmannEnergy{7.0 / 3.0, 3}}, 1.0);
  const Influence influence = level_influence(p);
  const auto levels = level_probabilities(p);
  const auto average = [&](const std::vector<double>& x) {
    return std::inner_product(x.begin(), x.end(), levels.begin(), 0.0);
  };
  CHECK(average(influence.energy) == doctest::Approx(3.5).epsilon(1e-11));
  CHECK(average(influence.phi) ==
        doctest::Approx(boost::math::gamma_q(1.5, 3.0 / 7.0)).epsilon(1e-12));
  CHECK(average(influence.ln_energy) ==
        doctest::Approx(boost::math::digamma(1.5) + std::log(7.0 / 3.0)).epsilon(1e-11));
  CHECK(average(influence.entropy) == doctest::Approx(energy_entropy(p)).epsilon(1e-13));

  const Influence flat = level_influence(initial_populations({laws::UniformEnergy{2.0, 4.0}}, 1.0));
  CHECK(flat.energy[3] == doctest::Approx(2.5));
  CHECK(flat.ln_energy[4] ==
        doctest::Approx(4.0 * std::log(4.0) - 3.0 * std::log(3.0) - 1.0).epsilon(1e-13));
  CHECK(flat.entropy[3] == doctest::Approx(std::log(2.0)));
  CHECK(flat.energy[1] == 0.0);

  const Influence rest = level_influence(initial_populations(rest_and_two_atoms(), 1.0));
  CHECK(std::isnan(rest.ln_energy[0]));
  CHECK(std::isnan(rest.entropy[3]));
  CHECK(rest.energy[7] == 7.0);
}
