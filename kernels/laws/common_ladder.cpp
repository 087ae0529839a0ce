#include "powerstroke/kernels/laws/common_ladder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::laws {
namespace {

constexpr double largest_stride = 4096.0;
constexpr double tolerance = 16.0 * std::numeric_limits<double>::epsilon();

struct Fraction {
  std::int64_t numerator, denominator;
};

/// The first convergent of the continued fraction of a ratio > 0 that is the ratio to rounding.
std::optional<Fraction> as_fraction(double ratio) {
  double rest = ratio;
  Fraction before{1, 0}, now{static_cast<std::int64_t>(std::floor(ratio)), 1};
  while (true) {
    const double value = static_cast<double>(now.numerator) / static_cast<double>(now.denominator);
    if (std::abs(value - ratio) <= tolerance * ratio) return now;
    const double fractional = rest - std::floor(rest);
    if (!(fractional > 0.0)) return {};
    rest = 1.0 / fractional;
    const double digit = std::floor(rest);
    if (digit * static_cast<double>(now.denominator) + static_cast<double>(before.denominator) >
        largest_stride)
      return {};
    const auto whole = static_cast<std::int64_t>(digit);
    const Fraction next{whole * now.numerator + before.numerator,
                        whole * now.denominator + before.denominator};
    before = now;
    now = next;
  }
}

}  // namespace

std::optional<CommonLadder> common_ladder(std::span<const double> delta_e) {
  POWERSTROKE_EXPECT(!delta_e.empty());
  // In units of the smallest, delta_e_k = numerator_k / denominator_k: over the denominators'
  // common multiple all are whole.
  const double smallest = *std::min_element(delta_e.begin(), delta_e.end());
  std::vector<Fraction> ratios;
  std::int64_t multiple = 1;
  for (const double energy : delta_e) {
    if (!(energy / smallest <= largest_stride)) return {};
    const std::optional<Fraction> ratio = as_fraction(energy / smallest);
    if (!ratio) return {};
    multiple = std::lcm(multiple, ratio->denominator);
    if (static_cast<double>(multiple) > largest_stride) return {};
    ratios.push_back(*ratio);
  }
  CommonLadder ladder{smallest / static_cast<double>(multiple), {}};
  for (const Fraction& ratio : ratios) {
    const std::int64_t stride = ratio.numerator * (multiple / ratio.denominator);
    if (static_cast<double>(stride) > largest_stride) return {};
    ladder.strides.push_back(static_cast<std::int32_t>(stride));
  }
  return ladder;
}

std::optional<std::int32_t> stride(double delta_e, double spacing) {
  POWERSTROKE_EXPECT(delta_e > 0.0 && spacing > 0.0);
  constexpr double roundings = 64.0 * std::numeric_limits<double>::epsilon();
  const double steps = delta_e / spacing, whole = std::round(steps);
  if (!(whole >= 1.0 && whole <= 0x1p30 && std::abs(steps - whole) <= roundings * whole)) return {};
  return static_cast<std::int32_t>(whole);
}

}  // namespace powerstroke::laws
