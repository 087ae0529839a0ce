#include "powerstroke/study/run/run.hpp"

#include <fmt/format.h>
#include <sys/sysinfo.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/snapshot_strokes.hpp"
#include "powerstroke/kernels/waiting_time_strokes.hpp"
#include "powerstroke/study/phase/run.hpp"
#include "powerstroke/study/result/provenance.hpp"
#include "powerstroke/study/run/after_last_step.hpp"
#include "powerstroke/study/run/particles.hpp"
#include "powerstroke/study/run/parts.hpp"
#include "powerstroke/study/run/problem.hpp"
#include "powerstroke/study/run/stroke_kernel.hpp"

namespace powerstroke::study {
namespace {

/// Refuses what the machine cannot hold before its memory runs out: then the system may end this
/// program, or another.
void check_memory(const Config& config, parallel::Ranks ranks) {
  struct sysinfo machine = {};
  if (::sysinfo(&machine) != 0) return;
  const double has = static_cast<double>(machine.totalram + machine.totalswap) * machine.mem_unit;
  const double particles =
      static_cast<double>(config.ensemble.particles) / dividing(config, ranks).size();
  const auto each = static_cast<double>(bytes_per_particle(config));
  if (particles * each <= has) return;
  constexpr double gibibyte = 1024.0 * 1024.0 * 1024.0;
  throw ConfigError(fmt::format(
      "ensemble.particles: {:g} particles take {:.3g} GiB at {:g} bytes each, and this machine has "
      "{:.3g}; "
      "allowed: at most {:.3g} here",
      particles, particles * each / gibibyte, each, has / gibibyte, std::floor(has / each)));
}

template <class Kernel>
Strokes by(Kernel kernel) {
  return [kernel](Ensemble& any, double t, double dt, StepClock& clock, Ledger& ledger) mutable {
    std::visit([&](auto& ensemble) { kernel.advance(ensemble, t, dt, clock, ledger); }, any);
  };
}

/// One transition at constant rates, which every ensemble stands on a ladder of.
Strokes from_snapshot_to_snapshot(const laws::StrokeLaw& law, std::uint64_t seed) {
  return [kernel = SnapshotStrokes(law.transitions.front(), seed)](
             Ensemble& any, double t, double dt, StepClock& clock, Ledger& ledger) mutable {
    kernel.advance(std::get<LadderEnsemble>(any), t, dt, clock, ledger);
  };
}

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Sides sides(const Config& config, const Ledger& so_far) {
  const StrokesConfig& strokes = *config.strokes;
  if (strokes.timing == Timing::waiting_times && given_rates(config))
    return {by(WaitingTimeStrokes(strokes.law, config.seed)), config};
  if (strokes.timing == Timing::snapshots && given_rates(config))
    return {from_snapshot_to_snapshot(strokes.law, config.seed), config};
  return {std::visit([](auto kernel) { return by(std::move(kernel)); },
                     stroke_kernel(strokes, config.seed, so_far)),
          config};
}

namespace {

/// What the equation says of these particles; of particles that have none, or whose equation fails,
/// what can be said without it.
EquationResult solve_for(const ParticleRun& particles, std::optional<EquationPath> path,
                         const Config& config, const Config& equation,
                         const std::function<void()>& before_each) {
  if (!path) return without_ladder(config, particles);
  try {
    return solve_equation(std::move(*path), equation, &particles, before_each);
  } catch (const NumericsError& error) {
    return failed_equation(config, particles, error.what());
  }
}

/// Finishes the simulation, solves, compares.
RunResult finish(ParticleSimulation& simulation, const Config& config, const Sides& sides,
                 const Progress& progress, Keeper* checkpoints, const Publish& publish,
                 parallel::Ranks ranks) {
  RunResult result;
  result.config = config;
  result.provenance = provenance();
  std::optional<EquationPath>
      path;  // made before hours of simulation, if the equation's grid is impossible
  const bool first_rank = ranks.is_first();  // the others have particles alone
  if (config.strokes->on_ladder() && first_rank) path.emplace(sides.equation, true);
  const auto start = Clock::now();
  simulation.finish(sides.strokes, progress, checkpoints);
  Performance& performance = result.performance;
  performance.wall_s = checkpoints != nullptr ? checkpoints->wall_s() : seconds_since(start);
  performance.strokes = simulation.ledger().strokes();
  performance.strokes_per_s =
      static_cast<double>(performance.strokes) / std::max(performance.wall_s, 1e-9);
  performance.threads = parallel::threads() * ranks.size();
  performance.steps = simulation.ledger().steps;
  const auto save = [&](const Archive& state) { simulation.save(state); };
  // Later the first rank is alone, and could not write what the others have.
  constexpr double worth_keeping_s = 1.0;
  if (checkpoints != nullptr && ranks.are_several() &&
      ranks.from_first(performance.wall_s > worth_keeping_s ? 1 : 0) != 0)
    checkpoints->keep(save, [&] { simulation.collect(); });
  performance.bytes_per_particle = bytes_per_particle(config);
  const ParticleRun& particles = simulation.seen();
  result.has_particles = true;
  result.quantities = particles.quantities;
  result.series = particles.series;
  result.histograms = histograms(config, particles.snapshots);
  if (!first_rank) return result;
  const auto before_each = [&] {
    if (checkpoints != nullptr && !ranks.are_several())
      checkpoints->offer(1.0, save, [&] { simulation.collect(); });
    if (progress) progress(1.0, performance.strokes);
  };
  const auto finished = [&] {
    EquationResult equation =
        solve_for(particles, std::move(path), config, sides.equation, before_each);
    result.comparison = judge(config, particles, equation);
    result.quantities = std::move(equation.quantities);
    result.solution = std::move(equation.solution);
    performance.peak_memory_bytes = peak_memory();
    if (publish) publish(result);
  };
  if (checkpoints == nullptr)
    finished();
  else
    or_keep(*checkpoints, save, finished);
  return result;
}

/// A state that can be saved at any time but within `work`. Asked to stop, `work` ends with a
/// checkpoint.
template <class Simulation, class Work>
RunResult stoppable(Simulation& simulation, Keeper* checkpoints, const Work& work) {
  try {
    return work();
  } catch (const AskedToStop&) {
    if (checkpoints == nullptr) throw;
    simulation.collect();
    checkpoints->leave(simulation.fraction(),
                       [&](const Archive& state) { simulation.save(state); });
    throw;  // never reached; compilers do not see that through a virtual function
  }
}

}  // namespace

RunResult run(const Config& config, const Progress& progress, Keeper* checkpoints,
              const Publish& publish, parallel::Ranks ranks) {
  check_memory(config, ranks);
  if (config.phase_space) {
    if (ranks.are_several())
      throw ConfigError(
          "phase_space: particles with positions are not divided among MPI processes; run it in "
          "one");
    return run_phase_space(config, progress, checkpoints, publish);
  }
  ParticleSimulation simulation(config, ranks);
  if (checkpoints != nullptr)
    checkpoints->restore([&](const Archive& state) { simulation.restore(state); });
  return stoppable(simulation, checkpoints, [&] {
    return finish(simulation, config, sides(config, simulation.ledger()), progress, checkpoints,
                  publish, ranks);
  });
}

RunResult run(const Config& config, const Sides& sides, const Progress& progress) {
  ParticleSimulation simulation(config);
  return finish(simulation, config, sides, progress, nullptr, {}, {});
}

RunResult solve(const Config& config) {
  if (config.phase_space)
    throw ConfigError(
        "phase_space: there is no master equation of positions and momenta to solve; \"powerstroke "
        "run\" "
        "simulates them");
  if (!config.strokes->on_ladder())
    throw ConfigError(
        "strokes.transitions: the delta_e are incommensurate, so that there is no ladder and no "
        "master equation to solve on "
        "it; \"powerstroke run\" simulates them, and holds the end against the stationary law");
  RunResult result;
  result.config = config;
  result.provenance = provenance();
  const auto start = Clock::now();
  result.histograms.edges = bin_grid(config).edges();
  EquationResult equation = solve_equation(EquationPath(config, false), config, nullptr);
  result.quantities = std::move(equation.quantities);
  result.solution = std::move(equation.solution);
  result.comparison.stationary = std::move(equation.stationary);
  result.comparison.why = {Remark::Kind::no_particles};
  result.performance.wall_s = seconds_since(start);
  result.performance.peak_memory_bytes = peak_memory();
  return result;
}

}  // namespace powerstroke::study
