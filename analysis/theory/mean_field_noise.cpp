#include "powerstroke/analysis/theory/mean_field_noise.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/ladder.hpp"

namespace powerstroke::theory {
namespace {

namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;  ///< p, then X row by row

/// Below this probability the top level may reflect.
constexpr double empty_level = 1e-9;
constexpr std::size_t least_levels = 4;
constexpr std::size_t most_levels = 1024;

/// Where a release is possible, by index level + 1.
constexpr std::size_t first_release = 2;
static_assert(can_release(static_cast<int>(first_release) + lowest_level) &&
              !can_release(static_cast<int>(first_release) + lowest_level - 1));

double phi_of(std::span<const double> p) {
  double phi = 0.0;
  for (std::size_t i = first_release; i < p.size(); ++i) phi += p[i];
  return phi;
}

/// The tridiagonal generator L at w+ = w- phi: dp_i/dt = from_below[i] p_{i-1} + stay[i] p_i + from_above[i] p_{i+1}.
struct Generator {
  std::vector<double> from_below, stay, from_above;

  Generator(std::size_t levels, double up, double down) : from_below(levels, up), stay(levels), from_above(levels) {
    from_below.front() = 0.0;
    for (std::size_t i = 0; i < levels; ++i) {
      const bool releases = i >= first_release, top = i + 1 == levels;
      stay[i] = -(top ? 0.0 : up) - (releases ? down : 0.0);
      from_above[i] = i + 1 >= first_release && !top ? down : 0.0;
    }
  }
};

/// The joint equations of p and X.
class Equations {
 public:
  Equations(std::size_t levels, double rate_down) : levels_(levels), rate_down_(rate_down) {}

  void operator()(const State& state, State& change, double) const {
    const std::span<const double> p(state.data(), levels_);
    const double phi = phi_of(p);
    const Generator generator(levels_, rate_down_ * phi, rate_down_);
    std::vector<double> uptake(levels_), source(levels_);  // g and w- (X h + c)
    for (std::size_t i = 0; i < levels_; ++i) {
      const double below = i > 0 ? p[i - 1] : 0.0, above = i + 1 < levels_ ? p[i + 1] : 0.0;
      change[i] = generator.from_below[i] * below + generator.stay[i] * p[i] + generator.from_above[i] * above;
      uptake[i] = below - (i + 1 < levels_ ? p[i] : 0.0);
      const double* row = state.data() + levels_ * (i + 1);
      double sum = p[i] * ((i >= first_release ? 1.0 : 0.0) - phi);
      for (std::size_t j = first_release; j < levels_; ++j) sum += row[j];
      source[i] = rate_down_ * sum;
    }
    excess_change(state.data() + levels_, generator, uptake, source, change.data() + levels_);
  }

 private:
  /// L X + X L^T + g source^T + source g^T. X is symmetric, so X L^T is the same stencil along a row as L X is along a
  /// column; the two halves are added in an order that keeps X symmetric to the last bit.
  void excess_change(const double* x, const Generator& generator, const std::vector<double>& uptake,
                     const std::vector<double>& source, double* change) const {
    const std::vector<double> nothing(levels_);
    const double *from_below = generator.from_below.data(), *stay = generator.stay.data(),
                 *from_above = generator.from_above.data();
    for (std::size_t i = 0; i < levels_; ++i) {
      const double* row = x + i * levels_;
      const double* below = i > 0 ? row - levels_ : nothing.data();
      const double* above = i + 1 < levels_ ? row + levels_ : nothing.data();
      const auto at = [&](std::size_t j, double left, double right) {
        const double column_part = from_below[i] * below[j] + stay[i] * row[j] + from_above[i] * above[j];
        const double row_part = from_below[j] * left + stay[j] * row[j] + from_above[j] * right;
        change[i * levels_ + j] = (column_part + row_part) + (uptake[i] * source[j] + source[i] * uptake[j]);
      };
      at(0, 0.0, row[1]);
      for (std::size_t j = 1; j + 1 < levels_; ++j) at(j, row[j - 1], row[j + 1]);
      at(levels_ - 1, row[levels_ - 2], 0.0);
    }
  }

  std::size_t levels_;
  double rate_down_;
};

/// A square matrix with more rows and columns of zeros.
std::vector<double> enlarged(const std::vector<double>& matrix, std::size_t from, std::size_t to) {
  std::vector<double> result(to * to);
  for (std::size_t i = 0; i < from; ++i)
    std::copy_n(matrix.begin() + static_cast<std::ptrdiff_t>(i * from), from,
                result.begin() + static_cast<std::ptrdiff_t>(i * to));
  return result;
}

}  // namespace

MeanFieldNoise::MeanFieldNoise(std::vector<double> levels, double rate_down, double tolerance)
    : levels_(std::move(levels)), rate_down_(rate_down), tolerance_(tolerance), step_(0.1 / rate_down) {
  POWERSTROKE_EXPECT(!levels_.empty() && rate_down_ >= 0.0 && tolerance_ > 0.0);
  while (levels_.size() > least_levels && levels_.back() <= empty_level) {
    const double rest = levels_.back();
    levels_.pop_back();
    levels_.back() += rest;
  }
  levels_.resize(std::max(levels_.size(), least_levels));
  excess_.resize(levels_.size() * levels_.size());
}

void MeanFieldNoise::grow() {
  const std::size_t size = levels_.size() + 4 + levels_.size() / 8;
  if (size > most_levels)
    throw NumericsError("mean-field noise: more than " + std::to_string(most_levels) +
                        " levels are occupied at t = " + std::to_string(time_) +
                        "; the covariance of so many levels is not computed: take a larger delta_e or a shorter time");
  excess_ = enlarged(excess_, levels_.size(), size);
  levels_.resize(size);
}

void MeanFieldNoise::advance(double t) {
  POWERSTROKE_EXPECT(t >= time_);
  if (rate_down_ == 0.0) time_ = t;
  while (time_ < t) {
    if (levels_.back() > empty_level) grow();
    advance_on_this_ladder(t);
  }
}

void MeanFieldNoise::advance_on_this_ladder(double t) {
  State state = levels_;
  state.insert(state.end(), excess_.begin(), excess_.end());
  const Equations equations(levels_.size(), rate_down_);
  // A thousandth of the tolerance a step: a run has a few hundred of them, whose errors add up.
  const double step_tolerance = 1e-3 * tolerance_;
  auto stepper = odeint::make_controlled(step_tolerance, step_tolerance, odeint::runge_kutta_dopri5<State>());
  while (time_ < t && state[levels_.size() - 1] <= empty_level) {
    const double left = t - time_;
    double step = std::min(step_, left), now = time_;
    const bool last = step == left;
    const bool done = stepper.try_step(equations, state, now, step) == odeint::success;
    if (done) time_ = last ? t : now;
    if (!done && !(step > 1e-12 / rate_down_))
      throw NumericsError("mean-field noise: the step control fails at t = " + std::to_string(time_));
    if (!done || !last) step_ = step;  // a step that was cut at t says nothing about the next
  }
  const auto excess = state.begin() + static_cast<std::ptrdiff_t>(levels_.size());
  std::copy(state.begin(), excess, levels_.begin());
  std::copy(excess, state.end(), excess_.begin());
}

double MeanFieldNoise::excess_covariance(std::span<const double> x, std::span<const double> y) const {
  const std::size_t rows = std::min(x.size(), size()), columns = std::min(y.size(), size());
  double sum = 0.0;
  for (std::size_t i = 0; i < rows; ++i) {
    double row = 0.0;
    for (std::size_t j = 0; j < columns; ++j) row += excess_[i * size() + j] * y[j];
    sum += x[i] * row;
  }
  return sum;
}

}  // namespace powerstroke::theory
