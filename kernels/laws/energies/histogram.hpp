#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

namespace powerstroke::laws {

/// Piecewise constant: `weights[i]` is the unnormalised probability of [edges[i], edges[i+1]).
struct HistogramEnergy {
  static constexpr const char* name = "histogram";
  static constexpr const char* description = "Piecewise constant density.";
  static constexpr std::array<Parameter, 2> parameters{
      {{"edges", "energy", "Ascending edges of the bins.", Limit::not_negative, 2},
       {"weights", "", "Share of each bin, one fewer than edges; they need not sum to 1.",
        Limit::not_negative, 1}}};

  std::vector<double> edges;
  std::vector<double> weights;

  static HistogramEnergy from(const LawInput& input) {
    return {input.parameter[0], input.parameter[1]};
  }

  void validate(const std::string& where) const {
    if (edges.size() < 2)
      throw ConfigError(where + ".edges has " + std::to_string(edges.size()) +
                        " entries; a histogram needs at least 2");
    require_one_each(where + ".weights", weights.size(), edges.size() - 1, "bins");
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const std::string which = element(where + ".edges", i);
      require_energy(which, edges[i]);
      if (i > 0 && edges[i] <= edges[i - 1])
        reject(which, edges[i],
               "edges must ascend and the one before it is " + shortest(edges[i - 1]));
    }
    for (std::size_t i = 0; i < weights.size(); ++i)
      if (!(std::isfinite(weights[i]) && weights[i] >= 0.0))
        reject(element(where + ".weights", i), weights[i], "it must be a finite number >= 0");
    if (!(std::isfinite(total()) && total() > 0.0))
      reject("the sum of " + where + ".weights", total(), "it must be a finite number > 0");
  }

  double density(double energy) const {
    if (energy < edges.front() || energy >= edges.back()) return 0.0;
    const std::size_t bin = bin_of(energy);
    return weights[bin] / total() / (edges[bin + 1] - edges[bin]);
  }

  double cumulative(double energy) const {
    if (energy < edges.front()) return 0.0;
    if (energy >= edges.back()) return 1.0;
    const std::size_t bin = bin_of(energy);
    const double below =
        std::accumulate(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(bin), 0.0);
    const double share = (energy - edges[bin]) / (edges[bin + 1] - edges[bin]);
    return (below + share * weights[bin]) / total();
  }

  std::vector<double> breakpoints() const { return edges; }
  std::vector<double> jumps() const { return edges; }

  double upper_energy(double) const {
    const auto last =
        std::find_if(weights.rbegin(), weights.rend(), [](double weight) { return weight > 0.0; });
    return edges[static_cast<std::size_t>(last.base() - weights.begin())];
  }

  double expectation() const {
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i)
      sum += weights[i] * 0.5 * (edges[i] + edges[i + 1]);
    return sum / total();
  }

  /// Within the bins and between their middles.
  double variance() const {
    const double mean = expectation();
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double apart = 0.5 * (edges[i] + edges[i + 1]) - mean, width = edges[i + 1] - edges[i];
      sum += weights[i] * (width * width / 12.0 + apart * apart);
    }
    return sum / total();
  }

  Variate variate() const { return PiecewiseVariate{edges, weights}; }

  std::string words(const Say&) const {
    return "energies from a given histogram of " + std::to_string(weights.size()) + " bins";
  }

 private:
  double total() const { return std::accumulate(weights.begin(), weights.end(), 0.0); }
  /// Which bin of [edges[i], edges[i+1]) holds an energy inside the edges.
  std::size_t bin_of(double energy) const {
    return static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), energy) -
                                    edges.begin()) -
           1;
  }
};

}  // namespace powerstroke::laws
