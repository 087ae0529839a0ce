#include "powerstroke/study/run/rounding.hpp"

#include <fmt/format.h>

#include <cmath>

namespace powerstroke::study {

std::string rounded_bath(const Config& config) {
  const StrokesConfig& strokes = config.strokes;
  if (strokes.balance != Balance::bath) return {};
  const double systems = static_cast<double>(strokes.bath_systems), excited = static_cast<double>(strokes.bath_excited);
  constexpr double digits = 1e-12;  // of a fraction that a config writes in full
  if (std::abs(excited - strokes.bath_fraction * systems) <= digits * systems) return {};
  return fmt::format(
      "strokes.bath.excited: found {:.12g}, which whole systems do not have; {} of {} are excited at the start, a fraction "
      "of {:.6g}",
      strokes.bath_fraction, strokes.bath_excited, strokes.bath_systems, excited / systems);
}

}  // namespace powerstroke::study
