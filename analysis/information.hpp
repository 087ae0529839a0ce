#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/state/ladder_view.hpp"

namespace powerstroke::analysis {

/// Classes of energies that are aligned with the ladder: each step of it is cut into equal cells of
/// the offset, (c, c+1] / per_step, and a class is a cell on a level. Strokes change the level
/// alone, so that a particle's cell is what it carries for ever, and is decided from its offset
/// without any rounding of energies.
class LadderCells {
 public:
  /// @param per_step cells a step of the ladder, >= 1.
  explicit LadderCells(std::uint32_t per_step);

  std::uint32_t per_step() const { return per_step_; }
  /// In [0, per_step).
  std::uint32_t cell(double offset) const;
  /// (level + 1) per_step + cell.
  std::uint32_t operator()(const LadderPlace& place) const;
  /// The classes of all particles of a view. @param classes as many as they are.
  void classify(const LadderView& particles, std::span<std::uint32_t> classes) const;

 private:
  std::uint32_t per_step_;
};

/// How many particles were in one class at the start and are in another now: integers, kept for the
/// pairs that occur alone, at most one a particle. Parts are merged by +=, in any order with the
/// same result.
class JointCounts {
 public:
  struct Entry {
    std::uint32_t start, now;
    std::uint64_t count;
  };

  JointCounts() = default;
  /// @param start, now classes of the same particles, as many of one as of the other.
  JointCounts(std::span<const std::uint32_t> start, std::span<const std::uint32_t> now);

  JointCounts& operator+=(const JointCounts& other);

  std::uint64_t particles() const { return particles_; }
  std::span<const Entry> entries() const {
    return entries_;
  }  ///< ascending in (start, now), none twice

 private:
  std::vector<Entry> entries_;
  std::uint64_t particles_ = 0;
};

/// Shannon information I(X_0; X_t) between a particle's class at the start and now, in nats; with
/// X_t = X_0 it is the entropy of the classes.
///
/// The plug-in estimate's bias from finite N is (K_0t - K_0 - K_t + 1)/2N (G. A. Miller, W. G.
/// Madow), K the numbers of classes and of pairs that occur. That serves where each is well filled;
/// joint tables have long tails of pairs seen once or twice. So ln n of a count is replaced by P.
/// Grassberger's G_n = psi(n) + (-1)^n (psi((n+1)/2) - psi(n/2))/2 (arXiv:physics/0307138) and ln N
/// by psi(N), which does the same for large n. What it leaves is of the order of K_1/N, K_1 the
/// number of pairs seen once, and above 0: a quarter of it where the tail is geometric, half where
/// the tails of both classes meet.
///
/// The squared error is the delta method's (sum p ln^2(p/(p_0 p_t)) - I^2) / N, plus (K_0t - K_0 -
/// K_t + 1)/2N^2, the scatter of a chi-square with that many degrees of freedom, plus (K_0t + K_0 +
/// K_t)/4N^2, that of the alternating terms, which are all there is for independent classes, plus
/// (K_1/N)^2. NaN if there are fewer than ten particles for each pair that occurs: N is too small
/// for such classes.
Estimate mutual_information(const JointCounts& counts);

}  // namespace powerstroke::analysis
