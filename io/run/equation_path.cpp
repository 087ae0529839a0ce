#include "powerstroke/io/run/equation_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/analysis/theory/level_factors.hpp"
#include "powerstroke/analysis/theory/thinned.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/io/run/probe.hpp"
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
    : start_(start_populations(config)),
      equation_(start_, config.strokes.law),
      bins_(start_.grid, analysis::BinGrid{config.histogram.max, config.histogram.bins}.edges()),
      energy_variance_at_start_(theory::observable_variances(start_).energy) {
  if (!with_scatter) return;
  counted_ = config.strokes.are_counted();
  if (given_rates(config) && (!counted_ || is_shaped())) return;
  if (!given_rates(config)) particles_ = static_cast<double>(config.ensemble.particles);
  const double levels = static_cast<double>(start_.levels);
  const laws::StrokeLaw& law = config.strokes.law;
  double rate = 0.0;
  for (const laws::Transition& transition : law.transitions)
    rate += transition.rate_down + (given_rates(config) ? transition.rate_up : 0.0);
  // A bath of few systems changes as much faster as it is smaller; each transition adds diagonals to the covariance's equation.
  if (law.closure == laws::Closure::bath) rate *= 1.0 + 1.0 / law.bath.systems_per_particle;
  fastest_ = rate;
  rate *= (1.0 + 2.0 * static_cast<double>(law.transitions.size())) / 3.0;
  // Of independent particles two rows a transition are followed, not a matrix.
  const double rows = given_rates(config) ? 2.0 * static_cast<double>(law.transitions.size()) : levels;
  if (rows * levels * std::max(1.0, rate * config.snapshots.back()) >= affordable) {
    if (given_rates(config)) return;
    scatter_lost_ = "the scatter that shared rates add is too costly to follow over so many levels and so long a time";
    return;
  }
  std::vector<std::int32_t> strides;
  for (const std::size_t stride : theory::strides(config.strokes.law, start_.grid.spacing))
    strides.push_back(static_cast<std::int32_t>(stride));
  scatter_.emplace(theory::level_probabilities(start_), config.strokes.law, strides);
}

void EquationPath::advance(double t) {
  // Levels alone have no equation of their own where factors depend on the offset: their averages are taken anew as the occupations
  // change, in steps short against a stroke's time at first, and against the time since the start as these relax.
  constexpr double of_a_stroke = 0.25, of_all = 0.25;
  while (scatter_ && is_shaped() && equation_.time() < t) {
    const double now = equation_.time(), until = now + std::max(of_a_stroke / fastest_, of_all * now);
    advance_both(until < t ? until : t);
  }
  if (equation_.time() < t) advance_both(t);
}

void EquationPath::advance_both(double t) {
  if (scatter_) advance_scatter(t);
  equation_.advance(t);
  if (scatter_ && is_shaped()) scatter_->set_levels(level_probabilities(), excited());
}

void EquationPath::advance_scatter(double t) {
  struct Timed {  // told of a stretch that is left, too
    ~Timed() { seconds += watch.seconds(); }
    double& seconds;
    Stopwatch watch;
  } const timed{scatter_seconds_, {}};
  try {
    if (is_shaped()) scatter_->set_factors(theory::level_factors(equation_.populations(), equation_.law()));
    scatter_->advance(t);
  } catch (const NumericsError& error) {  // the particles and the equation are worth having without it
    operations_before_ = scatter_->operations();
    scatter_.reset();
    if (particles_ > 0.0) scatter_lost_ = error.what();
  }
}

void EquationPath::sketch() {
  constexpr std::size_t few = 4;  // offsets
  if (equation_.law().closure != laws::Closure::given)
    equation_ = theory::MasterEquation(theory::thinned(start_, few), equation_.law());
  if (scatter_) scatter_->sketch();
}

double EquationPath::scatter_operations() const { return scatter_ ? scatter_->operations() : operations_before_; }

bool EquationPath::is_shaped() const { return !std::holds_alternative<laws::Constant>(equation_.law().rates); }

std::vector<double> EquationPath::excited() const {
  std::vector<double> result;
  if (equation_.law().closure != laws::Closure::bath) return result;
  for (std::size_t k = 0; k < equation_.law().transitions.size(); ++k) result.push_back(equation_.excited(k));
  return result;
}

std::vector<EquationPath::Strokes> EquationPath::strokes() const {
  const laws::StrokeLaw& law = equation_.law();
  const bool bounded = is_shaped() && law.closure == laws::Closure::given;
  if (!counted_ || (!bounded && (is_shaped() || !scatter_))) return {};
  std::vector<Strokes> strokes;
  for (std::size_t k = 0; k < law.transitions.size(); ++k) {
    const double uptakes = equation_.uptakes(k), releases = equation_.releases(k);
    if (!bounded) {
      strokes.push_back({uptakes, scatter_->variance_of_uptakes(k), releases, scatter_->variance_of_releases(k)});
      continue;
    }
    const double each = laws::bound(law.rates, law.transitions[k].delta_e) * equation_.time();  // candidates at unit rate
    const auto bound = [](double candidates, double mean) { return candidates * (candidates + 1.0) - mean * mean; };
    strokes.push_back({uptakes, bound(each * law.transitions[k].rate_up, uptakes), releases,
                       bound(each * law.transitions[k].rate_down, releases)});
  }
  return strokes;
}

std::string EquationPath::untestable() const {
  if (particles_ == 0.0 || !scatter_lost_.empty()) return scatter_lost_;
  const laws::StrokeLaw& law = equation_.law();
  constexpr double few = 100.0;
  if (law.closure != laws::Closure::conserving) {
    if (particles_ < few)
      return fmt::format("{:g} particles share their quanta: the equation is that of very many", particles_);
    return pinned();
  }
  constexpr double small = 0.1;
  const double mean_level = theory::mean_level(equation_.populations());
  // The mean level of N particles does a random walk whose variance is their number of strokes / N^2, each so many levels.
  double squares = 0.0;
  const std::vector<std::size_t> strides = theory::strides(law, start_.grid.spacing);
  for (std::size_t k = 0; k < strides.size(); ++k)
    squares += static_cast<double>(strides[k] * strides[k]) * (equation_.uptakes(k) + equation_.releases(k));
  const double walk = std::sqrt(squares / particles_);
  if (walk <= small * mean_level || equation_.strokes() == 0.0) return {};
  return fmt::format(
      "the mean level of {:g} particles has walked at random by {:.2g}, which is not small against its value {:.2g}: a "
      "common phi(t) follows that, and the equation for many particles does not",
      particles_, walk, mean_level);
}

/// Where a conservation law leaves all but nothing of the scatter that a number of particles would have, what is left are a few
/// quanta, which no normal law describes.
std::string EquationPath::pinned() const {
  if (!scatter_) return {};
  constexpr double counted = 5.0, few_quanta = 20.0;  // a class that a test counts, a scatter that is all but normal
  const std::size_t size = scatter_->size();
  const auto levels = scatter_->levels();
  // X summed over all levels from i and from j on, i and j downwards: its diagonal belongs to the number of particles above i.
  std::vector<double> above(size + 1, 0.0), row(size + 1);
  double probability = 0.0;
  StopPacer pace;
  for (std::size_t i = size; i-- > 1;) {
    pace(2 * size);
    row[size] = 0.0;
    for (std::size_t j = size; j-- > 0;) row[j] = row[j + 1] + scatter_->excess()[i * size + j];
    for (std::size_t j = 0; j < size; ++j) above[j] += row[j];
    probability += levels[i];
    const double independent = particles_ * probability * (1.0 - probability);
    const double variance = independent + particles_ * above[i];
    if (independent > counted && variance < few_quanta && variance < 0.5 * independent)
      return fmt::format(
          "what is conserved pins the number of particles above level {} to within {:.2g}, too few quanta for a "
          "test",
          static_cast<std::int64_t>(i) - 2, std::sqrt(std::max(0.0, variance)));
  }
  return {};
}

std::optional<analysis::SharedNoise> EquationPath::scatter_of_bins() const {
  if (scatter() == nullptr) return {};
  return shared_noise(*scatter_, bins_.by_level(equation_.populations()));
}

std::optional<analysis::SharedNoise> EquationPath::scatter_of_levels() const {
  if (scatter() == nullptr) return {};
  std::vector<theory::BinLevel> diagonal;
  for (std::uint32_t i = 0; i < scatter_->size(); ++i) diagonal.push_back({i, i, scatter_->levels()[i]});
  return shared_noise(*scatter_, diagonal);
}

}  // namespace powerstroke::io
