#include "powerstroke/io/phase/run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/phase/judge.hpp"
#include "powerstroke/io/phase/observe.hpp"
#include "powerstroke/io/phase/setup.hpp"
#include "powerstroke/io/result/h5md.hpp"
#include "powerstroke/io/result/provenance.hpp"

namespace powerstroke::io {
namespace {

/// Frames of a trajectory at equal times, from 0 on.
class Frames {
 public:
  Frames(const Config& config, const PhaseSetup& setup, const std::filesystem::path& path)
      : every_(config.phase_space->trajectory->every), writer_(path, layout(config, setup.ensemble)) {}

  /// The time of the next one.
  double next() const { return static_cast<double>(written_) * every_; }
  void write(const PhaseEnsemble& ensemble) {
    writer_.append(written_, next(), ensemble);
    ++written_;
  }
  void close() { writer_.close(); }

 private:
  static H5mdLayout layout(const Config& config, const PhaseEnsemble& ensemble) {
    H5mdLayout layout;
    layout.dimension = config.ensemble.dimension;
    for (std::size_t k = 0; k < ensemble.species(); ++k)
      layout.species.push_back({ensemble.last(k) - ensemble.first(k), ensemble.mass(k)});
    layout.box = config.phase_space->box;
    layout.most_particles = config.phase_space->trajectory->particles;
    layout.units = config.units;
    layout.title = config.title;
    layout.provenance = provenance();
    return layout;
  }

  double every_;
  std::uint64_t written_ = 0;
  H5mdWriter writer_;
};

/// Progress of one side among several.
struct Share {
  const Progress& report;
  double done, of;

  void operator()(double fraction, std::uint64_t strokes) const {
    if (report) report(std::min(1.0, (done + fraction) / of), strokes);
  }
};

/// How many calls of the split a run reports its progress after, at least.
constexpr double reports = 200.0;

void simulate_side(const Config& config, PhaseSetup& setup, PhaseObserver& observer, Frames* frames, StepClock& clock,
                   const Share& progress) {
  const PhaseConfig& phase = *config.phase_space;
  const double end = config.snapshots.back();
  const double stretch = phase.step * std::max(1.0, std::ceil(end / phase.step / reports));
  Ledger ledger;
  double now = 0.0;
  for (const double t : config.snapshots) {
    while (now < t) {
      if (frames != nullptr && frames->next() <= now) frames->write(setup.ensemble);
      double until = std::min(t, now + stretch);
      if (t - until < 0.5 * phase.step) until = t;  // no crumb of a step is left
      if (frames != nullptr) until = std::min(until, frames->next());
      setup.split.advance(setup.ensemble, now, until - now, clock, ledger);
      now = until;
      progress(now / end, ledger.strokes());
    }
    observer.look(t, setup, ledger);
    if (phase.reverse_at && t == *phase.reverse_at) setup.ensemble.reverse();
  }
  if (frames != nullptr && frames->next() <= now) frames->write(setup.ensemble);
  observer.finish(end, setup);
}

}  // namespace

RunResult run_phase_space(const Config& config, const std::optional<std::filesystem::path>& trajectory,
                          const Progress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  RunResult result;
  result.config = config;
  result.provenance = provenance();
  result.phase_space.emplace();
  std::vector<PhaseSetup> setups = phase_setups(config);
  std::vector<PhaseObserver> observers;
  StepClock clock;
  for (std::size_t k = 0; k < setups.size(); ++k) {
    observers.emplace_back(config, setups[k]);
    std::optional<Frames> frames;
    if (k == 0 && trajectory && config.phase_space->trajectory) frames.emplace(config, setups[k], *trajectory);
    simulate_side(config, setups[k], observers[k], frames ? &*frames : nullptr, clock,
                  {progress, static_cast<double>(k), static_cast<double>(setups.size())});
    if (frames) frames->close();
    result.phase_space->sides.push_back(std::move(observers[k].side));
  }
  result.has_particles = true;
  result.series = observers.front().series;
  result.histograms = observers.front().histograms;
  judge_phase_space(setups, observers, result);
  Performance& performance = result.performance;
  performance.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (const PhaseObserver& observer : observers) {
    performance.strokes += observer.ledger.strokes();
    performance.steps += observer.ledger.steps;
  }
  performance.strokes_per_s = static_cast<double>(performance.strokes) / std::max(performance.wall_s, 1e-9);
  performance.threads = parallel::threads();
  performance.bytes_per_particle = static_cast<std::uint64_t>(config.ensemble.dimension) * 16 + 8;
  return result;
}

}  // namespace powerstroke::io
