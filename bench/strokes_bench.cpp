#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/elastic_collisions.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/langevin_bath.hpp"
#include "powerstroke/kernels/pair_strokes.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/snapshot_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "powerstroke/kernels/waiting_time_strokes.hpp"
#include "scalar_baseline.hpp"

/// Strokes per second of each kernel, steps of a particle in phase space, or collisions, beside the
/// scalar loop that does the same physics: one process, repetitions in random order, so that a
/// noisy machine slows both. The task: n0 = 5, w+ = 0.5, w- = 1; under (8) the relaxation example;
/// in phase space d = 3, a double well and steps of 0.01. All on one thread unless said.
namespace powerstroke::bench {
namespace {

constexpr std::size_t particles = 1'000'000, phase_particles = 200'000;
constexpr double rate_up = 0.5, rate_down = 1.0;
const char* const per_second = "events/s";

LadderEnsemble start() {
  LadderEnsemble ensemble(1.0, particles);
  for (std::size_t i = 0; i < particles; ++i) ensemble.set_energy(i, 5.5);
  return ensemble;
}

/// Moves `advances` times by `dt` from a fresh start, untimed, and reports strokes per second.
template <class Kernel>
void time_kernel(benchmark::State& state, Kernel kernel, int advances, double dt, int threads) {
  const parallel::Threads scope(threads);
  StepClock clock;
  Ledger ledger;
  for (auto _ : state) {
    state.PauseTiming();
    LadderEnsemble ensemble = start();
    state.ResumeTiming();
    for (int i = 0; i < advances; ++i) kernel.advance(ensemble, i * dt, dt, clock, ledger);
    benchmark::DoNotOptimize(ensemble.levels().data());
  }
  state.counters[per_second] =
      benchmark::Counter(static_cast<double>(ledger.strokes()), benchmark::Counter::kIsRate);
}

template <class Loop>
void time_scalar(benchmark::State& state, Loop&& loop) {
  std::mt19937_64 random(1);
  std::uint64_t strokes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<int> levels(particles, 5);
    state.ResumeTiming();
    strokes += loop(levels, random);
    benchmark::DoNotOptimize(levels.data());
  }
  state.counters[per_second] =
      benchmark::Counter(static_cast<double>(strokes), benchmark::Counter::kIsRate);
}

const laws::Transition fixed_rates{1.0, rate_up, rate_down};

/// As many steps as the kernel takes for this task, so that both do the same work.
int steps_of_conserving() {
  static const int steps = [] {
    LadderEnsemble ensemble = start();
    StepClock clock;
    Ledger ledger;
    ConservingStrokes(1.0, rate_down, 1).advance(ensemble, 0.0, 100.0, clock, ledger);
    return static_cast<int>(ledger.steps);
  }();
  return steps;
}

void scalar_fixed(benchmark::State& state) {
  time_scalar(state, [](auto& levels, auto& random) {
    return scalar_fixed_strokes(levels, rate_up, rate_down, 100.0, random);
  });
}
void scalar_conserving(benchmark::State& state) {
  const int steps = steps_of_conserving();
  time_scalar(state, [steps](auto& levels, auto& random) {
    return scalar_conserving_strokes(levels, rate_down, 100.0, steps, random);
  });
}
void uniformization(benchmark::State& state) {
  time_kernel(state, PoissonStrokes(fixed_rates, 1), 1, 100.0, 1);
}
void uniformization_two_threads(benchmark::State& state) {
  time_kernel(state, PoissonStrokes(fixed_rates, 1), 1, 100.0, 2);
}
void uniformization_100_snapshots(benchmark::State& state) {
  time_kernel(state, PoissonStrokes(fixed_rates, 1), 100, 1.0, 1);
}
void waiting_times(benchmark::State& state) {
  time_kernel(state, WaitingTimeStrokes(fixed_rates, 1), 1, 100.0, 1);
}
void conserving(benchmark::State& state) {
  time_kernel(state, ConservingStrokes(1.0, rate_down, 1), 1, 100.0, 1);
}
void conserving_two_threads(benchmark::State& state) {
  time_kernel(state, ConservingStrokes(1.0, rate_down, 1), 1, 100.0, 2);
}

laws::StrokeLaw shaped_law() {
  laws::StrokeLaw law;
  law.transitions = {fixed_rates};
  law.rates = laws::Microreversible(3);
  return law;
}

void scalar_microreversible(benchmark::State& state) {
  time_scalar(state, [](auto& levels, auto& random) {
    return scalar_microreversible_strokes(levels, rate_up, rate_down, 100.0, random);
  });
}
void shaped(benchmark::State& state) {
  time_kernel(state, PoissonStrokes(shaped_law(), 1), 1, 100.0, 1);
}
void shaped_two_threads(benchmark::State& state) {
  time_kernel(state, PoissonStrokes(shaped_law(), 1), 1, 100.0, 2);
}
/// A rigid rotor's first eight lines, 1 ... 8 levels, at T = 4.
laws::StrokeLaw eight_lines() {
  laws::StrokeLaw law;
  for (int k = 1; k <= 8; ++k)
    law.transitions.push_back(
        {static_cast<double>(k), laws::thermal_rate_up(rate_down, k, 4.0), rate_down});
  return law;
}

void scalar_lines(benchmark::State& state) {
  std::vector<ScalarLine> lines;
  for (const laws::Transition& one : eight_lines().transitions)
    lines.push_back({static_cast<int>(one.delta_e), one.rate_up, one.rate_down});
  time_scalar(state, [&](auto& levels, auto& random) {
    return scalar_line_strokes(levels, lines, 10.0, random);
  });
}
void lines(benchmark::State& state) {
  time_kernel(state, PoissonStrokes(eight_lines(), 1), 1, 10.0, 1);
}
void lines_two_threads(benchmark::State& state) {
  time_kernel(state, PoissonStrokes(eight_lines(), 1), 1, 10.0, 2);
}

/// Particles with exponential energies, more than any cache holds.
constexpr std::size_t many_particles = 10'000'000;
const LadderEnsemble& spread_ensemble() {
  static const LadderEnsemble ensemble = [] {
    LadderEnsemble some(1.0, many_particles);
    std::mt19937_64 random(1);
    for (std::size_t i = 0; i < some.size(); ++i)
      some.set_energy(i, -2.0 * std::log((static_cast<double>(random() >> 11) + 0.5) * 0x1p-53));
    return some;
  }();
  return ensemble;
}

void time_reading(benchmark::State& state, const std::function<void(const LadderView&)>& read) {
  const LadderView view = spread_ensemble().view();
  const parallel::Threads one_thread(1);
  for (auto _ : state) read(view);
  state.counters[per_second] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(many_particles),
      benchmark::Counter::kIsRate);
}

/// Reads offsets and levels once, and adds them up.
void read_state(benchmark::State& state) {
  time_reading(state, [](const LadderView& view) {
    std::array<double, 32> offsets{};
    std::int64_t levels = 0;
    for (std::size_t i = 0; i + offsets.size() <= view.size(); i += offsets.size()) {
      for (std::size_t k = 0; k < offsets.size(); ++k) offsets[k] += view.offset[i + k];
      for (std::size_t k = 0; k < offsets.size(); ++k) levels += view.level[i + k];
    }
    benchmark::DoNotOptimize(offsets);
    benchmark::DoNotOptimize(levels);
  });
}

/// All that a run wants to know at a snapshot.
void snapshot(benchmark::State& state) {
  time_reading(state, [](const LadderView& view) {
    const analysis::BinGrid grid{40.0, 800};
    const auto all = parallel::sum_over_blocks<analysis::Snapshot>(
        view.size(), [&](std::size_t first, std::size_t last) {
          return analysis::gather(view.part(first, last), grid);
        });
    benchmark::DoNotOptimize(analysis::histogram_entropy(all, grid));
  });
}

/// Ten snapshots of an ensemble near its stationary state, so many strokes of a particle apart.
void time_snapshots(benchmark::State& state, double strokes) {
  const parallel::Threads one_thread(1);
  SnapshotStrokes kernel(fixed_rates, 1);
  StepClock clock;
  Ledger ledger;
  LadderEnsemble ensemble = start();
  constexpr double burn_in = 30.0;
  kernel.advance(ensemble, 0.0, burn_in, clock, ledger);
  const double dt = strokes / (2.0 * rate_up);
  kernel.advance(ensemble, 0.0, dt, clock, ledger);  // makes the table
  constexpr int snapshots = 10;
  for (auto _ : state)
    for (int k = 0; k < snapshots; ++k) kernel.advance(ensemble, 0.0, dt, clock, ledger);
  state.counters[per_second] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(particles) * snapshots,
      benchmark::Counter::kIsRate);
}
void snapshots_1_stroke(benchmark::State& state) { time_snapshots(state, 1.0); }
void snapshots_100_strokes(benchmark::State& state) { time_snapshots(state, 1e2); }
void snapshots_100000_strokes(benchmark::State& state) { time_snapshots(state, 1e5); }

void scalar_exchange(benchmark::State& state) {
  time_scalar(state, [](auto& levels, auto& random) {
    return scalar_exchange_strokes(levels, rate_down, 100.0, random);
  });
}
void exchange(benchmark::State& state) {
  time_kernel(state, ExchangeStrokes({{fixed_rates}}, 1), 1, 100.0, 1);
}
void bath(benchmark::State& state) {
  time_kernel(state, BathStrokes({{fixed_rates}}, particles, particles / 10, 1), 1, 100.0, 1);
}

constexpr int phase_steps = 100;
constexpr double step_length = 0.01;

void count_particle_steps(benchmark::State& state) {
  state.counters[per_second] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(phase_particles) * phase_steps,
      benchmark::Counter::kIsRate);
}

/// {first..., kick, flight, last...} for 100 steps.
void time_split(benchmark::State& state, std::vector<PhasePart> parts, int threads) {
  const parallel::Threads scope(threads);
  const PhaseSplit split(std::move(parts), step_length);
  StepClock clock;
  Ledger ledger;
  for (auto _ : state) {
    state.PauseTiming();
    PhaseEnsemble ensemble(3, {{phase_particles, 1.0}});
    for (int axis = 0; axis < 3; ++axis)
      for (std::size_t i = 0; i < phase_particles; ++i) {
        ensemble.positions(axis)[i] = 1.0 + 1e-6 * static_cast<double>(i);
        ensemble.momenta(axis)[i] = 1.0;
      }
    state.ResumeTiming();
    split.advance(ensemble, 0.0, phase_steps * step_length, clock, ledger);
    benchmark::DoNotOptimize(ensemble.positions(0).data());
  }
  count_particle_steps(state);
}

template <class Loop>
void time_scalar_phase(benchmark::State& state, Loop&& loop) {
  std::mt19937_64 random(1);
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<ScalarParticle> gas(phase_particles);
    for (std::size_t i = 0; i < phase_particles; ++i) {
      const double x = 1.0 + 1e-6 * static_cast<double>(i);
      gas[i] = {{x, x, x}, {1.0, 1.0, 1.0}};
    }
    state.ResumeTiming();
    loop(gas, random);
    benchmark::DoNotOptimize(gas.data());
  }
  count_particle_steps(state);
}

template <class K>
PhasePart part_of(K kernel) {
  return phase_part(std::move(kernel));
}
const laws::DoubleWell well{1.0, 1.0};

void scalar_drift(benchmark::State& state) {
  time_scalar_phase(state, [](auto& gas, auto&) { scalar_verlet(gas, step_length, phase_steps); });
}
void scalar_langevin(benchmark::State& state) {
  time_scalar_phase(
      state, [](auto& gas, auto& random) { scalar_baoab(gas, step_length, phase_steps, random); });
}
void drift(benchmark::State& state) {
  time_split(state, {part_of(Kick(well)), part_of(Flight())}, 1);
}
void drift_two_threads(benchmark::State& state) {
  time_split(state, {part_of(Kick(well)), part_of(Flight())}, 2);
}
void langevin(benchmark::State& state) {
  time_split(state, {part_of(Kick(well)), part_of(Flight()), part_of(LangevinBath(1.0, 1.0, 1))},
             1);
}
void strokes_and_drift(benchmark::State& state) {
  time_split(state,
             {part_of(SpeciesKernel(PoissonStrokes(shaped_law(), 1), 0)), part_of(Kick(well)),
              part_of(Flight())},
             1);
}

/// More particles than any cache holds, in a harmonic well, with steps of 0.02; 50 of them.
constexpr std::size_t cloud_particles = 2'000'000;
constexpr int cloud_steps = 50;
constexpr double cloud_step = 0.02;

PhaseEnsemble cloud() {
  PhaseEnsemble ensemble(3, {{cloud_particles, 1.0}});
  for (int axis = 0; axis < 3; ++axis)
    for (std::size_t i = 0; i < cloud_particles; ++i) {
      ensemble.positions(axis)[i] = 1.0 - 1e-6 * static_cast<double>(i);
      ensemble.momenta(axis)[i] = 1.0;
    }
  return ensemble;
}

void count_cloud_steps(benchmark::State& state) {
  state.counters[per_second] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(cloud_particles) * cloud_steps,
      benchmark::Counter::kIsRate);
}

/// The limit of a pass over memory each step: every position and momentum read and written once.
void memory_passes(benchmark::State& state) {
  PhaseEnsemble ensemble = cloud();
  for (auto _ : state)
    for (int step = 0; step < cloud_steps; ++step)
      for (int axis = 0; axis < 3; ++axis) {
        for (double& x : ensemble.positions(axis)) x = 1.0 - x;
        for (double& p : ensemble.momenta(axis)) p = 1.0 - p;
        benchmark::ClobberMemory();
      }
  count_cloud_steps(state);
}

void time_cloud(benchmark::State& state, const std::vector<PhasePart>& parts, int threads) {
  const parallel::Threads scope(threads);
  const PhaseSplit split(parts, cloud_step);
  StepClock clock;
  Ledger ledger;
  PhaseEnsemble ensemble = cloud();
  for (auto _ : state) split.advance(ensemble, 0.0, cloud_steps * cloud_step, clock, ledger);
  count_cloud_steps(state);
}

std::vector<PhasePart> cloud_parts(bool strokes) {
  std::vector<PhasePart> parts = {part_of(Kick(laws::Harmonic{1.0, 0.0})), part_of(Flight())};
  if (strokes)
    parts.insert(parts.begin(), part_of(SpeciesKernel(PoissonStrokes(shaped_law(), 1), 0)));
  return parts;
}
void cloud_drift(benchmark::State& state) { time_cloud(state, cloud_parts(false), 1); }
void cloud_drift_two_threads(benchmark::State& state) { time_cloud(state, cloud_parts(false), 2); }
void cloud_strokes(benchmark::State& state) { time_cloud(state, cloud_parts(true), 1); }
void cloud_strokes_two_threads(benchmark::State& state) { time_cloud(state, cloud_parts(true), 2); }

/// Hard spheres at T = 1 of which each collides four times per unit time: a Maxwellian gas, and how
/// its momenta come about is not timed.
constexpr double cross_section = 1.0 / std::numbers::inv_sqrtpi;

std::vector<std::array<double, 3>> maxwellian_velocities() {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  std::vector<std::array<double, 3>> velocities(phase_particles);
  for (auto& v : velocities)
    for (double& component : v) component = normal(random);
  return velocities;
}

void report_collisions(benchmark::State& state, std::uint64_t collisions,
                       std::uint64_t candidates) {
  state.counters[per_second] =
      benchmark::Counter(static_cast<double>(collisions), benchmark::Counter::kIsRate);
  state.counters["candidates/s"] =
      benchmark::Counter(static_cast<double>(candidates), benchmark::Counter::kIsRate);
}

void scalar_collisions(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::uint64_t collisions = 0, candidates = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::array<double, 3>> velocities = maxwellian_velocities();
    double largest_speed = 6.0;
    state.ResumeTiming();
    const ScalarCollisions done =
        scalar_no_time_counter(velocities, 1.0, cross_section, 2.0, 20, largest_speed, random);
    collisions += done.collisions;
    candidates += done.candidates;
    benchmark::DoNotOptimize(velocities.data());
  }
  report_collisions(state, collisions, candidates);
}

void elastic_collisions(benchmark::State& state) {
  const ElasticCollisions kernel({{std::sqrt(cross_section / std::numbers::pi)}}, 1.0, 1);
  StepClock clock;
  Ledger ledger;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<std::array<double, 3>> velocities = maxwellian_velocities();
    PhaseEnsemble gas(3, {{phase_particles, 1.0}});
    for (std::size_t i = 0; i < phase_particles; ++i)
      for (int axis = 0; axis < 3; ++axis)
        gas.momenta(axis)[i] = velocities[i][static_cast<std::size_t>(axis)];
    state.ResumeTiming();
    kernel.advance(gas, 0.0, 2.0, clock, ledger);
    benchmark::DoNotOptimize(gas.momenta(0).data());
  }
  report_collisions(state, ledger.collisions, ledger.collision_candidates);
}

struct Row {
  const char* name;
  void (*function)(benchmark::State&);
  const char* baseline;
};
constexpr Row rows[] = {
    {"scalar_fixed", scalar_fixed, "scalar_fixed"},
    {"scalar_conserving", scalar_conserving, "scalar_conserving"},
    {"uniformization", uniformization, "scalar_fixed"},
    {"uniformization_100_snapshots", uniformization_100_snapshots, "scalar_fixed"},
    {"uniformization_two_threads", uniformization_two_threads, "uniformization"},
    {"waiting_times", waiting_times, "scalar_fixed"},
    {"conserving", conserving, "scalar_conserving"},
    {"conserving_two_threads", conserving_two_threads, "conserving"},
    {"scalar_microreversible", scalar_microreversible, "scalar_microreversible"},
    {"shaped", shaped, "scalar_microreversible"},
    {"shaped_two_threads", shaped_two_threads, "shaped"},
    {"scalar_lines", scalar_lines, "scalar_lines"},
    {"lines", lines, "scalar_lines"},
    {"lines_two_threads", lines_two_threads, "lines"},
    {"read_state", read_state, "read_state"},
    {"snapshot", snapshot, "read_state"},
    {"snapshots_1_stroke", snapshots_1_stroke, "snapshots_1_stroke"},
    {"snapshots_100_strokes", snapshots_100_strokes, "snapshots_1_stroke"},
    {"snapshots_100000_strokes", snapshots_100000_strokes, "snapshots_1_stroke"},
    {"scalar_exchange", scalar_exchange, "scalar_exchange"},
    {"exchange", exchange, "scalar_exchange"},
    {"bath", bath, "scalar_exchange"},
    {"scalar_drift", scalar_drift, "scalar_drift"},
    {"drift", drift, "scalar_drift"},
    {"drift_two_threads", drift_two_threads, "drift"},
    {"scalar_langevin", scalar_langevin, "scalar_langevin"},
    {"langevin", langevin, "scalar_langevin"},
    {"strokes_and_drift", strokes_and_drift, "drift"},
    {"memory_passes", memory_passes, "memory_passes"},
    {"cloud_drift", cloud_drift, "memory_passes"},
    {"cloud_drift_two_threads", cloud_drift_two_threads, "cloud_drift"},
    {"cloud_strokes", cloud_strokes, "cloud_drift"},
    {"cloud_strokes_two_threads", cloud_strokes_two_threads, "cloud_strokes"},
    {"scalar_collisions", scalar_collisions, "scalar_collisions"},
    {"elastic_collisions", elastic_collisions, "scalar_collisions"},
};

/// Google Benchmark's console table, and the events per second of every repetition for the ratios
/// below it.
class RatioReporter : public benchmark::ConsoleReporter {
 public:
  RatioReporter() : ConsoleReporter(OO_Tabular) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration)
        rates_[run.run_name.function_name].push_back(run.counters.at(per_second));
    ConsoleReporter::ReportRuns(runs);
  }
  double median(const std::string& name) const {
    std::vector<double> rates = rates_.at(name);
    std::nth_element(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2),
                     rates.end());
    return rates[rates.size() / 2];
  }
  bool has(const std::string& name) const { return rates_.contains(name); }

 private:
  std::map<std::string, std::vector<double>> rates_;
};

void print_ratios(const RatioReporter& reporter) {
  fmt::print("\n{:<32} {:>12}  {:>8}  {}\n", "kernel", per_second, "ratio", "to");
  for (const Row& row : rows)
    if (reporter.has(row.name) && reporter.has(row.baseline))
      fmt::print("{:<32} {:>12.3g}  {:>8.2f}  {}\n", row.name, reporter.median(row.name),
                 reporter.median(row.name) / reporter.median(row.baseline), row.baseline);
}

}  // namespace
}  // namespace powerstroke::bench

int main(int argc, char** argv) {
  using namespace powerstroke::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const Row& row : rows)
    benchmark::RegisterBenchmark(row.name, row.function)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->Repetitions(5)
        ->Iterations(1);
  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  print_ratios(reporter);
  benchmark::Shutdown();
  return 0;
}
