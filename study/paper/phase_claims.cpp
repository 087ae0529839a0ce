#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/paper/measures.hpp"

/// (1)-(3), (13)-(19): positions beside the momenta.
namespace powerstroke::study {
namespace {

const PhaseSide& side_of(const RunResult& run, const std::string& name) {
  const auto& sides = run.phase_space->sides;
  const auto found = std::ranges::find(sides, name, &PhaseSide::name);
  if (found == sides.end()) throw ConfigError(fmt::format("the run has no ensemble '{}'", name));
  return *found;
}

const Quantity& quantity_in(const PhaseSide& side, const std::string& name) {
  const Quantity* quantity = side.quantity(name);
  if (quantity == nullptr)
    throw ConfigError(fmt::format("the ensemble '{}' has no '{}'", side.name, name));
  return *quantity;
}
const Quantity& quantity_in(const RunResult& run, const std::string& name) {
  return quantity_in(run.phase_space->sides.front(), name);
}

/// The smallest p-value of those of a run's own tests that are meant; without one there is no
/// verdict.
template <class IsMeant>
Check smallest_p_value(Role role, const RunResult& run, const std::string& what, IsMeant is_meant) {
  double p_value = std::nan("");
  int tests = 0;
  for (const Test& test : run.phase_space->tests)
    if (is_meant(test)) p_value = tests++ == 0 ? test.p_value : std::min(p_value, test.p_value);
  return at_least(role, what, p_value, false_alarm_rate / std::max(1, tests),
                  "a false alarm in a million");
}

Check end_is_boltzmann(Role role, const RunResult& run, const std::string& side,
                       const std::string& whose) {
  return smallest_p_value(
      role, run, whose + ": smallest p-value of x, p and E at the end against Boltzmann's law",
      [&](const Test& test) { return test.side == side && test.kind == TestKind::distribution; });
}

/// Numbers of events, where the run itself is tested against the rates of its config.
Check counts_agree(const RunResult& run, const std::string& whose) {
  return smallest_p_value(Role::witness, run,
                          whose + ": smallest p-value of the numbers of attempted strokes",
                          [](const Test& test) { return test.kind == TestKind::count; });
}

Findings boltzmann_is_stationary(const PaperResults& results) {
  const RunResult &well = results["phase_double_well"], &constant = results["phase_constant_rates"];
  const Quantity& kinetic = quantity_in(constant, "kinetic_energy");
  Findings out;
  out.checks = {end_is_boltzmann(Role::condition, well, "strokes", "microreversible, double well"),
                end_is_boltzmann(Role::claim, constant, "strokes", "constant, d = 3, harmonic"),
                counts_agree(well, "microreversible"), counts_agree(constant, "constant")};
  out.told = fmt::format(
      "Microreversible rates keep it. Constant ones, d = 3, take the mean kinetic energy from "
      "{:.3f} to {:.3f} at T = 1.2.",
      kinetic.values.front(), kinetic.values.back());
  return out;
}

Findings strokes_and_bath(const PaperResults& results) {
  const RunResult& run = results["phase_oscillator"];
  const Quantity &strokes = quantity_in(side_of(run, "strokes"), "total_energy"),
                 &bath = quantity_in(side_of(run, "langevin"), "total_energy");
  const double error = std::hypot(strokes.errors.back(), bath.errors.back());
  Findings out;
  out.checks = {end_is_boltzmann(Role::claim, run, "strokes", "strokes"),
                end_is_boltzmann(Role::claim, run, "langevin", "Langevin bath"),
                agrees(Role::claim, "mean energy, strokes less bath",
                       strokes.values.back() - bath.values.back(), error, 0.0),
                counts_agree(run, "strokes")};
  out.told = fmt::format(
      "From the same start both end in Boltzmann's law: mean energies {:.3f} and {:.3f}, each +- "
      "{:.3f}.",
      strokes.values.back(), bath.values.back(), strokes.errors.back());
  return out;
}

Findings force_in_a_well(const PaperResults& results) {
  const RunResult& run = results["phase_lasting_strokes"];
  const Quantity &work = quantity_in(run, "work"), &kinetic = quantity_in(run, "kinetic_energy");
  Findings out;
  out.checks = {at_most(Role::claim, "energy of a particle that strokes did not give, largest",
                        std::abs(*std::ranges::max_element(work.values, {},
                                                           [](double w) { return std::abs(w); })),
                        2e-3, "Verlet's error at this step, of the order step^2 E"),
                at_least(Role::claim, "<E> at the end over T/2", kinetic.values.back() / 0.5,
                         1.0 - 5.0 * kinetic.errors.back() / 0.5,
                         "a window shifts it by less than its length times the rates")};
  out.told = fmt::format(
      "A stroke may last and act as a force beside that of a well: all energy is accounted for to "
      "{:.1e}. A window of "
      "0.1/w- "
      "leaves <E> = {:.3f} +- {:.3f} where instantaneous strokes lead to 0.5.",
      std::abs(work.values.back()), kinetic.values.back(), kinetic.errors.back());
  return out;
}

Findings collisions_mix(const PaperResults& results) {
  const RunResult& run = results["phase_collisions"];
  Findings out;
  out.checks = {end_is_boltzmann(Role::condition, run, "strokes", "with collisions"),
                end_is_boltzmann(Role::claim, run, "without_collisions", "without"),
                counts_agree(run, "strokes")};
  out.told =
      "One threshold reaches Maxwell-Boltzmann where elastic collisions mix E modulo delta_e, and "
      "not without.";
  return out;
}

/// Standard error of a mean over n particles of Maxwell and Boltzmann's law, of their kinetic
/// energies in so many dimensions. What a claim on the end of a colliding gas is held to: the
/// scatter of its particles on the way there does not tell it.
double energy_error(int dimensions, double temperature, std::uint64_t n) {
  return temperature * std::sqrt(0.5 * dimensions / static_cast<double>(n));
}

Findings beams_relax(const PaperResults& results) {
  const RunResult& run = results["phase_two_beams"];
  const Quantity &x = quantity_in(run, "temperature_x"),
                 &energy = quantity_in(run, "kinetic_energy");
  double worst = 0.0, change = 0.0;
  for (std::size_t k = 0; k < x.values.size(); ++k) {
    const double temperature = 2.0 / 3.0 * energy.values[k];
    const double expected = temperature + 2.0 * std::exp(-0.5 * run.series.t[k]);
    const double error =
        2.0 *
        energy_error(1, temperature, run.config.ensemble.particles);  // of p^2/m, twice an energy
    // The anisotropy of a sample scatters by what T_x does, and, in a closed gas, by no more than
    // twice that.
    worst = larger(worst, std::abs(x.values[k] - expected) / (2.0 * error));
    change = larger(change, std::abs(energy.values[k] - energy.values[0]));
  }
  Findings out;
  out.checks = {at_most(Role::claim, "largest |<p_x^2>/m - (T + 2 exp(-nu t/2))| over its error",
                        worst, largest_deviate() + 1.0, "a false alarm in a million, at 41 times"),
                at_most(Role::claim, "change of the mean energy", change, 1e-11,
                        "roundings of 20 collisions a particle")};
  out.told = fmt::format(
      "Two beams forget their direction as exp(-nu t/2), within {:.1f} standard errors.", worst);
  return out;
}

Findings impurity(const PaperResults& results) {
  const RunResult& run = results["phase_mixture"];
  const Quantity& inert = quantity_in(run, "kinetic_energy_of_species_1");
  const double bath = 1.5,
               error = energy_error(3, bath, run.config.phase_space->species[1].particles);
  Findings out;
  out.checks = {agrees(Role::claim, "mean kinetic energy of the inert particles at the end",
                       inert.values.back(), error, 1.5 * bath),
                at_least(Role::claim, "the same at the start", inert.values.front(), 4.0,
                         "it starts at T = 3"),
                counts_agree(run, "active particles")};
  out.told = fmt::format(
      "Inert particles go from {:.3f} to {:.3f} +- {:.3f} by collisions with active ones, whose "
      "bath has 2.25.",
      inert.values.front(), inert.values.back(), error);
  return out;
}

Findings walls(const PaperResults& results) {
  const RunResult& run = results["phase_walls"];
  Findings out;
  out.checks = {end_is_boltzmann(Role::claim, run, "strokes", "gas")};
  out.told = fmt::format(
      "Strokes at the walls alone: <E> goes from {:.3f} to {:.3f}; the walls have T = 2, so 3.",
      quantity_in(run, "kinetic_energy").values.front(),
      quantity_in(run, "kinetic_energy").values.back());
  return out;
}

Findings motion_keeps_entropy(const PaperResults& results) {
  const RunResult &harmonic = results["phase_entropy_harmonic"],
                  &quartic = results["phase_entropy_quartic"],
                  &strokes = results["phase_entropy_strokes"];
  const auto cells = [](const RunResult& run) -> const Quantity& {
    return quantity_in(run, "entropy_of_cells");
  };
  const Quantity &h = cells(harmonic), &q = cells(quartic), &s = cells(strokes);
  const std::size_t middle = q.values.size() / 2;
  Findings out;
  out.checks = {
      agrees(Role::claim, "harmonic well: S at the end less that at the start",
             h.values.back() - h.values.front(), h.errors.back(), 0.0),
      at_least(Role::claim, "quartic well: rise by filaments", q.values[middle] - q.values.front(),
               0.5, "what a picture shows"),
      agrees(Role::claim, "quartic well: S when all has run back less that at the start",
             q.values.back() - q.values.front(), q.errors.back(), 0.0),
      at_least(Role::claim, "with strokes: S when all was reversed less that at the start",
               s.values.back() - s.values.front(), 0.5, "what a picture shows"),
  };
  out.told = fmt::format(
      "Quartic well: {:.3f} -> {:.3f}, and {:.3f} once reversed; with strokes {:.3f} -> {:.3f}, "
      "and {:.3f}.",
      q.values.front(), q.values[middle], q.values.back(), s.values.front(), s.values[middle],
      s.values.back());
  return out;
}

Findings release(const PaperResults& results) {
  const RunResult& run = results["phase_partition"];
  const Quantity &s = quantity_in(run, "entropy_of_cells"),
                 &energy = quantity_in(run, "kinetic_energy");
  double change = 0.0;
  for (const double value : energy.values)
    change = larger(change, std::abs(value - energy.values.front()));
  Findings out;
  out.checks = {agrees(Role::claim, "rise of S of the cells", s.values.back() - s.values.front(),
                       std::hypot(s.errors.front(), s.errors.back()), std::numbers::ln2),
                at_most(Role::claim, "change of the mean energy", change, 1e-13,
                        "signs of momenta alone change")};
  out.told = fmt::format(
      "Twice the room: S of the cells rises by {:.4f} +- {:.4f} (ln 2 = 0.6931) at constant "
      "energy.",
      s.values.back() - s.values.front(), std::hypot(s.errors.front(), s.errors.back()));
  return out;
}

Check jarzynski_check(Role role, const RunResult& run, const std::string& whose) {
  return smallest_p_value(
      role, run, whose + ": smallest p-value of <exp(-W/T)>, both ways, and of Bennett's DeltaF",
      [](const Test& test) { return test.kind == TestKind::work; });
}

Findings work_theorem(const PaperResults& results) {
  const RunResult &dragged = results["phase_dragged_trap"],
                  &stiffened = results["phase_stiffened_trap"],
                  &constant = results["phase_stiffened_trap_constant"];
  double average = std::nan("");
  for (const Test& test : constant.phase_space->tests)
    if (test.side == "strokes" && test.kind == TestKind::work && !test.decides)
      average = test.measured;  // Jarzynski's
  Findings out;
  out.checks = {jarzynski_check(Role::condition, dragged, "dragged trap, d = 1"),
                jarzynski_check(Role::condition, stiffened, "stiffened trap, d = 3"),
                jarzynski_check(Role::claim, constant, "the same under constant rates"),
                counts_agree(dragged, "dragged trap"), counts_agree(stiffened, "stiffened trap")};
  out.told = fmt::format(
      "<exp(-(W - DeltaF)/T)> is 1 under microreversible rates, and {:.3f} under constant ones in "
      "d = 3.",
      average);
  return out;
}

}  // namespace

std::vector<Claim> phase_claims() {
  return {
      {"phase-entropy",
       "(1)-(3)",
       "Motion alone keeps the entropy",
       "Liouville’s equation leaves the entropy of the density in phase space as it is. A "
       "histogram sees it rise where "
       "filaments become thinner than its cells; all comes back when the momenta are reversed. "
       "Strokes end that.",
       "",
       Outcome::holds,
       {"phase_entropy_harmonic", "phase_entropy_quartic", "phase_entropy_strokes"},
       motion_keeps_entropy},
      {"phase-release",
       "section 1",
       "A released constraint raises entropy at constant energy",
       "A gas behind a partition spreads when the partition is taken out.",
       "",
       Outcome::holds,
       {"phase_partition"},
       release},
      {"phase-force",
       "(4), (16)",
       "Strokes act as a force beside that of a potential",
       "A stroke may last for a window of time, at constant power, while the particle moves in a "
       "potential.",
       "",
       Outcome::holds,
       {"phase_lasting_strokes"},
       force_in_a_well},
      {"phase-bath",
       "(14), (16)",
       "Strokes thermalize as a Langevin bath does",
       "Strokes and drift lead to the same end as the Fokker-Planck equation’s friction and noise.",
       "",
       Outcome::holds,
       {"phase_oscillator"},
       strokes_and_bath},
      {"phase-boltzmann",
       "(16), (17)",
       "exp(-(p²/2m + V)/T) is stationary under strokes and drift",
       "Equation (17) is the stationary solution of (16).",
       "rates are microreversible, or d = 2",
       Outcome::holds_when,
       {"phase_double_well", "phase_constant_rates"},
       boltzmann_is_stationary},
      {"phase-collisions",
       "(18)",
       "Elastic collisions make momenta isotropic at constant energy",
       "The interaction of (18), in a homogeneous gas: two beams of Maxwell molecules.",
       "",
       Outcome::holds,
       {"phase_two_beams"},
       beams_relax},
      {"phase-mixing",
       "(18), (19)",
       "Strokes lead a gas to the product of Maxwell-Boltzmann laws",
       "Equation (19) is the stationary solution of (18), and is reached.",
       "the gas collides (one threshold)",
       Outcome::holds_when,
       {"phase_collisions"},
       collisions_mix},
      {"phase-impurity",
       "(13)",
       "An active impurity thermalizes an inert gas",
       "Only the active particles make strokes; the inert ones get their energy by elastic "
       "collisions.",
       "",
       Outcome::holds,
       {"phase_mixture"},
       impurity},
      {"phase-walls",
       "section 2",
       "Walls thermalize a gas that makes no strokes itself",
       "Strokes happen when particles hit the walls of their box.",
       "",
       Outcome::holds,
       {"phase_walls"},
       walls},
      {"phase-work",
       "reference 1",
       "⟨exp(-W/T)⟩ = exp(-ΔF/T) for driven particles that make strokes",
       "Jarzynski’s equality, with strokes as the heat bath.",
       "rates are microreversible, or d = 2",
       Outcome::holds_when,
       {"phase_dragged_trap", "phase_stiffened_trap", "phase_stiffened_trap_constant"},
       work_theorem},
  };
}

}  // namespace powerstroke::study
