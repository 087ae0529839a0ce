#include "powerstroke/study/phase/run.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/study/phase/judge.hpp"
#include "powerstroke/study/phase/simulation.hpp"
#include "powerstroke/study/result/provenance.hpp"
#include "powerstroke/study/run/after_last_step.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {

RunResult run_phase_space(const Config& config, const Progress& progress, Keeper* checkpoints,
                          const Publish& publish) {
  const auto begin = std::chrono::steady_clock::now();
  PhaseSimulation simulation(config, checkpoints);
  simulation.finish(progress);
  const std::vector<PhaseObserver>& observers = simulation.observers();
  RunResult result;
  result.config = config;
  result.provenance = provenance();
  result.phase_space.emplace();
  for (const PhaseObserver& observer : observers)
    result.phase_space->sides.push_back(observer.side);
  result.has_particles = true;
  result.quantities = observers.front().quantities;
  result.series = observers.front().series;
  result.histograms = observers.front().histograms;
  Performance& performance = result.performance;
  performance.wall_s =
      checkpoints != nullptr
          ? checkpoints->wall_s()
          : std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (const PhaseObserver& observer : observers) {
    performance.strokes += observer.ledger.strokes();
    performance.steps += observer.ledger.steps;
  }
  performance.strokes_per_s =
      static_cast<double>(performance.strokes) / std::max(performance.wall_s, 1e-9);
  performance.threads = parallel::threads();
  performance.bytes_per_particle = bytes_per_particle(config);
  const auto finished = [&] {
    PhaseJudgement found = judge_phase_space(config, simulation.setups(), observers);
    result.phase_space->tests = std::move(found.tests);
    result.comparison = std::move(found.comparison);
    performance.peak_memory_bytes = peak_memory();
    if (publish) publish(result);
  };
  if (checkpoints == nullptr)
    finished();
  else
    or_keep(
        *checkpoints, [&](const Archive& state) { simulation.save(state); }, finished);
  return result;
}

}  // namespace powerstroke::study
