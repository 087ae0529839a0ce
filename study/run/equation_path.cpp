#include "powerstroke/study/run/equation_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/analysis/theory/thinned.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/study/run/probe.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {

EquationPath::EquationPath(const Config& config, bool with_scatter)
    : start_(start_populations(config)),
      equation_(start_, config.strokes->law),
      bins_(start_.grid, analysis::BinGrid{config.histogram.max, config.histogram.bins}.edges()),
      energy_variance_at_start_(theory::observable_variances(start_).energy) {
  if (!with_scatter) return;
  counted_ = config.strokes_are_counted();
  if (given_rates(config) && !counted_) return;
  if (!given_rates(config)) particles_ = static_cast<double>(config.ensemble.particles);
  try {
    scatter_.emplace(config, start_);
  } catch (
      const NumericsError& error) {  // the particles and the equation are worth having without it
    if (particles_ > 0.0) scatter_lost_ = error.what();
  }
}

void EquationPath::advance(double t) {
  if (scatter_) advance_scatter(t);
  equation_.advance(t);
}

void EquationPath::advance_scatter(double t) {
  struct Timed {  // told of a stretch that is left, too
    ~Timed() { seconds += watch.seconds(); }
    double& seconds;
    Stopwatch watch;
  } const timed{scatter_seconds_, {}};
  try {
    scatter_->advance(t);
  } catch (
      const NumericsError& error) {  // the particles and the equation are worth having without it
    operations_before_ = scatter_->operations();
    scatter_.reset();
    if (particles_ > 0.0) scatter_lost_ = error.what();
  }
}

void EquationPath::sketch() {
  constexpr std::size_t few = 4;  // offsets
  if (!laws::has_given_rates(equation_.law().balance))
    equation_ = theory::MasterEquation(theory::thinned(start_, few), equation_.law());
  if (scatter_) scatter_->sketch();
}

double EquationPath::scatter_operations() const {
  return scatter_ ? scatter_->operations() : operations_before_;
}

bool EquationPath::is_shaped() const {
  return !std::holds_alternative<laws::Constant>(equation_.law().rates);
}

std::vector<EquationPath::Strokes> EquationPath::strokes() const {
  const laws::StrokeLaw& law = equation_.law();
  const bool bounded = !scatter_ && is_shaped() && laws::has_given_rates(law.balance);
  if (!counted_ || (!bounded && !scatter_)) return {};
  std::vector<Strokes> strokes;
  for (std::size_t k = 0; k < law.transitions.size(); ++k) {
    const double uptakes = equation_.uptakes(k), releases = equation_.releases(k);
    if (!bounded) {
      strokes.push_back(
          {uptakes, scatter_->variance_of_uptakes(k), releases, scatter_->variance_of_releases(k)});
      continue;
    }
    const double each = laws::bound(law.rates, law.transitions[k].delta_e) *
                        equation_.time();  // candidates at unit rate
    const auto bound = [](double candidates, double mean) {
      return candidates * (candidates + 1.0) - mean * mean;
    };
    strokes.push_back({uptakes, bound(each * law.transitions[k].rate_up, uptakes), releases,
                       bound(each * law.transitions[k].rate_down, releases)});
  }
  return strokes;
}

std::string EquationPath::untestable() const {
  if (particles_ == 0.0 || !scatter_lost_.empty()) return scatter_lost_;
  const laws::StrokeLaw& law = equation_.law();
  constexpr double few = 100.0;
  if (!laws::is<laws::Conserving>(law.balance)) {
    if (particles_ < few)
      return fmt::format("{:g} particles share their quanta: the equation is that of very many",
                         particles_);
    return pinned();
  }
  constexpr double small = 0.1;
  const double mean_level = theory::mean_level(equation_.populations());
  // The mean level of N particles does a random walk whose variance is their number of strokes /
  // N^2, each so many levels.
  double squares = 0.0;
  const std::vector<std::size_t> strides = theory::strides(law, start_.grid.spacing);
  for (std::size_t k = 0; k < strides.size(); ++k)
    squares += static_cast<double>(strides[k] * strides[k]) *
               (equation_.uptakes(k) + equation_.releases(k));
  const double walk = std::sqrt(squares / particles_);
  if (walk <= small * mean_level || equation_.strokes() == 0.0) return {};
  return fmt::format(
      "the mean level of {:g} particles has walked at random by {:.2g}, which is not small against "
      "its value {:.2g}: a "
      "common phi(t) follows that, and the equation for many particles does not",
      particles_, walk, mean_level);
}

/// Where a conservation law leaves all but nothing of the scatter that a number of particles would
/// have, what is left are a few quanta, which no normal law describes.
std::string EquationPath::pinned() const {
  if (!scatter_) return {};
  constexpr double counted = 5.0,
                   few_quanta =
                       20.0;  // a class that a test counts, a scatter that is all but normal
  const std::vector<double> levels = scatter_->levels(), above = scatter_->excess_above();
  double probability = 0.0;
  for (std::size_t i = levels.size(); i-- > 1;) {
    probability += levels[i];
    const double independent = particles_ * probability * (1.0 - probability);
    const double variance = independent + particles_ * above[i];
    if (independent > counted && variance < few_quanta && variance < 0.5 * independent)
      return fmt::format(
          "what is conserved pins the number of particles above level {} to within {:.2g}, too few "
          "quanta for a "
          "test",
          static_cast<std::int64_t>(i) - 2, std::sqrt(std::max(0.0, variance)));
  }
  return {};
}

std::optional<analysis::SharedNoise> EquationPath::scatter_of_bins() const {
  if (scatter() == nullptr) return {};
  return scatter_->of_bins(bins_, equation_.populations());
}

std::optional<analysis::SharedNoise> EquationPath::scatter_of_levels() const {
  if (scatter() == nullptr) return {};
  return scatter_->of_levels();
}

}  // namespace powerstroke::study
