#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/study/run/parts.hpp"

namespace powerstroke::study {

analysis::OffsetMap offset_map(const Config& config) {
  if ((config.strokes && !config.strokes->on_ladder()) ||
      !laws::atoms(config.ensemble.energy).empty())
    return {};
  constexpr std::size_t most = 16, places = 64;
  // Particles without strokes keep the law of their start, which a ladder of any spacing describes.
  const double period = config.strokes ? config.strokes->spacing : 1.0;
  const laws::EnergyLaw& law = config.ensemble.energy;
  std::vector<double> seams;
  for (const double jump : laws::jumps(law)) seams.push_back(std::fmod(jump, period));
  std::ranges::sort(seams);
  seams.erase(std::unique(seams.begin(), seams.end()), seams.end());
  if (seams.size() > most) return {};
  // A law over so many levels is even from one to the next, but at its jumps.
  const double top = laws::upper_energy(law, 1e-6);
  if (!(top < 1e4 * period)) {
    if (seams.empty()) return {};
    return {period, std::move(seams), [](double y) { return y; }};
  }
  double least = std::numeric_limits<double>::infinity(), at = 0.0;
  for (std::size_t i = 0; i < places; ++i) {
    const double offset = (static_cast<double>(i) + 0.5) / places * period;
    double folded = 0.0;
    for (double energy = offset; energy < top; energy += period)
      folded += laws::density(law, energy);
    if (folded < least) {
      least = folded;
      at = offset;
    }
  }
  seams.insert(std::ranges::upper_bound(seams, at), at);
  const double first = seams.front() - period;
  return {period, std::move(seams), [&law, first, period, top](double y) {
            double share = 0.0;
            for (double turn = first; turn < top; turn += period)
              share += laws::cumulative(law, std::max(0.0, turn + y)) -
                       laws::cumulative(law, std::max(0.0, turn));
            return share;
          }};
}

}  // namespace powerstroke::study
