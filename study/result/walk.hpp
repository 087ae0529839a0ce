#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "powerstroke/study/checkpoint/archive.hpp"
#include "powerstroke/study/result/result.hpp"

/// Every field of a result once, with its name, units and meaning: writing and reading, of results
/// and of checkpoints, walk these lists (`study::Archive`, `io::hdf5::Writer`, `io::hdf5::Reader`).
namespace powerstroke::study {

/// What the attributes "units" and "description" say: the names of the config's units, or of what
/// is measured in reduced ones.
struct UnitNames {
  explicit UnitNames(const Units& units)
      : energy(units.reduced ? "energy" : units.energy),
        time(units.reduced ? "time" : units.time),
        momentum(units.reduced ? "" : units.momentum()) {}

  /// The unit of a quantity, by its kind.
  std::string of(const std::string& kind) const {
    return kind == "energy"     ? energy
           : kind == "length"   ? "speed * " + time
           : kind == "k_B/time" ? "k_B/" + time
                                : kind;
  }
  /// What the logarithm of an entropy is of, where that has a unit.
  std::string described(const QuantityInfo& info) const {
    const std::string text(info.description);
    if (momentum.empty() || info.logarithm_of.empty()) return text;
    return text + (info.logarithm_of == "energy" ? "; E in " + energy : "; momenta in " + momentum);
  }

  std::string energy, time, momentum;
};

template <class Archive, class Fits>
void walk_fits(const Archive& group, Fits& fits, const UnitNames& units) {
  group.column("t", fits, &Fit::t, units.time.c_str(), "Time of the snapshot");
  group.column("chi2", fits, &Fit::chi2, "1",
               "Pearson's chi-square, classes with few expected counts merged");
  group.column("dof", fits, &Fit::dof, "1", "Degrees of freedom of chi2");
  group.column("p_value", fits, &Fit::p_value, "1",
               "Probability of a chi2 at least this large by chance");
  group.column("kl_divergence", fits, &Fit::kl_divergence, "k_B",
               "Kullback-Leibler divergence, particles to equation");
  group.column("total_variation", fits, &Fit::total_variation, "1",
               "Total variation distance, particles to equation");
}

template <class Archive, class Side>
void walk_side(const Archive& group, Side& side, const UnitNames& units) {
  group.field("description", side.description, "text", "What acts on this ensemble");
  group.field("temperature", side.temperature, units.energy.c_str(),
              "Temperature of the law beside it, as k_B T; NaN without");
  group.column("quantities", side.quantities, &Quantity::key, "text",
               "Names of the quantities against time");
  group.column("quantity_units", side.quantities, &Quantity::unit, "text", "Kinds of their units");
  group.column("quantity_descriptions", side.quantities, &Quantity::description, "text",
               "What they are");
  for (auto& quantity : side.quantities) {
    const std::string unit = units.of(quantity.unit), error = quantity.key + "_err";
    group.field(quantity.key.c_str(), quantity.values, unit.c_str(), quantity.description.c_str());
    group.field(error.c_str(), quantity.errors, unit.c_str(), "Its standard error; 0 for a count");
  }
  group.column("coordinates", side.marginals, &Marginal::name, "text",
               "Coordinates whose histograms at the end are here");
  group.column("coordinate_totals", side.marginals, &Marginal::total, "1",
               "Particles, inside the edges or not");
  for (auto& marginal : side.marginals) {
    const auto below = group.group(("end_" + marginal.name).c_str());
    below.field("edges", marginal.edges, "coordinate", "Edges of the bins, one more than bins");
    below.field("counts", marginal.counts, "1", "Particles in a bin");
    below.field("probability", marginal.probability, "1",
                "Of a bin by Boltzmann's law; empty without a temperature");
  }
  group.column("cloud_t", side.clouds, &Cloud::t, units.time.c_str(),
               "Times at which some particles are kept");
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
  group.column("sides", phase.sides, &PhaseSide::name, "text",
               "Ensembles that start alike; the first is the run itself");
  for (auto& side : phase.sides) walk_side(group.group(side.name.c_str()), side, units);
  const auto tests = group.group("tests");
  tests.column("side", phase.tests, &Test::side, "text", "Of which ensemble");
  tests.column("what", phase.tests, &Test::what, "text", "What is compared with what is known");
  tests.column("measured", phase.tests, &Test::measured, "1",
               "Measured; of a chi-square, the statistic");
  tests.column("expected", phase.tests, &Test::expected, "1",
               "Known; of a chi-square, the degrees of freedom");
  tests.column("p_value", phase.tests, &Test::p_value, "1",
               "Probability of such a deviation by chance");
  std::vector<std::uint8_t> must;
  for (const Test& test : phase.tests) must.push_back(test.required ? 1 : 0);
  tests.field("must_hold", must, "1",
              "1 if it follows from the physics of the run; 0 if it may say: not there yet");
  if constexpr (!std::is_const_v<Phase>)
    for (std::size_t k = 0; k < must.size(); ++k) phase.tests.at(k).required = must[k] != 0;
}

/// Calls `visit(quantity, info)` for those that somebody of `followed` follows.
template <class Records, class Visit>
void for_each_followed(Records& quantities, Followed followed, const Visit& visit) {
  for (const QuantityInfo& info : followed_quantities())
    if (info.followed == Followed::by_both || info.followed == followed)
      visit(quantity_of(quantities, info.key), info);
}

/// What the particles show: their quantities with errors, and what they count.
template <class Archive, class Records, class Counts>
void walk_series(const Archive& group, Records& quantities, Counts& s, const UnitNames& units) {
  group.field("t", s.t, units.time.c_str(), "Time of each snapshot, in the units of 1/rate");
  for_each_followed(
      quantities, Followed::by_particles, [&](auto& quantity, const QuantityInfo& info) {
        if (info.is_new && !group.has(quantity.key.c_str())) return;
        const std::string unit = units.of(quantity.unit), error = quantity.key + "_err";
        group.field(quantity.key.c_str(), quantity.values, unit.c_str(),
                    units.described(info).c_str());
        group.field(error.c_str(), quantity.errors, unit.c_str(),
                    ("Standard error of " + quantity.key).c_str());
      });
  group.field("strokes_up", s.strokes_up, "1", "Uptakes (energy to the particle) since t = 0");
  group.field("strokes_down", s.strokes_down, "1",
              "Releases (energy from the particle) since t = 0");
  group.field("blocked", s.blocked, "1", "Releases attempted with E <= delta_e since t = 0");
  if (group.has("uptakes"))
    group.field("uptakes", s.uptakes, "1",
                "Uptakes since t = 0, [transition][snapshot]; empty where not counted");
  if (group.has("releases"))
    group.field("releases", s.releases, "1",
                "Releases since t = 0, [transition][snapshot]; empty where not counted");
  group.field("excited", s.excited, "1",
              "Excited fraction of the two-level systems, [transition][snapshot]; empty without");
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
  walk_series(root.group("series"), result.quantities, result.series, units);
  walk_histograms(root.group("histogram"), result.histograms, units);
  {
    const auto group = root.group("solution");
    auto& s = result.solution;
    group.field("t", s.t, units.time.c_str(), "Time of each snapshot, in the units of 1/rate");
    for_each_followed(
        result.quantities, Followed::by_equation, [&](auto& quantity, const QuantityInfo& info) {
          if (info.is_new && !group.has(quantity.key.c_str())) return;
          group.field(quantity.key.c_str(), quantity.solution, units.of(quantity.unit).c_str(),
                      (units.described(info) + ", by the master equation").c_str());
        });
    if (group.has("uptakes"))
      group.field("uptakes", s.uptakes, "1",
                  "Expected uptakes of a particle since t = 0, [transition][snapshot]");
    if (group.has("releases"))
      group.field("releases", s.releases, "1",
                  "Expected releases of a particle since t = 0, [transition][snapshot]");
    group.field("excited", s.excited, "1",
                "Excited fraction of the two-level systems, [transition][snapshot]; empty without");
    group.field("bin_probability", s.bin_probability, "1",
                "Probability of a histogram bin, [snapshot][bin]");
    group.field("mass_error", s.mass_error, "1",
                "Largest deviation of the total probability from 1");
    group.field("error_estimate", s.error_estimate, "1",
                "Total variation that the solver may be off by: a bound at fixed rates, a sum of "
                "estimates under (8)");
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
      counts.column("p_value", c.counts, &CountTest::p_value, "1",
                    "Two-sided probability of such a deviation by chance");
    }
    group.field("false_alarm_rate", c.false_alarm_rate, "1", "Stated for the verdict as a whole");
    group.field("tests", c.tests, "1", "Number of tests that the verdict rests on");
    group.field("p_limit", c.p_limit, "1",
                "A test speaks against the run below this: false_alarm_rate / tests");
    std::string verdict = to_string(c.verdict);
    group.field("verdict", verdict, "text", "consistent, inconsistent or not_comparable");
    if constexpr (!std::is_const_v<Result>) {
      c.verdict = Verdict::not_comparable;
      for (const Verdict known : {Verdict::consistent, Verdict::inconsistent}) {
        if (to_string(known) == verdict) c.verdict = known;
      }
      if (to_string(c.verdict) != verdict)
        throw DamagedState(fmt::format("the verdict '{}' is none", verdict));
    }
    std::string why = clause(c.why);
    std::vector<std::string> remarks = sentences(c.remarks);
    group.field("why", why, "text", "The verdict's reason");
    group.field("remarks", remarks, "text", "What agrees, what is frozen or not reached");
    if constexpr (!std::is_const_v<Result>) {
      c.why = as_written(why);
      c.remarks.clear();
      for (const std::string& remark : remarks) c.remarks.push_back(as_written(remark));
    }

    const auto stationary = group.group("stationary");
    auto& s = c.stationary;
    stationary.field("law", s.law, "text", "The stationary law in words");
    stationary.field("exists", s.exists, "1",
                     "1 if there is a stationary law and it was asked for");
    stationary.field("frozen", s.frozen, "1",
                     "1 if phi = 0 under energy_conserving: nothing can happen");
    stationary.field("reached", s.reached, "1",
                     "1 if the last snapshot and the solution agree with the law");
    stationary.field("temperature", s.temperature, units.energy.c_str(),
                     "Temperature T of the law, as k_B T");
    stationary.field("ratio", s.ratio, "1", "Ratio of the geometric ladder");
    stationary.field("ks", s.ks, "1", "Kolmogorov-Smirnov distance on the histogram's edges");
    stationary.field("chi2", s.chi2, "1", "Chi-square of the occupation of the levels");
    stationary.field("dof", s.dof, "1", "Degrees of freedom of chi2");
    stationary.field("p_value", s.p_value, "1",
                     "Probability of a chi2 at least this large by chance");
    stationary.field("kl_divergence", s.kl_divergence, "k_B",
                     "Kullback-Leibler divergence, particles to law");
    stationary.field("total_variation", s.total_variation, "1",
                     "Total variation distance, particles to law");
    stationary.field("solution_total_variation", s.solution_total_variation, "1",
                     "Total variation distance, solution to law: what is left to go");
    stationary.field("exponential_total_variation", s.exponential_total_variation, "1",
                     "Total variation distance, law to the exponential of equation (11)");
    stationary.field("bin_probability", s.bin_probability, "1",
                     "The law over the histogram's bins");
    stationary.field(
        "exponential_bin_probability", s.exponential_bin_probability, "1",
        "The exponential of equation (11) with the same mean over the histogram's bins");
  }
  {
    const auto group = root.group("performance");
    auto& p = result.performance;
    group.field("strokes", p.strokes, "1", "Strokes simulated");
    group.field("wall_s", p.wall_s, "s", "Wall-clock seconds");
    group.field("strokes_per_s", p.strokes_per_s, "1/s", "Strokes per wall-clock second");
    group.field("threads", p.threads, "1", "Threads used");
    group.field("peak_memory_bytes", p.peak_memory_bytes, "byte", "Largest resident memory");
    group.field("bytes_per_particle", p.bytes_per_particle, "byte", "State held for a particle");
    group.field("steps", p.steps, "1", "Steps of the kernel");
  }
  if (result.phase_space) walk_phase_space(root.group("phase_space"), *result.phase_space, units);
}

}  // namespace powerstroke::study
