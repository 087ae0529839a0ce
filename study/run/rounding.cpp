#include "powerstroke/study/run/rounding.hpp"

#include <fmt/format.h>

#include <cmath>

namespace powerstroke::study {

std::string rounded_bath(const Config& config) {
  const StrokesConfig& strokes = *config.strokes;
  if (!laws::is<laws::Bath>(strokes.law.balance)) return {};
  const double systems = static_cast<double>(strokes.bath.systems), excited = static_cast<double>(strokes.bath.excited);
  constexpr double digits = 1e-12;  // of a fraction that a config writes in full
  if (std::abs(excited - strokes.bath.fraction * systems) <= digits * systems) return {};
  return fmt::format(
      "strokes.bath.excited: found {:.12g}, which whole systems do not have; {} of {} are excited at the start, a fraction "
      "of {:.6g}",
      strokes.bath.fraction, strokes.bath.excited, strokes.bath.systems, excited / systems);
}

}  // namespace powerstroke::study
