#include "powerstroke/study/run/equation_cost.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "powerstroke/analysis/theory/stationary.hpp"
#include "powerstroke/engine/core/error.hpp"
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
RunResult one_snapshot(const Config& config) {
  RunResult result;
  result.config = config;
  const std::vector<double> unknown(1, std::nan(""));
  Series& series = result.series;
  for (std::vector<double>* each : {&series.mean_energy_err, &series.phi_err, &series.mean_ln_E, &series.mean_ln_E_err,
                                    &series.S_E_err, &series.S_E_spacing_err, &series.S_1_err})
    *each = unknown;
  return result;
}

std::string why_no_stationary_test(const Config& config, const EquationPath& path, const StationaryState& state) {
  if (!state.beta || !config.compare_stationary) return {};
  try {
    theory::stationary_populations(path.start(), path.equation().law(), *state.beta);
  } catch (const NumericsError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

double equation_bytes(double cells, double rows, double columns, bool shared) {
  // Runge, Kutta and Fehlberg's 13 stages, the state before and after, its error and slope, the start and the populations; a
  // series keeps the sum beside the start. The pair of Dormand and Prince has 7 stages, and as much beside them.
  const double copies_of_cells = shared ? 20.0 : 4.0, copies_of_covariance = shared ? 14.0 : 13.0;
  const double tests = shared ? 3.0 * columns * columns : 0.0;
  return 8.0 * (copies_of_cells * cells + copies_of_covariance * rows * columns + tests);
}

EquationCost watch_equation(const Config& config, EquationPath& path) {
  constexpr double long_enough = 0.5, short_piece = 0.1;  // seconds
  EquationCost cost;
  const double end = config.snapshots.back(), rate = most_attempts(config);
  const bool shared = !given_rates(config);
  const auto size_at_start = path.scatter_size();
  const StationaryState state = stationary_state(config, path.start());
  cost.no_stationary_test = why_no_stationary_test(config, path, state);
  const ParticleRun particles{{expected_snapshot(config, path)}, {}};

  // In pieces of so many strokes that cutting the time there costs nothing, and at each snapshot, as the run does.
  double piece = rate > 0.0 ? 16.0 / rate : end, at = 0.0, spent = 0.0, pace = 0.0, looks = 0.0, looking = 0.0;
  std::size_t next = 0;
  const auto look = [&](bool is_last) {
    const Stopwatch watch;
    RunResult result = one_snapshot(config);
    std::string untested;
    look_at_equation(path, config, 0, is_last, &particles, result, untested);
    return watch.seconds();
  };
  while (at < end && spent + looking < long_enough) {
    while (next < config.snapshots.size() && config.snapshots[next] <= at) {
      if (spent + looking < long_enough) {
        looking += look(false);
        looks += 1.0;
      }
      ++next;
    }
    const double until = std::min({end, at + piece, next < config.snapshots.size() ? config.snapshots[next] : end});
    const Stopwatch watch;
    path.advance(until);
    const double seconds = watch.seconds();
    if (until - at >= piece && seconds < short_piece) piece *= 2.0;
    pace = seconds / (until - at);
    at = until;
    spent += seconds;
  }
  const double last = look(true);
  const double each = looks > 0.0 ? looking / looks : last;
  const bool is_whole = at >= end;
  cost.seconds = spent + each * (static_cast<double>(config.snapshots.size()) - 1.0) + last;
  if (!is_whole) cost.seconds += std::max(pace, spent / std::max(at, 1e-300)) * (end - at);
  cost.strokes = path.equation().strokes();
  for (std::size_t k = 0; !is_whole && k < config.strokes.law.transitions.size(); ++k) {
    const laws::RatePair rates = path.equation().rates(k);
    const laws::MeanFactors mean = path.equation().mean_factors(k);
    cost.strokes += (rates.up * mean.uptake + rates.down * mean.release) * (end - at);
  }
  const theory::Populations& now = path.equation().populations();
  const auto size_at_end = path.scatter_size();
  const auto [rows, columns] = size_at_end;
  cost.bytes =
      equation_bytes(static_cast<double>(now.mass.size()), static_cast<double>(rows), static_cast<double>(columns), shared);
  // A scatter that was given up on the way had its matrices, and no stages.
  if (columns == 0)
    cost.bytes += 8.0 * 2.3 * static_cast<double>(size_at_start.first) * static_cast<double>(size_at_start.second);
  return cost;
}

}  // namespace powerstroke::study
