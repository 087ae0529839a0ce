#include "powerstroke/study/result/remark.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <utility>

#include "powerstroke/study/result/tested.hpp"

namespace powerstroke::study {
namespace {

using Kind = Remark::Kind;

/// A test of an ensemble in phase space, as the first numbers and names of a remark have it.
std::string told(const Remark& r) {
  return fmt::format("{}: {}: measured {:.6g}, expected {:.6g}, p = {:.2g}", r.names[0], r.names[1],
                     r.numbers[0], r.numbers[1], r.numbers[2]);
}

std::string_view which_exponential(double of_same_energy) {
  return of_same_energy != 0.0 ? "with the same mean energy" : "at the same temperature";
}

std::string path_average(const Remark& r, std::string_view caveat = "") {
  return fmt::format(
      "Path by path: <exp(-Delta s_tot)> = {:.4f} +- {:.4f} at t = {:g}, a mean that rests on "
      "{:.0f} effective particles of "
      "{:.0f}; the theorem says 1.{}",
      r.numbers[0], r.numbers[1], r.numbers[2], r.numbers[3], r.numbers[4], caveat);
}

std::string distance_to_law(const Remark& r) {
  std::string distances;
  for (std::size_t k = 2; k < r.numbers.size(); ++k)
    distances += fmt::format("{}{} {:.3f}", k == 2 ? "" : ", ", r.names[k - 1], r.numbers[k]);
  return fmt::format("{}: total variation at the end to Boltzmann's law at T = {:g}: {}.{}",
                     r.names[0], r.numbers[0], distances,
                     r.numbers[1] != 0.0 ? "" : " What acts here does not leave that law alone.");
}

}  // namespace

Remark as_written(std::string text) {
  if (text.empty()) return {};
  return {Kind::as_written, {}, {std::move(text)}};
}

std::string clause(const Remark& r) {
  const std::vector<double>& n = r.numbers;
  const std::string first = r.names.empty() ? std::string() : r.names.front();
  switch (r.kind) {
    case Kind::as_written: return first;
    case Kind::agrees:
      return fmt::format(
          "{}; {:.0f} tests agree with the master equation; the smallest p-value is {:.2g}, of {}; "
          "the limit is {:.1e}",
          tested_words({static_cast<std::size_t>(n[0]), static_cast<std::size_t>(n[1])}), n[2],
          n[3], first, n[4]);
    case Kind::disagrees:
      return fmt::format(
          "{} disagrees with the master equation: p = {:.2g}, below the limit {:.1e} of {:.0f} "
          "tests",
          first, n[0], n[1], n[2]);
    case Kind::no_test: return "no test could have failed: too few particles, or nothing happens";
    case Kind::no_distribution:
      return "no distribution after the start could be tested: there is none, or all particles are "
             "alike";
    case Kind::no_particles:
      return "the equation alone was solved; there are no particles to compare it with";
    case Kind::no_ladder:
      return "the delta_e are incommensurate, so that there is no ladder and no master equation to "
             "compare the particles "
             "with; their end is compared with the stationary law";
    case Kind::equation_failed:
      return "the master equation of this config could not be solved: " + first;
    case Kind::untested_from:
      return fmt::format("from t = {:g} on nothing was tested: {}", n[0], first);
    case Kind::phase_disagrees: return fmt::format("{}, below the limit {:.1e}", told(r), n[3]);
    case Kind::phase_agrees:
      return fmt::format("all {:.0f} tests that must hold do; the worst is {}; the limit is {:.1e}",
                         n[3], told(r), n[4]);
    case Kind::ends_in_law: return "the run ends in Boltzmann's law; the worst is " + told(r);
    case Kind::work_breaks_law:
      return "what acts here does not keep the theorems of work, and the run shows it: " + told(r);
    case Kind::end_breaks_law:
      return "what acts here does not leave Boltzmann's law alone, and the run shows it: " +
             told(r);
    case Kind::not_in_law_yet:
      return "the run does not end in Boltzmann's law, and need not: it did not start there, and "
             "is not there yet or never "
             "will be";
    case Kind::too_few_paths:
      return "too few trajectories of one direction look like those of the other to test the work";
    case Kind::works_are_shared:
      return "driven particles that collide pass work on to each other: no theorem is about the "
             "work of one of them";
    case Kind::no_law_of_end:
      return "no law is known that the end of this run could be compared with";
    case Kind::some_untested:
      return "Not everything was tested: at some snapshots the particles are too few for a "
             "chi-square with a degree of "
             "freedom.";
    case Kind::bath_rounded:
      return fmt::format(
          "strokes.bath.excited: found {:.12g}, which whole systems do not have; {:.0f} of {:.0f} "
          "are excited at the start, "
          "a fraction of {:.6g}",
          n[0], n[1], n[2], n[1] / n[2]);
    case Kind::no_stationary_law: return fmt::format("Stationary state: {}.", first);
    case Kind::particles_at_law:
    case Kind::particles_not_at_law:
      return fmt::format(
          "Stationary state: {}. The particles' last snapshot has p = {:.3g} against it, at a "
          "total variation of {:.2g}: "
          "{}.",
          first, n[0], n[1],
          r.kind == Kind::particles_at_law ? "reached" : "not reached, or not yet");
    case Kind::equation_at_law:
      return fmt::format(
          "Stationary state: the equation has reached it ({}; total variation {:.2g}); the "
          "particles' last snapshot could "
          "not be tested against it.",
          first, n[0]);
    case Kind::both_at_law:
      return fmt::format(
          "Stationary state: reached ({}). The equation is a total variation of {:.2g} from it; "
          "the particles' last "
          "snapshot has p = {:.3g} against it.",
          first, n[0], n[1]);
    case Kind::equation_alone_at_law:
      return fmt::format(
          "Stationary state: a {}. The equation has reached it (total variation {:.2g}), the "
          "particles have not: their last "
          "snapshot has p = {:.3g} against it.",
          first, n[0], n[1]);
    case Kind::not_at_law:
      return fmt::format(
          "Stationary state: not reached at t = {:g}. The law would be a {}; the equation itself "
          "is still a total variation "
          "of {:.2g} away from it.",
          n[0], first, n[1]);
    case Kind::exponential_of_density:
      return fmt::format(
          "The paper's exponential (11) {} is a total variation of {:.2f} away from the law that "
          "holds: with the density of "
          "states of d = {:.0f} dimensions equilibrium is Maxwell-Boltzmann{}.",
          which_exponential(n[1]), n[0], n[2],
          n[3] != 0.0 ? ", on each ladder of E modulo the transitions' common divisor" : "");
    case Kind::exponential_of_offsets:
      return fmt::format(
          "What the paper would have said: the exponential (11) {}. It is a total variation of "
          "{:.2f} away from the law "
          "that holds, and stays so: strokes of {} never change E modulo {}.",
          which_exponential(n[1]), n[0], n[2] == 1.0 ? "one delta_e" : "these delta_e",
          n[2] == 1.0 ? "delta_e" : "their greatest common divisor");
    case Kind::exponential_near:
      return fmt::format(
          "The paper's exponential (11) {} is within a total variation of {:.2g} of the law that "
          "holds: the start is spread "
          "over E modulo delta_e as an exponential is.",
          which_exponential(n[1]), n[0]);
    case Kind::exponential_holds:
      return "The paper's exponential (11) is the law that holds: incommensurate strokes mix all "
             "energies.";
    case Kind::entropies_undefined:
      return "Entropies: not defined for a start in which particles share an energy exactly (an "
             "atom of the law).";
    case Kind::one_particle_entropy:
      return fmt::format(
          "S^(1) falls by {:.4f} k_B after t = {:g}, from {:.4f} to {:.4f}. The appendix says that "
          "it never falls; it takes "
          "<ln E> as constant, which it is not. S_E never falls.",
          n[0], n[1], n[2], n[2] - n[0]);
    case Kind::maxwell_boltzmann_2d:
      return fmt::format(
          "With constant rates an exponential in E is Maxwell-Boltzmann only in d = 2; this run "
          "has d = {:.0f}.",
          n[0]);
    case Kind::spacings_agree:
      return fmt::format(
          "S_E without bins (spacings of sorted energies), at {:.0f} snapshots: within {:.1f} "
          "standard errors of the "
          "equation, the farthest at t = {:g}.",
          n[0], n[1], n[2]);
    case Kind::spacings_too_wide:
      return fmt::format(
          "S_E without bins (spacings of sorted energies) is {:.1f} standard errors away from the "
          "equation at t = {:g}: the "
          "spacings of this many particles are wider than the structure of P(E). The verdict does "
          "not rest on it.",
          n[0], n[1]);
    case Kind::entropy_not_given:
      return "S_E of the particles is not given: they are too few, or several have the same energy "
             "to the last digit.";
    case Kind::above_histogram:
      return fmt::format(
          "Up to {:.2g} % of the particles lie above histogram.max = {:g}: raise it to see them.",
          n[0], n[1]);
    case Kind::path_average: return path_average(r);
    case Kind::path_average_one_way:
      return path_average(r,
                          " It is less where strokes have no reverse: their paths back are missing "
                          "(absolute irreversibility).");
    case Kind::path_average_of_gaps:
      return path_average(r,
                          " It is less where the start leaves energies empty: paths into them, "
                          "which the reverse process "
                          "has, are missing (absolute irreversibility).");
    case Kind::path_average_of_few:
      return path_average(r,
                          " Rare paths carry the mean, and its variance may be infinite: the "
                          "standard error is not to be "
                          "trusted, and the mean decides nothing.");
    case Kind::nothing_moves:
      return "Nothing moves. That looks like an equilibrium in every curve of this report and is "
             "none.";
    case Kind::work:
      return fmt::format(
          "Work, {}: <W> = {:.4f}; by Jarzynski DeltaF = {:.4f} +- {:.4f} (exact {:.4f}; the bias "
          "of the exponential "
          "average is about {:.1g}; {:.0f} effective samples of {:.0f} carry it{}).",
          first, n[0], n[1], n[2], n[3], n[4], n[5], n[6],
          n[7] != 0.0 ? "; it decides nothing, for its variance may be infinite"
                      : ", too few to trust it");
    case Kind::crooks_line:
      return fmt::format(
          "Crooks: ln P_F(W)/P_R(-W) has the slope {:.3f} +- {:.3f} in W/T (1 expected) and "
          "crosses 0 at W = {:.4f} +- "
          "{:.4f}.",
          n[0], n[1], n[2], n[3]);
    case Kind::distance_to_law: return distance_to_law(r);
    case Kind::integrator_gain:
      return fmt::format(
          "{}: the integrator changed the mean energy by {:.3g}{}: a smaller phase_space.step "
          "makes this smaller by its "
          "square.",
          first, n[0], n[1] > 0.0 ? fmt::format(" +- {:.1g}", n[1]) : "");
    case Kind::long_step:
      return fmt::format(
          "The step {:.4g} is long for this well, whose frequency is {:.4g} where it is stiffest: "
          "the integrator's own "
          "equilibrium has a mean kinetic energy lower by about {:.1f} % (h^2 w^2/4). A "
          "disagreement of momenta or energies "
          "by as much is the step's; a shorter one makes it smaller by its square.",
          n[0], n[1], n[2]);
  }
  return {};
}

std::string sentence(const Remark& remark) {
  switch (remark.kind) {
    case Kind::no_ladder:
    case Kind::equation_failed:
    case Kind::untested_from: return fmt::format("Not everything was tested: {}.", clause(remark));
    case Kind::bath_rounded: return clause(remark) + ".";
    default: return clause(remark);
  }
}

std::vector<std::string> sentences(const std::vector<Remark>& remarks) {
  std::vector<std::string> all;
  for (const Remark& remark : remarks) all.push_back(sentence(remark));
  return all;
}

}  // namespace powerstroke::study
