#include "powerstroke/study/run/rounding.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace powerstroke::study {

std::string rounded_bath(const Config& config) {
  const StrokesConfig& strokes = config.strokes;
  if (strokes.balance != Balance::bath || config.json.empty()) return {};
  const double asked = nlohmann::json::parse(config.json).at("strokes").at("bath").at("excited").get<double>();
  const double systems = static_cast<double>(strokes.bath_systems), excited = static_cast<double>(strokes.bath_excited);
  constexpr double digits = 1e-12;  // of a fraction that a config writes in full
  if (std::abs(excited - asked * systems) <= digits * systems) return {};
  return fmt::format(
      "strokes.bath.excited: found {:.12g}, which whole systems do not have; {} of {} are excited at the start, a fraction "
      "of "
      "{:.6g}",
      asked, strokes.bath_excited, strokes.bath_systems, excited / systems);
}

}  // namespace powerstroke::study
