#include "powerstroke/io/run/problem.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "powerstroke/analysis/theory/stationary.hpp"

namespace powerstroke::io {

laws::Transition transition(const Config& config) {
  const StrokesConfig& strokes = config.strokes;
  double rate_up = 0.0;
  if (strokes.balance == Balance::fixed) rate_up = strokes.rate_up;
  if (strokes.balance == Balance::thermal)
    rate_up = laws::thermal_rate_up(strokes.rate_down, strokes.delta_e, strokes.temperature);
  return {strokes.delta_e, rate_up, strokes.rate_down};
}

laws::StrokeLaw stroke_law(const Config& config) {
  return {{transition(config)}, laws::Constant{}, conserving(config) ? laws::Closure::conserving : laws::Closure::given, {}};
}

StationaryState stationary_state(const Config& config, const theory::Populations& start) {
  theory::StationaryLaw found = theory::stationary_law(start, stroke_law(config));
  const bool frozen = found.kind == theory::StationaryLaw::Kind::frozen;
  if (found.kind != theory::StationaryLaw::Kind::exists) return {{}, frozen, std::move(found.why)};
  const double ratio = std::exp(-found.beta * config.strokes.delta_e);
  if (!conserving(config))
    return {found.beta, false, fmt::format("geometric ladder, ratio w+/w- = {:.6g}, over the initial offsets", ratio)};
  return {found.beta, false,
          fmt::format("geometric ladder, ratio q = n/(1+n) = {:.6g} of mean level n = {:.6g}, over the initial offsets",
                      ratio, theory::mean_level(start))};
}

}  // namespace powerstroke::io
