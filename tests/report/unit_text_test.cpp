#include "powerstroke/report/unit_text.hpp"

#include <doctest/doctest.h>

using namespace powerstroke::study;
using namespace powerstroke::report;

TEST_CASE("units are set with their exponents") {
  CHECK(unit_html("cm^-1") == "cm<sup>−1</sup>");
  CHECK(unit_html("cm-1") == "cm<sup>−1</sup>");
  CHECK(unit_html("1/cm") == "1/cm");
  CHECK(unit_html("kJ/mol") == "kJ/mol");
  CHECK(unit_html("sqrt(u cm^-1)") == "√(u cm<sup>−1</sup>)");
  CHECK(unit_html("k_B/ps") == "<i>k</i><sub>B</sub>/ps");
  CHECK(axis_unit("cm^-1", "unit") == "cm^{-1}");
  CHECK(axis_unit("", "unit") == "unit");
}

TEST_CASE("nothing follows a number in reduced units") {
  CHECK(energy_unit_html({}).empty());
  CHECK(time_unit_html({}).empty());
  CHECK(rate_unit_html({}).empty());
  CHECK(head_unit_html("").empty());
  Units units;
  units.reduced = false;
  units.time = "ps";
  CHECK(time_unit_html(units) == "\u00A0ps");
  CHECK(rate_unit_html(units) == "\u00A0ps<sup>−1</sup>");
}
