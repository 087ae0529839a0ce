#include "powerstroke/io/result/catalog.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <numeric>
#include <variant>

#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/run/run.hpp"

using namespace powerstroke::io;
using namespace powerstroke::study;

TEST_CASE(
    "catalog: every field has as many values as its shape says, and columns have those of their "
    "rows") {
  const RunResult result = run(parse_config(R"({"format": "powerstroke/1",
    "ensemble": {"particles": 5000, "energy": {"distribution": "exponential", "mean": 2.0}},
    "strokes": {"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], "balance": "energy_conserving"},
    "time": {"end": 3.0, "snapshots": 4}})",
                                            "config"));
  const Catalog catalog(result);
  for (const NamedArray& field : catalog.arrays()) {
    const std::size_t values =
        std::visit([](const auto& span) { return span.size(); }, field.values);
    CHECK_MESSAGE(values == std::accumulate(field.shape.begin(), field.shape.end(), std::size_t{1},
                                            std::multiplies<>()),
                  field.name);
    CHECK_MESSAGE(!field.description.empty(), field.name);
  }
  const NamedArray* fits = catalog.find("comparison/levels/p_value");
  REQUIRE(fits != nullptr);
  REQUIRE(fits->shape == std::vector<std::size_t>{4});
  CHECK(std::get<std::span<const double>>(fits->values)[3] == result.comparison.levels[3].p_value);
  const NamedArray* counts = catalog.find("histogram/counts");
  REQUIRE(counts != nullptr);
  CHECK(counts->shape == std::vector<std::size_t>{4, result.histograms.edges.size() - 1});
  const NamedArray* energy = catalog.find("series/mean_energy");
  REQUIRE(energy != nullptr);
  CHECK(std::get<std::span<const double>>(energy->values).data() ==
        result.quantity("mean_energy").values.data());  // not a copy
  CHECK(catalog.find("series/nothing") == nullptr);
}
