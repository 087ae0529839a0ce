#include "powerstroke/engine/random/poisson_table.hpp"

#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke {
namespace {

constexpr double two_to_64 = 0x1p64;

}  // namespace

PoissonTable::PoissonTable(double mean) {
  if (!(mean >= 0.0 && mean <= largest_mean))
    throw NumericsError("Poisson table: mean " + std::to_string(mean) + " is outside [0, 4096]");
  // Probabilities outwards from the mode, each from its neighbour, then scaled to sum to one: no factorials, and every
  // term has the relative accuracy of a product of few factors where it matters.
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

  // Thresholds from the lower side below the median and from the upper side above it: each keeps its small end exact.
  std::vector<double> upper(probability.size() + 1, 0.0);
  for (std::size_t k = probability.size(); k-- > 0;) upper[k] = upper[k + 1] + probability[k] / total;
  double lower = 0.0;
  for (std::size_t k = 0; k < probability.size(); ++k) {
    lower += probability[k] / total;
    const double above = upper[k + 1];
    if (above * two_to_64 < 1.0) {
      last_ = static_cast<std::uint32_t>(k);
      break;
    }
    below_.push_back(lower < 0.5 ? static_cast<std::uint64_t>(lower * two_to_64)
                                 : std::uint64_t{0} - static_cast<std::uint64_t>(above * two_to_64));
  }
  std::uint32_t count = 0;
  for (std::uint64_t byte = 0; byte < guide_.size(); ++byte) {
    while (count < last_ && (byte << 56) >= below_[count]) ++count;
    guide_[byte] = count;
  }
}

}  // namespace powerstroke
