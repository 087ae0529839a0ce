#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::study {

std::vector<double> energy_walk(const RunResult& run) {
  const std::vector<double>& t = run.solution.t;
  const std::vector<double>& phi = run.quantity("phi").solution;
  const auto n = static_cast<double>(run.config.ensemble.particles);
  const laws::Transition& transition = run.config.strokes->law.transitions.front();
  const double start = run.quantity("mean_energy").errors.front();
  double strokes = 0.0;
  std::vector<double> deviation = {start};
  for (std::size_t i = 1; i < t.size(); ++i) {
    strokes += transition.rate_down * (phi[i] + phi[i - 1]) * (t[i] - t[i - 1]);
    deviation.push_back(
        std::sqrt(start * start + transition.delta_e * transition.delta_e * strokes / n));
  }
  return deviation;
}

namespace {

Findings probability_is_kept(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const RunResult& thermal = results["gas_T1.0"];
  Findings out;
  out.checks = {
      at_most(Role::claim, "equation under (8): largest |total probability - 1|",
              run.solution.mass_error, 1e-12, "a few thousand roundings"),
      at_most(Role::claim, "equation with given rates: the same", thermal.solution.mass_error,
              1e-12, "as before"),
      follows_equation(run, "relaxation"),
  };
  out.told = fmt::format("The equation keeps its total probability to {:.1e} over t = {:g}.",
                         run.solution.mass_error, run.solution.t.back());
  return out;
}

Findings energy_is_kept(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const RunResult& exchange = results["exchange"];
  const std::vector<double> deviation = energy_walk(run);
  const double start = run.quantity("mean_energy").solution.front(),
               end = run.quantity("mean_energy").values.back();
  std::int64_t moved = 0;
  for (std::size_t i = 0; i < exchange.histograms.levels.size(); ++i)
    moved =
        std::max(moved, std::abs(quanta(exchange.histograms, i) - quanta(exchange.histograms, 0)));
  Findings out;
  out.checks = {
      at_most(Role::claim, "equation: largest change of the mean energy, delta_e",
              largest_change(run.quantity("mean_energy").solution), 1e-9,
              "ten times the solver’s tolerance"),
      agrees(Role::witness, "particles, w+ = w- phi: mean energy at the end", end, deviation.back(),
             start),
      at_most(Role::witness, "particles, exchange: quanta that appeared or were lost",
              static_cast<double>(moved), 0.0, "counted as integers"),
      follows_equation(exchange, "exchange"),
  };
  out.told = fmt::format(
      "The equation’s mean energy changes by {:.1e} delta_e. It holds for infinitely many "
      "particles: the mean of {} walked "
      "to "
      "{:+.4f} at t = {:g}, predicted standard deviation {:.4f}. With each release an uptake of "
      "another particle it holds "
      "exactly.",
      largest_change(run.quantity("mean_energy").solution), run.config.ensemble.particles,
      end - start, run.series.t.back(), deviation.back());
  return out;
}

Findings nothing_moves_below_threshold(const PaperResults& results) {
  const RunResult& frozen = results["frozen"];
  const RunResult& run = results["relaxation"];
  const std::vector<double> exponential = theory::exponential_bin_probabilities(
      frozen.quantity("mean_energy").solution.front(), frozen.histograms.edges);
  const double away =
      analysis::total_variation(frozen.solution.bin_probability.back(), exponential);
  Findings out;
  out.checks = {
      at_least(Role::claim, "all E < delta_e: rise of S_E while the exponential is not reached",
               frozen.quantity("S_E").solution.back() - frozen.quantity("S_E").solution.front(),
               1e-9, "more than rounding"),
      at_least(Role::condition, "some E > delta_e: least rise of S_E from one snapshot to the next",
               least_rise(run.quantity("S_E").solution), 1e-9, "more than rounding"),
      at_least(Role::witness, "all E < delta_e: total variation to the exponential", away, 0.05,
               "far from stationary"),
      at_most(Role::witness, "all E < delta_e: strokes of all particles",
              static_cast<double>(frozen.performance.strokes), 0.0, "counted"),
      at_most(
          Role::witness, "all E < delta_e: total variation between first and last snapshot",
          analysis::total_variation(shares(frozen, 0), shares(frozen, frozen.series.t.size() - 1)),
          0.0, "counted"),
      at_least(Role::witness, "all E < delta_e: the run says frozen (1: yes)",
               frozen.comparison.stationary.frozen ? 1.0 : 0.0, 1.0, "yes or no"),
  };
  out.told = fmt::format(
      "With no particle above delta_e, phi = 0 and (8) makes w+ = 0: {} attempts to release, all "
      "blocked, no stroke, and a "
      "distribution {:.2f} in total variation from the exponential stays for ever.",
      frozen.series.blocked.back(), away);
  return out;
}

Findings ratio_of_rates(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const Series& s = run.series;
  const std::size_t from = snapshot_at(s.t, 20.0), to = s.t.size() - 1;
  const auto uptakes = static_cast<double>(s.strokes_up[to] - s.strokes_up[from]);
  const auto attempts = static_cast<double>(s.strokes_down[to] + s.blocked[to] -
                                            s.strokes_down[from] - s.blocked[from]);
  double phi = 0.0;
  for (std::size_t i = from; i < to; ++i)
    phi += 0.5 * (run.quantity("phi").solution[i] + run.quantity("phi").solution[i + 1]) *
           (s.t[i + 1] - s.t[i]);
  phi /= s.t[to] - s.t[from];
  const double of_phi =
      *std::max_element(run.quantity("phi").errors.begin() + static_cast<std::ptrdiff_t>(from),
                        run.quantity("phi").errors.end());
  const double up_over_down = uptakes / attempts;
  const double error = std::hypot(up_over_down * std::sqrt(1.0 / uptakes + 1.0 / attempts), of_phi);
  Findings out;
  out.checks = {
      agrees(Role::claim, "w-/w+ by counted strokes, against phi", attempts / uptakes,
             error / (up_over_down * up_over_down), phi),
      agrees(Role::condition, "w+/w- by counted strokes, against phi", up_over_down, error, phi),
      follows_equation(run, "relaxation"),
  };
  out.told = fmt::format(
      "From t = {:g} on {:.0f} uptakes and {:.0f} attempted releases were counted: w+/w- = {:.4f}, "
      "w-/w+ = {:.4f}. The "
      "share of "
      "particles with E > delta_e is phi = {:.4f}.",
      s.t[from], uptakes, attempts, up_over_down, 1.0 / up_over_down, phi);
  return out;
}

}  // namespace

std::vector<Claim> conservation_claims() {
  return {
      {"probability",
       "(5)-(7)",
       "Strokes conserve probability",
       "Uptake and release move probability along the energy axis and lose none of it.",
       "",
       Outcome::holds,
       {"relaxation", "gas_T1.0"},
       probability_is_kept},
      {"energy",
       "(8)",
       "Uptake and release in balance conserve the mean energy",
       "If as much is taken up as is given away, w+ = w- phi, the mean energy stays.",
       "",
       Outcome::holds,
       {"relaxation", "exchange"},
       energy_is_kept},
      {"ratio",
       "before (8)",
       "phi is the ratio w-/w+",
       "The factor between the two rates is introduced as phi = w-/w+, and is the share of "
       "particles with E > delta_e.",
       "it is read as w+/w-, as (8) and the appendix use it",
       Outcome::holds_when,
       {"relaxation"},
       ratio_of_rates},
      {"frozen",
       "(8), phi = 0",
       "Entropy rises as long as the stationary state is not reached",
       "Whatever the distribution, entropy rises until the stationary one is there.",
       "some particles have E > delta_e; otherwise nothing ever moves",
       Outcome::holds_when,
       {"frozen", "relaxation"},
       nothing_moves_below_threshold},
  };
}

}  // namespace powerstroke::study
