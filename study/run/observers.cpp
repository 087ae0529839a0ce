#include "powerstroke/study/run/observers.hpp"

#include <algorithm>

#include "powerstroke/analysis/information.hpp"
#include "powerstroke/analysis/path_entropy.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {
namespace {

/// Cells of a step of the ladder: enough to see what the offset carries, few enough for tables of
/// pairs to be filled.
constexpr std::uint32_t cells_a_step = 4;

std::vector<double> ln_density(const theory::Populations& populations,
                               const LadderView& particles) {
  const theory::LogDensity density(populations);
  std::vector<double> result(particles.size());
  parallel::for_each_block(particles.size(), [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      result[i] = density(particles.offset[i], particles.level[i]);
  });
  return result;
}

std::vector<std::uint32_t> classes_of(const LadderView& particles) {
  std::vector<std::uint32_t> classes(particles.size());
  analysis::LadderCells(cells_a_step).classify(particles, classes);
  return classes;
}

}  // namespace

PathObserver::PathObserver(const Config& config, LadderEnsemble& ensemble)
    : equation_(start_populations(config), config.strokes->law),
      ln_start_(ln_density(equation_.populations(), ensemble.view())) {
  ensemble.record_paths();
}

void PathObserver::look(double t, const LadderEnsemble& ensemble,
                        std::vector<Quantity>& quantities) {
  prepare(t);
  const std::vector<double> ln_now = ln_density(equation_.populations(), ensemble.view());
  const std::span<const double> start(ln_start_), now(ln_now), path = ensemble.paths();
  const auto sums = parallel::sum_over_blocks<analysis::PathEntropySums>(
      ensemble.size(), [&](std::size_t first, std::size_t last) {
        const std::size_t size = last - first;
        std::vector<double> delta_s(size);
        analysis::path_entropy(start.subspan(first, size), now.subspan(first, size),
                               path.subspan(first, size), delta_s);
        return analysis::gather_path_entropy(delta_s);
      });
  const analysis::IntegralFluctuation found = analysis::integral_fluctuation(sums);
  quantity_of(quantities, "path_entropy").push(found.mean.value, found.mean.error);
  quantity_of(quantities, "path_average").push(found.exponential.value, found.exponential.error);
}

void PathObserver::catch_up(std::span<const double> times) {
  for (const double t : times) prepare(t);
}

InformationObserver::InformationObserver(const Config& config, const LadderEnsemble& ensemble)
    : start_(classes_of(ensemble.view())) {
  if (!given_rates(config)) return;
  theory::Populations start = start_populations(config);
  // An equation for each level to start on, each as large as the grid.
  constexpr double affordable = 2e7;
  const auto levels = static_cast<double>(start.levels);
  if (levels * levels * static_cast<double>(start.grid.nodes()) < affordable)
    equation_.emplace(start, config.strokes->law, cells_a_step);
}

void InformationObserver::look(double t, const LadderEnsemble& ensemble,
                               std::vector<Quantity>& quantities) {
  const analysis::Estimate found =
      analysis::mutual_information(analysis::JointCounts(start_, classes_of(ensemble.view())));
  Quantity& information = quantity_of(quantities, "information");
  information.push(found.value, found.error);
  look_at_equation(t, information.solution);
}

void InformationObserver::look_at_equation(double t, std::vector<double>& exact) {
  if (!equation_) return;
  prepare(t);
  exact.push_back(equation_->information().mutual);
}

void InformationObserver::catch_up(std::span<const double> times,
                                   std::vector<Quantity>& quantities) {
  for (const double t : times) look_at_equation(t, quantity_of(quantities, "information").solution);
}

}  // namespace powerstroke::study
