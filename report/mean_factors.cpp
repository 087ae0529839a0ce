#include "powerstroke/report/mean_factors.hpp"

#include <numeric>

#include "powerstroke/report/series.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// Midpoints a bin.
constexpr int kPoints = 8;

}  // namespace

laws::MeanFactors mean_factors(const RunResult& result, std::size_t transition,
                               std::size_t snapshot) {
  const laws::StrokeLaw& law = result.config.strokes->law;
  const double delta_e = law.transitions[transition].delta_e;
  const std::vector<double> edges = bin_edges(result);
  std::vector<double> p = solution_probabilities(result, snapshot);
  if (p.empty()) p = particle_probabilities(result, snapshot);
  laws::MeanFactors mean{0.0, 0.0};
  const auto add = [&](double probability, double energy) {
    mean.uptake += probability * laws::uptake_factor(law.rates, energy, delta_e);
    if (energy > delta_e)
      mean.release += probability * laws::release_factor(law.rates, energy, delta_e);
  };
  for (std::size_t i = 0; i < p.size(); ++i) {
    for (int j = 0; j < kPoints; ++j)
      add(p[i] / kPoints, edges[i] + (edges[i + 1] - edges[i]) * (j + 0.5) / kPoints);
  }
  // What lies above the histogram counts as lying at its end.
  if (!p.empty()) add(1.0 - std::accumulate(p.begin(), p.end(), 0.0), edges.back());
  return mean;
}

}  // namespace powerstroke::report
