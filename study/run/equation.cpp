#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/analysis/theory/entropy_balance.hpp"
#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/analysis/theory/mixed_stationary.hpp"
#include "powerstroke/analysis/theory/stationary.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/observables.hpp"
#include "powerstroke/study/run/equation_path.hpp"
#include "powerstroke/study/run/parts.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {
namespace {

using analysis::SharedNoise;

/// Entropy of a two-level system, excited with probability x.
double two_level_entropy(double x) {
  const auto part = [](double p) { return p > 0.0 ? -p * std::log(p) : 0.0; };
  return part(x) + part(1.0 - x);
}

/// The bath's excited fractions, and the entropy of particles and bath per particle.
void append_bath(const theory::MasterEquation& equation, EquationResult& result) {
  const laws::StrokeLaw& law = equation.law();
  if (!laws::is<laws::Bath>(law.balance)) return;
  double total = result.quantity("S_E").solution.back();
  const double s = laws::state_exponent(law.rates);
  if (s != 0.0) total += s * result.quantity("mean_ln_E").solution.back();
  Solution& solution = result.solution;
  solution.excited.resize(law.transitions.size());
  for (std::size_t k = 0; k < law.transitions.size(); ++k) {
    solution.excited[k].push_back(equation.excited(k));
    total += law.bath().systems_per_particle * two_level_entropy(equation.excited(k));
  }
  result.quantity("total_entropy").solution.push_back(total);
}

void append(const Config& config, const theory::MasterEquation& equation, std::vector<double> bins,
            EquationResult& result) {
  const theory::Populations& now = equation.populations();
  Solution& solution = result.solution;
  solution.t.push_back(equation.time());
  const EquationLook look{config,
                          now,
                          theory::mean_energy(now),
                          theory::phi(now, static_cast<std::size_t>(first_stride(config))),
                          theory::mean_ln_energy(now),
                          theory::energy_entropy(now)};
  for_each_observable([&]<class Observable>(Observable) {
    if constexpr (Observable::info.followed != Followed::by_particles)
      result.quantity(Observable::info.key).solution.push_back(Observable::solve(look));
  });
  const theory::EntropyBalance balance =
      theory::entropy_balance(now, equation.law(), equation.rates());
  result.quantity("entropy_production").solution.push_back(balance.production);
  result.quantity("entropy_exchange").solution.push_back(balance.exchange);
  result.quantity("entropy_change").solution.push_back(balance.change);
  solution.uptakes.resize(equation.law().transitions.size());
  solution.releases.resize(equation.law().transitions.size());
  for (std::size_t k = 0; k < solution.uptakes.size(); ++k) {
    solution.uptakes[k].push_back(equation.uptakes(k));
    solution.releases[k].push_back(equation.releases(k));
  }
  append_bath(equation, result);
  solution.bin_probability.push_back(std::move(bins));
  solution.mass_error = std::max(solution.mass_error, std::abs(theory::total_mass(now) - 1.0));
  solution.error_estimate =
      std::max(solution.error_estimate, equation.error_bound() + theory::resolution_error(now));
  solution.nodes = static_cast<std::uint32_t>(now.grid.nodes());
  solution.levels = static_cast<std::uint32_t>(now.levels);
}

/// Counts and probabilities need not end at the same level: what one of them lacks is 0.
Fit fit(double t, std::vector<std::uint64_t> counts, std::vector<double> probabilities,
        std::uint64_t total, const SharedNoise* noise) {
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

/// The distances stay; the test that cannot be made is taken back.
void forget_test(Fit& fit) {
  fit.chi2 = fit.p_value = std::nan("");
  fit.dof = 0.0;
}

/// Variance of the mean energy of N particles that share rates, times N. Where all have the same
/// energy for ever, it is that of the start; where a stroke up is as likely as one down at any
/// moment, (8), the sum of all strokes is a martingale besides, and adds the expected number of
/// each transition's strokes times delta_e^2. NaN where the scatter of the levels has to tell.
double energy_variance(const theory::MasterEquation& equation, double at_start) {
  const laws::StrokeLaw& law = equation.law();
  if (laws::is<laws::Exchange>(law.balance)) return at_start;
  if (!laws::is<laws::Conserving>(law.balance)) return std::nan("");
  double variance = at_start;
  for (std::size_t k = 0; k < law.transitions.size(); ++k)
    variance += law.transitions[k].delta_e * law.transitions[k].delta_e *
                (equation.uptakes(k) + equation.releases(k));
  return variance;
}

/// Variance of the energy a particle that a bath has taken up, times N. What particles and bath
/// have together is conserved, so that the standard deviation of the mean energy differs by at most
/// its root from that of the start.
double energy_given_variance(const EquationPath& path) {
  const std::vector<laws::Transition>& transitions = path.equation().law().transitions;
  double variance = 0.0;
  for (std::size_t k = 0; k < transitions.size(); ++k)
    for (std::size_t l = 0; l < transitions.size(); ++l)
      variance += transitions[k].delta_e * transitions[l].delta_e *
                  path.scatter()->covariance_of_excited(k, l);
  return std::max(0.0, variance);
}

/// What the bins, extrapolated to no width, leave of the entropy of the solution: a ladder makes
/// kinks and jumps inside of them.
double bias_of_bins(const Config& config, const EquationResult& result) {
  analysis::Snapshot exact;
  constexpr double many = 0x1p50;  // particles without scatter
  exact.particles = std::uint64_t{1} << 50;
  std::uint64_t below = 0;
  for (const double p : result.solution.bin_probability.back()) {
    exact.bins.push_back(static_cast<std::uint64_t>(std::max(0.0, p) * many));
    below += exact.bins.back();
  }
  exact.overflow = exact.particles - std::min(exact.particles, below);
  exact.overflow_excess = 0.1 * config.histogram.max * static_cast<double>(exact.overflow);
  return analysis::histogram_entropy(exact, bin_grid(config)).value -
         result.quantity("S_E").solution.back();
}

/// The errors of all observables at one snapshot.
void take_errors(std::size_t index, ErrorSources& sources, std::vector<Quantity>& quantities) {
  for_each_observable([&]<class Observable>(Observable) {
    Quantity& quantity = quantity_of(quantities, Observable::info.key);
    sources.measured = quantity.errors[index];
    quantity.errors[index] = Observable::error(sources);
    if constexpr (requires { Observable::exists(sources); })
      if (!Observable::exists(sources)) quantity.values[index] = std::nan("");
  });
}

/// The errors of the series at one snapshot: the variance of independent particles, which the
/// solution knows and a sample only guesses, and, where they share rates, x^T excess x, all over N;
/// without the excess the errors are not known, but that of the mean energy where a conservation
/// law tells it.
void set_errors(const Config& config, const EquationPath& path, std::size_t index,
                EquationResult& result) {
  const theory::Populations& now = path.equation().populations();
  const auto stride = static_cast<std::size_t>(first_stride(config));
  const SharedScatter* const scatter = path.scatter();
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  ErrorSources sources{
      .config = config,
      .particles = static_cast<double>(config.ensemble.particles),
      .mean_energy = unknown,
      .independent = theory::observable_variances(now, stride),
      .influence = scatter != nullptr ? scatter->influence(now, stride) : theory::Influence{},
      .measured = unknown,
      .bias_of_bins = 0.0,
      .shared_entropy = {},
      .with_shared = {}};
  if (!given_rates(config)) sources.shared_entropy = theory::entropy_variances(now);
  const double particles = sources.particles;
  sources.with_shared = [&](double variance, const std::vector<double>& x) {
    const double excess = given_rates(config)  ? 0.0
                          : scatter != nullptr ? scatter->excess_covariance(x, x) / particles
                                               : std::nan("");
    // Below 0, the expansion takes away more than there is; what independent particles have bounds
    // the error then.
    const double sum = variance + excess;
    return std::sqrt(sum < 0.0 ? variance : sum);
  };
  const double at_start = path.energy_variance_at_start();
  const double exact = energy_variance(path.equation(), at_start);
  sources.mean_energy =
      std::isnan(exact)
          ? sources.with_shared(sources.independent.energy / particles, sources.influence.energy)
          : std::sqrt(exact / particles);
  if (laws::is<laws::Bath>(path.equation().law().balance) && scatter != nullptr) {
    const double start = std::sqrt(at_start / particles),
                 given = std::sqrt(energy_given_variance(path) / particles);
    sources.mean_energy = std::clamp(sources.mean_energy, std::abs(start - given), start + given);
  }
  const Quantity &entropy = result.quantity("S_E"), &spacing = result.quantity("S_E_spacing");
  const bool is_by_bins = index < entropy.values.size() && std::isfinite(entropy.values[index]) &&
                          entropy.values[index] != spacing.values[index];
  if (is_by_bins) sources.bias_of_bins = bias_of_bins(config, result);
  take_errors(index, sources, result.quantities);
}

/// The numbers of strokes of the whole run against the equation's, where they are large enough to
/// be normal.
std::vector<CountTest> stroke_tests(const EquationPath& path, const Ledger& ledger,
                                    std::uint64_t particles) {
  std::vector<CountTest> tests;
  const std::vector<EquationPath::Strokes> strokes = path.strokes();
  const auto n = static_cast<double>(particles);
  const auto add = [&](const std::string& what, std::uint64_t number, double mean,
                       double variance) {
    const auto counted = static_cast<double>(number);
    if (std::min({counted, n * mean, n * variance}) < least_strokes) return;
    const double z = (counted - n * mean) / std::sqrt(n * variance);
    tests.push_back({what, counted, n * mean, z, analysis::normal_p_value(z)});
  };
  for (std::size_t k = 0; k < strokes.size(); ++k) {
    const std::string by = strokes.size() == 1 ? "" : fmt::format(" by transition {}", k);
    add("uptakes" + by, ledger.uptakes_by[k], strokes[k].uptakes, strokes[k].uptakes_variance);
    add("releases" + by, ledger.releases_by[k], strokes[k].releases, strokes[k].releases_variance);
  }
  return tests;
}

/// Nobody stands above the threshold of any transition.
bool nobody_can_release(const Config& config, const theory::Populations& start,
                        const analysis::Snapshot& snapshot) {
  const std::vector<std::size_t> strides = theory::strides(config.strokes->law, start.grid.spacing);
  const auto lowest =
      static_cast<std::ptrdiff_t>(*std::min_element(strides.begin(), strides.end()) + 1);
  return std::all_of(
      snapshot.levels.begin() + std::min<std::ptrdiff_t>(lowest, std::ssize(snapshot.levels)),
      snapshot.levels.end(), [](std::uint64_t count) { return count == 0; });
}

/// The stationary law of the equation's start against where equation and particles are now.
StationaryFit fit_stationary(const Config& config, const EquationPath& path,
                             const ParticleRun* particles, const SharedNoise* noise) {
  StationaryFit out;
  const StationaryState state = stationary_state(config, path.start());
  out.law = state.law;
  out.frozen =
      state.frozen || (particles != nullptr && keeps_energy(config) &&
                       nobody_can_release(config, path.start(), particles->snapshots.back()));
  if (out.frozen && !state.frozen)
    out.law =
        "frozen: none of these particles has E > delta_e any more, so phi = 0 for ever; of "
        "infinitely many some would "
        "have: " +
        out.law;
  out.exists = state.beta.has_value() && config.compare_stationary && !out.frozen;
  if (state.beta && !config.compare_stationary) out.law += " (not compared: the config says so)";
  if (!out.exists) return out;
  out.temperature = 1.0 / *state.beta;
  if (laws::is_plain(config.strokes->law))
    out.ratio = std::exp(-*state.beta * config.strokes->delta_e());
  theory::Populations law;
  try {
    law = theory::stationary_populations(path.start(), path.equation().law(), *state.beta);
  } catch (const NumericsError& error) {
    out.exists = false;
    out.law += fmt::format(" (not compared: {})", error.what());
    return out;
  }
  out.bin_probability = path.bins()(law);
  // The paper's exponential: of the same mean energy where that is what is conserved, else that of
  // the rates' own temperature.
  const double mean = keeps_energy(config) ? theory::mean_energy(law) : 1.0 / *state.beta;
  out.exponential_bin_probability =
      theory::exponential_bin_probabilities(mean, bin_grid(config).edges());
  out.exponential_total_variation = theory::total_variation_to_exponential(law, mean);
  std::vector<double> levels = theory::level_probabilities(law), now = path.level_probabilities();
  levels.resize(std::max(levels.size(), now.size()), 0.0);
  now.resize(levels.size(), 0.0);
  out.solution_total_variation = analysis::total_variation(now, levels);
  constexpr double rejected = 1e-6;
  out.reached = out.solution_total_variation < near_stationary;
  if (particles == nullptr) return out;
  const analysis::Snapshot& last = particles->snapshots.back();
  const Fit of_levels = fit(path.equation().time(), last.levels, levels, last.particles, noise);
  out.chi2 = of_levels.chi2;
  out.dof = of_levels.dof;
  out.p_value = of_levels.p_value;
  out.ks = analysis::kolmogorov_smirnov(last.bins, out.bin_probability, last.particles);
  out.kl_divergence = analysis::kullback_leibler(last.bins, out.bin_probability, last.particles);
  out.total_variation = analysis::total_variation(last.bins, out.bin_probability, last.particles);
  out.reached = out.reached && out.p_value >= rejected && !out.frozen;
  return out;
}

/// The errors where rates are shared and no solution tells how far that makes particles scatter:
/// the mean energy's from the conservation law, NaN for all else once strokes are made. No quantity
/// has a solution.
std::vector<Quantity> without_solution(const Config& config, const ParticleRun& particles) {
  std::vector<Quantity> quantities = particles.quantities;
  for (Quantity& quantity : quantities) quantity.solution.clear();
  if (given_rates(config)) return quantities;
  const bool keeps_start = laws::is<laws::Exchange>(config.strokes->law.balance);
  const double n = static_cast<double>(config.ensemble.particles),
               at_start = laws::variance(config.ensemble.energy);
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  ErrorSources sources{
      .config = config,
      .particles = n,
      .mean_energy = keeps_start ? std::sqrt(at_start / n) : unknown,
      .independent = {unknown, unknown, 0.0},  // <ln E> exists, if nobody knows its error
      .influence = {},
      .measured = unknown,
      .bias_of_bins = unknown,
      .shared_entropy = {},
      .with_shared = [](double, const std::vector<double>&) { return unknown; }};
  for (std::size_t k = 0; k < particles.series.t.size(); ++k)
    if (particles.series.t[k] > 0.0)
      take_errors(k, sources, quantities);  // at the start nothing has been shared yet
  return quantities;
}

/// The end against the law that incommensurate strokes lead to. Particles are taken as independent
/// there.
StationaryFit fit_mixed_stationary(const Config& config, const analysis::Snapshot& last) {
  StationaryFit out;
  const StationaryState state = stationary_state_without_ladder(config);
  out.law = state.law;
  out.frozen = state.frozen;
  out.exists = state.beta.has_value() && config.compare_stationary && !out.frozen;
  if (!out.exists) return out;
  const std::vector<double> edges = bin_grid(config).edges();
  const double exponent = laws::state_exponent(config.strokes->law.rates);
  // Where energy is shared or kept, these particles have the temperature of their own mean energy,
  // which costs a degree of freedom.
  const bool own = !given_rates(config);
  const double beta = own ? (exponent + 1.0) / last.energy.mean : *state.beta;
  out.temperature = 1.0 / beta;
  out.bin_probability = theory::boltzmann_bin_probabilities(exponent, beta, edges);
  const double mean = keeps_energy(config) ? (exponent + 1.0) / beta : 1.0 / beta;
  out.exponential_bin_probability = theory::exponential_bin_probabilities(mean, edges);
  out.exponential_total_variation =
      analysis::total_variation(out.bin_probability, out.exponential_bin_probability);
  const Fit of_bins =
      fit(config.snapshots.back(), last.bins, out.bin_probability, last.particles, nullptr);
  out.chi2 = of_bins.chi2;
  out.dof = std::max(0.0, of_bins.dof - (own ? 1.0 : 0.0));
  out.p_value = out.dof > 0.0 ? boost::math::gamma_q(0.5 * out.dof, 0.5 * out.chi2) : 1.0;
  out.ks = analysis::kolmogorov_smirnov(last.bins, out.bin_probability, last.particles);
  out.kl_divergence = of_bins.kl_divergence;
  out.total_variation = of_bins.total_variation;
  constexpr double rejected = 1e-6;
  out.reached = out.p_value >= rejected;
  return out;
}

}  // namespace

EquationResult look_at_equation(const EquationPath& path, const Config& config, std::size_t k,
                                bool is_last, const ParticleRun* particles, EquationResult result) {
  const double t = path.equation().time();
  append(config, path.equation(), path.bin_probabilities(), result);
  if (particles == nullptr) {
    if (is_last) result.stationary = fit_stationary(config, path, nullptr, nullptr);
    return result;
  }
  const std::string untestable = path.untestable();
  if (!untestable.empty() && !result.untested)
    result.untested = Remark{Remark::Kind::untested_from, {t}, {untestable}};
  std::optional<SharedNoise> of_bins, of_levels;
  if (untestable.empty()) {  // the tests' alone; the distances need none
    of_bins = path.scatter_of_bins();
    of_levels = path.scatter_of_levels();
  }
  set_errors(config, path, k, result);
  const analysis::Snapshot& snapshot = particles->snapshots[k];
  result.master_equation.push_back(fit(t, snapshot.bins, result.solution.bin_probability.back(),
                                       snapshot.particles, of_bins ? &*of_bins : nullptr));
  result.levels.push_back(fit(t, snapshot.levels, path.level_probabilities(), snapshot.particles,
                              of_levels ? &*of_levels : nullptr));
  if (!untestable.empty()) {
    forget_test(result.master_equation.back());
    forget_test(result.levels.back());
  }
  if (!is_last) return result;
  if (untestable.empty()) result.counts = stroke_tests(path, particles->ledger, snapshot.particles);
  result.stationary = fit_stationary(config, path, particles, of_levels ? &*of_levels : nullptr);
  if (untestable.empty()) return result;
  StationaryFit& law = result.stationary;
  law.p_value = std::nan("");
  law.reached = law.exists && law.solution_total_variation < near_stationary;
  return result;
}

EquationResult solve_equation(EquationPath path, const Config& config, const ParticleRun* particles,
                              const std::function<void()>& before_each) {
  EquationResult result;
  if (particles != nullptr) result.quantities = particles->quantities;
  for (std::size_t k = 0; k < config.snapshots.size(); ++k) {
    if (before_each) before_each();
    check_stop();
    path.advance(config.snapshots[k]);
    const bool is_last = k + 1 == config.snapshots.size();
    result = look_at_equation(path, config, k, is_last, particles, std::move(result));
  }
  return result;
}

EquationResult failed_equation(const Config& config, const ParticleRun& particles,
                               const std::string& why) {
  EquationResult result;
  result.quantities = without_solution(config, particles);
  result.stationary.law = "not compared: there is no equation";
  result.untested = Remark{Remark::Kind::equation_failed, {}, {why}};
  return result;
}

EquationResult without_ladder(const Config& config, const ParticleRun& particles) {
  EquationResult result;
  result.quantities = without_solution(config, particles);
  result.stationary = fit_mixed_stationary(config, particles.snapshots.back());
  result.untested = Remark{Remark::Kind::no_ladder};
  return result;
}

}  // namespace powerstroke::study
