#include "powerstroke/study/paper/claims.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"

using namespace powerstroke;
using study::Outcome;
using study::PaperResults;
using study::RunResult;

/// Every claim on real results of fewer particles, and on results that were made wrong on purpose.
/// Its statistical checks fail by chance once in a million each (`false_alarm_rate`), with fixed
/// seeds.
namespace {

const study::Claim& claim(const std::string& id) {
  const auto& all = study::paper_claims();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const study::Claim& c) { return c.id == id; });
  REQUIRE(found != all.end());
  return *found;
}

Outcome outcome(const study::Claim& claim, const PaperResults& results) {
  return study::judge(claim.examine(results).checks);
}

/// Something made wrong in the result of a run, and what must come of it.
struct Wrong {
  std::string run;
  std::function<void(RunResult&)> make;
  Outcome outcome;
};

void check(const std::string& id, const std::vector<Wrong>& wrongs,
           const std::vector<study::Override>& changes = {{"ensemble.particles", "10000"}}) {
  const study::Claim& about = claim(id);
  CAPTURE(id);
  const PaperResults results = study::make_runs(io::parse_config, about.runs, changes);
  CHECK(to_string(outcome(about, results)) == to_string(about.expected));
  for (const Wrong& wrong : wrongs) {
    PaperResults changed = results;
    RunResult broken = results[wrong.run];
    wrong.make(broken);
    changed.add(wrong.run, broken);
    CAPTURE(wrong.run);
    CHECK(to_string(outcome(about, changed)) == to_string(wrong.outcome));
  }
}

double deviations(double error) { return 1.2 * study::largest_deviate() * error; }

/// As if nothing had happened between the first snapshot and the last.
void stand_still(RunResult& r) {
  r.solution.bin_probability.back() = r.solution.bin_probability.front();
}

/// One particle has lost a quantum.
void lose_a_quantum(RunResult& r) {
  std::vector<std::uint64_t>& levels = r.histograms.levels.back();
  --levels[3];
  ++levels[2];
}

}  // namespace

TEST_CASE("paper, claims on conservation: expected verdicts, and others where results are wrong") {
  check("probability", {{"relaxation", [](RunResult& r) { r.solution.mass_error = 1e-9; },
                         Outcome::does_not_hold}});
  check("energy",
        {{"relaxation", [](RunResult& r) { r.quantity("mean_energy").solution.back() += 1e-6; },
          Outcome::does_not_hold},
         {"relaxation",
          [](RunResult& r) { r.quantity("mean_energy").values.back() = 3.5 + deviations(0.15); },
          Outcome::undecided},
         {"exchange", lose_a_quantum, Outcome::undecided}});
  check("ratio", {{"relaxation",
                   [](RunResult& r) {
                     for (double& phi : r.quantity("phi").solution) phi = 1.0 / phi;
                   },
                   Outcome::holds},
                  {"relaxation",
                   [](RunResult& r) {
                     for (double& phi : r.quantity("phi").solution) phi -= 0.1;
                   },
                   Outcome::does_not_hold}});
}

TEST_CASE("paper, claim on phi = 0: expected verdict, and others where results are wrong") {
  check(
      "frozen",
      {{"frozen", [](RunResult& r) { r.quantity("S_E").solution.back() += 0.1; }, Outcome::holds},
       {"frozen", [](RunResult& r) { r.performance.strokes = 1; }, Outcome::undecided},
       {"frozen", [](RunResult& r) { r.comparison.stationary.frozen = false; }, Outcome::undecided},
       {"relaxation", [](RunResult& r) { r.quantity("S_E").solution.back() -= 0.1; },
        Outcome::does_not_hold}});
}

TEST_CASE("paper, claims on S_E: expected verdicts, and others where results are wrong") {
  check(
      "production",
      {{"relaxation",
        [](RunResult& r) {
          for (double& production : r.quantity("entropy_production").solution) production *= 1.001;
        },
        Outcome::does_not_hold},
       {"relaxation",
        [](RunResult& r) { r.quantity("S_E").solution[2] = r.quantity("S_E").solution[1] - 1e-6; },
        Outcome::does_not_hold},
       {"relaxation", [](RunResult& r) { r.quantity("S_E").values.back() += 1.0; },
        Outcome::undecided}});
  check("equilibration", {{"relaxation_twice",
                           [](RunResult& r) {
                             for (double& production : r.quantity("entropy_production").solution)
                               production *= 1.5;
                           },
                           Outcome::does_not_hold}});
}

TEST_CASE("paper, claim on S^(1): expected verdict, and others where results are wrong") {
  check("one-particle-entropy",
        {{"mb3_microreversible", [](RunResult& r) { r.quantity("S_1").solution.back() -= 1e-6; },
          Outcome::does_not_hold},
         {"mb2", [](RunResult& r) { r.quantity("S_1").solution.back() -= 1e-6; },
          Outcome::does_not_hold},
         {"incommensurate_microreversible",
          [](RunResult& r) { r.quantity("S_1").values.back() -= 0.2; }, Outcome::does_not_hold},
         {"mb3", [](RunResult& r) { r.quantity("S_1").solution.front() += 1e-6; },
          Outcome::undecided}});
}

TEST_CASE("paper, claims on (A.8): expected verdicts, and others where results are wrong") {
  check("one-particle-constant",
        {{"start3", [](RunResult& r) { r.quantity("S_1").solution.front() += 1e-6; },
          Outcome::does_not_hold}});
  check("mean-logarithm",
        {{"relaxation", [](RunResult& r) { r.quantity("mean_energy").solution.back() += 1e-3; },
          Outcome::undecided},
         {"relaxation", [](RunResult& r) { r.quantity("mean_ln_E").values.back() += 1.0; },
          Outcome::undecided}});
}

TEST_CASE("paper, claim on the exponential: expected verdict, and others where results are wrong") {
  check("exponential",
        {{"incommensurate",
          [](RunResult& r) { r.histograms.counts.back() = r.histograms.counts.front(); },
          Outcome::does_not_hold},
         {"relaxation",
          [](RunResult& r) { r.comparison.stationary.exponential_total_variation = 0.0; },
          Outcome::holds},
         {"relaxation", [](RunResult& r) { r.comparison.master_equation.front().p_value = 0.0; },
          Outcome::undecided}});
}

TEST_CASE(
    "paper, claim on the Maxwell-Boltzmann distribution: expected verdict, and others where "
    "results are wrong") {
  const auto move = [](RunResult& r) { r.solution.bin_probability.back()[3] += 1e-3; };
  check("maxwell-boltzmann", {{"mb1_microreversible", move, Outcome::does_not_hold},
                              {"mb2", move, Outcome::does_not_hold}});
}

TEST_CASE(
    "paper, claims on rates by temperature and pressure: expected verdicts, and others where "
    "results are wrong") {
  const auto half_as_many = [](RunResult& r) { r.series.strokes_up.back() /= 2; };
  check("gas", {{"gas_T0.4", half_as_many, Outcome::undecided},
                {"gas_p2.0", half_as_many, Outcome::undecided}});
  check("impurity", {{"gas_pa0.5", half_as_many, Outcome::undecided}});
}

TEST_CASE("paper, a rate of another order in the pressure is told from (13)") {
  const study::Claim& about = claim("impurity");
  PaperResults results =
      study::make_runs(io::parse_config, about.runs, {{"ensemble.particles", "10000"}});
  for (const std::string& name : about.runs) {
    if (name.find("gas_pa") != 0) continue;
    RunResult r = results[name];
    const double p = std::stod(name.substr(6));
    r.series.strokes_up.back() = static_cast<std::uint64_t>(
        static_cast<double>(r.series.strokes_up.back()) * std::pow(p, 0.5));
    results.add(name, r);
  }
  CHECK(outcome(about, results) == Outcome::does_not_hold);
}

TEST_CASE("paper, claims on strokes: expected verdicts, and others where results are wrong") {
  check("force", {});
  check("passages",
        {{"passages", [](RunResult& r) { r.solution.bin_probability.back()[3] += 1e-3; },
          Outcome::undecided}});
  check("broadening",
        {{"broadening", stand_still, Outcome::does_not_hold},
         {"slow_particles", [](RunResult& r) { ++r.histograms.levels.back().front(); },
          Outcome::does_not_hold}});
}

TEST_CASE(
    "paper, claims on the second law: expected verdicts, and others where results are wrong") {
  check("constant-energy",
        {{"exchange", lose_a_quantum, Outcome::does_not_hold},
         {"exchange", [](RunResult& r) { r.quantity("S_E").solution.back() -= 1e-3; },
          Outcome::does_not_hold}});
  check("second-law",
        {{"bath", lose_a_quantum, Outcome::does_not_hold},
         {"bath", [](RunResult& r) { r.quantity("total_entropy").solution.back() -= 1e-2; },
          Outcome::does_not_hold}});
}

TEST_CASE(
    "paper, claims on information and paths: expected verdicts, and others where results are "
    "wrong") {
  check("information",
        {{"information", [](RunResult& r) { r.quantity("information").solution.back() += 0.1; },
          Outcome::does_not_hold},
         {"information", [](RunResult& r) { r.quantity("information").values[5] += 1.0; },
          Outcome::undecided}});
  check("paths", {{"paths_fixed",
                   [](RunResult& r) {
                     r.quantity("path_average").values.back() =
                         1.0 + deviations(r.quantity("path_average").errors.back());
                   },
                   Outcome::does_not_hold}});
}

namespace {

study::PhaseSide& side_of(RunResult& r, const std::string& name) {
  auto& sides = r.phase_space->sides;
  const auto found = std::find_if(sides.begin(), sides.end(),
                                  [&](const study::PhaseSide& side) { return side.name == name; });
  REQUIRE(found != sides.end());
  return *found;
}

study::Quantity& quantity_in(study::PhaseSide& side, const std::string& name) {
  const auto found =
      std::find_if(side.quantities.begin(), side.quantities.end(),
                   [&](const study::Quantity& quantity) { return quantity.key == name; });
  REQUIRE(found != side.quantities.end());
  return *found;
}

/// A quantity of an ensemble ends elsewhere.
auto end_shifted(const std::string& side, const std::string& quantity, double by) {
  return [=](RunResult& r) { quantity_in(side_of(r, side), quantity).values.back() += by; };
}

/// All p-values of an ensemble, but for those of how often something happened.
auto tests_of(const std::string& side, double p_value) {
  return [=](RunResult& r) {
    for (study::Test& test : r.phase_space->tests)
      if (test.side == side && !test.what.starts_with("number of")) test.p_value = p_value;
  };
}

}  // namespace

TEST_CASE("paper, claims on motion alone: expected verdicts, and others where results are wrong") {
  check("phase-entropy",
        {{"phase_entropy_harmonic", end_shifted("drift", "entropy_of_cells", 0.1),
          Outcome::does_not_hold},
         {"phase_entropy_quartic", end_shifted("drift", "entropy_of_cells", 0.1),
          Outcome::does_not_hold},
         {"phase_entropy_strokes", end_shifted("strokes", "entropy_of_cells", -2.5),
          Outcome::does_not_hold}},
        {});
  check(
      "phase-release",
      {{"phase_partition", end_shifted("drift", "entropy_of_cells", 0.1), Outcome::does_not_hold},
       {"phase_partition", end_shifted("drift", "kinetic_energy", 1e-9), Outcome::does_not_hold}});
}

TEST_CASE(
    "paper, claims on strokes in a potential: expected verdicts, and others where results are "
    "wrong") {
  check("phase-force",
        {{"phase_lasting_strokes", end_shifted("strokes", "work", 0.01), Outcome::does_not_hold},
         {"phase_lasting_strokes", end_shifted("strokes", "kinetic_energy", -0.2),
          Outcome::does_not_hold}});
  check("phase-bath",
        {{"phase_oscillator", end_shifted("langevin", "total_energy", 0.5), Outcome::does_not_hold},
         {"phase_oscillator", tests_of("langevin", 1e-9), Outcome::does_not_hold}});
  check("phase-boltzmann",
        {{"phase_double_well", tests_of("strokes", 1e-9), Outcome::does_not_hold},
         {"phase_constant_rates", tests_of("strokes", 0.5), Outcome::holds}});
  check("phase-work", {{"phase_stiffened_trap", tests_of("reverse", 1e-9), Outcome::does_not_hold},
                       {"phase_stiffened_trap_constant",
                        [](RunResult& r) {
                          tests_of("strokes", 0.5)(r);
                          tests_of("reverse", 0.5)(r);
                        },
                        Outcome::holds}});
}

TEST_CASE("paper, claims on gases: expected verdicts, and others where results are wrong") {
  check(
      "phase-collisions",
      {{"phase_two_beams", end_shifted("drift", "temperature_x", 0.3), Outcome::does_not_hold},
       {"phase_two_beams", end_shifted("drift", "kinetic_energy", 1e-9), Outcome::does_not_hold}});
  check("phase-mixing",
        {{"phase_collisions", tests_of("strokes", 1e-9), Outcome::does_not_hold},
         {"phase_collisions", tests_of("without_collisions", 0.5), Outcome::holds}},
        {});
  check("phase-impurity",
        {{"phase_mixture", end_shifted("strokes", "kinetic_energy_of_species_1", 0.3),
          Outcome::does_not_hold}});
  check("phase-walls", {{"phase_walls", tests_of("strokes", 1e-9), Outcome::does_not_hold}});
}

TEST_CASE("paper, a claim needs the results of its runs") {
  CHECK_THROWS_AS(claim("energy").examine(PaperResults{}), ConfigError);
}
