#pragma once

#include <cstdint>

#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/study/run/run.hpp"

namespace powerstroke::study {

/// Sums of energies are conserved to this part of all the energy that was there or moved.
inline constexpr double energy_tolerance = 1e-9;

/// What a ledger's strokes have done to all particles together.
struct LedgerEnergy {
  double given;  ///< sum of delta_e (uptakes - releases)
  double moved;  ///< at most, by uptakes and releases alike
};
LedgerEnergy energy_of(const Ledger& ledger, const laws::StrokeLaw& law);

/// What no stroke can change, checked during a run: every particle is somewhere; on a ladder, the
/// sum of their quanta is that of the start and of the ledger, as integers; without one, the sum of
/// their energies is, to `energy_tolerance` of all the energy that was there or moved; and of the
/// two-level systems of a bath none has more or less than one quantum.
class Conservation {
 public:
  /// @param start the particles as they start.
  Conservation(const Config& config, const Ensemble& start);

  /// @throws NumericsError that says when, and what was seen.
  void check(double t, const analysis::Snapshot& snapshot, const Ledger& ledger) const;

 private:
  void check_particles(double t, const analysis::Snapshot& snapshot) const;
  void check_quanta(double t, const analysis::Snapshot& snapshot, const Ledger& ledger) const;
  void check_energy(double t, const analysis::Snapshot& snapshot, const Ledger& ledger) const;
  void check_bath(double t, const Ledger& ledger) const;

  const Config& config_;
  std::int64_t start_quanta_ = 0;
  double start_energy_ = 0.0;
};

}  // namespace powerstroke::study
