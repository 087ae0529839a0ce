#include "powerstroke/analysis/information.hpp"

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <utility>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {
namespace {

using Entry = JointCounts::Entry;

/// Particles that a pair which occurs must have on the average.
constexpr std::uint64_t least_per_pair = 10;

/// In place of ln n: sum n G_n is an estimate of sum N p ln(N p) with hardly any bias.
double grassberger(double n) {
  using boost::math::digamma;
  const double alternating = 0.5 * (digamma(0.5 * (n + 1.0)) - digamma(0.5 * n));
  return digamma(n) + (std::fmod(n, 2.0) == 0.0 ? alternating : -alternating);
}

std::pair<std::uint32_t, std::uint32_t> pair_of(const Entry& entry) {
  return {entry.start, entry.now};
}

/// Neighbours with the same pair become one.
void unite(std::vector<Entry>& sorted) {
  std::size_t kept = 0;
  for (const Entry& entry : sorted) {
    if (kept > 0 && pair_of(sorted[kept - 1]) == pair_of(entry))
      sorted[kept - 1].count += entry.count;
    else
      sorted[kept++] = entry;
  }
  sorted.resize(kept);
}

/// Counts of a class of each pair, whichever it is of the two.
class Marginal {
 public:
  Marginal(std::span<const Entry> entries, std::uint32_t Entry::*which) {
    for (const Entry& entry : entries) counts_.emplace_back(entry.*which, entry.count);
    std::ranges::sort(counts_);
    std::size_t kept = 0;
    for (const auto& [key, count] : counts_) {
      if (kept > 0 && counts_[kept - 1].first == key)
        counts_[kept - 1].second += count;
      else
        counts_[kept++] = {key, count};
    }
    counts_.resize(kept);
  }

  double occupied() const { return static_cast<double>(counts_.size()); }

  double operator()(std::uint32_t key) const {
    const auto found =
        std::ranges::lower_bound(counts_, key, {}, &std::pair<std::uint32_t, std::uint64_t>::first);
    return static_cast<double>(found->second);
  }

 private:
  std::vector<std::pair<std::uint32_t, std::uint64_t>> counts_;
};

}  // namespace

LadderCells::LadderCells(std::uint32_t per_step) : per_step_(per_step) {
  POWERSTROKE_EXPECT(per_step >= 1);
}

std::uint32_t LadderCells::cell(double offset) const {
  POWERSTROKE_EXPECT(offset > 0.0 && offset <= 1.0);
  return std::min(static_cast<std::uint32_t>(std::ceil(offset * per_step_)), per_step_) - 1;
}

std::uint32_t LadderCells::operator()(const LadderPlace& place) const {
  const auto step = static_cast<std::uint64_t>(place.level - lowest_level);
  const std::uint64_t number = step * per_step_ + cell(place.offset);
  POWERSTROKE_EXPECT(number <= std::numeric_limits<std::uint32_t>::max());
  return static_cast<std::uint32_t>(number);
}

void LadderCells::classify(const LadderView& particles, std::span<std::uint32_t> classes) const {
  POWERSTROKE_EXPECT(classes.size() == particles.size());
  for (std::size_t i = 0; i < classes.size(); ++i)
    classes[i] = (*this)({particles.offset[i], particles.level[i]});
}

JointCounts::JointCounts(std::span<const std::uint32_t> start, std::span<const std::uint32_t> now)
    : particles_(start.size()) {
  POWERSTROKE_EXPECT(start.size() == now.size());
  entries_.reserve(start.size());
  for (std::size_t i = 0; i < start.size(); ++i) entries_.push_back({start[i], now[i], 1});
  std::ranges::sort(entries_, {}, pair_of);
  unite(entries_);
  entries_.shrink_to_fit();
}

JointCounts& JointCounts::operator+=(const JointCounts& other) {
  std::vector<Entry> both;
  both.reserve(entries_.size() + other.entries_.size());
  std::ranges::merge(entries_, other.entries_, std::back_inserter(both), {}, pair_of, pair_of);
  unite(both);
  entries_ = std::move(both);
  particles_ += other.particles_;
  return *this;
}

Estimate mutual_information(const JointCounts& counts) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto entries = counts.entries();
  if (entries.empty() || counts.particles() < least_per_pair * entries.size()) return {nan, nan};
  const Marginal start(entries, &Entry::start), now(entries, &Entry::now);
  const auto total = static_cast<double>(counts.particles());
  double plug_in = 0.0, square = 0.0, corrected = boost::math::digamma(total), seen_once = 0.0;
  for (const Entry& entry : entries) {
    const auto count = static_cast<double>(entry.count);
    const double before = start(entry.start), after = now(entry.now),
                 pointwise = std::log(count * total / (before * after));
    plug_in += count / total * pointwise;
    square += count / total * pointwise * pointwise;
    corrected += count / total * (grassberger(count) - grassberger(before) - grassberger(after));
    if (entry.count == 1) ++seen_once;
  }
  const double freedom =
      static_cast<double>(entries.size()) - start.occupied() - now.occupied() + 1.0;
  const double first_order = std::max(0.0, square - plug_in * plug_in) / total;
  const double terms = static_cast<double>(entries.size()) + start.occupied() + now.occupied();
  const double scatter = (0.5 * std::max(0.0, freedom) + 0.25 * terms) / (total * total),
               rare = seen_once / total;
  return {corrected, std::sqrt(first_order + scatter + rare * rare)};
}

}  // namespace powerstroke::analysis
