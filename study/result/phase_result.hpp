#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "powerstroke/study/judge/test.hpp"

/// What a run in phase space knows beside the series of its kinetic energies. Units follow from the config's; positions are in
/// its length, speed * time, momenta in sqrt(mass * energy).
namespace powerstroke::study {

/// One quantity against time, an entry a snapshot.
struct Track {
  std::string name;         ///< "potential_energy": its key in files
  std::string units;        ///< "energy", "k_B", "1"
  std::string description;  ///< a sentence
  std::vector<double> value, error;
};

/// Particles over a coordinate at the end, and the law beside them.
struct Marginal {
  std::string name;  ///< "x", "p", "E"
  std::vector<double> edges;
  std::vector<std::uint64_t> counts;
  std::uint64_t total = 0;          ///< of the particles, those outside the edges among them
  std::vector<double> probability;  ///< of each bin by Boltzmann's law; empty if there is no temperature
};

/// First components of some particles' x and p at a snapshot.
struct Cloud {
  double t = 0.0;
  std::vector<double> x, p;
};

/// One of the ensembles that start alike.
struct PhaseSide {
  std::string name;          ///< "strokes", "langevin", "without_collisions", "reverse", ...
  std::string description;   ///< what acts on it
  double temperature = 0.0;  ///< of the law that it is held against; NaN if there is none
  std::vector<Track> tracks;
  std::vector<Marginal> marginals;
  std::vector<Cloud> clouds;
  std::vector<double> work;  ///< of each particle at the end, where the potential is driven; else empty

  /// nullptr if there is none of that name.
  const Track* track(const std::string& wanted) const {
    for (const Track& one : tracks)
      if (one.name == wanted) return &one;
    return nullptr;
  }
};

struct PhaseResult {
  std::vector<PhaseSide> sides;  ///< the first is the run itself
  std::vector<Test> tests;
};

}  // namespace powerstroke::study
