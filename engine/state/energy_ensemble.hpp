#pragma once

#include <span>
#include <vector>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/engine/state/energy_view.hpp"

namespace powerstroke {

/// N particles of a homogeneous gas in energy space whose strokes share no ladder (incommensurate
/// delta_e): a kinetic energy each, 8 bytes per particle. A stroke rounds, so that an energy drifts
/// by about 1e-16 of itself a stroke.
class EnergyEnsemble {
 public:
  /// All particles at rest, E = 0.
  explicit EnergyEnsemble(std::size_t particles) : energy_(particles, 0.0), whole_(particles) {}
  /// The share that this rank holds of one that is divided among `ranks`, as of a `LadderEnsemble`.
  EnergyEnsemble(std::size_t whole, parallel::Ranks ranks)
      : EnergyEnsemble(ranks.share_of(whole), whole, ranks) {}

  std::size_t size() const { return energy_.size(); }
  std::size_t first_id() const { return first_id_; }
  std::size_t whole_size() const { return whole_; }
  parallel::Ranks ranks() const { return ranks_; }
  bool is_divided() const { return ranks_.are_several(); }

  /// @param energy >= 0.
  void set_energy(std::size_t i, double energy) {
    POWERSTROKE_EXPECT(energy >= 0.0);
    energy_[i] = energy;
  }

  std::span<double> energies() { return energy_; }
  EnergyView view() const { return {energy_}; }

  /// From now on, kernels add ln(forward rate / reverse rate) of each stroke to the particle's sum:
  /// the path entropy that went to its surroundings, in k_B.
  void record_paths() { path_.assign(size(), 0.0); }
  std::span<double> paths() { return path_; }              ///< empty if not recorded
  std::span<const double> paths() const { return path_; }  ///< empty if not recorded

  static constexpr std::size_t bytes_per_particle = sizeof(double);

 private:
  EnergyEnsemble(parallel::Share share, std::size_t whole, parallel::Ranks ranks)
      : energy_(share.last - share.first, 0.0),
        first_id_(share.first),
        whole_(whole),
        ranks_(ranks) {}

  std::vector<double> energy_, path_;
  std::size_t first_id_ = 0, whole_;
  parallel::Ranks ranks_;
};

}  // namespace powerstroke
