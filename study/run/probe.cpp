#include "powerstroke/study/run/probe.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ctime>

#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/study/phase/run.hpp"
#include "powerstroke/study/run/particles.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {
namespace {

constexpr double long_enough = 0.2;  // seconds

/// Thrown out of a run that has been watched for long enough.
struct Enough {};

/// Strokes between all particles are drawn one after another, from the memory that all of them
/// take; else some particles tell how long many take, if every thread has some.
std::size_t first_particles(const Config& config) {
  constexpr std::size_t some = 1U << 15U, of_one_system = 1U << 21U;
  const bool pairs = are_pairs(config) || (config.phase_space && config.phase_space->collisions);
  return std::min<std::size_t>(config.ensemble.particles, pairs ? of_one_system : some);
}

Config with_particles(const Config& config, std::size_t particles) {
  Config fewer = config;
  fewer.ensemble.particles = particles;
  if (!fewer.phase_space) return fewer;
  fewer.phase_space->trajectory.reset();
  std::size_t total = 0;
  for (SpeciesConfig& species : fewer.phase_space->species) {
    const double share =
        static_cast<double>(species.particles) / static_cast<double>(config.ensemble.particles);
    total += species.particles =
        std::max<std::size_t>(2, static_cast<std::size_t>(share * static_cast<double>(particles)));
  }
  fewer.ensemble.particles = total;
  return fewer;
}

/// As the run makes them, and with the step that so many particles as the run has ask for.
Strokes strokes_of(const Config& config) {
  if (!laws::is<laws::Conserving>(config.strokes->law.balance)) return sides(config).strokes;
  const ConservingStrokes kernel(config.strokes->law, config.seed,
                                 ConservingStrokes::tolerance_of(config.ensemble.particles));
  return [kernel](Ensemble& any, double t, double dt, StepClock& clock, Ledger& ledger) {
    std::visit([&](auto& ensemble) { kernel.advance(ensemble, t, dt, clock, ledger); }, any);
  };
}

struct Watched {
  double particles, seconds;  ///< seconds of the whole run with so many
  double watched;             ///< for how long
};

Watched watch(const Config& config, std::size_t particles) {
  const Config fewer = with_particles(config, particles);
  const Stopwatch stopwatch;
  double seconds = 0.0, fraction = 0.0;
  const Progress progress = [&](double done, std::uint64_t) {
    seconds = stopwatch.seconds();
    fraction = done;
    if (seconds > long_enough) throw Enough{};
  };
  try {
    if (config.phase_space) {
      run_phase_space(fewer, progress);
    } else {
      ParticleSimulation(fewer).finish(strokes_of(config), progress, nullptr);
    }
    seconds = stopwatch.seconds();
    fraction = 1.0;
  } catch (const Enough&) {
  }
  return {static_cast<double>(fewer.ensemble.particles), seconds / fraction, seconds};
}

}  // namespace

double Stopwatch::now() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double report_seconds(const Config& config) {
  constexpr double figures = 0.1, a_number = 6e-7;
  return figures + a_number * static_cast<double>(config.snapshots.size()) *
                       static_cast<double>(config.histogram.bins);
}

double seconds_of_particles(const Config& config) {
  const auto all = static_cast<double>(config.ensemble.particles);
  Watched before{0.0, 0.0, 0.0}, now = watch(config, first_particles(config));
  while (now.particles < all && now.watched < 0.5 * long_enough) {
    before = now;
    now = watch(config, std::min<std::size_t>(config.ensemble.particles,
                                              4 * static_cast<std::size_t>(now.particles)));
  }
  if (now.particles >= all) return now.seconds;
  // What every run takes, whatever its particles are, is in both.
  const double each =
      std::max(0.0, now.seconds - before.seconds) / (now.particles - before.particles);
  return now.seconds + each * (all - now.particles);
}

}  // namespace powerstroke::study
