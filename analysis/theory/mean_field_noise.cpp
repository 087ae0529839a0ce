#include "powerstroke/analysis/theory/mean_field_noise.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

#include "powerstroke/analysis/theory/linear_noise.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {
namespace {

namespace odeint = boost::numeric::odeint;
using State = NoiseEquations::State;

/// Below this probability the top levels may reflect.
constexpr double empty_level = 1e-9;
constexpr std::size_t least_levels = 4;
constexpr std::size_t most_levels = 1024;
constexpr std::size_t stages = 7;  // of a step

/// Without the empty levels at the top.
std::vector<double> trimmed(std::vector<double> levels) {
  while (levels.size() > least_levels && levels.back() <= empty_level) {
    const double rest = levels.back();
    levels.pop_back();
    levels.back() += rest;
  }
  levels.resize(std::max(levels.size(), least_levels));
  return levels;
}

/// The block of a matrix that begins at (first, first), as so many rows and columns; zeros where it
/// has no more.
std::vector<double> block(const std::vector<double>& matrix, std::size_t columns_before,
                          std::size_t first, std::size_t rows, std::size_t columns) {
  std::vector<double> result(rows * columns);
  if (columns_before == 0) return result;
  const std::size_t rows_before = matrix.size() / columns_before;
  const std::size_t common = std::min(columns_before - first, columns);
  for (std::size_t i = 0; i < rows && first + i < rows_before; ++i)
    std::copy_n(matrix.begin() + static_cast<std::ptrdiff_t>((first + i) * columns_before + first),
                common, result.begin() + static_cast<std::ptrdiff_t>(i * columns));
  return result;
}

double operations_of_evaluation(const NoiseEquations& equations, std::size_t coordinates) {
  return static_cast<double>(equations.rows() * coordinates) *
         (equations.operations_an_entry() + static_cast<double>(stages));
}

}  // namespace

MeanFieldNoise::MeanFieldNoise(std::vector<double> levels, laws::StrokeLaw law,
                               std::vector<std::int32_t> strides, double tolerance,
                               std::vector<LevelFactors> factors)
    : law_(std::move(law)),
      strides_(std::move(strides)),
      factors_(std::move(factors)),
      baths_(laws::is<laws::Bath>(law_.balance) ? law_.transitions.size() : 0),
      rate_(laws::attempt_rate(law_)),
      tolerance_(tolerance),
      step_(0.1 / rate_) {
  POWERSTROKE_EXPECT(!levels.empty() && rate_ >= 0.0 && tolerance_ > 0.0);
  POWERSTROKE_EXPECT(!strides_.empty() && strides_.size() == law_.transitions.size());
  POWERSTROKE_EXPECT(std::ranges::all_of(strides_, [](std::int32_t stride) { return stride > 0; }));
  POWERSTROKE_EXPECT(baths_ == 0 || law_.bath().systems_per_particle > 0.0);
  if (factors_.empty()) factors_.assign(strides_.size(), {{1.0}, {1.0}});
  POWERSTROKE_EXPECT(factors_.size() == strides_.size());
  POWERSTROKE_EXPECT(std::ranges::none_of(factors_, [](const LevelFactors& each) {
    return each.uptake.empty() || each.release.empty();
  }));
  highest_stride_ = static_cast<std::size_t>(*std::ranges::max_element(strides_));
  coordinates_.assign(baths_, law_.bath().excited * law_.bath().systems_per_particle);
  coordinates_.resize(leading(), 0.0);
  const std::vector<double> occupied = trimmed(std::move(levels));
  coordinates_.insert(coordinates_.end(), occupied.begin(), occupied.end());
  covariance_.resize(rows() * coordinates_.size());
  excess_.resize(size() * size());
}

void MeanFieldNoise::resize(std::size_t levels) {
  if (levels > most_levels)
    throw NumericsError("mean-field noise: more than " + std::to_string(most_levels) +
                        " levels are occupied at t = " + std::to_string(time_) +
                        "; the covariance of so many levels is not computed: take a larger delta_e "
                        "or a shorter time");
  const std::size_t before = coordinates_.size(), levels_before = size();
  coordinates_.resize(leading() + levels);
  if (is_sketch_) return;
  covariance_ = block(covariance_, before, 0, rows(), coordinates_.size());
  excess_ = block(excess_, levels_before, 0, levels, levels);
}

bool MeanFieldNoise::top_is_occupied(std::span<const double> coordinates) const {
  const std::span<const double> top =
      coordinates.last(std::min(highest_stride_, coordinates.size() - leading()));
  return std::accumulate(top.begin(), top.end(), 0.0) > empty_level;
}

void MeanFieldNoise::advance(double t) {
  POWERSTROKE_EXPECT(t >= time_);
  if (rate_ == 0.0) time_ = t;
  while (time_ < t) {
    // Room for several of the highest strokes: whether the top is reached is seen after a step.
    if (top_is_occupied(coordinates_)) resize(size() + 4 * highest_stride_ + size() / 8);
    advance_on_this_ladder(t);
  }
}

void MeanFieldNoise::sketch() {
  is_sketch_ = true;
  covariance_ = {};
  excess_ = {};
  rest_.reset();
}

double MeanFieldNoise::motion(std::span<const double> change) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < change.size(); ++i)
    sum += i >= baths_ && i < leading() ? 0.0 : std::abs(change[i]);
  return sum;
}

/// Modes of the covariance are pairs of those of the occupations, and the fastest twice as fast.
/// Numbers of strokes are paired with occupations alone.
double MeanFieldNoise::steps_each() const {
  return is_sketch_ && !laws::has_given_rates(law_.balance) ? 2.0 : 1.0;
}

void MeanFieldNoise::advance_on_this_ladder(double t) {
  const std::size_t coordinates = coordinates_.size();
  State state = coordinates_;
  state.insert(state.end(), covariance_.begin(), covariance_.end());
  NoiseEquations equations(law_, strides_, factors_, size());
  const auto flow = [&](const State& now, State& change, double time) {
    if (is_sketch_)
      change = equations.drift(now);
    else
      equations(now, change, time);
  };
  const double of_evaluation = operations_of_evaluation(equations, coordinates);
  // A thousandth of the tolerance a step: a run has a few hundred of them, whose errors add up.
  const double step_tolerance = 1e-3 * tolerance_;
  auto stepper =
      odeint::make_controlled(step_tolerance, step_tolerance, odeint::runge_kutta_dopri5<State>());
  while (time_ < t && !top_is_occupied(std::span(state).first(coordinates))) {
    check_stop();
    if (advance_at_rest(equations, t, state)) continue;
    const double left = t - time_;
    double step = std::min(step_, left), now = time_;
    const bool last = step == left;
    const bool done = stepper.try_step(flow, state, now, step) == odeint::success;
    evaluations_ += stages;
    operations_ += steps_each() * static_cast<double>(stages) * of_evaluation;
    if (done) time_ = last ? t : now;
    if (!done && !(step > 1e-12 / rate_))
      throw NumericsError("mean-field noise: the step control fails at t = " +
                          std::to_string(time_));
    if (!done || !last) step_ = step;  // a step that was cut at t says nothing about the next
  }
  const auto covariance = state.begin() + static_cast<std::ptrdiff_t>(coordinates);
  std::copy(state.begin(), covariance, coordinates_.begin());
  if (is_sketch_) return;
  std::copy(covariance, state.end(), covariance_.begin());
  if (!laws::has_given_rates(law_.balance))
    excess_ = block(covariance_, coordinates, leading(), size(), size());
}

State MeanFieldNoise::moved_after(double duration, NoiseEquations& equations,
                                  const State& y) const {
  constexpr double
      accuracy = 1e-5,
      still = 1e-3;  // of the tolerance: what all levels leave together is a small part of it
  auto stepper = odeint::make_controlled(accuracy * tolerance_, accuracy * tolerance_,
                                         odeint::runge_kutta_dopri5<State>());
  const auto flow = [&](const State& now, State& change, double) { change = equations.drift(now); };
  State now = y;
  double time = 0.0, step = step_;
  while (time < duration && motion(equations.drift(now)) > still * tolerance_ * rate_) {
    check_stop();
    step = std::min(step, duration - time);
    stepper.try_step(flow, now, time, step);
  }
  const State drift = equations.drift(now);
  State moved(y.size());
  for (std::size_t i = 0; i < y.size(); ++i)
    moved[i] = now[i] - y[i] + (i >= baths_ && i < leading() ? drift[i] * (duration - time) : 0.0);
  return moved;
}

bool MeanFieldNoise::advance_at_rest(NoiseEquations& equations, double until, State& state) {
  // Doublings of a longer time would double their roundings beyond what coming to rest can bear.
  constexpr double longest = 1e4;  // in strokes
  const double t = std::min(until, time_ + longest / rate_), duration = t - time_;
  const std::size_t n = coordinates_.size();
  const double entries = static_cast<double>(n) * static_cast<double>(n);
  const double steps = steps_each() * duration / step_;
  // A product of matrices makes so many operations in the time of one of the steps.
  constexpr double advantage = 8.0, least_products = 50.0, products_of_move = 2.0;
  const double of_steps =
      steps * static_cast<double>(stages) * operations_of_evaluation(equations, n);
  const double of_product = 2.0 * entries * static_cast<double>(n) / advantage;
  State y(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(n));
  const auto go = [&](const State& moved, const Propagation* propagation) {
    if (propagation != nullptr) {
      std::vector<double> covariance(n * n);
      for (std::size_t i = 0; i < rows(); ++i)
        for (std::size_t j = 0; j < n; ++j)
          covariance[i * n + j] = covariance[j * n + i] = state[n + i * n + j];
      propagation->move(covariance);
      std::copy_n(covariance.begin(), rows() * n, state.begin() + static_cast<std::ptrdiff_t>(n));
    }
    for (std::size_t i = 0; i < n; ++i) state[i] = y[i] + moved[i];
    operations_ += products_of_move * of_product;
    time_ = t;
    return true;
  };
  const auto is_known = [&](const Rest& rest) {
    constexpr double roundings = 1e-9;
    if (rest.coordinates.size() != n || std::abs(rest.duration - duration) > roundings * duration)
      return false;
    State away(n);
    std::ranges::transform(y, rest.coordinates, away.begin(), std::minus<>());
    return motion(away) <= tolerance_;
  };
  if (rest_ && is_known(*rest_)) {
    if (rest_->propagation) return go(rest_->propagation->moved(), &*rest_->propagation);
    return go(moved_after(duration, equations, y), nullptr);
  }
  if (of_steps < least_products * of_product) return false;
  const double slope = motion(equations.drift(std::span(state).first(n)));
  // The steps leave some hundredths of the tolerance on each level, which is part of what is found
  // to move.
  const double nearly = 10.0 * tolerance_ * rate_;
  if (!(slope <= (restless_ > 0.0 ? 0.5 * restless_ : nearly))) return false;
  // What is frozen away from rest goes on for all of the time, so that y is taken to rest first:
  // each pass is a step of Newton's.
  constexpr int most_passes = 4;
  for (int pass = 0; pass < most_passes; ++pass) {
    const LinearNoise linear = equations.linearised(y);
    const double products = static_cast<double>(products_of_propagation(linear, duration));
    if (of_steps < products * of_product) return false;
    operations_ += products * of_product;
    std::optional<Propagation> propagation;
    if (!is_sketch_) propagation.emplace(linear, duration);
    const State moved = propagation ? propagation->moved() : moved_after(duration, equations, y);
    if (!(motion(moved) <= tolerance_)) break;
    // A sketch knows where y goes to as well as its steps do, and no better: the second pass
    // arrives.
    if (motion(linear.drift) * duration <= tolerance_ || (is_sketch_ && pass > 0)) {
      rest_ = Rest{y, duration, std::move(propagation)};
      return go(moved, rest_->propagation ? &*rest_->propagation : nullptr);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (i < baths_ || i >= leading()) y[i] += moved[i];
  }
  restless_ = slope;
  return false;
}

double MeanFieldNoise::excess_covariance(std::span<const double> x,
                                         std::span<const double> y) const {
  const std::size_t rows = std::min(x.size(), size()), columns = std::min(y.size(), size());
  double sum = 0.0;
  for (std::size_t i = 0; i < rows; ++i) {
    double row = 0.0;
    for (std::size_t j = 0; j < columns; ++j) row += excess_[i * size() + j] * y[j];
    sum += x[i] * row;
  }
  return sum;
}

double MeanFieldNoise::covariance_with_excited(std::span<const double> x, std::size_t k) const {
  const double* row = covariance_.data() + k * coordinates_.size() + leading();
  const std::size_t known = std::min(x.size(), size());
  return std::inner_product(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(known), row, 0.0);
}

}  // namespace powerstroke::theory
