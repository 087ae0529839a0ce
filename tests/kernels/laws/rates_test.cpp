#include "powerstroke/kernels/laws/rates.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>

using namespace powerstroke::laws;

namespace {

template <class Variant>
struct AllAreRates;
template <class... Laws>
struct AllAreRates<std::variant<Laws...>> {
  static constexpr bool value = (Rates<Laws> && ...);
};
static_assert(AllAreRates<AnyRates>::value);

/// Every law of the list, made for a dimension with parameters of 1.
template <class Body, std::size_t... Index>
void for_each_law(int dimension, Body&& body, std::index_sequence<Index...>) {
  const double ones[] = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  (body(std::variant_alternative_t<Index, AnyRates>(RatesInput{dimension, 1.0, 1.0, ones})), ...);
}
template <class Body>
void for_each_law(int dimension, Body&& body) {
  for_each_law(dimension, body, std::make_index_sequence<std::variant_size_v<AnyRates>>{});
}

}  // namespace

TEST_CASE(
    "rates: every law keeps its bound and is in detailed balance with its density of states") {
  for (const int dimension : {1, 2, 3})
    for_each_law(dimension, [&](const auto& law) {
      CAPTURE(law.name);
      CAPTURE(dimension);
      for (const double delta_e : {0.1, 1.0, 7.5})
        for (double energy = 1e-6; energy < 200.0; energy *= 1.7) {
          CAPTURE(energy);
          const double up = law.uptake(energy, delta_e),
                       down = law.release(energy + delta_e, delta_e);
          CHECK(up >= 0.0);
          CHECK(down >= 0.0);
          CHECK(up <= law.bound(delta_e));
          CHECK(down <= law.bound(delta_e));
          const double s = law.state_exponent();
          const double forward = up * std::pow(energy, s),
                       back = down * std::pow(energy + delta_e, s);
          CHECK(std::abs(forward - back) <=
                1e-8 * forward);  // E + dE - dE loses digits at E = 1e-6
        }
    });
}

TEST_CASE(
    "rates: microreversible is the ratio of momenta in d = 3, nothing in d = 2, and slows uptakes "
    "in d = 1") {
  // p = sqrt(2 m E): from E = 4 to E = 1 the momentum halves.
  CHECK(Microreversible(3).release(4.0, 3.0) == 0.5);
  CHECK(Microreversible(3).uptake(1.0, 3.0) == 1.0);
  CHECK(Microreversible(2).release(4.0, 3.0) == 1.0);
  CHECK(Microreversible(2).uptake(1.0, 3.0) == 1.0);
  CHECK(Microreversible(1).release(4.0, 3.0) == 1.0);
  CHECK(Microreversible(1).uptake(1.0, 3.0) == 0.5);
  CHECK(Microreversible(1).uptake(0.0, 3.0) == 0.0);
}

TEST_CASE("rates: at a wall, detailed balance is that of the flux, as in one dimension more") {
  for (const int dimension : {1, 2, 3}) {
    const Microreversible law = microreversible_at_walls(dimension);
    CHECK(law.state_exponent() == 0.5 * (dimension - 1));
    for (const double energy : {0.2, 1.0, 5.0})
      CHECK(law.uptake(energy, 3.0) * std::pow(energy, 0.5 * (dimension - 1)) ==
            doctest::Approx(law.release(energy + 3.0, 3.0) *
                            std::pow(energy + 3.0, 0.5 * (dimension - 1)))
                .epsilon(1e-14));
  }
  CHECK(microreversible_at_walls(3).release(4.0, 3.0) == 0.25);
  CHECK(microreversible_at_walls(1).release(4.0, 3.0) == 1.0);
}

TEST_CASE("rates: the list starts with the paper's") {
  CHECK(name(AnyRates{}) == std::string("constant"));
}
