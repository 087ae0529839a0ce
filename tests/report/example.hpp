#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "powerstroke/study/result/result.hpp"

/// A result that no run has made, of the size and the shape of a real one: what the report must
/// show, in closed form.
namespace powerstroke::report::example {

using namespace study;

inline constexpr std::uint64_t particles = 10000;
inline constexpr double ratio = 0.75;

/// Gamma-like density that widens with time; bins of 0.25 on [0, 20).
inline std::vector<double> bin_probabilities(double t) {
  std::vector<double> p;
  double sum = 0.0;
  const double width = 0.3 + 3.0 * (1.0 - std::exp(-t / 4.0));
  for (int i = 0; i < 80; ++i) {
    p.push_back(std::exp(-0.5 * std::pow((0.25 * i + 0.125 - 3.5) / width, 2)));
    sum += p.back();
  }
  for (double& x : p) x /= sum;
  return p;
}

inline std::vector<std::uint64_t> counts(const std::vector<double>& p) {
  std::vector<std::uint64_t> n;
  std::uint64_t left = particles;
  for (const double x : p) {
    n.push_back(
        std::min(left, static_cast<std::uint64_t>(x * static_cast<double>(particles) + 0.5)));
    left -= n.back();
  }
  n[14] += left;
  return n;
}

inline void add_solution(RunResult& r, double t) {
  Solution& s = r.solution;
  s.t.push_back(t);
  r.quantity("mean_energy").solution.push_back(3.5);
  r.quantity("phi").solution.push_back(0.75 + 0.25 * std::exp(-t / 4.0));
  r.quantity("S_E").solution.push_back(2.0 - 2.2 * std::exp(-t / 4.0));
  r.quantity("S_1").solution.push_back(5.3 - 2.0 * std::exp(-t / 4.0));
  r.quantity("mean_ln_E").solution.push_back(1.0);
  r.quantity("entropy_production").solution.push_back(0.55 * std::exp(-t / 4.0));
  r.quantity("entropy_change").solution.push_back(r.quantity("entropy_production").solution.back());
  r.quantity("entropy_exchange").solution.push_back(0.0);
  s.bin_probability.push_back(bin_probabilities(t));
}

inline void add_particles(RunResult& r, double t, std::size_t k) {
  Series& p = r.series;
  const double noise = 0.01 * std::sin(7.0 * static_cast<double>(k));
  p.t.push_back(t);
  r.quantity("mean_energy").values.push_back(3.5 + noise);
  r.quantity("phi").values.push_back(r.quantity("phi").solution[k] + 0.1 * noise);
  r.quantity("S_E").values.push_back(r.quantity("S_E").solution[k] + noise);
  r.quantity("S_1").values.push_back(r.quantity("S_1").solution[k] + noise);
  r.quantity("mean_ln_E").values.push_back(1.0 + noise);
  for (std::vector<double>* error : {&r.quantity("mean_energy").errors, &r.quantity("S_E").errors,
                                     &r.quantity("S_1").errors, &r.quantity("mean_ln_E").errors})
    error->push_back(0.01);
  r.quantity("phi").errors.push_back(0.001);
  r.quantity("S_E_spacing")
      .values.push_back(k % 5 == 0 ? r.quantity("S_E").solution[k]
                                   : std::numeric_limits<double>::quiet_NaN());
  r.quantity("S_E_spacing").errors.push_back(r.quantity("S_E").errors.back());
  p.strokes_up.push_back(k * 1000);
  p.strokes_down.push_back(k * 1000);
  p.blocked.push_back(k * 300);
  r.histograms.counts.push_back(counts(r.solution.bin_probability[k]));
  r.histograms.overflow.push_back(0);
  std::vector<std::uint64_t> levels = {0};
  for (int n = 0; n < 12; ++n)
    levels.push_back(static_cast<std::uint64_t>(2500.0 * std::pow(ratio, n)));
  r.histograms.levels.push_back(levels);
  r.comparison.master_equation.push_back({t, 60.0, 59.0, 0.44, 1e-3, 0.02});
  r.comparison.levels.push_back({t, 9.0, 10.0, 0.53, 1e-3, 0.02});
}

inline RunResult run(std::size_t snapshots = 21, bool with_particles = true) {
  RunResult r;
  r.has_particles = with_particles;
  r.config.title = "An example";
  r.config.ensemble.particles = particles;
  r.config.ensemble.energy.law = laws::NormalEnergy{3.5, 0.3};
  r.config.histogram = {20.0, 80};
  r.config.strokes->law.transitions = {{1.0, 0.0, 1.0}};
  r.config.strokes->law.balance = laws::Conserving{};
  r.config.strokes->spacing = 1.0;
  r.config.json = "{\n  \"title\": \"An example\"\n}";
  r.provenance = {"9.8.7", "GNU 12.2.0", "Release", "abcdef012345", "2024-05-06T07:08:09Z"};
  if (with_particles) {
    for (int i = 0; i <= 80; ++i) r.histograms.edges.push_back(0.25 * i);
    r.performance = {1234567, 1.5, 823044.67, 2, 50'000'000, 8, 400};
  }
  for (std::size_t k = 0; k < snapshots; ++k) {
    const double t = 20.0 * static_cast<double>(k) / static_cast<double>(snapshots - 1);
    r.config.snapshots.push_back(t);
    add_solution(r, t);
    if (with_particles) add_particles(r, t, k);
  }
  StationaryFit& law = r.comparison.stationary;
  law.law = "geometric ladder, ratio q = 0.75, over the initial offsets";
  law.exists = law.reached = true;
  law.ratio = ratio;
  law.chi2 = 8.0;
  law.dof = 10.0;
  law.p_value = 0.63;
  law.total_variation = 0.01;
  law.solution_total_variation = 1e-3;
  law.exponential_total_variation = 0.29;
  law.bin_probability = bin_probabilities(20.0);
  law.exponential_bin_probability = bin_probabilities(18.0);
  r.comparison.false_alarm_rate = with_particles ? 1e-3 : 0.0;
  r.comparison.tests =
      with_particles ? r.comparison.master_equation.size() + r.comparison.levels.size() : 0;
  r.comparison.p_limit = with_particles ? 1e-3 / static_cast<double>(r.comparison.tests) : 0.0;
  r.comparison.verdict = with_particles ? Verdict::consistent : Verdict::not_comparable;
  r.comparison.why = as_written("Why it is so, in one sentence.");
  r.comparison.remarks = {as_written("The first remark."), as_written("The second remark.")};
  return r;
}

/// Nobody above delta_e: nothing moves, and no law to hold it against.
inline RunResult frozen() {
  RunResult r = run();
  for (std::vector<double>* phi :
       {&r.quantity("phi").values, &r.quantity("phi").errors, &r.quantity("phi").solution,
        &r.quantity("entropy_production").solution}) {
    phi->assign(phi->size(), 0.0);
  }
  for (std::vector<double>* entropy : {&r.quantity("S_E").values, &r.quantity("S_E").solution})
    entropy->assign(entropy->size(), -0.2);
  r.comparison.stationary = StationaryFit{};
  r.comparison.stationary.law = "frozen: phi = 0";
  r.comparison.stationary.frozen = true;
  r.comparison.verdict = Verdict::not_comparable;
  return r;
}

/// A balance with what the config derives from it.
inline void set_balance(RunResult& r, const laws::Balance& balance) {
  StrokesConfig& strokes = *r.config.strokes;
  strokes.law.balance = balance;
  for (laws::Transition& transition : strokes.law.transitions)
    transition.rate_up = 0.5 * transition.rate_down;
  if (!laws::is<laws::Bath>(balance)) return;
  strokes.bath.systems = particles / 2;
  const auto excited = [](double t) { return 0.4 - 0.3 * std::exp(-t / 4.0); };
  std::vector<double> counted, solved;
  for (const double t : r.solution.t) solved.push_back(excited(t));
  for (const double t : r.series.t) counted.push_back(excited(t) + 0.001);
  r.solution.excited.assign(strokes.law.transitions.size(), solved);
  if (r.has_particles) r.series.excited.assign(strokes.law.transitions.size(), counted);
  r.quantity("total_entropy").solution = r.quantity("S_E").solution;
  r.comparison.stationary.temperature = 3.0;
}

inline void set_rates(RunResult& r, const laws::AnyRates& rates, int dimension) {
  r.config.ensemble.dimension = dimension;
  r.config.strokes->law.rates = rates;
}

/// Three transitions on a ladder of 1.
inline void set_several_transitions(RunResult& r) {
  r.config.strokes->law.transitions = {{2.0, 0.0, 1.0}, {3.0, 0.0, 0.5}, {9.0, 0.0, 0.25}};
  r.config.strokes->spacing = 1.0;
  r.comparison.stationary.ratio = std::numeric_limits<double>::quiet_NaN();
  set_balance(r, r.config.strokes->law.balance);
}

/// Incommensurate transitions: particles alone, and the law of their end.
inline RunResult without_ladder() {
  RunResult r = run();
  r.config.strokes->law.transitions = {{1.0, 0.0, 1.0}, {std::sqrt(2.0), 0.0, 0.5}};
  r.config.strokes->spacing = 0.0;
  r.solution = {};
  for (Quantity& quantity : r.quantities) quantity.solution.clear();
  r.histograms.levels.assign(r.histograms.counts.size(), {});
  r.comparison.master_equation.clear();
  r.comparison.levels.clear();
  r.comparison.verdict = Verdict::not_comparable;
  r.comparison.stationary.ratio = r.comparison.stationary.solution_total_variation =
      std::numeric_limits<double>::quiet_NaN();
  r.comparison.stationary.temperature = 3.5;
  r.comparison.stationary.ks = 0.003;
  return r;
}

/// Path entropy and information were asked for.
inline void add_paths(RunResult& r) {
  for (const double t : r.series.t) {
    r.quantity("path_entropy").values.push_back(2.2 * (1.0 - std::exp(-t / 4.0)));
    r.quantity("path_average").values.push_back(1.0 + 0.01 * std::sin(t));
    r.quantity("information").values.push_back(3.0 * std::exp(-t / 4.0));
    for (std::vector<double>* error :
         {&r.quantity("path_entropy").errors, &r.quantity("path_average").errors,
          &r.quantity("information").errors})
      error->push_back(0.01);
  }
}

/// A start with an atom: no entropies.
inline RunResult atoms() {
  RunResult r = run();
  r.config.ensemble.energy.law = laws::DeltaEnergy{3.5};
  for (std::vector<double>* values :
       {&r.quantity("S_E").solution, &r.quantity("S_1").solution,
        &r.quantity("entropy_production").solution, &r.quantity("S_E").values,
        &r.quantity("S_E").errors, &r.quantity("S_1").values, &r.quantity("S_1").errors,
        &r.quantity("S_E_spacing").values}) {
    values->assign(values->size(), std::numeric_limits<double>::quiet_NaN());
  }
  return r;
}

}  // namespace powerstroke::report::example
