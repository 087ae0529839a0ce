#pragma once

#include <vector>

#include "powerstroke/engine/run/ledger.hpp"
#include "powerstroke/io/phase/setup.hpp"
#include "powerstroke/io/result/result.hpp"

namespace powerstroke::io {

/// Looks at one ensemble at each snapshot, and fills its side of the result.
class PhaseObserver {
 public:
  /// @param setup as it starts.
  PhaseObserver(const Config& config, const PhaseSetup& setup);

  void look(double t, const PhaseSetup& setup, const Ledger& ledger);
  /// After the last snapshot: the coordinates at the end, and the work.
  void finish(double t, const PhaseSetup& setup);

  PhaseSide side;
  Series series;          ///< of the kinetic energies
  Histograms histograms;  ///< of them
  Ledger ledger;          ///< as at the last snapshot

 private:
  void add(const std::string& name, const std::string& units, const std::string& description, double value, double error);
  void look_at_energies(double t, const PhaseSetup& setup);
  void look_at_species(const PhaseSetup& setup);
  void look_at_axes(const PhaseSetup& setup);
  void look_at_cells(const PhaseSetup& setup);
  void keep_cloud(double t, const PhaseSetup& setup);

  const Config& config_;
  std::vector<double> start_;  ///< total energies
};

}  // namespace powerstroke::io
