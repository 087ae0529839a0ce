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

TEST_CASE("entropy balance: production = change + exchange, change and exchange are slopes of what the equation solves") {
  const double h = 0.02;  // the five-point formula errs by h^4 / 30 times the fifth derivative
  const double weight[] = {1.0, -8.0, 0.0, 8.0, -1.0};
  for (const laws::Closure closure :
       {laws::Closure::given, laws::Closure::conserving, laws::Closure::exchange, laws::Closure::bath})
    for (const laws::AnyRates& rates : {laws::AnyRates{laws::Constant{}}, laws::AnyRates{laws::Microreversible(1)},
                                        laws::AnyRates{laws::Microreversible(3)}}) {
      CAPTURE(static_cast<int>(closure));
      CAPTURE(laws::state_exponent(rates));
      const double temperature = 1.8, s = laws::state_exponent(rates);
      const laws::StrokeLaw law{{{1.0, laws::thermal_rate_up(1.0, 1.0, temperature), 1.0},
                                 {1.5, laws::thermal_rate_up(0.6, 1.5, temperature), 0.6}},
                                rates,
                                closure,
                                {1.3, 0.2}};
      MasterEquation equation(initial_populations({laws::NormalEnergy{3.0, 0.7}}, 0.5), law, 1e-12);
      double entropy = 0.0, energy = 0.0, bath = 0.0;
      EntropyBalance balance{};
      for (int i = -2; i <= 2; ++i) {
        equation.advance(1.5 + i * h);
        const double w = weight[i + 2] / (12.0 * h);
        const Populations& now = equation.populations();
        entropy += w * (energy_entropy(now) + s * mean_ln_energy(now));
        energy += w * mean_energy(now);
        if (closure == laws::Closure::bath)
          bath += w * 1.3 * (two_level_entropy(equation.excited(0)) + two_level_entropy(equation.excited(1)));
        if (i == 0) balance = entropy_balance(now, law, equation.rates());
      }
      CHECK(balance.production > 1e-3);
      CHECK(balance.change == doctest::Approx(entropy).epsilon(5e-6));
      CHECK(std::abs(balance.production - balance.change - balance.exchange) < 1e-12);
      if (closure == laws::Closure::given) CHECK(balance.exchange == doctest::Approx(-energy / temperature).epsilon(5e-6));
      if (closure == laws::Closure::conserving || closure == laws::Closure::exchange)
        CHECK(std::abs(balance.exchange) < 1e-12);
      if (closure == laws::Closure::bath) CHECK(balance.exchange == doctest::Approx(bath).epsilon(5e-6));
    }
}

TEST_CASE(
    "entropy balance: one way is infinite, with the exchange if the rate is missing, with the change if the place is "
    "empty") {
  const Populations start = initial_populations({laws::UniformEnergy{1.0, 2.0}}, 1.0);
  const auto balance = [&](double up, double down) {
    const std::array rates{laws::RatePair{up, down}};
    return entropy_balance(start, {{{1.0, up, down}}, laws::Constant{}, laws::Closure::given, {}}, rates);
  };
  CHECK(std::isinf(balance(0.5, 1.0).production));  // levels 0 and 2 are empty
  CHECK(std::isinf(balance(0.5, 1.0).change));
  CHECK(balance(0.5, 1.0).exchange == doctest::Approx(-0.5 * std::log(0.5)));
  CHECK(std::isinf(balance(0.0, 1.0).production));
  CHECK(std::isinf(balance(0.0, 1.0).exchange));
  const EntropyBalance nothing = balance(0.0, 0.0);
  CHECK((nothing.production == 0.0 && nothing.exchange == 0.0 && nothing.change == 0.0));
  MasterEquation equation(initial_populations({laws::ExponentialEnergy{2.0}}, 1.0),
                          {{{1.0, 0.0, 1.0}}, laws::Constant{}, laws::Closure::given, {}});
  const EntropyBalance falling = entropy_balance(equation.populations(), equation.law(), equation.rates());
  CHECK(std::isinf(falling.production));
  CHECK(falling.change == doctest::Approx(-0.5 * std::exp(-0.5)).epsilon(1e-9));  // -J ln(P/P+), ln(P/P+) = 1/2
}

TEST_CASE("entropy balance of atoms: only the exchange is defined") {
  const Populations start = initial_populations({laws::DeltaEnergy{2.5}}, 1.0);
  const std::array rates{laws::RatePair{0.5, 1.0}};
  const EntropyBalance balance =
      entropy_balance(start, {{{1.0, 0.5, 1.0}}, laws::Constant{}, laws::Closure::given, {}}, rates);
  CHECK(std::isnan(balance.production));
  CHECK(std::isnan(balance.change));
  CHECK(balance.exchange == doctest::Approx(-0.5 * std::log(0.5)));
}
