#include "powerstroke/kernels/laws/energy_table.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace powerstroke::laws {
namespace {

/// @param below the sums of the weights below each edge
double density_in_bins(const HistogramEnergy& law, const std::vector<double>& below,
                       double energy) {
  if (energy < law.edges.front() || energy >= law.edges.back()) return 0.0;
  const auto end =
      static_cast<std::size_t>(std::ranges::upper_bound(law.edges, energy) - law.edges.begin());
  return law.weights[end - 1] / below.back() / (law.edges[end] - law.edges[end - 1]);
}

double cumulative_in_bins(const HistogramEnergy& law, const std::vector<double>& below,
                          double energy) {
  if (energy < law.edges.front()) return 0.0;
  if (energy >= law.edges.back()) return 1.0;
  const auto end =
      static_cast<std::size_t>(std::ranges::upper_bound(law.edges, energy) - law.edges.begin());
  const double share = (energy - law.edges[end - 1]) / (law.edges[end] - law.edges[end - 1]);
  return (below[end - 1] + share * law.weights[end - 1]) / below.back();
}

}  // namespace

EnergyTable::EnergyTable(const EnergyLaw& law) : law_(law) {
  if (const auto* const histogram = std::get_if<HistogramEnergy>(&law.law)) {
    below_.resize(histogram->edges.size(), 0.0);
    std::partial_sum(histogram->weights.begin(), histogram->weights.end(), below_.begin() + 1);
  } else if (const auto* const mixture = std::get_if<MixtureEnergy>(&law.law)) {
    for (const EnergyLaw& part : mixture->parts) parts_.emplace_back(part);
    total_ = std::accumulate(mixture->weights.begin(), mixture->weights.end(), 0.0);
  }
}

template <class OfPart>
double EnergyTable::average(OfPart of_part) const {
  const std::vector<double>& weights = std::get<MixtureEnergy>(law_.law).weights;
  double sum = 0.0;
  for (std::size_t i = 0; i < parts_.size(); ++i) sum += weights[i] * of_part(parts_[i]);
  return sum / total_;
}

double EnergyTable::density(double energy) const {
  if (!below_.empty()) return density_in_bins(std::get<HistogramEnergy>(law_.law), below_, energy);
  if (parts_.empty()) return laws::density(law_, energy);
  return energy < 0.0 ? 0.0
                      : average([energy](const EnergyTable& part) { return part.density(energy); });
}

double EnergyTable::cumulative(double energy) const {
  if (!below_.empty())
    return cumulative_in_bins(std::get<HistogramEnergy>(law_.law), below_, energy);
  if (parts_.empty()) return laws::cumulative(law_, energy);
  return energy < 0.0
             ? 0.0
             : average([energy](const EnergyTable& part) { return part.cumulative(energy); });
}

}  // namespace powerstroke::laws
