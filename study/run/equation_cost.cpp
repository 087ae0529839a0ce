#include "powerstroke/study/run/equation_cost.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "powerstroke/analysis/theory/stationary.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/study/run/parts.hpp"
#include "powerstroke/study/run/probe.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {
namespace {

/// As many of each kind as the start expects: tests of them take as long as tests of a sample.
analysis::Snapshot expected_snapshot(const Config& config, const EquationPath& path) {
  analysis::Snapshot snapshot;
  snapshot.particles = config.ensemble.particles;
  const auto counts = [&](const std::vector<double>& probabilities) {
    std::vector<std::uint64_t> result;
    std::uint64_t left = snapshot.particles;
    for (const double p : probabilities) {
      const double expected = std::floor(p * static_cast<double>(snapshot.particles));
      result.push_back(std::min(left, static_cast<std::uint64_t>(std::max(0.0, expected))));
      left -= result.back();
    }
    if (!result.empty()) result.back() += left;
    return result;
  };
  snapshot.bins = counts(path.bin_probabilities());
  snapshot.levels = counts(path.level_probabilities());
  return snapshot;
}

/// One snapshot, as a run that has gone so far sees it.
ParticleRun expected_run(const Config& config, const EquationPath& path) {
  ParticleRun run{{expected_snapshot(config, path)}, {}, empty_quantities(), {}};
  const std::vector<double> unknown(1, std::nan(""));
  for (Quantity& quantity : run.quantities) quantity.values = quantity.errors = unknown;
  return run;
}

std::string why_no_stationary_test(const Config& config, const EquationPath& path,
                                   const StationaryState& state) {
  if (!state.beta || !config.compare_stationary) return {};
  try {
    theory::stationary_populations(path.start(), path.equation().law(), *state.beta);
  } catch (const NumericsError& error) {
    return error.what();
  }
  return {};
}

/// Follows a solver from snapshot to snapshot for so many seconds of this thread, and what the
/// whole way takes: what is left of it goes on like the later half of what was seen.
class Watched {
 public:
  Watched(double seconds, const std::vector<double>& snapshots)
      : most_(seconds), snapshots_(snapshots) {}

  /// @param time that it has come to, inside of an `advance`, too. @param amount that it took so
  /// far. @param look returns seconds which count as spent, at each snapshot but the last.
  void follow(
      const std::function<double()>& time, const std::function<double()>& amount,
      const std::function<void(double)>& advance,
      const std::function<double()>& look = [] { return 0.0; }) {
    double looking = 0.0;
    begin_ = amount();
    const auto self = std::this_thread::get_id();
    const auto is_over = [&] {
      if (std::this_thread::get_id() != self)
        return false;  // its own clock, and it does not see the time
      seen_.push_back({time(), amount() - begin_});
      return seconds() + looking > most_;
    };
    for (std::size_t k = 0; k < snapshots_.size() && !is_over(); ++k) {
      watch_ = Stopwatch();
      try {
        const StopCheck stop(is_over);
        advance(snapshots_[k]);
      } catch (const AskedToStop&) {
      }
      before_ = seconds();
      watch_ = {};
      if (time() < snapshots_[k]) break;
      is_whole_ = k + 1 == snapshots_.size();
      if (!is_whole_) looking += look();
    }
    check_stop();  // whoever wanted that of all of it
    seen_.push_back({time(), amount() - begin_});
  }

  bool is_whole() const { return is_whole_; }
  /// Of advances.
  double seconds() const { return before_ + (watch_ ? watch_->seconds() : 0.0); }
  /// The amount that the whole way takes.
  double in_all() const {
    if (seen_.empty()) return 0.0;
    const Seen now = seen_.back();
    if (is_whole_ || now.time <= 0.0) return now.amount;
    Seen middle = seen_.front();
    for (const Seen& each : seen_)
      if (each.amount <= 0.5 * now.amount && each.time < now.time) middle = each;
    return now.amount +
           (now.amount - middle.amount) / (now.time - middle.time) * (snapshots_.back() - now.time);
  }

 private:
  struct Seen {
    double time, amount;
  };

  double most_;
  const std::vector<double>& snapshots_;
  std::vector<Seen> seen_;
  std::optional<Stopwatch> watch_;
  double before_ = 0.0, begin_ = 0.0;
  bool is_whole_ = false;
};

}  // namespace

double equation_bytes(double cells, bool shared) {
  // Runge, Kutta and Fehlberg's 13 stages, the state before and after, its error and slope, the
  // start and the populations; a series keeps the sum beside the start.
  constexpr double number = 8.0;
  return number * (shared ? 20.0 : 4.0) * cells;
}

EquationCost watch_equation(const Config& config, EquationPath& path) {
  EquationCost cost;
  const double end = config.snapshots.back();
  const bool shared = !given_rates(config);
  const double scatter_at_start = path.scatter_bytes();
  const StationaryState state = stationary_state(config, path.start());
  cost.no_stationary_test = why_no_stationary_test(config, path, state);
  const ParticleRun particles = expected_run(config, path);
  EquationResult before;
  before.quantities = particles.quantities;
  theory::MasterEquation alone = path.equation();
  EquationPath sketch = path;
  sketch.sketch();
  theory::MasterEquation sketch_of_equation = sketch.equation();
  const auto cells_at_start = static_cast<double>(alone.populations().mass.size());
  const auto thin_cells_at_start =
      static_cast<double>(sketch_of_equation.populations().mass.size());

  double looks = 0.0, looking = 0.0;
  // A state in which an `advance` was stopped on its way is none to look at.
  EquationPath at_start = path;
  const auto look = [&](EquationPath& arrived, bool is_last) {
    const Stopwatch watch;
    look_at_equation(arrived, config, 0, is_last, &particles, before);
    return watch.seconds();
  };
  // What fails here will fail in the run, which goes on without its equation.
  const auto note = [&](const NumericsError& error) {
    if (cost.no_comparison.empty()) cost.no_comparison = error.what();
  };
  const auto look_anyway = [&](EquationPath& arrived, bool is_last) {
    try {
      return look(arrived, is_last);
    } catch (const NumericsError& error) {
      note(error);
      return 0.0;
    }
  };
  const auto follow = [&](Watched& watched, const auto& time, const auto& amount,
                          const auto& advance) {
    try {
      watched.follow(time, amount, advance);
    } catch (const NumericsError& error) {
      note(error);
    }
  };
  // As the run does it, for a while.
  constexpr double for_all = 0.4, for_equation = 0.2, for_scatter = 0.25;  // seconds
  Watched whole(for_all, config.snapshots);
  try {
    whole.follow([&] { return path.equation().time(); }, [&] { return whole.seconds(); },
                 [&](double t) { path.advance(t); },
                 [&] {
                   const double seconds = look_anyway(path, false);
                   looking += seconds;
                   looks += 1.0;
                   return seconds;
                 });
  } catch (const NumericsError& error) {
    note(error);
  }
  const double at_end = look_anyway(whole.is_whole() ? path : at_start, true);
  const double each = looks > 0.0 ? looking / looks : at_end, last = std::max(at_end, each);
  cost.seconds = each * (static_cast<double>(config.snapshots.size()) - 1.0) + last;
  double scatter_at_end = path.scatter_bytes();
  const theory::MasterEquation* farthest = &path.equation();
  if (whole.is_whole()) {
    cost.seconds += whole.seconds();
  } else {
    // Then each of the two as far as it comes without the other: both slow down, or need less, as
    // they come to rest.
    const bool has_scatter = scatter_at_start > 0.0;
    Watched equation(for_equation, config.snapshots);
    follow(
        equation, [&] { return alone.time(); }, [&] { return alone.work(); },
        [&](double t) { alone.advance(t); });
    farthest = &alone;
    double work = equation.in_all();
    if (!equation.is_whole() && shared) {
      Watched thin(for_equation, config.snapshots);
      follow(
          thin, [&] { return sketch_of_equation.time(); },
          [&] { return sketch_of_equation.work(); },
          [&](double t) { sketch_of_equation.advance(t); });
      work = std::max(alone.work(), thin.in_all() * cells_at_start / thin_cells_at_start);
    }
    if (alone.work() > 0.0) cost.seconds += equation.seconds() / alone.work() * work;
    if (has_scatter) {
      Watched scatter(for_scatter, config.snapshots);
      follow(
          scatter, [&] { return sketch.scatter_time(); },
          [&] { return sketch.scatter_operations(); }, [&](double t) { sketch.advance(t); });
      const double operations = path.scatter_operations();
      if (operations > 0.0)
        cost.seconds +=
            path.scatter_seconds() / operations * std::max(operations, scatter.in_all());
      scatter_at_end = sketch.scatter_bytes();
    }
  }
  cost.strokes = farthest->strokes();
  for (std::size_t k = 0; farthest->time() < end && k < config.strokes->law.transitions.size();
       ++k) {
    const laws::RatePair rates = farthest->rates(k);
    const laws::MeanFactors mean = farthest->mean_factors(k);
    cost.strokes += (rates.up * mean.uptake + rates.down * mean.release) * (end - farthest->time());
  }
  // A scatter that was given up on the way had its matrices, and no stages.
  constexpr double without_stages = 0.15;
  cost.bytes = equation_bytes(static_cast<double>(farthest->populations().mass.size()), shared) +
               (scatter_at_end > 0.0 ? scatter_at_end : without_stages * scatter_at_start);
  return cost;
}

}  // namespace powerstroke::study
