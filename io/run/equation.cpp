#include <algorithm>
#include <cmath>
#include <optional>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/io/run/equation_path.hpp"
#include "powerstroke/io/run/parts.hpp"
#include "powerstroke/io/run/problem.hpp"
#include "powerstroke/kernels/laws/momentum_entropy.hpp"

namespace powerstroke::io {
namespace {

using analysis::SharedNoise;

void append(const Config& config, const theory::MasterEquation& equation, std::vector<double> bins, Solution& solution) {
  const theory::Populations& now = equation.populations();
  const laws::MomentumEntropy shift = laws::momentum_entropy(config.ensemble.dimension, config.ensemble.mass);
  solution.t.push_back(equation.time());
  solution.mean_energy.push_back(theory::mean_energy(now));
  solution.phi.push_back(theory::phi(now));
  solution.S_E.push_back(theory::energy_entropy(now));
  solution.mean_ln_E.push_back(theory::mean_ln_energy(now));
  const double c = shift.ln_energy_factor;
  solution.S_1.push_back(solution.S_E.back() + shift.constant + (c == 0.0 ? 0.0 : c * solution.mean_ln_E.back()));
  solution.entropy_production.push_back(theory::entropy_production(now, equation.rate_up(), config.strokes.rate_down));
  solution.bin_probability.push_back(std::move(bins));
  solution.mass_error = std::max(solution.mass_error, std::abs(theory::total_mass(now) - 1.0));
  solution.error_estimate = equation.error_bound();
  solution.nodes = static_cast<std::uint32_t>(now.grid.nodes());
  solution.levels = static_cast<std::uint32_t>(now.levels);
}

/// Counts and probabilities need not end at the same level: what one of them lacks is 0.
Fit fit(double t, std::vector<std::uint64_t> counts, std::vector<double> probabilities, std::uint64_t total,
        const SharedNoise* noise) {
  counts.resize(std::max(counts.size(), probabilities.size()), 0);
  probabilities.resize(counts.size(), 0.0);
  const analysis::ChiSquare chi = analysis::chi_square(counts, probabilities, total, noise);
  return {t,
          chi.statistic,
          chi.dof,
          chi.p_value,
          analysis::kullback_leibler(counts, probabilities, total),
          analysis::total_variation(counts, probabilities, total)};
}

/// Adds x^T excess x / N to the squared errors of the series at one snapshot.
void add_scatter(const Config& config, const theory::Populations& now, const theory::MeanFieldNoise& scatter,
                 std::size_t index, Series& series) {
  const theory::LevelInfluence influence = theory::level_influence(now);
  const double particles = static_cast<double>(config.ensemble.particles);
  const auto widen = [&](std::vector<double>& errors, const std::vector<double>& x) {
    const double excess = scatter.excess_covariance(x, x) / particles;
    errors[index] = std::sqrt(std::max(0.0, errors[index] * errors[index] + excess));
  };
  widen(series.mean_energy_err, influence.energy);
  widen(series.phi_err, influence.phi);
  widen(series.mean_ln_E_err, influence.ln_energy);
  widen(series.S_E_err, influence.entropy);
  widen(series.S_E_spacing_err, influence.entropy);
  std::vector<double> one_particle = influence.entropy;
  const double c = laws::momentum_entropy(config.ensemble.dimension, config.ensemble.mass).ln_energy_factor;
  for (std::size_t i = 0; c != 0.0 && i < one_particle.size(); ++i) one_particle[i] += c * influence.ln_energy[i];
  widen(series.S_1_err, one_particle);
}

/// The stationary law of the equation's start against where equation and particles are now.
void fit_stationary(const Config& config, const EquationPath& path, const ParticleRun* particles, const SharedNoise* noise,
                    StationaryFit& out) {
  const StationaryState state = stationary_state(config, path.start());
  out.law = state.law;
  out.frozen = state.frozen;
  out.exists = state.ratio.has_value() && config.compare_stationary;
  if (state.ratio && !config.compare_stationary) out.law += " (not compared: the config says so)";
  if (!out.exists) return;
  out.ratio = *state.ratio;
  const theory::Populations law = theory::geometric_populations(path.start(), *state.ratio);
  out.bin_probability = path.bins()(law);
  out.exponential_bin_probability =
      theory::exponential_bin_probabilities(theory::mean_energy(law), bin_grid(config).edges());
  out.exponential_total_variation = analysis::total_variation(out.bin_probability, out.exponential_bin_probability);
  std::vector<double> levels = theory::level_probabilities(law), now = path.level_probabilities();
  levels.resize(std::max(levels.size(), now.size()), 0.0);
  now.resize(levels.size(), 0.0);
  out.solution_total_variation = analysis::total_variation(now, levels);
  constexpr double near_enough = 1e-3, rejected = 1e-4;
  out.reached = out.solution_total_variation < near_enough;
  if (particles == nullptr) return;
  const analysis::Snapshot& last = particles->snapshots.back();
  const Fit of_levels = fit(path.equation().time(), last.levels, levels, last.particles, noise);
  out.chi2 = of_levels.chi2;
  out.dof = of_levels.dof;
  out.p_value = of_levels.p_value;
  out.ks = analysis::kolmogorov_smirnov(last.bins, out.bin_probability, last.particles);
  out.kl_divergence = analysis::kullback_leibler(last.bins, out.bin_probability, last.particles);
  out.total_variation = analysis::total_variation(last.bins, out.bin_probability, last.particles);
  out.reached = out.reached && out.p_value >= rejected;
}

}  // namespace

void solve_equation(const Config& config, const ParticleRun* particles, RunResult& result) {
  EquationPath path(config, particles != nullptr);
  const bool comparable = particles != nullptr && path.scatter_known();
  Comparison& comparison = result.comparison;
  for (std::size_t k = 0; k < config.snapshots.size(); ++k) {
    const double t = config.snapshots[k];
    path.advance(t);
    append(config, path.equation(), path.bin_probabilities(), result.solution);
    const std::optional<SharedNoise> of_bins = path.scatter_of_bins(), of_levels = path.scatter_of_levels();
    if (path.scatter() != nullptr) add_scatter(config, path.equation().populations(), *path.scatter(), k, result.series);
    if (comparable) {
      const analysis::Snapshot& snapshot = particles->snapshots[k];
      comparison.master_equation.push_back(
          fit(t, snapshot.bins, result.solution.bin_probability.back(), snapshot.particles, of_bins ? &*of_bins : nullptr));
      comparison.levels.push_back(
          fit(t, snapshot.levels, path.level_probabilities(), snapshot.particles, of_levels ? &*of_levels : nullptr));
    }
    if (k + 1 == config.snapshots.size())
      fit_stationary(config, path, comparable ? particles : nullptr, of_levels ? &*of_levels : nullptr,
                     comparison.stationary);
  }
}

}  // namespace powerstroke::io
