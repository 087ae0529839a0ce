#include "powerstroke/study/run/rounding.hpp"

#include <cmath>

namespace powerstroke::study {

std::optional<Remark> rounded_bath(const Config& config) {
  if (!config.strokes || !laws::is<laws::Bath>(config.strokes->law.balance)) return {};
  const BathConfig& bath = config.strokes->bath;
  const double systems = static_cast<double>(bath.systems),
               excited = static_cast<double>(bath.excited);
  constexpr double digits = 1e-12;  // of a fraction that a config writes in full
  if (std::abs(excited - bath.fraction * systems) <= digits * systems) return {};
  return Remark{Remark::Kind::bath_rounded, {bath.fraction, excited, systems}};
}

}  // namespace powerstroke::study
