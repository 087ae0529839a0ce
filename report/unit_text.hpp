#pragma once

#include <string>

#include "powerstroke/study/settings/units.hpp"

/// The names of a run's units, set as HTML and as gnuplot's enhanced text. In reduced units there
/// is none: nothing follows a number, and axes say of what unit they are.
namespace powerstroke::report {

/// "cm^-1" as "cm<sup>−1</sup>", escaped; "sqrt(u cm^-1)" as "√(u cm<sup>−1</sup>)".
std::string unit_html(const std::string& unit);

/// " cm<sup>−1</sup>", with a space that does not break, to follow a number; empty in reduced
/// units.
std::string energy_unit_html(const study::Units& units);
std::string time_unit_html(const study::Units& units);
std::string rate_unit_html(const study::Units& units);

/// " (cm<sup>−1</sup>)", to follow the head of a table's column; empty in reduced units.
std::string head_unit_html(const std::string& unit);

/// "cm^{-1}", or `otherwise` in reduced units.
std::string axis_unit(const std::string& unit, const std::string& otherwise);

}  // namespace powerstroke::report
