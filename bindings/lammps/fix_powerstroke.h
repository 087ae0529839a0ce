#ifndef LMP_FIX_POWERSTROKE_H
#define LMP_FIX_POWERSTROKE_H

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lammps_headers.h"
#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/kernels/sampling/hops.hpp"
#include "powerstroke/kernels/sampling/sparse_step.hpp"

namespace LAMMPS_NS {

/// Power strokes on the velocities of a group, where a thermostat would stand:
///
///     fix ID group powerstroke transition DELTA_E RATE_DOWN [RATE_UP] ... balance thermal Tstart
///     [Tstop] seed S [rates microreversible]
///
/// Each step makes the strokes of one timestep, after the second half kick. Random numbers are
/// keyed by (seed, atom ID, step of the seed's clock), so that they do not depend on which process
/// an atom is on. All fixes of one seed, present and past, share its clock: none uses a number
/// again. Units are those of `units`; T is a temperature, DELTA_E an energy, rates are per time.
class FixPowerstroke : public Fix {
 public:
  FixPowerstroke(class LAMMPS* lammps, int narg, char** arg);
  int setmask() override;
  void init() override;
  void setup(int vflag) override;
  void end_of_step() override;
  void reset_dt() override;

  /// Sets the temperature of `balance thermal` from now on, as other codes and `fix langevin` do.
  void reset_target(double temperature) override;
  /// "t_target": the temperature of `balance thermal` as it is now.
  void* extract(const char* name, int& dimension) override;

  /// Energy taken from the atoms so far, thermo's `ecouple`: `econserve` is conserved. With
  /// `fix_modify ID energy yes` it is part of the potential energy instead, and `etotal` is
  /// conserved.
  double compute_scalar() override;
  /// Uptakes, releases, blocked and declined attempts, energy given to the atoms; then uptakes -
  /// releases of each transition.
  double compute_vector(int n) override;

  void write_restart(FILE* file) override;
  void restart(char* buffer) override;

  /// What Modify makes it by.
  static Fix* create(class LAMMPS* lammps, int narg, char** arg) {
    return new FixPowerstroke(lammps, narg, arg);
  }
  static constexpr const char* style = "powerstroke";

 private:
  void parse(int narg, char** arg);
  void parse_transition(int narg, char** arg, int& at);
  void parse_temperature(int narg, char** arg, int& at);
  [[noreturn]] void refuse(const std::string& what) const;

  double mass_of(int i) const;
  /// E = v^2 / 2 M for the "momentum" v: M of an atom, 1 / (mass * mvv2e).
  double inertia_of(int i) const { return 1.0 / (mass_of(i) * mvv2e_); }
  double energy_of(int i) const;
  std::optional<powerstroke::MomentumView> find(std::uint64_t number) const;
  const std::vector<std::uint64_t>& blocks();

  void warn_of_held_atoms() const;
  void check_attempts(double attempts) const;
  void set_temperature();
  std::vector<std::uint64_t> law_words() const;
  void check_law(const std::uint64_t* words) const;

  void set_rates(const std::vector<powerstroke::laws::RatePair>& rates);
  std::vector<powerstroke::laws::RatePair> conserving_rates();
  void exchange();
  powerstroke::Ledger total() const;

  powerstroke::laws::StrokeLaw law_;
  std::vector<bool> has_rate_up_;
  bool microreversible_ = false;
  double start_ = 0.0, stop_ = 0.0,
         temperature_ = 0.0;  ///< of `balance thermal`: of a run, and now
  std::string variable_;      ///< that gives it instead; empty: none
  double mvv2e_ = 1.0, dt_ = 0.0;
  std::uint64_t seed_ = 0;
  std::shared_ptr<powerstroke::StepClock> clock_;

  double spacing_ = 0.0;  ///< of the ladder that the transitions share; 0: none
  std::vector<powerstroke::Hop> hops_;
  std::vector<double> energies_;  ///< of this process's atoms, under energy_conserving
  std::vector<powerstroke::laws::RatePair> rates_;  ///< that step_law_ was made for
  std::optional<powerstroke::SparseStep> step_law_;
  int parts_ = 1;               ///< of a timestep, so that few atoms make a stroke in each
  powerstroke::Ledger ledger_;  ///< of this process

  std::vector<std::uint64_t> blocks_;  ///< of IDs that atoms of this process have
  bigint blocks_built_ = -1;           ///< when: the step of the neighbor lists that they belong to
  int blocks_atoms_ = -1;
};

}  // namespace LAMMPS_NS

#endif
