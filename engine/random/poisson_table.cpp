#include "powerstroke/engine/random/poisson_table.hpp"

#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/random/thresholds.hpp"

namespace powerstroke {
PoissonTable::PoissonTable(double mean) {
  if (!(mean >= 0.0 && mean <= largest_mean))
    throw NumericsError("Poisson table: mean " + std::to_string(mean) + " is outside [0, 4096]");
  // Probabilities outwards from the mode, each from its neighbour, then scaled to sum to one: no
  // factorials, and every term has the relative accuracy of a product of few factors where it
  // matters.
  const auto mode = static_cast<std::uint32_t>(mean);
  std::vector<double> downwards{1.0}, upwards;
  for (std::uint32_t k = mode; k > 0; --k) downwards.push_back(downwards.back() * k / mean);
  double term = 1.0;
  for (std::uint32_t k = mode + 1; term > 0x1p-80; ++k) upwards.push_back(term *= mean / k);

  std::vector<double> probability(downwards.rbegin(), downwards.rend());
  probability.insert(probability.end(), upwards.begin(), upwards.end());
  double sum = 0.0, sum_error = 0.0;  // Neumaier's compensated sum
  const auto add = [&](double x) {
    const double next = sum + x;
    sum_error += std::abs(sum) >= std::abs(x) ? (sum - next) + x : (x - next) + sum;
    sum = next;
  };
  for (const double p : probability) add(p);
  const double total = sum + sum_error;

  for (double& p : probability) p /= total;
  below_ = cumulative_thresholds(probability);
  last_ = static_cast<std::uint32_t>(below_.size());
  std::uint32_t count = 0;
  for (std::uint64_t byte = 0; byte < guide_.size(); ++byte) {
    while (count < last_ && (byte << 56) >= below_[count]) ++count;
    guide_[byte] = count;
  }
}

}  // namespace powerstroke
