#pragma once

#include <optional>
#include <string>

#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

/// A config as the numbers that kernels and equations take, and what follows from them without simulating.
namespace powerstroke::io {

inline bool conserving(const Config& config) { return config.strokes.balance == Balance::energy_conserving; }

/// rate_up is 0 under energy_conserving, where it follows phi.
laws::Transition transition(const Config& config);

/// The strokes of a config as the law that kernels and equations are made from.
laws::StrokeLaw stroke_law(const Config& config);

/// The stationary state of a config's strokes from a start (section "Stationary states" of the theory page).
struct StationaryState {
  std::optional<double> beta;  ///< inverse temperature of the ladder; none if there is no stationary law or nothing moves
  bool frozen = false;         ///< no stroke can ever happen
  std::string law;             ///< in words
};
StationaryState stationary_state(const Config& config, const theory::Populations& start);

}  // namespace powerstroke::io
