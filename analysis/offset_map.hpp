#pragma once

#include <functional>
#include <vector>

namespace powerstroke::analysis {

/// A monotone map of energies z(E), under which the offset on a ladder, E modulo its period, is
/// spread evenly: z = turns of the ladder + F(offset), F the share of the particles with a lower
/// offset. Strokes leave the offset as it is, so that a law's peaks, gaps and jumps stand on every
/// level; in z there are no peaks and gaps left, and the jumps are at known places. Any monotone
/// map tells the entropy, S_E = S_z - <ln dz/dE>: F need not be exact, and is linear between knots.
/// Without a period it is z = E, without seams.
class OffsetMap {
 public:
  OffsetMap() = default;
  /// @param period > 0, of the ladder. @param seams ascending, in [0, period): where the folded
  /// density jumps or is least; at the first, turns begin; not empty. @param share of the particles
  /// with an offset from the first seam on below it + y, 0 <= y <= period.
  OffsetMap(double period, std::vector<double> seams, const std::function<double(double)>& share);

  struct Place {
    double z, ln_slope;  ///< ln dz/dE
  };
  Place operator()(double energy) const;

  /// Where densities of z may jump, again and again: at these + k, k = 0, 1, ...; ascending in [0,
  /// 1). Empty without a period.
  const std::vector<double>& seams() const { return seams_; }

 private:
  double period_ = 0.0, first_ = 0.0;
  std::vector<double> seams_;
  std::vector<double> knots_,
      shares_;  ///< offsets above the first seam from 0 to the period, F there from 0 to 1
};

}  // namespace powerstroke::analysis
