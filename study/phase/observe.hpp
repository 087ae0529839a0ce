#pragma once

#include <vector>

#include "powerstroke/analysis/offset_map.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/study/phase/setup.hpp"
#include "powerstroke/study/result/result.hpp"

namespace powerstroke::study {

/// Looks at one ensemble at each snapshot, and fills its side of the result. Stops the run if what
/// must be conserved was not: numbers stay numbers; the heat of all particles is what the ledger's
/// strokes have passed; without a force, energy changes by heat alone. Energies to
/// `energy_tolerance` of all the energy that was there or moved.
class PhaseObserver {
 public:
  /// @param setup as it starts.
  PhaseObserver(const Config& config, const PhaseSetup& setup);

  /// @throws NumericsError that says when, and what was seen, if something was not conserved.
  void look(double t, const PhaseSetup& setup, const Ledger& ledger);
  /// After the last snapshot: the coordinates at the end, and the work.
  void finish(double t, const PhaseSetup& setup);

  PhaseSide side;
  std::vector<Quantity> quantities = empty_quantities();  ///< of the kinetic energies alone
  Series series;
  Histograms histograms;  ///< of them
  Ledger ledger;          ///< as at the last snapshot

 private:
  void add(const std::string& key, const std::string& unit, const std::string& description,
           double value, double error);
  void look_at_energies(double t, const PhaseSetup& setup, double unseen);
  void check(double t, const PhaseSetup& setup, double mean_kinetic, double mean_work) const;
  void look_at_species(const PhaseSetup& setup, double unseen);
  void look_at_axes(const PhaseSetup& setup, double unseen);
  void look_at_cells(const PhaseSetup& setup);
  /// Takes back the errors of independent particles where these are none.
  void take_back_errors(double t, const PhaseSetup& setup);
  void keep_cloud(double t, const PhaseSetup& setup);

  const Config& config_;
  analysis::OffsetMap offsets_;
  std::vector<double> start_;  ///< total energies
  double start_size_;          ///< sum of their absolute values
};

}  // namespace powerstroke::study
