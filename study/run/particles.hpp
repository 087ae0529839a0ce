#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/study/checkpoint/keeper.hpp"
#include "powerstroke/study/run/conservation.hpp"
#include "powerstroke/study/run/observers.hpp"
#include "powerstroke/study/run/parts.hpp"

namespace powerstroke::study {

/// The particles of a config on their way through the snapshots. Between two calls of the kernel it
/// can be saved, and goes on from there with the same bits: where calls begin and end depends on
/// the config alone.
class ParticleSimulation {
 public:
  /// As they start. @param ranks that simulate together, all alike.
  explicit ParticleSimulation(const Config& config, parallel::Ranks ranks = {});
  ParticleSimulation(const ParticleSimulation&) = delete;
  ParticleSimulation& operator=(const ParticleSimulation&) = delete;

  /// Goes on from a state that `save` wrote. @throws DamagedState if it is not one of this config.
  void restore(const Archive& state);
  /// For `save`, by all ranks alike: brings to the first one what the others have.
  void collect();
  void save(const Archive& state);

  const Ledger& ledger() const { return run_.ledger; }
  /// Of the time that is to be simulated.
  double fraction() const;

  /// Moves the particles to the last snapshot. @param checkpoints may be nullptr.
  /// @throws NumericsError where what must be conserved was not.
  void finish(const Strokes& strokes, const Progress& progress, Keeper* checkpoints);

  /// What was seen so far.
  const ParticleRun& seen() const { return run_; }

 private:
  void walk(const Archive& state);
  /// Of the offsets, which never change; the first call is for all ranks alike.
  std::uint32_t own_fingerprint();
  /// Calls of the kernel on the way to the next snapshot.
  double pieces() const;
  /// @param asked whose wish to stop is asked for on the way; nobody's, where half a look would be
  /// kept.
  void look(StopCheck* asked);

  const Config& config_;
  parallel::Ranks ranks_;
  Ensemble ensemble_;
  analysis::BinGrid grid_;
  Conservation conservation_;
  analysis::OffsetMap offsets_;
  bool has_atoms_;
  std::optional<PathObserver> paths_;
  std::optional<InformationObserver> information_;

  StepClock clock_;
  double now_ = 0.0;
  std::uint64_t snapshot_ = 0, piece_ = 1;  ///< the next ones
  /// On a ladder strokes never change E modulo its spacing: bins that did not resolve its density
  /// once never will, even where symmetry hides it.
  bool resolved_;
  ParticleRun run_;
  // Of all ranks, for a checkpoint.
  std::optional<std::uint32_t> fingerprint_;
  std::vector<std::int32_t> all_levels_;
  std::vector<double> all_energies_;
};

}  // namespace powerstroke::study
