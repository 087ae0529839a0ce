#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/io/config/phase_config.hpp"
#include "powerstroke/io/config/units.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

/// A config file turned into plain structs that are valid by construction: whoever holds a `Config`
/// may use it without checking anything again. Physics code never sees JSON.
namespace powerstroke::io {

/// What ties the uptake rate w+ to the release rate w-.
enum class Balance {
  fixed,              ///< both rates given
  thermal,            ///< w+ = w- exp(-dE/T)
  energy_conserving,  ///< (8): w+(t) = w- phi(t)
  exchange,           ///< each release is the uptake of another particle
  bath                ///< explicit two-level systems
};

/// How the strokes of a particle are timed; all are exact, for rates that do not depend on time. `snapshots` draws what comes of
/// them from one snapshot to the next, and counts none.
enum class Timing { uniformization, waiting_times, snapshots };

struct EnsembleConfig {
  std::uint64_t particles = 0;
  int dimension = 3;              ///< 1, 2 or 3
  double mass = 1.0;              ///< > 0
  laws::EnergyLaw energy;         ///< density of the initial kinetic energies
  std::vector<double> direction;  ///< unit vector of `dimension` components; empty means isotropic
};

struct StrokesConfig {
  /// Transitions, rates law and closure; w+ is given under `fixed`, derived under `thermal`.
  laws::StrokeLaw law{{{1.0, 0.0, 1.0}}, laws::Constant{}, laws::Closure::conserving, {}};
  double spacing = 1.0;      ///< greatest common divisor of the delta_e; 0 if they are incommensurate
  double temperature = 0.0;  ///< of the bath under `thermal`, > 0; 0 otherwise
  Balance balance = Balance::energy_conserving;
  Timing timing = Timing::uniformization;
  std::uint64_t bath_systems = 0, bath_excited = 0;  ///< of each transition under `bath`, excited at the start

  /// Of the first transition, the one that phi is about.
  double delta_e() const { return law.transitions.front().delta_e; }
  /// The run knows how many there were.
  bool are_counted() const { return timing != Timing::snapshots; }
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
  StrokesConfig strokes;
  std::vector<double> snapshots;  ///< ascending, the first is >= 0; a count becomes equally spaced times
  HistogramConfig histogram;
  /// False when the config says `"comparison": {"stationary": false}`: the run is not held against a
  /// stationary law, and rate_up >= rate_down is allowed.
  bool compare_stationary = true;
  AnalysisConfig analysis;
  std::optional<PhaseConfig> phase_space;  ///< positions beside the momenta; without, a gas in energy space
  Units units;                             ///< of all numbers above
  std::string json;  ///< the config as it was used, overrides applied, quantities as written, comments gone; pretty-printed
};

/// One `--set path.to.key=VALUE`: VALUE is JSON, or a bare word that is taken as a string.
struct Override {
  std::string path;
  std::string value;
};

/// Reads, validates and decodes a config file.
/// @throws IoError if the file cannot be read.
/// @throws ConfigError if it is no JSON, breaks the schema, or asks for what makes no sense; the message
///         says where in the file, what was found, what is allowed, and the nearest key for a misspelt one.
Config read_config(const std::filesystem::path& file, const std::vector<Override>& overrides = {});

/// The same for a config held in memory; `origin` stands for the file's name in messages.
Config parse_config(const std::string& text, const std::string& origin, const std::vector<Override>& overrides = {});

/// The "strokes" of a config alone, for momenta that another code owns: JSON, comments allowed, plain numbers in that code's units.
/// @param particles of the ensemble that they act on; @param origin stands for the file's name in messages.
/// @throws ConfigError as `read_config`.
StrokesConfig parse_strokes(const std::string& text, std::uint64_t particles, int dimension, double mass,
                            const std::string& origin);

/// The JSON Schema (draft 7) that `read_config` checks against.
std::string config_schema();

/// A commented config to start from: the relaxation example.
std::string config_template();

/// "fixed", "thermal", "energy_conserving", "exchange", "bath".
std::string to_string(Balance balance);

}  // namespace powerstroke::io
