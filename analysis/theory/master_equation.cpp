#include "powerstroke/analysis/theory/master_equation.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "powerstroke/analysis/theory/closed_flow.hpp"
#include "powerstroke/analysis/theory/uniformization.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {
namespace {

namespace odeint = boost::numeric::odeint;
using State = ClosedFlow::State;

constexpr double least_step_tolerance =
    2e-15;                              // total variation that the rounding of a step may reach
constexpr double shortest_step = 1e-9;  // in units of the rates

/// Error of a step in units of what it may be, by total variation (and by the strokes, the last
/// entries, alike).
struct TotalVariationChecker {
  double allowed = 1.0;
  double* last = nullptr;

  template <class Algebra>
  double error(Algebra&, const State&, const State&, const State& error, double) const {
    double sum = 0.0;
    for (const double e : error) sum += std::abs(e);
    *last = 0.5 * sum;
    // Not a number would pass for a good step.
    return std::isfinite(sum) ? *last / allowed : std::numeric_limits<double>::max();
  }
};

using Stepper =
    odeint::controlled_runge_kutta<odeint::runge_kutta_fehlberg78<State>, TotalVariationChecker>;

Populations with_levels(Populations populations, std::size_t levels, double time) {
  if (levels <= populations.levels) return populations;
  const std::size_t nodes = populations.grid.nodes();
  if (static_cast<double>(levels) * static_cast<double>(nodes) > most_grid_points)
    throw NumericsError("the ladder would need " + std::to_string(levels) + " levels on " +
                        std::to_string(nodes) + " offsets at t = " + std::to_string(time) +
                        "; allowed: 2^25 numbers in all, with a larger delta_e or a shorter time");
  State mass(nodes * levels, 0.0);
  for (std::size_t node = 0; node < nodes; ++node)
    std::ranges::copy(populations.ladder(node),
                      mass.begin() + static_cast<std::ptrdiff_t>(node * levels));
  populations.mass = std::move(mass);
  populations.levels = levels;
  return populations;
}

/// With so many levels that none is within a stride of the top and of the bottom.
Populations long_enough(Populations start, const laws::StrokeLaw& law) {
  const std::size_t least = 2 * std::ranges::max(strides(law, start.grid.spacing)) + 1;
  return with_levels(std::move(start), least, 0.0);
}

}  // namespace

MasterEquation::MasterEquation(Populations start, laws::StrokeLaw law, double tolerance)
    : populations_(long_enough(std::move(start), law)),
      law_(std::move(law)),
      tolerance_(tolerance),
      transitions_(populations_.grid, populations_.levels, law_),
      uptakes_(law_.transitions.size(), 0.0),
      releases_(law_.transitions.size(), 0.0) {
  POWERSTROKE_EXPECT(tolerance > 0.0);
  const bool given = laws::has_given_rates(law_.balance);
  for (std::size_t k = 0; k < law_.transitions.size(); ++k) {
    const auto& [delta_e, up, down] = law_.transitions[k];
    POWERSTROKE_EXPECT(down >= 0.0 && (!given || up >= 0.0));
    rate_scale_ += transitions_.bound(k) * (down + (given ? up : down));
  }
  POWERSTROKE_EXPECT(!laws::is<laws::Bath>(law_.balance) || law_.bath().systems_per_particle > 0.0);
  next_step_ = 0.2 / rate_scale_;
}

laws::MeanFactors MasterEquation::mean_factors(std::size_t k) const {
  const laws::MeanFactors mean = transitions_.mean_factors(populations_.mass)[k];
  // Roundings of the solver may leave a sum of nothing below 0.
  return {std::max(0.0, mean.uptake), std::max(0.0, mean.release)};
}

double MasterEquation::excited(std::size_t k) const {
  if (!laws::is<laws::Bath>(law_.balance)) return std::numeric_limits<double>::quiet_NaN();
  return std::clamp(excited_fraction(law_.bath(), uptakes_[k], releases_[k]), 0.0, 1.0);
}

laws::RatePair MasterEquation::rates(std::size_t k) const {
  return laws::closed_rates(law_.balance, law_.transitions[k], mean_factors(k), excited(k));
}

std::vector<laws::RatePair> MasterEquation::rates() const {
  std::vector<laws::RatePair> pairs;
  for (std::size_t k = 0; k < transitions_.size(); ++k) pairs.push_back(rates(k));
  return pairs;
}

double MasterEquation::strokes() const {
  return std::accumulate(releases_.begin(), releases_.end(),
                         std::accumulate(uptakes_.begin(), uptakes_.end(), 0.0));
}

void MasterEquation::advance(double t) {
  POWERSTROKE_EXPECT(t >= time_);
  if (rate_scale_ > 0.0 && laws::has_given_rates(law_.balance))
    advance_given(t);
  else if (rate_scale_ > 0.0)
    advance_closed(t);
  time_ = t;
}

/// The part of the tolerance that [time, time + h] may use for the top and as much again for the
/// sum's cut: it falls as the inverse square of the time, so that all parts together stay below
/// half of the tolerance however long the run.
double MasterEquation::share(double h) const {
  return 0.25 * tolerance_ * rate_scale_ * h /
         ((1.0 + rate_scale_ * time_) * (1.0 + rate_scale_ * (time_ + h)));
}

void MasterEquation::grow() {
  const std::size_t more = populations_.levels / 4 + 8 * transitions_.longest_stride();
  populations_ = with_levels(std::move(populations_), populations_.levels + more, time_);
  transitions_ = LadderTransitions(populations_.grid, populations_.levels, law_);
}

void MasterEquation::advance_given(double t) {
  const std::vector<laws::RatePair> pairs = rates();
  const double longest = longest_stretch(candidate_rate(transitions_, pairs));
  while (time_ < t) {
    check_stop();
    const double h = std::min(t - time_, longest);
    Uniformized stretch = uniformize(populations_, transitions_, pairs, h, share(h));
    work_ += static_cast<double>(stretch.terms * populations_.mass.size());
    if (stretch.reflected > share(h)) {
      grow();
      continue;
    }
    populations_.mass = std::move(stretch.mass);
    error_bound_ += stretch.reflected + stretch.cut;
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      uptakes_[k] += pairs[k].up * stretch.time[k].uptake;
      releases_[k] += pairs[k].down * stretch.time[k].release;
    }
    time_ = h < longest ? t : time_ + h;
  }
}

void MasterEquation::advance_closed(double t) {
  while (time_ < t) {
    if (!closed_steps(t)) grow();
  }
}

/// What is still to come, in total variation, if this is near enough to the stationary state to
/// stay as it is; else infinity. Where nothing moves, that is 0. With one transition at constant
/// rates it is the slope over the slowest decay rate, (sqrt(w-) - sqrt(w+))^2. No bound on the
/// decay is known for others: they are followed to the end.
double MasterEquation::stationary_within(const State& state, const State& slope) const {
  const double to_come =
      std::accumulate(slope.begin(), slope.end() - 2 * std::ssize(law_.transitions), 0.0,
                      [](double sum, double s) { return sum + std::abs(s); });
  if (to_come == 0.0) return 0.0;
  const bool decay_is_known =
      transitions_.size() == 1 && transitions_.constant() && !laws::is<laws::Bath>(law_.balance);
  if (!decay_is_known) return std::numeric_limits<double>::infinity();
  const laws::RatePair pair = ClosedFlow(transitions_, law_).rates(state).front();
  const double decay = std::pow(std::sqrt(pair.down) - std::sqrt(std::max(0.0, pair.up)), 2.0);
  return to_come < 0.01 * tolerance_ * decay ? to_come / decay
                                             : std::numeric_limits<double>::infinity();
}

/// Steps until t, or until the ladder is too short: then false.
bool MasterEquation::closed_steps(double t) {
  const ClosedFlow flow(transitions_, law_);
  const auto cells = std::ssize(populations_.mass), transitions = std::ssize(uptakes_);
  double step_error = 0.0;
  Stepper stepper(
      TotalVariationChecker{std::max(1e-3 * tolerance_, least_step_tolerance), &step_error});
  State state = populations_.mass;
  state.insert(state.end(), uptakes_.begin(), uptakes_.end());
  state.insert(state.end(), releases_.begin(), releases_.end());
  State before, slope(state.size());
  constexpr double stages = 13.0;
  const auto cells_of_slope = static_cast<double>(cells);
  while (time_ < t) {
    if (next_step_ * rate_scale_ < shortest_step)
      throw NumericsError("the step of the master equation fell to " + std::to_string(next_step_) +
                          " at t = " + std::to_string(time_) + ": the tolerance cannot be met");
    flow(state, slope, time_);
    work_ += cells_of_slope;
    if (const double to_come = stationary_within(state, slope); std::isfinite(to_come)) {
      // Each transition balances itself from here on.
      for (std::size_t k = 0; k < uptakes_.size(); ++k) {
        const auto at = populations_.mass.size() + k;
        const double each = 0.5 * (slope[at] + slope[at + uptakes_.size()]) * (t - time_);
        uptakes_[k] += each;
        releases_[k] += each;
      }
      error_bound_ += to_come;
      time_ = t;
      return true;
    }
    const bool is_last = next_step_ >= t - time_;
    double h = is_last ? t - time_ : next_step_, proposed = h, now = time_;
    before = state;
    work_ += stages * cells_of_slope;
    if (stepper.try_step(flow, state, now, proposed) == odeint::fail) {
      next_step_ = proposed;
      continue;
    }
    const double reflected = h * std::max(flow.over_the_top(before), flow.over_the_top(state));
    if (reflected > share(h)) return false;
    next_step_ = is_last ? std::max(proposed, next_step_) : proposed;
    time_ = is_last ? t : now;
    error_bound_ += reflected + step_error;
    std::copy(state.begin(), state.begin() + cells, populations_.mass.begin());
    std::copy(state.begin() + cells, state.begin() + cells + transitions, uptakes_.begin());
    std::copy(state.begin() + cells + transitions, state.end(), releases_.begin());
  }
  return true;
}

}  // namespace powerstroke::theory
