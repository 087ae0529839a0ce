#include "powerstroke/analysis/theory/stationary.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/engine/core/error.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;
using Kind = StationaryLaw::Kind;

namespace {

/// Every rates law that there is, in d = 1, 2 and 3, its parameters (if any) 1.
template <class... Law>
std::vector<laws::AnyRates> every_law(const std::variant<Law...>*) {
  std::vector<laws::AnyRates> all;
  const std::vector<double> ones(16, 1.0);
  for (const int dimension : {1, 2, 3})
    (all.push_back(
         Law(laws::RatesInput{dimension, 1.0, 1.0, {ones.data(), Law::parameters.size()}})),
     ...);
  return all;
}

/// The largest change of a place per time under the rates that the balance makes of the populations
/// themselves.
double largest_flow(const Populations& p, const laws::StrokeLaw& law, double excited) {
  const LadderTransitions transitions(p.grid, p.levels, law);
  const auto mean = transitions.mean_factors(p.mass);
  std::vector<laws::RatePair> rates;
  for (std::size_t k = 0; k < mean.size(); ++k)
    rates.push_back(laws::closed_rates(
        law.balance, law.transitions[k], mean[k],
        excited < 0.0 ? 1.0 / (1.0 + std::exp(-excited * law.transitions[k].delta_e)) : 0.0));
  double largest = 0.0;
  std::vector<double> slope(p.levels);
  for (std::size_t node = 0; node < p.grid.nodes(); ++node) {
    transitions.apply(node, p.ladder(node).data(), slope.data(), 0.0, rates);
    for (const double s : slope) largest = std::max(largest, std::abs(s));
  }
  return largest;
}

laws::StrokeLaw one(const laws::Balance& balance, double up = 0.5, double down = 1.0) {
  return {{{1.0, up, down}}, laws::Constant{}, balance};
}

Populations start_of(laws::EnergyLaw law, double spacing = 1.0) {
  return initial_populations(law, spacing);
}

laws::EnergyLaw rest_and(double energy) {
  return {laws::MixtureEnergy{{{laws::DeltaEnergy{0.0}}, {laws::DeltaEnergy{energy}}}, {1.0, 1.0}}};
}

}  // namespace

TEST_CASE(
    "no place changes in the stationary law: every rates law, one and three transitions, every "
    "balance") {
  const laws::AnyRates* any = nullptr;
  for (const laws::AnyRates& rates : every_law(any))
    for (const std::vector<double>& energies : {std::vector{1.0}, std::vector{1.0, 1.5, 2.5}})
      for (const laws::Balance& balance : std::initializer_list<laws::Balance>{
               laws::Given{}, laws::Conserving{}, laws::Exchange{}, laws::Bath{1.2, 0.3}}) {
        CAPTURE(std::string(laws::name(rates)));
        CAPTURE(laws::state_exponent(rates));
        CAPTURE(laws::name(balance));
        laws::StrokeLaw law{{}, rates, balance};
        double rate = 1.0;
        for (const double e : energies) {
          law.transitions.push_back({e, laws::thermal_rate_up(rate, e, 2.2), rate});
          rate *= 0.7;
        }
        const Populations start =
            start_of({laws::NormalEnergy{3.5, 0.9}}, energies.size() == 1 ? 1.0 : 0.5);
        const StationaryLaw found = stationary_law(start, law);
        REQUIRE(found.kind == Kind::exists);
        if (laws::is<laws::Given>(balance))
          CHECK(found.beta == doctest::Approx(1.0 / 2.2).epsilon(1e-13));
        const Populations p = stationary_populations(start, law, found.beta);
        CHECK(std::abs(total_mass(p) - 1.0) < 1e-13);
        CHECK(largest_flow(p, law, -found.beta) < 1e-15);
        CHECK(largest_flow(stationary_populations(start, law, 1.1 * found.beta), law, -found.beta) >
              (laws::is<laws::Given>(balance) || laws::is<laws::Bath>(balance) ? 1e-6 : -1.0));
        // What each offset had at the start.
        for (std::size_t node = 0; node < start.grid.nodes(); node += 7) {
          double before = 0.0, after = 0.0;
          for (const double m : start.ladder(node)) before += m;
          for (const double m : p.ladder(node)) after += m;
          CHECK(std::abs(before - after) < 1e-15);
        }
      }
}

TEST_CASE("constant rates and one transition: the geometric ladder") {
  const Populations start = start_of({laws::NormalEnergy{3.5, 0.2}});
  for (const laws::Balance& balance :
       std::initializer_list<laws::Balance>{laws::Given{}, laws::Conserving{}, laws::Exchange{}}) {
    const laws::StrokeLaw law = one(balance, 0.75);
    const StationaryLaw found = stationary_law(start, law);
    REQUIRE(found.kind == Kind::exists);
    CHECK(std::exp(-found.beta) == doctest::Approx(0.75).epsilon(1e-14));
    const Populations p = stationary_populations(start, law, found.beta),
                      geometric = geometric_populations(start, 0.75);
    for (std::size_t node = 0; node < start.grid.nodes(); ++node)
      for (std::size_t i = 0; i < std::min(p.levels, geometric.levels); ++i)
        CHECK(std::abs(p.ladder(node)[i] - geometric.ladder(node)[i]) < 1e-15);
  }
  // bath: n = q/(1-q), x = q/(1+q), n + m x = 3 + m x_0 over the mean offset 0.5.
  const laws::StrokeLaw law = one(laws::Bath{2.0, 0.25}, 0.0);
  const double q = std::exp(-stationary_law(start, law).beta);
  CHECK(q / (1.0 - q) + 2.0 * q / (1.0 + q) == doctest::Approx(3.5).epsilon(1e-13));
}

TEST_CASE("microreversible rates that conserve a Maxwell-Boltzmann energy: its own temperature") {
  for (const int dimension : {1, 2, 3}) {
    const double temperature = 7.0 / 3.0;
    const Populations start = start_of({laws::MaxwellBoltzmannEnergy{temperature, dimension}});
    const laws::StrokeLaw law{
        {{1.0, 0.0, 1.0}}, laws::Microreversible(dimension), laws::Exchange{}};
    const StationaryLaw found = stationary_law(start, law);
    CHECK(found.beta == doctest::Approx(1.0 / temperature).epsilon(1e-11));
    const Populations p = stationary_populations(start, law, found.beta);
    CHECK(mean_ln_energy(p) ==
          doctest::Approx(boost::math::digamma(0.5 * dimension) + std::log(temperature))
              .epsilon(1e-8));
    CHECK(energy_entropy(p) == doctest::Approx(energy_entropy(start)).epsilon(1e-9));
  }
}

TEST_CASE("a bath with most systems excited still ends at a positive temperature") {
  const Populations start = start_of({laws::NormalEnergy{3.5, 0.2}});
  const StationaryLaw found = stationary_law(start, one(laws::Bath{50.0, 0.9}, 0.0));
  REQUIRE(found.kind == Kind::exists);
  CHECK(found.beta > 0.0);
  CHECK(found.beta < 0.1);
}

TEST_CASE(
    "given rates that pull to different temperatures have no law of this form; equal ones do") {
  const Populations start = start_of({laws::NormalEnergy{3.5, 0.2}}, 0.5);
  const auto of = [&](double up, double up_of_second) {
    return stationary_law(
        start, {{{1.0, up, 1.0}, {1.5, up_of_second, 1.0}}, laws::Constant{}, laws::Given{}});
  };
  CHECK(of(std::exp(-0.5), std::exp(-0.75)).beta == doctest::Approx(0.5).epsilon(1e-13));
  const StationaryLaw apart = of(0.5, 0.5);
  CHECK(apart.kind == Kind::none);
  CHECK(apart.why.find("different temperatures") != std::string::npos);
  CHECK(of(0.5, 0.0).why.find("different temperatures") != std::string::npos);
  CHECK(of(2.0, 1.0).why.find("without bound") != std::string::npos);
  // A transition that is switched off says nothing.
  const StationaryLaw off = stationary_law(
      start, {{{1.0, std::exp(-0.5), 1.0}, {1.5, 0.0, 0.0}}, laws::Constant{}, laws::Given{}});
  CHECK(off.beta == doctest::Approx(0.5).epsilon(1e-13));
}

TEST_CASE("degenerate starts and rates are told apart") {
  const auto high = start_of({laws::NormalEnergy{3.5, 0.2}}),
             low = start_of({laws::UniformEnergy{0.0, 1.0}});
  const auto says = [](const StationaryLaw& law, Kind kind, const std::string& words) {
    CAPTURE(law.why);
    CHECK(law.kind == kind);
    CHECK(law.why.find(words) != std::string::npos);
    CHECK(std::isnan(law.beta));
  };
  says(stationary_law(high, one(laws::Given{}, 0.0, 0.0)), Kind::frozen, "both rates are 0");
  says(stationary_law(high, one(laws::Conserving{}, 0.0, 0.0)), Kind::frozen, "both rates are 0");
  says(stationary_law(low, one(laws::Given{}, 0.0)), Kind::frozen, "w+ = 0 and no particle");
  says(stationary_law(high, one(laws::Given{}, 0.0)), Kind::none, "lowest level");
  says(stationary_law(start_of(rest_and(3.5)), one(laws::Given{}, 0.0)), Kind::none,
       "particles at rest stay");
  says(stationary_law(high, one(laws::Given{}, 1.0)), Kind::none, "without bound");
  says(stationary_law(low, one(laws::Conserving{})), Kind::frozen, "phi = 0");
  says(stationary_law(low, one(laws::Exchange{})), Kind::frozen, "pass on");
  says(stationary_law(low, one(laws::Bath{1.0, 0.0})), Kind::frozen, "no two-level system");
  CHECK(stationary_law(low, one(laws::Bath{1.0, 0.1}, 0.0)).kind == Kind::exists);
  // Half at rest, half on level 1: together on level 0, so phi runs down to 0.
  says(stationary_law(start_of(rest_and(1.5)), one(laws::Conserving{})), Kind::none, "n = 0");
  CHECK(stationary_law(start_of(rest_and(3.5)), one(laws::Conserving{})).kind == Kind::exists);
  // Those at rest take up nothing in d = 1: the others have their energy to themselves.
  const laws::StrokeLaw line{{{1.0, 0.0, 1.0}}, laws::Microreversible(1), laws::Conserving{}};
  const StationaryLaw apart = stationary_law(start_of(rest_and(1.5)), line);
  REQUIRE(apart.kind == Kind::exists);
  const Populations p = stationary_populations(start_of(rest_and(1.5)), line, apart.beta);
  CHECK(level_probabilities(p)[0] == 0.5);
  CHECK(mean_energy(p) == doctest::Approx(0.75).epsilon(1e-12));
  const Populations at_rest = start_of({laws::DeltaEnergy{0.0}});
  says(stationary_law(at_rest, line), Kind::frozen, "phi = 0");
  says(stationary_law(at_rest, {{{1.0, 0.5, 1.0}}, laws::Microreversible(1), laws::Given{}}),
       Kind::frozen, "at rest");
}

TEST_CASE("a stationary law that spreads over too many levels is refused when it is laid out") {
  const Populations start = start_of({laws::NormalEnergy{3.5, 0.2}});
  const laws::StrokeLaw law = one(laws::Given{}, 1.0 - 1e-9);
  const StationaryLaw found = stationary_law(start, law);
  REQUIRE(found.kind == Kind::exists);
  CHECK_THROWS_AS(stationary_populations(start, law, found.beta), NumericsError);
}
