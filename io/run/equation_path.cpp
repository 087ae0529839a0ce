#include "powerstroke/io/run/equation_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/run/problem.hpp"

namespace powerstroke::io {
namespace {

/// levels^2 * w- t that the scatter's matrix may take: some thirty seconds.
constexpr double affordable = 1e8;

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
      equation_(start_, stroke_law(config)),
      bins_(start_.grid, analysis::BinGrid{config.histogram.max, config.histogram.bins}.edges()) {
  if (!with_scatter || !conserving(config)) return;
  particles_ = static_cast<double>(config.ensemble.particles);
  const double levels = static_cast<double>(start_.levels);
  if (levels * levels * std::max(1.0, config.strokes.rate_down * config.snapshots.back()) < affordable)
    scatter_.emplace(theory::level_probabilities(start_),
                     laws::StrokeLaw{{transition(config)}, laws::Constant{}, laws::Closure::conserving, {}},
                     std::vector<std::int32_t>{1});
  else
    scatter_lost_ = "the scatter that a common phi(t) adds is too costly to follow over so many levels and so long a time";
}

void EquationPath::advance(double t) {
  equation_.advance(t);
  if (!scatter_) return;
  try {
    scatter_->advance(t);
  } catch (const NumericsError& error) {  // the particles and the equation are worth having without it
    scatter_.reset();
    scatter_lost_ = error.what();
  }
}

std::string EquationPath::untestable() const {
  if (particles_ == 0.0 || !scatter_lost_.empty()) return scatter_lost_;
  constexpr double small = 0.1;
  const double mean_level = theory::mean_level(equation_.populations());
  // The mean level of N particles does a random walk whose variance is their number of strokes / N^2.
  const double walk = std::sqrt(equation_.strokes() / particles_);
  if (walk <= small * mean_level || equation_.strokes() == 0.0) return {};
  return fmt::format(
      "the mean level of {:g} particles has walked at random by {:.2g}, which is not small against its value {:.2g}: a "
      "common phi(t) follows that, and the equation for many particles does not",
      particles_, walk, mean_level);
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
