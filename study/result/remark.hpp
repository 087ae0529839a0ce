#pragma once

#include <string>
#include <vector>

namespace powerstroke::study {

/// Something to be said of a run: what it is about, with the numbers and the names in it. No words:
/// `clause` and `sentence` put it into English, as files and the terminal have it; a page may say
/// it otherwise.
struct Remark {
  /// Behind each its [numbers] and {names}; a flag is 1 or 0, a distance from a law the total
  /// variation.
  enum class Kind {
    as_written,  ///< {text}: of a result that was read from a file, which keeps the words alone

    // Why a run has the verdict that it has.
    agrees,            ///< [snapshots tested, of how many, tests, smallest p, limit] {its test}
    disagrees,         ///< [smallest p, limit, tests] {its test}
    no_test,           ///< none could have failed
    no_distribution,   ///< numbers of events were tested, and no distribution after the start
    no_particles,      ///< the equation alone was solved
    no_ladder,         ///< there is no equation
    equation_failed,   ///< {what went wrong}
    untested_from,     ///< [t] {why no later snapshot could be tested}
    phase_disagrees,   ///< [measured, expected, smallest p, limit] {ensemble, its test}
    phase_agrees,      ///< [measured, expected, smallest p, tests, limit] {ensemble, its test}
    ends_in_law,       ///< [measured, expected, smallest p] {ensemble, its test}; none is required
    work_breaks_law,   ///< the same, where what acts does not keep the theorems of work
    end_breaks_law,    ///< the same, where what acts does not leave Boltzmann's law alone
    not_in_law_yet,    ///< what acts leaves that law alone, and the run did not start in it
    too_few_paths,     ///< of the work's distribution too little was seen
    works_are_shared,  ///< driven particles that collide: no theorem is about the work of one of
                       ///< them
    no_law_of_end,     ///< none is known

    // Besides.
    some_untested,           ///< at some snapshots no chi-square has a degree of freedom
    bath_rounded,            ///< [excited fraction of the config, systems excited, systems]
    no_stationary_law,       ///< {why}
    particles_at_law,        ///< [p, of the particles] {law}: there is no equation
    particles_not_at_law,    ///< [p, of the particles] {law}: there is no equation
    equation_at_law,         ///< [of the equation] {law}: particles were not tested
    both_at_law,             ///< [of the equation, p of the particles] {law}
    equation_alone_at_law,   ///< [of the equation, p of the particles] {law}
    not_at_law,              ///< [t, of the equation] {law}
    exponential_of_density,  ///< [distance, same mean energy?, dimension, on a ladder?]
    exponential_of_offsets,  ///< [distance, same mean energy?, transitions]
    exponential_near,        ///< [distance, same mean energy?]
    exponential_holds,       ///< incommensurate strokes mix all energies
    entropies_undefined,     ///< particles share an energy
    one_particle_entropy,    ///< [fall, t, value before it]
    maxwell_boltzmann_2d,    ///< [dimension]: constant rates
    spacings_agree,          ///< [snapshots, largest deviation in standard errors, its t]
    spacings_too_wide,       ///< [largest deviation in standard errors, its t]
    entropy_not_given,       ///< particles are too few, or share an energy
    above_histogram,         ///< [percent of the particles, histogram.max]
    path_average,            ///< [<exp(-Delta s_tot)>, error, t, effective particles, particles]
    path_average_one_way,    ///< the same, less than 1, where strokes have no reverse
    path_average_of_gaps,    ///< the same, less than 1, where the start leaves energies empty
    path_average_of_few,     ///< the same, carried by few particles
    nothing_moves,
    work,             ///< [<W>, DeltaF, error, exact, bias, effective, all, trusted?] {side}
    crooks_line,      ///< [slope, its error, W where it crosses 0, its error]
    distance_to_law,  ///< [T, left alone?, distance of each] {side, coordinates}
    integrator_gain,  ///< [energy, its error] {ensemble}
    long_step         ///< [step, highest frequency, percent of the mean kinetic energy]
  };

  Kind kind = Kind::as_written;
  std::vector<double> numbers = {};
  std::vector<std::string> names = {};

  bool operator==(const Remark&) const = default;
};

/// @returns what a file has kept; without any words nothing, `Remark{}`.
Remark as_written(std::string text);

/// @returns the remark as a clause, without a full stop: why there is such a verdict.
std::string clause(const Remark& remark);

/// @returns the remark as sentences of their own, beside a verdict.
std::string sentence(const Remark& remark);
std::vector<std::string> sentences(const std::vector<Remark>& remarks);

}  // namespace powerstroke::study
