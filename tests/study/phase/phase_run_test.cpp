#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "powerstroke/io/result/summary.hpp"
#include "powerstroke/study/phase/run.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/settings/decoder.hpp"
#include "support/bounds.hpp"
#include "support/temporary_folder.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;
using test_support::TemporaryFolder;

namespace {

std::filesystem::path example(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(POWERSTROKE_SOURCE_DIR) / "examples";
  return (name == "trajectory" ? folder : folder / "phase_space") / (name + ".json");
}

RunResult run_example(const std::string& name, std::vector<Override> overrides) {
  return run(read_config(example(name), overrides));
}

const Test& test_of(const RunResult& result, const std::string& side, const std::string& what) {
  const auto& tests = result.phase_space->tests;
  const auto found = std::ranges::find_if(
      tests, [&](const Test& test) { return test.side == side && test.what.starts_with(what); });
  REQUIRE(found != tests.end());
  return *found;
}

double end_of(const PhaseSide& side, const std::string& key) {
  const Quantity* quantity = side.quantity(key);
  REQUIRE(quantity != nullptr);
  return quantity->values.back();
}

/// Everything that is measured in all ensembles, bit by bit.
std::vector<std::uint64_t> bits_of(const RunResult& result) {
  std::vector<std::uint64_t> bits;
  for (const PhaseSide& side : result.phase_space->sides) {
    for (const Quantity& quantity : side.quantities)
      for (const auto* values : {&quantity.values, &quantity.errors})
        for (const double value : *values) bits.push_back(std::bit_cast<std::uint64_t>(value));
    for (const Marginal& marginal : side.marginals)
      bits.insert(bits.end(), marginal.counts.begin(), marginal.counts.end());
    for (const double work : side.work) bits.push_back(std::bit_cast<std::uint64_t>(work));
  }
  return bits;
}

}  // namespace

TEST_CASE("every example of phase space runs and ends as it says") {
  const std::vector<std::string> held = {"oscillator",   "double_well",   "collisions",
                                         "two_beams",    "walls",         "mixture",
                                         "dragged_trap", "stiffened_trap"};
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(example("").parent_path())) {
    const std::string name = entry.path().stem().string();
    CAPTURE(name);
    const RunResult result = run_example(name, {{"ensemble.particles", "4000"}});
    CAPTURE(clause(result.comparison.why));
    const bool consistent = std::ranges::find(held, name) != held.end();
    seen += consistent ? 1 : 0;
    CHECK(result.comparison.verdict ==
          (consistent ? Verdict::consistent : Verdict::not_comparable));
  }
  CHECK(seen == held.size());
}

TEST_CASE("runs in phase space have the same bits for 1, 2, 4 and 8 threads") {
  const auto shortened = [](const std::string& name) -> std::vector<Override> {
    if (name == "dragged_trap") return {};
    std::vector<Override> changes = {{"time.end", "4.0"}, {"time.snapshots", "5"}};
    if (name == "entropy_strokes") changes.push_back({"phase_space.reverse_at", "2.0"});
    return changes;
  };
  for (const std::string name : {"oscillator", "walls", "collisions", "dragged_trap",
                                 "lasting_strokes", "entropy_strokes"}) {
    CAPTURE(name);
    std::vector<Override> changes = shortened(name);
    changes.push_back({"ensemble.particles", "9000"});
    std::vector<std::uint64_t> first;
    for (const int threads : {1, 2, 4, 8}) {
      const parallel::Threads scope(threads);
      const std::vector<std::uint64_t> bits = bits_of(run_example(name, changes));
      if (first.empty()) first = bits;
      CHECK(bits == first);
    }
  }
}

TEST_CASE(
    "an equilibrium that must last is told from one that does not: honest runs pass, wrong ones do "
    "not") {
  const double limit = test_support::false_alarm_rate;
  const RunResult honest = run_example("double_well", {});
  CHECK(honest.comparison.verdict == Verdict::consistent);
  for (const Test& test : honest.phase_space->tests) {
    CHECK(test.required);
    CHECK(test.p_value > limit);
  }
  // The start at another temperature than the strokes': nothing must hold, and the end shows it.
  const RunResult wrong =
      run_example("double_well", {{"ensemble.energy.temperature", "1.3"}, {"time.end", "0.2"}});
  CHECK(wrong.comparison.verdict == Verdict::not_comparable);
  CHECK(test_of(wrong, "strokes", "p at the end").p_value < limit);
  CHECK_FALSE(test_of(wrong, "strokes", "p at the end").required);
  // Constant rates in d = 3 do not keep Boltzmann's law.
  const RunResult constant = run_example("constant_rates", {});
  for (const char* what : {"x at the end", "p at the end", "E at the end"})
    CHECK(test_of(constant, "strokes", what).p_value < limit);
  CHECK(end_of(constant.phase_space->sides.front(), "kinetic_energy") < 0.75 * 1.5 * 1.2);
}

TEST_CASE("collisions lead one threshold to Maxwell-Boltzmann, and it stays away without") {
  const RunResult result = run_example("collisions", {});
  CHECK(test_of(result, "strokes", "E at the end").p_value > test_support::false_alarm_rate);
  CHECK(test_of(result, "without_collisions", "E at the end").p_value <
        test_support::false_alarm_rate);
}

TEST_CASE("two beams relax as Maxwell molecules do") {
  // nu = density pi d^2 g_ref = 1: T_x - T/3 sum falls as exp(-t/2), from 3 - 1.
  const RunResult result = run_example("two_beams", {});
  const PhaseSide& side = result.phase_space->sides.front();
  const Quantity &x = *side.quantity("temperature_x"), &energy = *side.quantity("kinetic_energy");
  const double bound = test_support::largest_deviate(static_cast<int>(x.values.size()));
  for (std::size_t k = 0; k < x.values.size(); ++k) {
    const double mean = 2.0 / 3.0 * energy.values[k],
                 expected = mean + 2.0 * std::exp(-0.5 * result.series.t[k]);
    // The anisotropy of a sample scatters by what T_x of Maxwell and Boltzmann's law does, and, in
    // a closed gas, by no more than twice that.
    const double error =
        mean * std::sqrt(2.0 / static_cast<double>(result.config.ensemble.particles));
    CHECK(std::abs(x.values[k] - expected) <= bound * 2.0 * error);
  }
}

TEST_CASE("an inert gas follows an active one by collisions alone") {
  const RunResult with = run_example("mixture", {});
  const PhaseSide& side = with.phase_space->sides.front();
  const Quantity& inert = *side.quantity("kinetic_energy_of_species_1");
  const auto particles = static_cast<double>(with.config.phase_space->species[1].particles);
  CHECK(std::abs(inert.values.back() - 2.25) <
        test_support::largest_deviate(1) * 1.5 * std::sqrt(1.5 / particles));
  CHECK(std::isnan(inert.errors.back()));
  const RunResult without =
      run_example("mixture", {{"phase_space.collisions.density", "1e-300"}, {"time.end", "20"}});
  const Quantity& alone =
      *without.phase_space->sides.front().quantity("kinetic_energy_of_species_1");
  CHECK(alone.values.back() == alone.values.front());
}

TEST_CASE("entropy of cells: it is back after reversal, and not with strokes") {
  const auto entropies = [](const char* name) {
    const RunResult result = run_example(name, {});
    const Quantity& s = *result.phase_space->sides.front().quantity("entropy_of_cells");
    struct {
      double start, middle, end, error;
    } three{s.values.front(), s.values[s.values.size() / 2], s.values.back(), s.errors.back()};
    return three;
  };
  const double bound = test_support::largest_deviate(1);
  const auto quartic = entropies("entropy_quartic");
  CHECK(quartic.middle > quartic.start + 0.5);
  CHECK(std::abs(quartic.end - quartic.start) < bound * quartic.error);
  const auto strokes = entropies("entropy_strokes");
  CHECK(strokes.end > strokes.start + 0.5);
  CHECK(strokes.end > strokes.middle - bound * 2.0 * strokes.error);
}

TEST_CASE(
    "work: Jarzynski holds under microreversible rates and fails under constant ones in d = 3") {
  for (const char* side : {"strokes", "reverse"}) {
    CHECK(test_of(run_example("stiffened_trap", {}), side, "<exp").p_value >
          test_support::false_alarm_rate);
    CHECK(test_of(run_example("stiffened_trap_constant", {}), side, "<exp").p_value <
          test_support::false_alarm_rate);
  }
}

TEST_CASE("a result of phase space comes back from its file, and its summary has every ensemble") {
  const RunResult result = run_example("dragged_trap", {{"ensemble.particles", "500"}});
  const TemporaryFolder folder;
  write_hdf5(result, folder.path() / "result.h5");
  const RunResult back = read_hdf5(folder.path() / "result.h5");
  REQUIRE(back.phase_space);
  CHECK(bits_of(back) == bits_of(result));
  CHECK(summary_json(back) == summary_json(result));
  CHECK(back.phase_space->tests.size() == result.phase_space->tests.size());
  CHECK(back.phase_space->tests.front().required == result.phase_space->tests.front().required);
  const std::string summary = summary_json(result);
  for (const char* key : {"\"strokes\"", "\"reverse\"", "\"kinetic_energy\"",
                          "\"potential_energy_err\"", "\"must_hold\""})
    CHECK(summary.find(key) != std::string::npos);
}

TEST_CASE(
    "two runs in phase space are the same physics, or not, in every ensemble that both have") {
  const std::vector<Override> fewer = {{"ensemble.particles", "4000"}, {"time.end", "10"}};
  const auto with = [&](const char* name, const char* key, const char* value) {
    std::vector<Override> changes = fewer;
    changes.push_back({"seed", "2"});
    changes.push_back({key, value});
    return run_example(name, changes);
  };
  const RunResult one = run_example("oscillator", fewer);
  CHECK(compare(one, with("oscillator", "title", "again")).verdict == Verdict::consistent);
  // A difference of the bath alone is found in its ensemble, and one of the potential, which
  // strokes do not feel at first.
  const ResultComparison bath =
      compare(one, with("oscillator", "phase_space.langevin.temperature", "1.5"));
  CHECK(bath.verdict == Verdict::inconsistent);
  CHECK(bath.why.starts_with("langevin"));
  CHECK(compare(one, with("oscillator", "phase_space.potential.stiffness", "1.2")).verdict ==
        Verdict::inconsistent);
  // Steps of the integrator are no physics.
  CHECK(compare(one, with("oscillator", "phase_space.step", "0.02")).verdict ==
        Verdict::consistent);
  std::vector<Override> no_pairs = fewer;
  no_pairs.push_back({"phase_space.collisions", "null"});
  CHECK(compare(run_example("walls", no_pairs), with("walls", "phase_space.collisions", "null"))
            .verdict == Verdict::consistent);
  const RunResult flat =
      run(read_config(example("").parent_path().parent_path() / "thermal.json", fewer));
  const ResultComparison mixed = compare(one, flat);
  CHECK(mixed.verdict == Verdict::not_comparable);
  CHECK(mixed.why == "only one of the results has positions");
}

TEST_CASE("a step that is too long is said to be") {
  const RunResult result =
      run_example("oscillator", {{"ensemble.particles", "4000"}, {"phase_space.step", "1"}});
  const auto& remarks = result.comparison.remarks;
  CHECK(std::ranges::count(remarks, Remark::Kind::integrator_gain, &Remark::kind) == 2);
  const RunResult fine = run_example("oscillator", {{"ensemble.particles", "4000"}});
  CHECK(std::ranges::count(fine.comparison.remarks, Remark::Kind::integrator_gain, &Remark::kind) ==
        0);
}

TEST_CASE("configs of phase space that cannot be are refused with a place and what is allowed") {
  struct Wrong {
    const char *example, *path, *value, *told;
  };
  const Wrong wrong[] = {
      {"oscillator", "phase_space.step", "0",
       "at phase_space.step: found 0; allowed: a number > 0"},
      {"oscillator", "phase_space.step", "1e-12", "which makes 4e+13 steps"},
      {"oscillator", "phase_space.stepp", "1", "did you mean 'step'?"},
      {"oscillator", "phase_space.potential.form", "harmonik", "did you mean \"harmonic\"?"},
      {"oscillator", "phase_space.potential.stiffness", "-1", "a number > 0"},
      {"oscillator", "strokes.timing", "waiting_times",
       "in phase space; allowed: \"uniformization\""},
      {"oscillator", "phase_space.reverse_at", "0.3", "one of the snapshots' times"},
      {"oscillator", "phase_space.beside", "[\"without_collisions\"]", "of which there are none"},
      {"oscillator", "phase_space.strokes_at", "walls", "the key 'box' is missing"},
      {"oscillator", "analysis.information", "true", "found true in phase space"},
      {"double_well", "phase_space.collisions", "{\"density\": 1, \"diameter\": 1}",
       "allowed: 2 or 3"},
      {"walls", "phase_space.box.high", "-1", "a number > low"},
      {"walls", "phase_space.box.sides", "periodic", "at least one \"reflecting\""},
      {"walls", "strokes.transitions.0.rate_down", "0.9", "allowed: up to 1"},
      {"walls", "phase_space.positions", "{\"distribution\": \"point\", \"value\": 7}",
       "within the box"},
      {"collisions", "phase_space.collisions.viscosity_exponent", "0.7",
       "'reference_speed' is missing"},
      {"double_well", "phase_space.potential", "{ \"form\": \"free\" }",
       "allowed: with a potential that rises on both sides"},
      {"collisions", "phase_space.collisions.density", "1e12",
       "collisions of a particle; allowed: up to 1e+09"},
      {"mixture", "phase_space.species.0.strokes", "false", "no species with strokes"},
      {"partition", "phase_space.box.partition.position", "3", "within the box"},
      {"partition", "phase_space.box.sides", "periodic", "between \"reflecting\" sides"},
      {"trajectory", "phase_space.trajectory.particles", "5000", "up to 1000"},
      {"dragged_trap", "phase_space.potential.end", "9", "the end of the run"},
      {"entropy_quartic", "phase_space.grid.x", "[1, 1]", "low < high"},
  };
  for (const Wrong& one : wrong) {
    CAPTURE(one.path);
    CAPTURE(one.value);
    std::string message = "none";
    try {
      read_config(example(one.example), {{one.path, one.value}});
    } catch (const ConfigError& error) {
      message = error.what();
    }
    CAPTURE(message);
    CHECK(message.find(one.told) != std::string::npos);
  }
}

namespace {

/// A gas whose few hot particles share their energy with the cold ones by collisions; @param
/// changes of it.
Config mixing_gas(std::uint64_t seed, std::vector<Override> changes = {}) {
  changes.push_back({"seed", std::to_string(seed)});
  return parse_config(R"({
    "format": "powerstroke/1",
    "ensemble": {"particles": 400, "dimension": 3,
                 "energy": {"distribution": "mixture", "parts": [
                   {"weight": 19, "distribution": "maxwell_boltzmann", "temperature": 0.1},
                   {"weight": 1, "distribution": "maxwell_boltzmann", "temperature": 5}]}},
    "phase_space": {"step": 0.1, "collisions": {"density": 1, "diameter": 0.8}},
    "time": {"snapshots": [0, 20]}
  })",
                      "gas", changes);
}

double error_at_end(const RunResult& result, const std::string& key) {
  return result.phase_space->sides.front().quantity(key)->errors.back();
}

}  // namespace

TEST_CASE("where particles collide the scatter of a sample is not taken for that of its mean") {
  // Collisions keep the energy, whose scatter is the start's; of particles that are all alike by
  // then it would look some five times smaller.
  constexpr int seeds = 60;
  const double right = 1.5 * (0.95 * 0.1 + 0.05 * 5.0);
  double squares = 0.0, as_independent = 0.0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const RunResult result = run(mixing_gas(seed));
    const Quantity& energy = *result.phase_space->sides.front().quantity("kinetic_energy");
    squares += std::pow((energy.values.back() - right) / energy.errors.back(), 2);
    const double apart = std::sqrt(1.5) * energy.values.back() / 1.5 /
                         std::sqrt(400.0);  // of Maxwell and Boltzmann's law
    as_independent += std::pow((energy.values.back() - right) / apart, 2);
    for (const char* key : {"temperature_x", "mean_x", "S_1", "work"})
      CHECK(std::isnan(error_at_end(result, key)));
    CHECK(std::isnan(result.quantity("phi").values.back()));
    CHECK(std::isnan(result.quantity("mean_ln_E").errors.back()));
    CHECK(result.quantity("kinetic_temperature").errors.back() ==
          result.quantity("kinetic_temperature").errors.front());
  }
  MESSAGE("mean square of z: " << squares / seeds
                               << ", as if independent: " << as_independent / seeds);
  // Of a start so skew the mean square of z is itself uncertain: 5 is that of errors 2.2 times too
  // small.
  CHECK(squares / seeds < 5.0);
  CHECK(as_independent / seeds > 10.0);
  const ResultComparison found = compare(run(mixing_gas(1)), run(mixing_gas(2)));
  CHECK(found.verdict == Verdict::not_comparable);
  CHECK(found.why.find("collide") != std::string::npos);
}

TEST_CASE(
    "where pairs act on a product of Boltzmann's laws, particles stay independent, but for where "
    "they are") {
  const std::vector<Override> warm = {
      {"ensemble.energy", R"({"distribution": "maxwell_boltzmann", "temperature": 1})"}};
  std::vector<Override> exchanging = warm;
  exchanging.push_back(
      {"strokes", R"({"transitions": [{"delta_e": 0.7, "rate_down": 1}], "balance": "exchange",
                                       "rates": "microreversible"})"});
  for (const std::vector<Override>& changes : {warm, exchanging}) {
    constexpr int seeds = 60;
    double squares = 0.0, of_axis = 0.0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const RunResult result = run(mixing_gas(seed, changes));
      const PhaseSide& side = result.phase_space->sides.front();
      squares += std::pow(
          (end_of(side, "kinetic_energy") - 1.5) / error_at_end(result, "kinetic_energy"), 2);
      of_axis += std::pow(
          (end_of(side, "temperature_x") - 1.0) / error_at_end(result, "temperature_x"), 2);
      CHECK(std::isnan(error_at_end(result, "mean_x")));
    }
    MESSAGE("mean squares of z: " << squares / seeds << ", " << of_axis / seeds);
    const boost::math::chi_squared law(seeds);
    const double each = test_support::false_alarm_rate / 8.0;  // two checks of two sides, twice
    for (const double sum : {squares, of_axis}) {
      CHECK(sum > quantile(law, each));
      CHECK(sum < quantile(complement(law, each)));
    }
  }
}

TEST_CASE("rates that particles share leave no error that is known in phase space") {
  for (const char* balance : {"energy_conserving", "exchange"}) {
    CAPTURE(balance);
    const RunResult result =
        run_example("oscillator", {{"ensemble.particles", "400"},
                                   {"phase_space.langevin", "null"},
                                   {"strokes.temperature", "null"},
                                   {"strokes.balance", "\"" + std::string(balance) + "\""}});
    for (const char* key : {"kinetic_energy", "mean_x"})
      CHECK(std::isnan(error_at_end(result, key)));
    const bool is_kept = std::string(balance) == "exchange";
    CHECK(std::isfinite(error_at_end(result, "total_energy")) == is_kept);
    CHECK(compare(result, result).verdict == Verdict::not_comparable);
  }
}

TEST_CASE("driven particles that collide are not held to theorems about the work of one") {
  const RunResult result = run_example(
      "stiffened_trap", {{"ensemble.particles", "5000"},
                         {"phase_space.collisions", R"({"density": 1, "diameter": 0.5})"},
                         {"ensemble.dimension", "3"}});
  CHECK(std::ranges::none_of(result.phase_space->tests,
                             [](const Test& test) { return test.kind == TestKind::work; }));
  CHECK(result.comparison.verdict == Verdict::not_comparable);
  CHECK(result.comparison.why.kind == Remark::Kind::works_are_shared);
}

TEST_CASE(
    "where nobody has made a stroke yet, the error of a mean is that of a stroke that none has "
    "shown") {
  // All at rest, and one stroke in ten seeds: the mean energy is 1.1e-4 by the equation (Rosen and
  // Zener's rates), the scatter 0.
  const char* const at_rest = R"({
    "format": "powerstroke/1",
    "ensemble": {"particles": 888, "dimension": 2, "mass": 1.192, "energy": {"distribution": "delta", "value": 0}},
    "strokes": {"transitions": [{"delta_e": 0.8923, "rate_down": 0.3713}], "balance": "thermal", "temperature": 0.8748,
                "rates": "rosen_zener", "rosen_zener": {"coupling": 0.7493, "range": 0.9017}},
    "phase_space": {"step": 0.4809},
    "time": {"snapshots": [0, 0.142]}
  })";
  constexpr double right = 0.000109983;
  int without_strokes = 0;
  for (int seed = 1; seed <= 20; ++seed) {
    const RunResult result =
        run(parse_config(at_rest, "at rest", {{"seed", std::to_string(seed)}}));
    const Quantity& energy = result.quantity("mean_energy");
    CHECK(energy.errors.front() == 0.0);
    if (energy.values.back() > 0.0) continue;
    ++without_strokes;
    CHECK(energy.errors.back() == doctest::Approx(0.8923 / 890.0));
    CHECK(std::abs(energy.values.back() - right) < energy.errors.back());
    CHECK(error_at_end(result, "kinetic_energy") == energy.errors.back());
    CHECK(error_at_end(result, "temperature_x") == doctest::Approx(2.0 * energy.errors.back()));
  }
  CHECK(without_strokes > 0);
}
