#pragma once

#include <vector>

#include "powerstroke/kernels/laws/energy_law.hpp"

namespace powerstroke::laws {

/// A law that is asked for many energies: the same numbers, bit for bit, without a sum over all
/// bins of a histogram each time.
class EnergyTable {
 public:
  /// @param law must outlive the table, unchanged.
  explicit EnergyTable(const EnergyLaw& law);

  /// `density(law, energy)`
  double density(double energy) const;
  /// `cumulative(law, energy)`
  double cumulative(double energy) const;

 private:
  template <class OfPart>
  double average(OfPart of_part) const;

  const EnergyLaw& law_;
  std::vector<double> below_;       ///< of a histogram: the weights below each edge
  std::vector<EnergyTable> parts_;  ///< of a mixture
  double total_ = 0.0;              ///< of a mixture's weights
};

}  // namespace powerstroke::laws
