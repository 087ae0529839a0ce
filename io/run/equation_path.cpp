#include "powerstroke/io/run/equation_path.hpp"

#include <algorithm>

#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/io/run/problem.hpp"

namespace powerstroke::io {
namespace {

/// Multiplications that the scatter's matrix may cost: some ten seconds.
constexpr double affordable = 2e9;

analysis::SharedNoise shared_noise(const theory::MeanFieldNoise& scatter, const std::vector<theory::BinLevel>& joint) {
  analysis::SharedNoise shared;
  shared.mode.assign(scatter.levels().begin(), scatter.levels().end());
  shared.excess = scatter.excess();
  for (const theory::BinLevel& part : joint)
    if (part.level_index < scatter.size()) shared.joint.push_back({part.bin, part.level_index, part.probability});
  return shared;
}

}  // namespace

EquationPath::EquationPath(const Config& config, bool with_scatter)
    : start_(theory::initial_populations(config.ensemble.energy, config.strokes.delta_e)),
      equation_(start_, transition(config), conserving(config)),
      bins_(start_.grid, analysis::BinGrid{config.histogram.max, config.histogram.bins}.edges()) {
  if (!with_scatter || !conserving(config)) return;
  const double levels = static_cast<double>(start_.levels);
  scatter_known_ = levels * levels * std::max(1.0, config.strokes.rate_down * config.snapshots.back()) < affordable;
  if (scatter_known_) scatter_.emplace(theory::level_probabilities(start_), config.strokes.rate_down);
}

void EquationPath::advance(double t) {
  equation_.advance(t);
  if (scatter_) scatter_->advance(t);
}

std::optional<analysis::SharedNoise> EquationPath::scatter_of_bins() const {
  if (!scatter_) return {};
  return shared_noise(*scatter_, bins_.by_level(equation_.populations()));
}

std::optional<analysis::SharedNoise> EquationPath::scatter_of_levels() const {
  if (!scatter_) return {};
  std::vector<theory::BinLevel> diagonal;
  for (std::uint32_t i = 0; i < scatter_->size(); ++i) diagonal.push_back({i, i, scatter_->levels()[i]});
  return shared_noise(*scatter_, diagonal);
}

}  // namespace powerstroke::io
