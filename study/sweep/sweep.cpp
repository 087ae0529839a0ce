#include "powerstroke/study/sweep/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <numeric>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/parallel/tasks.hpp"
#include "powerstroke/study/result/provenance.hpp"

namespace powerstroke::study {
namespace {

/// The progress of all runs together, told from any thread.
class CommonProgress {
 public:
  CommonProgress(std::size_t runs, const Progress& told)
      : fractions_(runs, 0.0), strokes_(runs, 0), told_(told) {}
  void operator()(std::size_t run, double fraction, std::uint64_t strokes) {
    if (!told_) return;
    const std::lock_guard lock(mutex_);
    fractions_[run] = fraction;
    strokes_[run] = strokes;
    told_(std::accumulate(fractions_.begin(), fractions_.end(), 0.0) /
              static_cast<double>(fractions_.size()),
          std::accumulate(strokes_.begin(), strokes_.end(), std::uint64_t{0}));
  }

 private:
  std::mutex mutex_;
  std::vector<double> fractions_;
  std::vector<std::uint64_t> strokes_;
  const Progress& told_;
};

int runs_at_once(const SweepPlan& plan) {
  std::uint64_t particles = 0;
  for (const PlannedRun& run : plan.runs)
    particles = std::max(particles, run.config.ensemble.particles);
  const int at_once = parallel::tasks_at_once(
      plan.runs.size(),
      static_cast<int>(std::min<std::uint64_t>(parallel::blocks(particles), 1024)));
  constexpr std::uint64_t most_particles =
      std::uint64_t{1} << 26U;  // side by side they would take a gigabyte and more
  return particles * static_cast<std::uint64_t>(at_once) <= most_particles ? at_once : 1;
}

std::string named(const SweepPlan& plan, std::size_t run) {
  std::string text;
  for (std::size_t i = 0; i < plan.over.size(); ++i)
    text +=
        fmt::format("{}{} = {}", i == 0 ? "" : ", ", plan.over[i].path, plan.runs[run].values[i]);
  return text;
}

}  // namespace

std::string run_number(std::size_t index, std::size_t runs) {
  return fmt::format("{:0{}}", index + 1, std::max<std::size_t>(2, fmt::format("{}", runs).size()));
}

Sweep run_sweep(const SweepPlan& plan, bool keep_results, const Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const std::size_t runs = plan.runs.size();
  Sweep sweep;
  sweep.over = plan.over;
  sweep.first = plan.runs.front().config;
  sweep.provenance = provenance();
  sweep.threads = parallel::threads();
  sweep.at_once = runs_at_once(plan);
  sweep.rows.resize(runs);
  sweep.results.resize(keep_results ? runs : 0);
  CommonProgress common(runs, progress);
  parallel::for_each_task(runs, sweep.at_once, [&](std::size_t index) {
    const PlannedRun& planned = plan.runs[index];
    try {
      RunResult result = run(planned.config, [&](double fraction, std::uint64_t strokes) {
        common(index, fraction, strokes);
      });
      sweep.rows[index] = sweep_row(planned.values, result);
      if (keep_results) sweep.results[index] = std::move(result);
    } catch (const NumericsError& error) {
      throw NumericsError(
          fmt::format("run {} of {}, {}: {}", index + 1, runs, named(plan, index), error.what()));
    }
  });
  fit_sweep(plan, sweep.rows, sweep.fits, sweep.notes);
  sweep.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return sweep;
}

}  // namespace powerstroke::study
