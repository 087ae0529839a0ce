/// The C interface of powerstroke: strokes in place on momenta that the caller owns, and whole runs
/// from a config.
///
/// Handles are opaque: made by a function that puts one into its last argument, freed by the
/// function named ..._free, which takes NULL. Every function that can fail returns a
/// `powerstroke_status`; what went wrong, and what would be allowed, is then in
/// `powerstroke_error`. An output argument is written on success only. No C++ exception crosses
/// this border.
///
/// Units are the caller's own, with k_B = 1: energies in one unit, times in the unit of 1/rate,
/// momenta in sqrt(mass * energy). One handle must not be used by two threads at once; different
/// ones may. HDF5 and UDUNITS-2, whose state is one for the process, are entered by one thread of
/// ours at a time; a caller that uses them itself does so while no other thread is inside this
/// library.
#ifndef POWERSTROKE_H
#define POWERSTROKE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define POWERSTROKE_API __attribute__((visibility("default")))
#else
#define POWERSTROKE_API
#endif

typedef enum powerstroke_status {
  POWERSTROKE_OK = 0,
  POWERSTROKE_BAD_CONFIG = 2,  ///< a config or a parameter is wrong
  POWERSTROKE_BAD_NUMBERS =
      3,  ///< numbers out of range met on the way, such as a momentum that is not finite
  POWERSTROKE_BAD_FILE = 4,      ///< a file could not be read or written
  POWERSTROKE_BAD_ARGUMENT = 5,  ///< NULL, or a name that there is not
  POWERSTROKE_NO_MEMORY = 6,
  POWERSTROKE_BUG = 7,       ///< what should not happen; please report it with the message
  POWERSTROKE_STOPPED = 130  ///< by the caller's progress function
} powerstroke_status;

/// Of the last call of this thread that failed: a text that stays until the next one does. Never
/// NULL.
POWERSTROKE_API const char* powerstroke_error(void);

/// "0.1.0": of the library that is linked.
POWERSTROKE_API const char* powerstroke_version(void);

/// Threads that all later work of this process uses; 0: all of the machine. Results have the same
/// bits with any number.
POWERSTROKE_API void powerstroke_set_threads(int threads);

/* ---- Strokes in place ---- */

/// A stroke kernel with its clock, which keys the random numbers, and its ledger.
typedef struct powerstroke_strokes powerstroke_strokes;

/// Integers, exact. `uptakes` are strokes that gave a particle energy, `releases` those that took
/// some, `blocked` attempts to release at E <= delta_e, `declined_*` attempts that rates below
/// their bound turned down, `steps` those of the kernel.
typedef struct powerstroke_ledger {
  uint64_t uptakes, releases, blocked, declined_uptakes, declined_releases, steps;
} powerstroke_ledger;

/// @param json the "strokes" of a config: {"transitions": [{"delta_e": 1, "rate_down": 1}],
///        "balance": "thermal", "temperature": 1, "rates": "microreversible"}. Balances: fixed,
///        thermal, energy_conserving, exchange, bath. Rates: constant, microreversible,
///        rosen_zener. Plain numbers.
/// @param particles of the whole ensemble; @param dimension of the momenta, 1 to 3; @param mass of
///        a particle, > 0: the rates law may depend on them. @param seed of the random numbers:
///        with equal seeds, calls and particles come equal bits.
POWERSTROKE_API powerstroke_status powerstroke_strokes_new(const char* json, uint64_t particles,
                                                           int dimension, double mass,
                                                           uint64_t seed,
                                                           powerstroke_strokes** strokes);
POWERSTROKE_API void powerstroke_strokes_free(powerstroke_strokes* strokes);

/// All strokes of a time dt >= 0 on momenta in one array a component. |p| changes, the direction
/// stays.
/// @param momenta `dimension` pointers to `particles` components each; any of them may be NULL if
///        there are 0 particles, as on a process that has none at the moment: the clock goes on
///        with that of the others.
/// @param first_id of the first particle: particle i has the random numbers of first_id + i. 0, if
/// all are given.
POWERSTROKE_API powerstroke_status powerstroke_strokes_soa(powerstroke_strokes* strokes,
                                                           double* const* momenta, size_t particles,
                                                           uint64_t first_id, double dt);

/// The same on one array of particles * stride numbers: particle i has its components at momenta[i
/// * stride], momenta[i * stride + 1], ...
/// @param momenta NULL is allowed for 0 particles. @param stride >= dimension, in doubles.
POWERSTROKE_API powerstroke_status powerstroke_strokes_aos(powerstroke_strokes* strokes,
                                                           double* momenta, size_t particles,
                                                           size_t stride, uint64_t first_id,
                                                           double dt);

/// What all strokes since the beginning have done.
POWERSTROKE_API powerstroke_status powerstroke_strokes_ledger(const powerstroke_strokes* strokes,
                                                              powerstroke_ledger* ledger);

/// Energy that they have given to the particles: sum of delta_e (uptakes - releases).
POWERSTROKE_API powerstroke_status powerstroke_strokes_energy(const powerstroke_strokes* strokes,
                                                              double* energy);

/// uptakes - releases of a transition, numbered from 0 in the order of the config.
POWERSTROKE_API powerstroke_status powerstroke_strokes_net(const powerstroke_strokes* strokes,
                                                           size_t transition, int64_t* net);

/// The clock, for a restart of the caller's code: what it is now, and going on from there with new
/// strokes of the same config and seed. @param net `transitions` numbers of
/// powerstroke_strokes_net, which a bath goes on from; NULL: nothing has happened yet.
POWERSTROKE_API powerstroke_status powerstroke_strokes_clock(const powerstroke_strokes* strokes,
                                                             uint64_t* step);
POWERSTROKE_API powerstroke_status powerstroke_strokes_go_on(powerstroke_strokes* strokes,
                                                             uint64_t step, const int64_t* net,
                                                             size_t transitions);

/* ---- Runs ---- */

/// Everything that a run or a solution knows at its end.
typedef struct powerstroke_result powerstroke_result;

/// Told how far a run is: `fraction` in [0, 1], `strokes` made so far. Anything but 0 stops it with
/// POWERSTROKE_STOPPED. Called from the thread that runs, again and again, also while the equation
/// is solved: what it wishes is answered within a second.
typedef int (*powerstroke_progress)(double fraction, uint64_t strokes, void* user);

/// What `powerstroke run` does, without files. @param config the text of a config; the same seed
/// gives the same bits as the program.
/// @param progress may be NULL; @param user is handed to it.
POWERSTROKE_API powerstroke_status powerstroke_run(const char* config,
                                                   powerstroke_progress progress, void* user,
                                                   powerstroke_result** result);
/// The master equation of a config alone, as `powerstroke solve`.
POWERSTROKE_API powerstroke_status powerstroke_solve(const char* config,
                                                     powerstroke_result** result);
/// Reads the result folder that the program, or powerstroke_result_write, wrote.
POWERSTROKE_API powerstroke_status powerstroke_result_read(const char* folder,
                                                           powerstroke_result** result);
/// Writes a whole result folder, with report. @param replace 0: an older result in the folder is an
/// error.
POWERSTROKE_API powerstroke_status powerstroke_result_write(const powerstroke_result* result,
                                                            const char* folder, int replace);
POWERSTROKE_API void powerstroke_result_free(powerstroke_result* result);

/// An array of numbers by its path in result.h5: "series/mean_energy", "solution/S_E",
/// "histogram/edges", "solution/bin_probability". docs/formats.md lists them,
/// powerstroke_result_name all that are there.
/// @param data of the result itself, row after row: valid until it is freed. @param shape two
///        numbers, rows and columns; columns is 1 for what has one index, and both are 1 for a
///        single value.
POWERSTROKE_API powerstroke_status powerstroke_result_doubles(const powerstroke_result* result,
                                                              const char* name, const double** data,
                                                              size_t shape[2]);
/// The same for integers: "series/strokes_up", "histogram/counts", "histogram/levels",
/// "performance/strokes".
POWERSTROKE_API powerstroke_status powerstroke_result_counts(const powerstroke_result* result,
                                                             const char* name,
                                                             const uint64_t** data,
                                                             size_t shape[2]);
/// A text, or one of several: "comparison/verdict", "comparison/why". @param text valid until the
/// result is freed.
POWERSTROKE_API powerstroke_status powerstroke_result_text(const powerstroke_result* result,
                                                           const char* name, size_t index,
                                                           const char** text);
/// The name of a field, numbered from 0, whatever its type; NULL behind the last.
POWERSTROKE_API const char* powerstroke_result_name(const powerstroke_result* result,
                                                    size_t number);

typedef enum powerstroke_verdict {
  POWERSTROKE_CONSISTENT = 0,
  POWERSTROKE_INCONSISTENT = 1,
  POWERSTROKE_NOT_COMPARABLE = 2
} powerstroke_verdict;

/// Do the particles of a run agree with its equation? "comparison/why" has the reason.
POWERSTROKE_API powerstroke_status powerstroke_result_verdict(const powerstroke_result* result,
                                                              powerstroke_verdict* verdict);
/// Do two results show the same physics within their errors?
POWERSTROKE_API powerstroke_status powerstroke_compare(const powerstroke_result* a,
                                                       const powerstroke_result* b,
                                                       powerstroke_verdict* verdict);

#ifdef __cplusplus
}
#endif

#endif
