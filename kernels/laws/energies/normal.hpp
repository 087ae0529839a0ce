#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/exponential_scale.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/special_functions.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

namespace powerstroke::laws {

/// Normal(mean, sigma) truncated to E >= 0 and renormalised; sigma > 0.
struct NormalEnergy {
  static constexpr const char* name = "normal";
  static constexpr const char* description = "Normal law, truncated to E >= 0 and renormalised.";
  static constexpr std::array<Parameter, 2> parameters{
      {{"mean", "energy", "Mean before the truncation.", Limit::not_negative},
       {"sigma", "energy", "Standard deviation before the truncation."}}};
  static constexpr bool everywhere = true;

  double mean, sigma;

  /// Deeper below 0, what is left of a normal law has a probability that doubles cannot hold with
  /// room for its own tail.
  void validate(const std::string& where) const {
    constexpr double deepest_mean = -35.0;  // in sigma
    require_positive(where + ".sigma", sigma);
    require_finite(where + ".mean", mean);
    if (mean < deepest_mean * sigma)
      reject(where + ".mean", mean,
             "with sigma " + shortest(sigma) +
                 " nothing is left at energies >= 0; the mean must be at least -35 sigma " +
                 "(below it the law is an exponential of mean sigma^2/|mean|: ask for that)");
  }

  double density(double energy) const { return untruncated().density(energy) / kept(); }

  double cumulative(double energy) const {
    const NormalLaw normal = untruncated();
    // Each side of the mean from its own tail, so that no small probability is the difference of
    // two near 1.
    if (energy < mean) return (normal.below(energy) - normal.below(0.0)) / kept();
    return 1.0 - normal.above(energy) / kept();
  }

  std::vector<double> breakpoints() const {
    // Far below 0 the mean leaves an almost exponential tail; its scale is the inverse of the
    // density at the edge.
    std::vector<double> points =
        mean < 0.0 ? exponential_scale(1.0 / edge_density()) : std::vector<double>{0.0};
    for (const int deviations : {-8, -6, -4, -2, 0, 2, 4, 6, 8}) {
      const double energy = mean + deviations * sigma;
      if (energy > 0.0) points.push_back(energy);
    }
    return points;
  }

  double upper_energy(double tail) const {
    return std::max(0.0, untruncated().quantile_above(tail * kept()));
  }
  double expectation() const { return mean + sigma * sigma * edge_density(); }
  double variance() const {
    const double shift = sigma * edge_density(), cut = -mean / sigma;
    return sigma * sigma * (1.0 + cut * shift - shift * shift);
  }
  bool resolved_by(double width) const { return width < 0.8 * sigma; }

  Variate variate() const { return QuantileVariate{TruncatedNormalQuantile(mean, sigma)}; }
  std::string words(const Say& say) const {
    return "normal energies, mean " + say(mean, "energy") + " and standard deviation " +
           say(sigma, "energy") + ", cut off at 0";
  }

 private:
  NormalLaw untruncated() const { return {mean, sigma}; }
  /// Prob(E >= 0) of the normal law before it is truncated.
  double kept() const { return untruncated().above(0.0); }
  /// Density of the untruncated law at 0 over what is kept: sigma times it is the inverse Mills
  /// ratio.
  double edge_density() const { return untruncated().density(0.0) / kept(); }
};

}  // namespace powerstroke::laws
