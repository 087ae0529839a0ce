#include "powerstroke/analysis/theory/ladder_transitions.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <variant>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/kernels/laws/common_ladder.hpp"

namespace powerstroke::theory {
namespace {

std::int32_t level_of(std::size_t index) { return static_cast<std::int32_t>(index) + lowest_level; }

/// Of a release into level -1, which is none.
constexpr std::size_t first_release(std::size_t stride) { return stride + 1; }

struct Unit {
  constexpr double operator[](std::size_t) const { return 1.0; }
};

/// Adds the flows of one transition to out. Between index i and i + stride flows up u[i] x[i] -
/// down r[i + stride] x[i + stride]; from index 0 there is no way back.
template <class Uptake, class Release>
void add_flows(const double* x, double* out, std::size_t levels, std::size_t stride, double up,
               double down, Uptake u, Release r) {
  const auto net_up = [=](std::size_t i) {
    return up * u[i] * x[i] - down * r[i + stride] * x[i + stride];
  };
  const double from_rest = up * u[0] * x[0];
  const std::size_t top = levels - stride;
  out[0] -= from_rest;
  for (std::size_t i = 1; i < stride; ++i) out[i] -= net_up(i);
  out[stride] += from_rest - net_up(stride);
  for (std::size_t i = stride + 1; i < top; ++i) out[i] += net_up(i - stride) - net_up(i);
  for (std::size_t i = top; i < levels; ++i) out[i] += net_up(i - stride);
}

/// Sums over the nodes of mass times factor, [level + 1]: level by level, which vectorises.
template <class Factor>
std::vector<double> level_sums(std::span<const double> mass, std::size_t levels, Factor factor) {
  std::vector<double> sums(levels, 0.0);
  for (std::size_t first = 0; first + levels <= mass.size(); first += levels)
    for (std::size_t i = 0; i < levels; ++i) sums[i] += factor[first + i] * mass[first + i];
  return sums;
}

double sum_from(const std::vector<double>& sums, std::size_t first) {
  return std::accumulate(sums.begin() + static_cast<std::ptrdiff_t>(first), sums.end(), 0.0);
}

}  // namespace

std::vector<std::size_t> strides(const laws::StrokeLaw& law, double spacing) {
  POWERSTROKE_EXPECT(!law.transitions.empty() && spacing > 0.0);
  std::vector<std::size_t> found;
  for (const laws::Transition& transition : law.transitions) {
    const std::optional<std::int32_t> stride = laws::stride(transition.delta_e, spacing);
    if (!stride)
      throw NumericsError("a transition of " + std::to_string(transition.delta_e) +
                          " is no whole multiple of the ladder's spacing " +
                          std::to_string(spacing));
    found.push_back(static_cast<std::size_t>(*stride));
  }
  return found;
}

LadderTransitions::LadderTransitions(const OffsetGrid& grid, std::size_t levels,
                                     const laws::StrokeLaw& law)
    : levels_(levels), constant_(std::holds_alternative<laws::Constant>(law.rates)) {
  const std::vector<std::size_t> stride = strides(law, grid.spacing);
  for (std::size_t k = 0; k < stride.size(); ++k) {
    const double delta_e = law.transitions[k].delta_e;
    const double bound = laws::bound(law.rates, delta_e);
    transitions_.push_back({stride[k], bound, {}, {}});
    if (!constant_) fill(grid, law, delta_e, transitions_.back());
    longest_stride_ = std::max(longest_stride_, stride[k]);
  }
}

void LadderTransitions::fill(const OffsetGrid& grid, const laws::StrokeLaw& law, double delta_e,
                             Transition& transition) const {
  transition.uptake.resize(grid.nodes() * levels_);
  transition.release.resize(grid.nodes() * levels_);
  StopPacer pace;
  std::visit(
      [&](const auto& rates) {
        for (std::size_t node = 0; node < grid.nodes(); ++node) {
          pace(16 * levels_);  // two factors
          const auto energy = [&](std::size_t i) {
            return ladder_energy(grid.spacing, grid.offset[node], level_of(i));
          };
          double* uptake = transition.uptake.data() + node * levels_;
          double* release = transition.release.data() + node * levels_;
          for (std::size_t i = 0; i < levels_; ++i) {
            if (energy(i) >= 0.0) uptake[i] = rates.uptake(energy(i), delta_e);
            // From the energy below, so that rounding never puts a release under its threshold.
            if (i >= first_release(transition.stride))
              release[i] = rates.release(energy(i - transition.stride) + delta_e, delta_e);
          }
        }
      },
      law.rates);
}

double LadderTransitions::uptake(std::size_t k, std::size_t node, std::size_t index) const {
  return constant_ ? 1.0 : transitions_[k].uptake[node * levels_ + index];
}

double LadderTransitions::release(std::size_t k, std::size_t node, std::size_t index) const {
  if (index < first_release(stride(k))) return 0.0;
  return constant_ ? 1.0 : transitions_[k].release[node * levels_ + index];
}

void LadderTransitions::apply(std::size_t node, const double* ladder, double* out, double base,
                              std::span<const laws::RatePair> rates) const {
  POWERSTROKE_EXPECT(levels_ > 2 * longest_stride_ && rates.size() == size());
  for (std::size_t i = 0; i < levels_; ++i) out[i] = base * ladder[i];
  for (std::size_t k = 0; k < size(); ++k) {
    const Transition& transition = transitions_[k];
    const auto [up, down] = rates[k];
    if (constant_)
      add_flows(ladder, out, levels_, transition.stride, up, down, Unit{}, Unit{});
    else
      add_flows(ladder, out, levels_, transition.stride, up, down,
                transition.uptake.data() + node * levels_,
                transition.release.data() + node * levels_);
  }
}

void LadderTransitions::add_factors(std::size_t node, std::span<const double> ladder, double weight,
                                    std::span<laws::MeanFactors> sums) const {
  for (std::size_t k = 0; k < size(); ++k) {
    const Transition& transition = transitions_[k];
    double uptake = 0.0, release = 0.0;
    if (constant_) {
      const std::size_t first = std::min(first_release(transition.stride), levels_);
      for (std::size_t i = 0; i < first; ++i) uptake += ladder[i];
      for (std::size_t i = first; i < levels_; ++i) release += ladder[i];
      uptake += release;
    } else {
      const double *u = transition.uptake.data() + node * levels_,
                   *r = transition.release.data() + node * levels_;
      for (std::size_t i = 0; i < levels_; ++i) {
        uptake += u[i] * ladder[i];
        release += r[i] * ladder[i];
      }
    }
    sums[k].uptake += weight * uptake;
    sums[k].release += weight * release;
  }
}

std::vector<laws::MeanFactors> LadderTransitions::mean_factors(std::span<const double> mass) const {
  std::vector<laws::MeanFactors> mean;
  if (constant_) {
    const std::vector<double> sums = level_sums(mass, levels_, Unit{});
    for (const Transition& transition : transitions_)
      mean.push_back({1.0, sum_from(sums, std::min(first_release(transition.stride), levels_))});
    return mean;
  }
  for (const Transition& transition : transitions_)
    mean.push_back({sum_from(level_sums(mass, levels_, transition.uptake.data()), 0),
                    sum_from(level_sums(mass, levels_, transition.release.data()), 0)});
  return mean;
}

}  // namespace powerstroke::theory
