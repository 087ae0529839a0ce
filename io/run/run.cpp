#include "powerstroke/io/run/run.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/result/provenance.hpp"
#include "powerstroke/io/run/parts.hpp"
#include "powerstroke/io/run/problem.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"

namespace powerstroke::io {
namespace {

std::uint64_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

template <class Kernel>
Strokes by(Kernel kernel) {
  return [kernel](LadderEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) {
    kernel.advance(ensemble, t, dt, clock, ledger);
  };
}

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

Sides sides(const Config& config) {
  const laws::Transition rates = transition(config);
  if (conserving(config)) return {by(ConservingStrokes(rates.delta_e, rates.rate_down, config.seed)), config};
  if (config.strokes.timing == Timing::waiting_times) return {by(WaitingTimeStrokes(rates, config.seed)), config};
  return {by(PoissonStrokes(rates, config.seed)), config};
}

RunResult run(const Config& config, const Progress& progress) { return run(config, sides(config), progress); }

RunResult run(const Config& config, const Sides& sides, const Progress& progress) {
  RunResult result;
  result.config = config;
  result.provenance = provenance();
  EquationPath path(sides.equation, true);  // before hours of simulation, if the equation's grid is impossible
  const auto start = Clock::now();
  const ParticleRun particles = simulate_particles(config, sides.strokes, progress, result);
  Performance& performance = result.performance;
  performance.wall_s = seconds_since(start);
  performance.strokes = particles.ledger.strokes();
  performance.strokes_per_s = static_cast<double>(performance.strokes) / std::max(performance.wall_s, 1e-9);
  performance.threads = parallel::threads();
  performance.steps = particles.ledger.steps;
  judge(particles, solve_equation(path, sides.equation, &particles, result), result);
  performance.peak_memory_bytes = peak_memory();
  return result;
}

RunResult solve(const Config& config) {
  RunResult result;
  result.config = config;
  result.provenance = provenance();
  const auto start = Clock::now();
  result.histograms.edges = bin_grid(config).edges();
  EquationPath path(config, false);
  solve_equation(path, config, nullptr, result);
  result.comparison.why = "the equation alone was solved; there are no particles to hold against it";
  result.performance.wall_s = seconds_since(start);
  result.performance.peak_memory_bytes = peak_memory();
  return result;
}

}  // namespace powerstroke::io
