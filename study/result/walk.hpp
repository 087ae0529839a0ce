#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "powerstroke/study/checkpoint/archive.hpp"
#include "powerstroke/study/result/result.hpp"

/// Every field of a result once, with its name, units and meaning: writing and reading, of results and of checkpoints, walk these
/// lists (`study::Archive`, `io::hdf5::Writer`, `io::hdf5::Reader`).
namespace powerstroke::study {

/// What the attributes "units" and "description" say: the names of the config's units, or of what is measured in reduced ones.
struct UnitNames {
  explicit UnitNames(const Units& units)
      : energy(units.reduced ? "energy" : units.energy),
        time(units.reduced ? "time" : units.time),
        production("k_B/" + time),
        momentum(units.reduced ? "" : units.momentum()) {}

  std::string of_energy(const std::string& text) const { return momentum.empty() ? text : text + "; E in " + energy; }
  std::string of_momenta(const std::string& text) const {
    return momentum.empty() ? text : text + "; momenta in " + momentum;
  }

  std::string energy, time, production, momentum;
};

template <class Archive, class Fits>
void walk_fits(const Archive& group, Fits& fits, const UnitNames& units) {
  group.column("t", fits, &Fit::t, units.time.c_str(), "Time of the snapshot");
  group.column("chi2", fits, &Fit::chi2, "1", "Pearson's chi-square, classes with few expected counts merged");
  group.column("dof", fits, &Fit::dof, "1", "Degrees of freedom of chi2");
  group.column("p_value", fits, &Fit::p_value, "1", "Probability of a chi2 at least this large by chance");
  group.column("kl_divergence", fits, &Fit::kl_divergence, "k_B", "Kullback-Leibler divergence, particles to equation");
  group.column("total_variation", fits, &Fit::total_variation, "1", "Total variation distance, particles to equation");
}

/// The unit of a quantity in phase space, by its kind.
inline std::string phase_unit(const std::string& kind, const UnitNames& units) {
  return kind == "energy" ? units.energy : kind == "length" ? "speed * " + units.time : kind;
}

template <class Archive, class Side>
void walk_side(const Archive& group, Side& side, const UnitNames& units) {
  group.field("description", side.description, "text", "What acts on this ensemble");
  group.field("temperature", side.temperature, units.energy.c_str(),
              "Temperature of the law beside it, as k_B T; NaN without");
  group.column("quantities", side.tracks, &Track::name, "text", "Names of the quantities against time");
  group.column("quantity_units", side.tracks, &Track::units, "text", "Kinds of their units");
  group.column("quantity_descriptions", side.tracks, &Track::description, "text", "What they are");
  for (auto& track : side.tracks) {
    const std::string unit = phase_unit(track.units, units), error = track.name + "_err";
    group.field(track.name.c_str(), track.value, unit.c_str(), track.description.c_str());
    group.field(error.c_str(), track.error, unit.c_str(), "Its standard error; 0 for a count");
  }
  group.column("coordinates", side.marginals, &Marginal::name, "text", "Coordinates whose histograms at the end are here");
  group.column("coordinate_totals", side.marginals, &Marginal::total, "1", "Particles, inside the edges or not");
  for (auto& marginal : side.marginals) {
    const auto below = group.group(("end_" + marginal.name).c_str());
    below.field("edges", marginal.edges, "coordinate", "Edges of the bins, one more than bins");
    below.field("counts", marginal.counts, "1", "Particles in a bin");
    below.field("probability", marginal.probability, "1", "Of a bin by Boltzmann's law; empty without a temperature");
  }
  group.column("cloud_t", side.clouds, &Cloud::t, units.time.c_str(), "Times at which some particles are kept");
  for (std::size_t k = 0; k < side.clouds.size(); ++k) {
    const auto below = group.group(fmt::format("cloud_{}", k).c_str());
    below.field("x", side.clouds[k].x, "length", "First components of their positions");
    below.field("p", side.clouds[k].p, "momentum", "First components of their momenta");
  }
  group.field("work_at_end", side.work, units.energy.c_str(),
              "Work on each particle, where the potential is driven; else empty");
}

template <class Archive, class Phase>
void walk_phase_space(const Archive& group, Phase& phase, const UnitNames& units) {
  group.column("sides", phase.sides, &PhaseSide::name, "text", "Ensembles that start alike; the first is the run itself");
  for (auto& side : phase.sides) walk_side(group.group(side.name.c_str()), side, units);
  const auto tests = group.group("tests");
  tests.column("side", phase.tests, &Test::side, "text", "Of which ensemble");
  tests.column("what", phase.tests, &Test::what, "text", "What is held against what is known");
  tests.column("measured", phase.tests, &Test::measured, "1", "Measured; of a chi-square, the statistic");
  tests.column("expected", phase.tests, &Test::expected, "1", "Known; of a chi-square, the degrees of freedom");
  tests.column("p_value", phase.tests, &Test::p_value, "1", "Probability of such a deviation by chance");
  std::vector<std::uint8_t> must;
  for (const Test& test : phase.tests) must.push_back(test.required ? 1 : 0);
  tests.field("must_hold", must, "1", "1 if it follows from the physics of the run; 0 if it may say: not there yet");
  if constexpr (!std::is_const_v<Phase>)
    for (std::size_t k = 0; k < must.size(); ++k) phase.tests.at(k).required = must[k] != 0;
}

template <class Archive, class Values>
void walk_series(const Archive& group, Values& s, const UnitNames& units) {
  group.field("t", s.t, units.time.c_str(), "Time of each snapshot, in the units of 1/rate");
  group.field("mean_energy", s.mean_energy, units.energy.c_str(), "Mean kinetic energy of a particle");
  group.field("mean_energy_err", s.mean_energy_err, units.energy.c_str(), "Standard error of mean_energy");
  group.field("phi", s.phi, "1", "Fraction of particles with E > delta_e");
  group.field("phi_err", s.phi_err, "1", "Standard error of phi");
  group.field("S_E", s.S_E, "k_B",
              units.of_energy("Entropy of the energies, equation (9), from the histogram, bias-corrected").c_str());
  group.field("S_E_err", s.S_E_err, "k_B", "Standard error of S_E");
  group.field("S_1", s.S_1, "k_B",
              units.of_momenta("One-particle entropy, equation (10) through (A.8) with its constant").c_str());
  group.field("S_1_err", s.S_1_err, "k_B", "Standard error of S_1");
  group.field("mean_ln_E", s.mean_ln_E, "1", "Mean of ln E, E in units of the config's energy");
  group.field("mean_ln_E_err", s.mean_ln_E_err, "1", "Standard error of mean_ln_E");
  group.field("S_E_spacing", s.S_E_spacing, "k_B", "S_E without bins, from spacings; NaN where not evaluated");
  group.field("S_E_spacing_err", s.S_E_spacing_err, "k_B", "Standard error of S_E_spacing");
  group.field("strokes_up", s.strokes_up, "1", "Uptakes (energy to the particle) since t = 0");
  group.field("strokes_down", s.strokes_down, "1", "Releases (energy from the particle) since t = 0");
  group.field("blocked", s.blocked, "1", "Releases attempted with E <= delta_e since t = 0");
  if (group.has("uptakes"))
    group.field("uptakes", s.uptakes, "1", "Uptakes since t = 0, [transition][snapshot]; empty where not counted");
  if (group.has("releases"))
    group.field("releases", s.releases, "1", "Releases since t = 0, [transition][snapshot]; empty where not counted");
  group.field("excited", s.excited, "1", "Excited fraction of the two-level systems, [transition][snapshot]; empty without");
  group.field("path_entropy", s.path_entropy, "k_B", "Mean total entropy change along a particle's strokes since t = 0");
  group.field("path_entropy_err", s.path_entropy_err, "k_B", "Standard error of path_entropy");
  group.field("path_average", s.path_average, "1", "Mean of exp(-total entropy change): 1 by the fluctuation theorem");
  group.field("path_average_err", s.path_average_err, "1", "Standard error of path_average");
  group.field("information", s.information, "k_B", "Shannon information I(E_0; E_t) on quarters of the ladder's steps");
  group.field("information_err", s.information_err, "k_B", "Standard error of information");
}

template <class Archive, class Counts>
void walk_histograms(const Archive& group, Counts& h, const UnitNames& units) {
  group.field("edges", h.edges, units.energy.c_str(), "Edges of the bins, one more than bins");
  group.field("counts", h.counts, "1", "Particles in a bin, [snapshot][bin]");
  group.field("overflow", h.overflow, "1", "Particles at or above the last edge, [snapshot]");
  group.field("levels", h.levels, "1", "Particles on a level of the ladder, [snapshot][level + 1]");
}

/// Every field once, with its name, units and meaning: writing and reading both walk this list.
template <class Archive, class Result>
void walk(const Archive& root, Result& result) {
  const UnitNames units(result.config.units);
  walk_series(root.group("series"), result.series, units);
  walk_histograms(root.group("histogram"), result.histograms, units);
  {
    const auto group = root.group("solution");
    auto& s = result.solution;
    group.field("t", s.t, units.time.c_str(), "Time of each snapshot, in the units of 1/rate");
    group.field("mean_energy", s.mean_energy, units.energy.c_str(), "Mean kinetic energy by the master equation");
    group.field("phi", s.phi, "1", "Probability of E > delta_e by the master equation");
    group.field("S_E", s.S_E, "k_B",
                units.of_energy("Entropy of the energies, equation (9), free of any bin width").c_str());
    group.field("S_1", s.S_1, "k_B",
                units.of_momenta("One-particle entropy, equation (10) through (A.8) with its constant").c_str());
    group.field("mean_ln_E", s.mean_ln_E, "1", "Mean of ln E, E in units of the config's energy");
    group.field("entropy_production", s.entropy_production, units.production.c_str(),
                "Entropy production, equation (A.6); its generalisation where energy is not conserved");
    group.field("entropy_exchange", s.entropy_exchange, units.production.c_str(),
                "Entropy given to the surroundings per time: production = change + exchange");
    group.field("entropy_change", s.entropy_change, units.production.c_str(),
                "Rate of change of S_E, or of S_1 where rates are microreversible");
    if (group.has("uptakes"))
      group.field("uptakes", s.uptakes, "1", "Expected uptakes of a particle since t = 0, [transition][snapshot]");
    if (group.has("releases"))
      group.field("releases", s.releases, "1", "Expected releases of a particle since t = 0, [transition][snapshot]");
    group.field("excited", s.excited, "1",
                "Excited fraction of the two-level systems, [transition][snapshot]; empty without");
    group.field("information", s.information, "k_B", "Shannon information I(E_0; E_t) on quarters of the ladder's steps");
    group.field("total_entropy", s.total_entropy, "k_B",
                "Entropy of a particle and its share of the two-level systems, up to a constant; empty without");
    group.field("bin_probability", s.bin_probability, "1", "Probability of a histogram bin, [snapshot][bin]");
    group.field("mass_error", s.mass_error, "1", "Largest deviation of the total probability from 1");
    group.field("error_estimate", s.error_estimate, "1",
                "Total variation that the solver may be off by: a bound at fixed rates, a sum of estimates under (8)");
    group.field("nodes", s.nodes, "1", "Ladders (offsets E mod delta_e) in the solver's grid");
    group.field("levels", s.levels, "1", "Levels of a ladder at the end");
  }
  {
    const auto group = root.group("comparison");
    auto& c = result.comparison;
    walk_fits(group.group("master_equation"), c.master_equation, units);
    walk_fits(group.group("levels"), c.levels, units);
    {
      const auto counts = group.group("counts");
      counts.column("what", c.counts, &CountTest::what, "text", "Which events of the whole run");
      counts.column("counted", c.counts, &CountTest::counted, "1", "Their number");
      counts.column("expected", c.counts, &CountTest::expected, "1", "Its mean by the law");
      counts.column("z", c.counts, &CountTest::z, "1", "Deviation over its standard deviation");
      counts.column("p_value", c.counts, &CountTest::p_value, "1", "Two-sided probability of such a deviation by chance");
    }
    group.field("false_alarm_rate", c.false_alarm_rate, "1", "Stated for the verdict as a whole");
    group.field("tests", c.tests, "1", "Number of tests that the verdict rests on");
    group.field("p_limit", c.p_limit, "1", "A test speaks against the run below this: false_alarm_rate / tests");
    std::string verdict = to_string(c.verdict);
    group.field("verdict", verdict, "text", "consistent, inconsistent or not_comparable");
    if constexpr (!std::is_const_v<Result>) {
      c.verdict = Verdict::not_comparable;
      for (const Verdict known : {Verdict::consistent, Verdict::inconsistent}) {
        if (to_string(known) == verdict) c.verdict = known;
      }
      if (to_string(c.verdict) != verdict) throw DamagedState(fmt::format("the verdict '{}' is none", verdict));
    }
    group.field("why", c.why, "text", "The verdict's reason");
    group.field("remarks", c.remarks, "text", "What agrees, what is frozen or not reached");

    const auto stationary = group.group("stationary");
    auto& s = c.stationary;
    stationary.field("law", s.law, "text", "The stationary law in words");
    stationary.field("exists", s.exists, "1", "1 if there is a stationary law and it was asked for");
    stationary.field("frozen", s.frozen, "1", "1 if phi = 0 under energy_conserving: nothing can happen");
    stationary.field("reached", s.reached, "1", "1 if the last snapshot and the solution agree with the law");
    stationary.field("temperature", s.temperature, units.energy.c_str(), "Temperature T of the law, as k_B T");
    stationary.field("ratio", s.ratio, "1", "Ratio of the geometric ladder");
    stationary.field("ks", s.ks, "1", "Kolmogorov-Smirnov distance on the histogram's edges");
    stationary.field("chi2", s.chi2, "1", "Chi-square of the occupation of the levels");
    stationary.field("dof", s.dof, "1", "Degrees of freedom of chi2");
    stationary.field("p_value", s.p_value, "1", "Probability of a chi2 at least this large by chance");
    stationary.field("kl_divergence", s.kl_divergence, "k_B", "Kullback-Leibler divergence, particles to law");
    stationary.field("total_variation", s.total_variation, "1", "Total variation distance, particles to law");
    stationary.field("solution_total_variation", s.solution_total_variation, "1",
                     "Total variation distance, solution to law: what is left to go");
    stationary.field("exponential_total_variation", s.exponential_total_variation, "1",
                     "Total variation distance, law to the exponential of equation (11)");
    stationary.field("bin_probability", s.bin_probability, "1", "The law over the histogram's bins");
    stationary.field("exponential_bin_probability", s.exponential_bin_probability, "1",
                     "The exponential of equation (11) with the same mean over the histogram's bins");
  }
  {
    const auto group = root.group("performance");
    auto& p = result.performance;
    group.field("strokes", p.strokes, "1", "Strokes simulated");
    group.field("wall_s", p.wall_s, "s", "Wall-clock seconds");
    group.field("strokes_per_s", p.strokes_per_s, "1/s", "Strokes a wall-clock second");
    group.field("threads", p.threads, "1", "Threads used");
    group.field("peak_memory_bytes", p.peak_memory_bytes, "byte", "Largest resident memory");
    group.field("bytes_per_particle", p.bytes_per_particle, "byte", "State held for a particle");
    group.field("steps", p.steps, "1", "Steps of the kernel");
  }
  if (result.phase_space) walk_phase_space(root.group("phase_space"), *result.phase_space, units);
}

}  // namespace powerstroke::study
