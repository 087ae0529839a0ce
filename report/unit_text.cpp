#include "powerstroke/report/unit_text.hpp"

#include <regex>

#include "powerstroke/report/text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

const std::regex& exponent() {
  static const std::regex pattern("\\^?([-+]?[0-9]+)");
  return pattern;
}

/// The number one of "1/ps" is no exponent.
std::string with_exponents(const std::string& unit, const char* form) {
  const std::size_t start = unit.starts_with("1/") ? 2 : 0;
  return unit.substr(0, start) + std::regex_replace(unit.substr(start), exponent(), form);
}

std::string after(const std::string& unit) {
  return unit.empty() ? "" : "\u00A0" + unit_html(unit);
}

}  // namespace

std::string unit_html(const std::string& unit) {
  std::string text = with_exponents(escape_html(unit), "<sup>$1</sup>");
  text = std::regex_replace(text, std::regex("<sup>-"), "<sup>−");
  text = std::regex_replace(text, std::regex("k_B"), "<i>k</i><sub>B</sub>");
  return std::regex_replace(text, std::regex("sqrt\\("), "√(");
}

std::string energy_unit_html(const Units& units) { return after(units.energy); }
std::string time_unit_html(const Units& units) { return after(units.time); }
std::string rate_unit_html(const Units& units) { return units.reduced ? "" : after(units.rate()); }

std::string head_unit_html(const std::string& unit) {
  return unit.empty() ? "" : " (" + unit_html(unit) + ")";
}

std::string axis_unit(const std::string& unit, const std::string& otherwise) {
  return unit.empty() ? otherwise : with_exponents(unit, "^{$1}");
}

}  // namespace powerstroke::report
