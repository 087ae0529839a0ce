#include "powerstroke/study/result/quantity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

#include "powerstroke/study/result/result.hpp"

using namespace powerstroke::study;

TEST_CASE("quantities: keys and positions are each one's own, and a run has a record of each") {
  std::set<std::string_view> keys;
  std::set<int> positions;
  for (const QuantityInfo& info : followed_quantities()) {
    CAPTURE(std::string(info.key));
    CHECK(keys.insert(info.key).second);
    CHECK(positions.insert(info.position).second);
    CHECK_FALSE(info.symbol.plain.empty());
    CHECK_FALSE(info.symbol.html.empty());
    CHECK_FALSE(info.symbol.plot.empty());
    CHECK_FALSE(info.description.ends_with('.'));
    CHECK_FALSE(
        (info.is_compared && info.followed != Followed::by_both));  // `compare` needs both sides
    CHECK_FALSE((info.is_main && info.followed != Followed::by_both));
  }
  CHECK(std::ranges::is_sorted(followed_quantities(), {}, &QuantityInfo::position));
  const RunResult result;
  REQUIRE(result.quantities.size() == followed_quantities().size());
  for (std::size_t k = 0; k < result.quantities.size(); ++k)
    CHECK(result.quantities[k].key == followed_quantities()[k].key);
  for (const char* key : {"mean_energy", "phi", "S_E", "S_1", "mean_ln_E", "S_E_spacing"})
    CHECK(keys.contains(key));
}

TEST_CASE("quantities: a misspelt key is an error that names it") {
  RunResult result;
  CHECK(find_quantity(result.quantities, "mean_enrgy") == nullptr);
  CHECK_THROWS_WITH_AS(result.quantity("mean_enrgy"), doctest::Contains("'mean_enrgy'"),
                       std::out_of_range);
  CHECK_THROWS_WITH_AS(quantity_info("mean_enrgy"), doctest::Contains("'mean_enrgy'"),
                       std::out_of_range);
}
