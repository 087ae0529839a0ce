#include "powerstroke/io/run/problem.hpp"

#include <fmt/format.h>

#include "powerstroke/engine/core/ladder.hpp"

namespace powerstroke::io {

laws::Transition transition(const Config& config) {
  const StrokesConfig& strokes = config.strokes;
  double rate_up = 0.0;
  if (strokes.balance == Balance::fixed) rate_up = strokes.rate_up;
  if (strokes.balance == Balance::thermal)
    rate_up = laws::thermal_rate_up(strokes.rate_down, strokes.delta_e, strokes.temperature);
  return {strokes.delta_e, rate_up, strokes.rate_down};
}

StationaryState stationary_state(const Config& config, const theory::Populations& start) {
  const laws::Transition rates = transition(config);
  if (rates.rate_down == 0.0 && rates.rate_up == 0.0) return {{}, true, "frozen: both rates are 0, no stroke ever happens"};
  const double at_rest = theory::level_probabilities(start).front();
  if (!conserving(config)) {
    if (rates.rate_up == 0.0 && theory::phi(start) == 0.0)
      return {{}, true, "frozen: w+ = 0 and no particle has E > delta_e, so no stroke ever happens"};
    if (rates.rate_up == 0.0 && at_rest > 0.0)
      return {{}, false, "none of one form: w+ = 0, so particles at rest stay there, and the others end at E <= delta_e"};
    if (rates.rate_up >= rates.rate_down)
      return {{},
              false,
              fmt::format("none: the uptake rate {:g} is not below the release rate {:g}, so the energy grows without "
                          "bound",
                          rates.rate_up, rates.rate_down)};
    if (rates.rate_up == 0.0) return {{}, false, "all particles on their lowest level, E <= delta_e: there are no uptakes"};
    const double ratio = rates.rate_up / rates.rate_down;
    return {ratio, false, fmt::format("geometric ladder, ratio w+/w- = {:.6g}, over the initial offsets", ratio)};
  }
  if (theory::phi(start) == 0.0)
    return {{},
            true,
            "frozen: no particle has E > delta_e, so phi = 0, w+ = w- phi = 0 and (8) leaves any distribution as it is"};
  double mean_level = 0.0;
  const std::vector<double> levels = theory::level_probabilities(start);
  for (std::size_t i = 0; i < levels.size(); ++i) mean_level += (static_cast<double>(i) + lowest_level) * levels[i];
  if (mean_level <= 0.0)
    return {{},
            false,
            fmt::format(
                "none: the mean level n = {:.6g} is not above 0, so phi runs down to 0 and freezes the ensemble on the way",
                mean_level)};
  const double ratio = laws::geometric_ratio(mean_level);
  return {ratio, false,
          fmt::format("geometric ladder, ratio q = n/(1+n) = {:.6g} of mean level n = {:.6g}, over the initial offsets",
                      ratio, mean_level)};
}

}  // namespace powerstroke::io
