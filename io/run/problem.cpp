#include "powerstroke/io/run/problem.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "powerstroke/analysis/theory/mixed_stationary.hpp"
#include "powerstroke/analysis/theory/stationary.hpp"

namespace powerstroke::io {
namespace {

std::string density_of_states(double exponent) { return exponent == 0.0 ? "" : fmt::format("E^({:g}) ", exponent); }

std::string words(const Config& config, double beta, const theory::Populations& start) {
  const laws::StrokeLaw& law = config.strokes.law;
  if (!laws::is_plain(law))
    return fmt::format("ladder with the weights {}exp(-E/T), T = {:.6g}, over the initial offsets",
                       density_of_states(laws::state_exponent(law.rates)), 1.0 / beta);
  const double ratio = std::exp(-beta * config.strokes.delta_e());
  if (given_rates(config)) return fmt::format("geometric ladder, ratio w+/w- = {:.6g}, over the initial offsets", ratio);
  if (law.closure == laws::Closure::bath)
    return fmt::format(
        "geometric ladder, ratio q = x/(1-x) = {:.6g} at the excited fraction x = {:.6g}, over the initial "
        "offsets",
        ratio, ratio / (1.0 + ratio));
  return fmt::format("geometric ladder, ratio q = n/(1+n) = {:.6g} of mean level n = {:.6g}, over the initial offsets",
                     ratio, theory::mean_level(start));
}

}  // namespace

std::int32_t first_stride(const Config& config) {
  return static_cast<std::int32_t>(std::lround(config.strokes.delta_e() / config.strokes.spacing));
}

theory::Populations start_populations(const Config& config) {
  return theory::initial_populations(config.ensemble.energy, config.strokes.spacing);
}

StationaryState stationary_state(const Config& config, const theory::Populations& start) {
  theory::StationaryLaw found = theory::stationary_law(start, config.strokes.law);
  const bool frozen = found.kind == theory::StationaryLaw::Kind::frozen;
  if (found.kind != theory::StationaryLaw::Kind::exists) return {{}, frozen, std::move(found.why)};
  return {found.beta, false, words(config, found.beta, start)};
}

StationaryState stationary_state_without_ladder(const Config& config) {
  const laws::StrokeLaw& law = config.strokes.law;
  const theory::StationaryLaw found = theory::mixed_stationary_law(laws::mean(config.ensemble.energy), law);
  if (found.kind != theory::StationaryLaw::Kind::exists)
    return {{}, found.kind == theory::StationaryLaw::Kind::frozen, found.why};
  return {found.beta, false,
          fmt::format("the density {}exp(-E/T), T = {:.6g}: incommensurate strokes mix all energies",
                      density_of_states(laws::state_exponent(law.rates)), 1.0 / found.beta)};
}

}  // namespace powerstroke::io
