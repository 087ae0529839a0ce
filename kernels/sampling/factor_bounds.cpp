#include "powerstroke/kernels/sampling/factor_bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "powerstroke/kernels/laws/factor_range.hpp"

namespace powerstroke {
namespace {

/// Energies outside of [lowest, highest] times a transition's own are left to the law.
constexpr double lowest = 0x1p-6, highest = 0x1p14;
/// So are those that far above the lowest: a table has to stay small.
constexpr double widest = 0x1p40;

constexpr double scale = 0x1p16;
constexpr std::uint32_t largest_word = 0xffff;
constexpr std::uint32_t nothing_decided = largest_word << 16;

/// Wider than the range by more than any rounding of a law.
std::uint32_t word_of(const laws::FactorRange& range, double bound) {
  constexpr double roundings = 1e-12;
  if (!(range.low >= 0.0 && range.high >= range.low && bound > 0.0)) return nothing_decided;
  const double low = std::floor(range.low / bound * (1.0 - roundings) * scale);
  const double high = std::ceil(range.high / bound * (1.0 + roundings) * scale) - 1.0;
  const auto clamped = [](double x) {
    return static_cast<std::uint32_t>(std::clamp(x, 0.0, 0.0 + largest_word));
  };
  return clamped(low) | (clamped(high) << 16);
}

}  // namespace

double FactorBounds::edge(std::size_t cell) const {
  if (cell == 0) return 0.0;
  if (cell == cells_) return std::numeric_limits<double>::infinity();
  return std::bit_cast<double>((static_cast<std::int64_t>(cell) + first_) << (52 - cell_bits));
}

FactorBounds::FactorBounds(const laws::StrokeLaw& law) : first_(0), cells_(1) {
  const auto [least, largest] =
      std::minmax_element(law.transitions.begin(), law.transitions.end(),
                          [](const auto& a, const auto& b) { return a.delta_e < b.delta_e; });
  const auto leading = [](double energy) {
    return std::bit_cast<std::int64_t>(energy) >> (52 - cell_bits);
  };
  const double from = std::max(std::numeric_limits<double>::min(), least->delta_e * lowest);
  const double to = std::min(
      {0.5 * std::numeric_limits<double>::max(), largest->delta_e * highest, from * widest});
  first_ = static_cast<std::int32_t>(leading(from)) - 1;
  cells_ = static_cast<std::size_t>(leading(to) - first_) + 1;
  words_.reserve((2 * law.transitions.size() + 1) * cells_);
  constexpr double wider = 1e-12;  // than a cell: a ladder's energy may be rounded across its edge
  std::visit(
      [&](const auto& rates) {
        for (const laws::Transition& transition : law.transitions) {
          const double delta_e = transition.delta_e, bound = rates.bound(delta_e);
          for (const bool up : {true, false})
            for (std::size_t cell = 0; cell < cells_; ++cell) {
              const double low = edge(cell) * (1.0 - wider), high = edge(cell + 1) * (1.0 + wider);
              const bool known = std::isfinite(high) && (cell > 0 || up);
              words_.push_back(!known ? nothing_decided
                                      : word_of(up ? laws::uptake_range(rates, low, high, delta_e)
                                                   : laws::release_range(rates, low, high, delta_e),
                                                bound));
            }
        }
      },
      law.rates);
  words_.resize(words_.size() + cells_, nothing_decided);
}

}  // namespace powerstroke
