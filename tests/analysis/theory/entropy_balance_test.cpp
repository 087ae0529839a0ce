#include "powerstroke/analysis/theory/entropy_balance.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "powerstroke/analysis/theory/master_equation.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

double two_level_entropy(double x) { return -x * std::log(x) - (1.0 - x) * std::log1p(-x); }

}  // namespace

TEST_CASE(
    "entropy balance: production = change + exchange, change and exchange are slopes of what the "
    "equation solves") {
  const double h = 0.02;  // the five-point formula errs by h^4 / 30 times the fifth derivative
  const double weight[] = {1.0, -8.0, 0.0, 8.0, -1.0};
  for (const laws::Balance& balance : std::initializer_list<laws::Balance>{
           laws::Given{}, laws::Conserving{}, laws::Exchange{}, laws::Bath{1.3, 0.2}})
    for (const laws::AnyRates& rates :
         {laws::AnyRates{laws::Constant{}}, laws::AnyRates{laws::Microreversible(1)},
          laws::AnyRates{laws::Microreversible(3)}}) {
      CAPTURE(laws::name(balance));
      CAPTURE(laws::state_exponent(rates));
      const double temperature = 1.8, s = laws::state_exponent(rates);
      const laws::StrokeLaw law{{{1.0, laws::thermal_rate_up(1.0, 1.0, temperature), 1.0},
                                 {1.5, laws::thermal_rate_up(0.6, 1.5, temperature), 0.6}},
                                rates,
                                balance};
      MasterEquation equation(initial_populations({laws::NormalEnergy{3.0, 0.7}}, 0.5), law, 1e-12);
      double entropy = 0.0, energy = 0.0, bath = 0.0;
      EntropyBalance found{};
      for (int i = -2; i <= 2; ++i) {
        equation.advance(1.5 + i * h);
        const double w = weight[i + 2] / (12.0 * h);
        const Populations& now = equation.populations();
        entropy += w * (energy_entropy(now) + s * mean_ln_energy(now));
        energy += w * mean_energy(now);
        if (laws::is<laws::Bath>(balance))
          bath += w * 1.3 *
                  (two_level_entropy(equation.excited(0)) + two_level_entropy(equation.excited(1)));
        if (i == 0) found = entropy_balance(now, law, equation.rates());
      }
      CHECK(found.production > 1e-3);
      CHECK(found.change == doctest::Approx(entropy).epsilon(5e-6));
      CHECK(std::abs(found.production - found.change - found.exchange) < 1e-12);
      if (laws::is<laws::Given>(balance))
        CHECK(found.exchange == doctest::Approx(-energy / temperature).epsilon(5e-6));
      if (laws::is<laws::Conserving>(balance) || laws::is<laws::Exchange>(balance))
        CHECK(std::abs(found.exchange) < 1e-12);
      if (laws::is<laws::Bath>(balance))
        CHECK(found.exchange == doctest::Approx(bath).epsilon(5e-6));
    }
}

TEST_CASE(
    "entropy balance: one way is infinite, with the exchange if the rate is missing, with the "
    "change if the place is "
    "empty") {
  const Populations start = initial_populations({laws::UniformEnergy{1.0, 2.0}}, 1.0);
  const auto balance = [&](double up, double down) {
    const std::array rates{laws::RatePair{up, down}};
    return entropy_balance(start, {{{1.0, up, down}}, laws::Constant{}, laws::Given{}}, rates);
  };
  CHECK(std::isinf(balance(0.5, 1.0).production));  // levels 0 and 2 are empty
  CHECK(std::isinf(balance(0.5, 1.0).change));
  CHECK(balance(0.5, 1.0).exchange == doctest::Approx(-0.5 * std::log(0.5)));
  CHECK(std::isinf(balance(0.0, 1.0).production));
  CHECK(std::isinf(balance(0.0, 1.0).exchange));
  const EntropyBalance nothing = balance(0.0, 0.0);
  CHECK((nothing.production == 0.0 && nothing.exchange == 0.0 && nothing.change == 0.0));
  MasterEquation equation(initial_populations({laws::ExponentialEnergy{2.0}}, 1.0),
                          {{{1.0, 0.0, 1.0}}, laws::Constant{}, laws::Given{}});
  const EntropyBalance falling =
      entropy_balance(equation.populations(), equation.law(), equation.rates());
  CHECK(std::isinf(falling.production));
  CHECK(falling.change ==
        doctest::Approx(-0.5 * std::exp(-0.5)).epsilon(1e-9));  // -J ln(P/P+), ln(P/P+) = 1/2
}

TEST_CASE("entropy balance of atoms: only the exchange is defined") {
  const Populations start = initial_populations({laws::DeltaEnergy{2.5}}, 1.0);
  const std::array rates{laws::RatePair{0.5, 1.0}};
  const EntropyBalance balance =
      entropy_balance(start, {{{1.0, 0.5, 1.0}}, laws::Constant{}, laws::Given{}}, rates);
  CHECK(std::isnan(balance.production));
  CHECK(std::isnan(balance.change));
  CHECK(balance.exchange == doctest::Approx(-0.5 * std::log(0.5)));
}
