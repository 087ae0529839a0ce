#include "powerstroke/analysis/goodness_of_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {
namespace {

/// Calls body(frequency, probability) for each class, the one of what is lacking last.
template <class Body>
void for_each_class(std::span<const std::uint64_t> counts, std::span<const double> probabilities,
                    std::uint64_t total, Body&& body) {
  POWERSTROKE_EXPECT(counts.size() == probabilities.size() && total > 0);
  std::uint64_t counted = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    body(static_cast<double>(counts[i]) / static_cast<double>(total), probabilities[i]);
    counted += counts[i];
  }
  const double lacking = 1.0 - std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  POWERSTROKE_EXPECT(counted <= total);
  body(static_cast<double>(total - counted) / static_cast<double>(total), std::max(lacking, 0.0));
}

}  // namespace

double kullback_leibler(std::span<const std::uint64_t> counts,
                        std::span<const double> probabilities, std::uint64_t total) {
  double divergence = 0.0;
  for_each_class(counts, probabilities, total, [&](double frequency, double probability) {
    if (frequency > 0.0)
      divergence += probability > 0.0 ? frequency * std::log(frequency / probability)
                                      : std::numeric_limits<double>::infinity();
  });
  return divergence;
}

double total_variation(std::span<const std::uint64_t> counts, std::span<const double> probabilities,
                       std::uint64_t total) {
  double distance = 0.0;
  for_each_class(counts, probabilities, total, [&](double frequency, double probability) {
    distance += std::abs(frequency - probability);
  });
  return 0.5 * distance;
}

double total_variation(std::span<const double> a, std::span<const double> b) {
  POWERSTROKE_EXPECT(a.size() == b.size());
  double distance = 0.0, lacking = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    distance += std::abs(a[i] - b[i]);
    lacking += a[i] - b[i];
  }
  return 0.5 * (distance + std::abs(lacking));
}

double kolmogorov_smirnov(std::span<const std::uint64_t> counts,
                          std::span<const double> probabilities, std::uint64_t total) {
  double difference = 0.0, largest = 0.0;
  for_each_class(counts, probabilities, total, [&](double frequency, double probability) {
    difference += frequency - probability;
    largest = std::max(largest, std::abs(difference));
  });
  return largest;
}

double normal_p_value(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

}  // namespace powerstroke::analysis
