#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/study/settings/phase_config.hpp"
#include "powerstroke/study/settings/units.hpp"

/// What a run is: plain structs that are valid by construction, so that whoever holds a `Config`
/// may use it without checking anything again. `io::read_config` decodes a config file into them;
/// physics code never sees JSON.
namespace powerstroke::study {

/// How the strokes of a particle are timed; all are exact, for rates that do not depend on time.
/// `snapshots` draws what comes of them from one snapshot to the next, and counts none.
enum class Timing { uniformization, waiting_times, snapshots };

struct EnsembleConfig {
  std::uint64_t particles = 0;
  int dimension = 3;                        ///< 1, 2 or 3
  double mass = 1.0;                        ///< > 0
  laws::EnergyLaw energy;                   ///< density of the initial kinetic energies
  std::string energy_as_written = "a law";  ///< of that, for messages
  std::vector<double> direction;  ///< unit vector of `dimension` components; empty means isotropic
};

/// The two-level systems of each transition, as whole numbers.
struct BathConfig {
  std::uint64_t systems = 0, excited = 0;  ///< of each transition; excited at the start
  double fraction =
      0.0;  ///< of them that was to be excited, before it was rounded to whole systems
};

struct StrokesConfig {
  laws::StrokeLaw law{{{1.0, 0.0, 1.0}}, laws::Constant{}, laws::Conserving{}};
  double spacing = 1.0;  ///< greatest common divisor of the delta_e; 0 if they are incommensurate
  Timing timing = Timing::uniformization;
  bool gas = false;  ///< w- follows from the pressures of a gas, (12), (13)
  BathConfig bath;   ///< none but under laws::Bath

  /// Of the first transition, the one that phi is about.
  double delta_e() const { return law.transitions.front().delta_e; }
  bool on_ladder() const { return spacing > 0.0; }
};

/// What is computed from the particles beyond the usual series.
struct AnalysisConfig {
  bool path_entropy = false;  ///< <exp(-Delta s_tot)> along the strokes
  bool information = false;   ///< I(E_0; E_t)
};

struct HistogramConfig {
  double max = 0.0;  ///< upper edge, > 0; the lower edge is 0
  std::uint32_t bins = 0;
};

struct Config {
  std::string title;
  std::uint64_t seed = 1;
  EnsembleConfig ensemble;
  std::optional<StrokesConfig> strokes = StrokesConfig{};  ///< none only in phase space
  std::vector<double>
      snapshots;  ///< ascending, the first is >= 0; a count becomes equally spaced times
  HistogramConfig histogram;
  /// False when the config says `"comparison": {"stationary": false}`: the run is not held against
  /// a stationary law, and rate_up >= rate_down is allowed.
  bool compare_stationary = true;
  AnalysisConfig analysis;
  std::optional<PhaseConfig>
      phase_space;  ///< positions beside the momenta; without, a gas in energy space
  /// The run knows how many there were: all but those drawn from snapshot to snapshot.
  bool strokes_are_counted() const { return !strokes || strokes->timing != Timing::snapshots; }

  Units units;       ///< of all numbers above
  std::string json;  ///< the config as it was used, overrides applied, quantities as written,
                     ///< comments gone; pretty-printed
};

}  // namespace powerstroke::study
