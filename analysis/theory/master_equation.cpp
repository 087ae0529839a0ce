#include "powerstroke/analysis/theory/master_equation.hpp"

#include <algorithm>
#include <boost/math/distributions/poisson.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "powerstroke/analysis/theory/ladder_flow.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::theory {
namespace {

namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;

constexpr std::size_t most_doubles = std::size_t{1} << 31;
constexpr double longest_stretch = 256.0;       // expected candidates: exp(-256) is far from underflow
constexpr double candidates_per_stroke = 1.02;  // a level keeps 2% of its mass in U, far more than rounding could take away
constexpr double least_step_tolerance = 2e-15;  // total variation that the rounding of a step may reach
constexpr double shortest_step = 1e-9;          // in units of 1 / w-

/// Poisson(k; mean) for k = 0, 1 ... and Prob(more than k), up to where the latter is <= tail; what is left is given to the
/// last.
struct PoissonWeights {
  std::vector<double> weight, above;

  PoissonWeights(double mean, double tail) {
    const boost::math::poisson candidates(mean);
    double sum = 0.0;
    do {
      const auto k = static_cast<double>(weight.size());
      weight.push_back(boost::math::pdf(candidates, k));
      above.push_back(boost::math::cdf(boost::math::complement(candidates, k)));
      sum += weight.back();
    } while (above.back() > tail);
    weight.back() += above.back();
    for (double& w : weight) w /= sum + above.back();
  }
};

/// What a stretch of constant rates gives beside the populations: integrals over the stretch, times the candidate rate.
struct StretchIntegrals {
  double top = 0.0, releasing = 0.0;
};

/// Uniformization of one ladder; `start` is used up.
StretchIntegrals uniformize(State& start, double* result, const PoissonWeights& poisson, double up, double down) {
  StretchIntegrals integrals;
  State next(start.size());
  for (std::size_t k = 0; k < poisson.weight.size(); ++k) {
    double releasing = 0.0;
    for (std::size_t i = 2; i < start.size(); ++i) releasing += start[i];
    integrals.releasing += poisson.above[k] * releasing;
    integrals.top += poisson.above[k] * start.back();
    for (std::size_t i = 0; i < start.size(); ++i) result[i] += poisson.weight[k] * start[i];
    apply_flows(start.data(), next.data(), start.size(), 1.0, up, down);
    start.swap(next);
  }
  return integrals;
}

/// d/dt of the masses under (8), and of the strokes, the last entry.
class ConservingFlow {
 public:
  ConservingFlow(std::size_t levels, double rate_down) : levels_(levels), rate_down_(rate_down) {}

  double phi(const State& state) const {
    State sums(levels_, 0.0);  // level by level, which vectorises
    for (std::size_t first = 0; first + levels_ <= state.size(); first += levels_)
      for (std::size_t i = 0; i < levels_; ++i) sums[i] += state[first + i];
    double releasing = 0.0;
    for (std::size_t i = 2; i < levels_; ++i) releasing += sums[i];
    return releasing;
  }

  double top(const State& state) const {
    double sum = 0.0;
    for (std::size_t first = 0; first + levels_ <= state.size(); first += levels_)
      sum += std::abs(state[first + levels_ - 1]);
    return sum;
  }

  void operator()(const State& state, State& slope, double) const {
    const double rate_up = laws::conserving_rate_up(rate_down_, phi(state));
    for (std::size_t first = 0; first + levels_ <= state.size(); first += levels_)
      apply_flows(state.data() + first, slope.data() + first, levels_, 0.0, rate_up, rate_down_);
    slope.back() = 2.0 * rate_up;
  }

 private:
  std::size_t levels_;
  double rate_down_;
};

/// Error of a step in units of what it may be, by total variation (and by the strokes, the last entry, alike).
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

using Stepper = odeint::controlled_runge_kutta<odeint::runge_kutta_fehlberg78<State>, TotalVariationChecker>;

}  // namespace

MasterEquation::MasterEquation(Populations start, const laws::Transition& transition, bool conserving, double tolerance)
    : populations_(std::move(start)),
      transition_(transition),
      conserving_(conserving),
      tolerance_(tolerance),
      next_step_(0.1 / transition.rate_down) {
  POWERSTROKE_EXPECT(transition.rate_down >= 0.0 && (conserving || transition.rate_up >= 0.0) && tolerance > 0.0);
  POWERSTROKE_EXPECT(populations_.grid.delta_e == transition.delta_e);
  if (populations_.levels < 3) grow();
}

double MasterEquation::rate_up() const {
  return conserving_ ? laws::conserving_rate_up(transition_.rate_down, phi(populations_)) : transition_.rate_up;
}

void MasterEquation::advance(double t) {
  POWERSTROKE_EXPECT(t >= time_);
  if (conserving_)
    advance_conserving(t);
  else
    advance_constant(t);
  time_ = t;
}

/// The part of the tolerance that [time, time + h] may use for the top and as much again for the sum's cut: it falls as the
/// inverse square of the time, so that all parts together stay below half of the tolerance however long the run.
double MasterEquation::share(double h) const {
  const double rate = transition_.rate_down + (conserving_ ? transition_.rate_down : transition_.rate_up);
  return 0.25 * tolerance_ * rate * h / ((1.0 + rate * time_) * (1.0 + rate * (time_ + h)));
}

void MasterEquation::grow() {
  const std::size_t levels = populations_.levels + populations_.levels / 4 + 8, nodes = populations_.grid.nodes();
  if (levels > most_doubles / std::max<std::size_t>(nodes, 1))
    throw NumericsError("the ladder would need " + std::to_string(levels) + " levels on " + std::to_string(nodes) +
                        " offsets at t = " + std::to_string(time_) + ", which is more than 2^31 numbers");
  State mass(nodes * levels, 0.0);
  for (std::size_t node = 0; node < nodes; ++node)
    std::ranges::copy(populations_.ladder(node), mass.begin() + static_cast<std::ptrdiff_t>(node * levels));
  populations_.mass = std::move(mass);
  populations_.levels = levels;
}

void MasterEquation::advance_constant(double t) {
  const double rate = candidates_per_stroke * (transition_.rate_up + transition_.rate_down);
  if (rate == 0.0) return;
  while (time_ < t) {
    const double h = std::min(t - time_, longest_stretch / rate);
    if (h == 0.0) return;
    if (!uniformized_stretch(h, rate)) {
      grow();
      continue;
    }
    time_ = h < longest_stretch / rate ? t : time_ + h;
  }
}

bool MasterEquation::uniformized_stretch(double h, double rate) {
  const PoissonWeights poisson(rate * h, share(h));
  State result(populations_.mass.size(), 0.0);
  StretchIntegrals integrals;
  for (std::size_t node = 0; node < populations_.grid.nodes(); ++node) {
    const auto ladder = populations_.ladder(node);
    State start(ladder.begin(), ladder.end());
    const StretchIntegrals of_node = uniformize(start, result.data() + node * populations_.levels, poisson,
                                                transition_.rate_up / rate, transition_.rate_down / rate);
    integrals.top += of_node.top;
    integrals.releasing += of_node.releasing;
  }
  const double reflected = transition_.rate_up / rate * integrals.top;
  if (reflected > share(h)) return false;
  populations_.mass = std::move(result);
  error_bound_ += reflected + poisson.above.back();
  strokes_ += transition_.rate_up * h + transition_.rate_down / rate * integrals.releasing;
  return true;
}

void MasterEquation::advance_conserving(double t) {
  const double rate_down = transition_.rate_down;
  if (rate_down == 0.0) return;
  while (time_ < t) {
    if (!conserving_steps(t)) grow();
  }
}

/// Steps until t, or until the ladder is too short: then false.
bool MasterEquation::conserving_steps(double t) {
  const double rate_down = transition_.rate_down;
  const ConservingFlow flow(populations_.levels, rate_down);
  double step_error = 0.0;
  Stepper stepper(TotalVariationChecker{std::max(1e-3 * tolerance_, least_step_tolerance), &step_error});
  State state = populations_.mass, before, slope(populations_.mass.size() + 1);
  state.push_back(strokes_);
  while (time_ < t) {
    if (next_step_ * rate_down < shortest_step)
      throw NumericsError("the step of the master equation fell to " + std::to_string(next_step_) +
                          " at t = " + std::to_string(time_) + ": the tolerance cannot be met");
    // Near the stationary state what is still to come is the slope over the slowest decay rate.
    flow(state, slope, time_);
    double to_come = 0.0;
    for (std::size_t i = 0; i + 1 < slope.size(); ++i) to_come += std::abs(slope[i]);
    const double gap = rate_down * std::pow(1.0 - std::sqrt(flow.phi(state)), 2.0);
    if (to_come < 0.01 * tolerance_ * gap) {
      strokes_ += slope.back() * (t - time_);
      error_bound_ += to_come / gap;
      time_ = t;
      return true;
    }
    const bool is_last = next_step_ >= t - time_;
    double h = is_last ? t - time_ : next_step_, proposed = h, now = time_;
    before = state;
    if (stepper.try_step(flow, state, now, proposed) == odeint::fail) {
      next_step_ = proposed;
      continue;
    }
    const double reflected = rate_down * h * std::max(flow.top(before), flow.top(state));
    if (reflected > share(h)) return false;
    next_step_ = is_last ? std::max(proposed, next_step_) : proposed;
    time_ = is_last ? t : now;
    error_bound_ += reflected + step_error;
    strokes_ = state.back();
    std::copy(state.begin(), state.end() - 1, populations_.mass.begin());
  }
  return true;
}

}  // namespace powerstroke::theory
