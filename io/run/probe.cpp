#include "powerstroke/io/run/probe.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>

#include "powerstroke/io/phase/run.hpp"
#include "powerstroke/io/run/parts.hpp"
#include "powerstroke/io/run/problem.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"

namespace powerstroke::io {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double long_enough = 0.2;  // seconds

/// Thrown out of a run that has been watched for long enough.
struct Enough {};

/// So many particles keep every thread busy; strokes between all particles are drawn one after another, from the memory that
/// all of them take.
std::size_t particles_to_watch(const Config& config) {
  constexpr std::size_t some = 1U << 16U, of_one_system = 1U << 21U;
  const laws::Closure closure = config.strokes.law.closure;
  const bool pairs = closure == laws::Closure::exchange || closure == laws::Closure::bath ||
                     (config.phase_space && config.phase_space->collisions);
  return std::min<std::size_t>(config.ensemble.particles, pairs ? of_one_system : some);
}

Config with_particles(const Config& config, std::size_t particles) {
  Config fewer = config;
  fewer.ensemble.particles = particles;
  if (!fewer.phase_space) return fewer;
  fewer.phase_space->trajectory.reset();
  std::size_t total = 0;
  for (SpeciesConfig& species : fewer.phase_space->species) {
    const double share = static_cast<double>(species.particles) / static_cast<double>(config.ensemble.particles);
    total += species.particles = std::max<std::size_t>(2, static_cast<std::size_t>(share * static_cast<double>(particles)));
  }
  fewer.ensemble.particles = total;
  return fewer;
}

/// As the run makes them, and with the step that so many particles as the run has ask for.
Strokes strokes_of(const Config& config) {
  if (config.strokes.law.closure != laws::Closure::conserving) return sides(config).strokes;
  const ConservingStrokes kernel(config.strokes.law, config.seed,
                                 ConservingStrokes::tolerance_of(config.ensemble.particles));
  return [kernel](Ensemble& any, double t, double dt, StepClock& clock, Ledger& ledger) {
    std::visit([&](auto& ensemble) { kernel.advance(ensemble, t, dt, clock, ledger); }, any);
  };
}

}  // namespace

double seconds_of_particles(const Config& config) {
  const Config fewer = with_particles(config, particles_to_watch(config));
  const auto begin = Clock::now();
  double seconds = 0.0, fraction = 0.0;
  const Progress watch = [&](double done, std::uint64_t) {
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    fraction = done;
    if (seconds > long_enough) throw Enough{};
  };
  try {
    if (config.phase_space) {
      run_phase_space(fewer, {}, watch);
    } else {
      RunResult unused;
      simulate_particles(fewer, strokes_of(config), watch, unused);
    }
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    fraction = 1.0;
  } catch (const Enough&) {
  }
  return seconds / fraction * static_cast<double>(config.ensemble.particles) / static_cast<double>(fewer.ensemble.particles);
}

}  // namespace powerstroke::io
