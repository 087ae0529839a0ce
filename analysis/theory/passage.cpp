#include "powerstroke/analysis/theory/passage.hpp"

#include <algorithm>
#include <array>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::theory {
namespace {

namespace odeint = boost::numeric::odeint;

/// Real and imaginary parts of the upper and the lower amplitude.
using Amplitudes = std::array<double, 4>;

/// sech(40) = 8e-18: before -40 tau nothing happens.
constexpr double long_before = -40.0;
constexpr double tolerance = 1e-12;
/// In tau: from where nothing moves the step control could leap over the passage.
constexpr double longest_step = 0.25;

void check(const laws::Passage& passage) {
  for (const double value : {passage.coupling, passage.delta_e, passage.duration, passage.hbar})
    if (!(std::isfinite(value) && value > 0.0))
      throw NumericsError(
          "passage: coupling, delta_e, duration and hbar must be positive numbers, found " +
          std::to_string(value));
}

double coupling_at(const laws::Passage& passage, double t) {
  return passage.coupling / std::cosh(t / passage.duration);
}

double upper_level(const Amplitudes& psi) { return psi[0] * psi[0] + psi[1] * psi[1]; }
double lower_level(const Amplitudes& psi) { return psi[2] * psi[2] + psi[3] * psi[3]; }

double energy(const laws::Passage& passage, const Amplitudes& psi, double t) {
  const double mixing = psi[0] * psi[2] + psi[1] * psi[3];
  return 0.5 * passage.delta_e * (upper_level(psi) - lower_level(psi)) +
         2.0 * coupling_at(passage, t) * mixing;
}

}  // namespace

PassageCourse passage_course(const laws::Passage& passage, std::span<const double> times) {
  check(passage);
  const auto schroedinger = [&](const Amplitudes& psi, Amplitudes& rate, double t) {
    const double half = 0.5 * passage.delta_e / passage.hbar,
                 v = coupling_at(passage, t) / passage.hbar;
    rate = {half * psi[1] + v * psi[3], -half * psi[0] - v * psi[2], v * psi[1] - half * psi[3],
            half * psi[2] - v * psi[0]};
  };
  const double longest = longest_step * passage.duration;
  const auto stepper = odeint::make_controlled(tolerance, tolerance, longest,
                                               odeint::runge_kutta_fehlberg78<Amplitudes>());
  Amplitudes psi = {0.0, 0.0, 1.0, 0.0};
  PassageCourse course;
  double now = times.empty() ? 0.0 : std::min(times.front(), long_before * passage.duration);
  for (const double t : times) {
    if (!(t >= now)) throw NumericsError("passage: times must ascend, found " + std::to_string(t));
    if (t > now)
      odeint::integrate_adaptive(stepper, schroedinger, psi, now, t, std::min(longest, t - now));
    now = t;
    course.time.push_back(t);
    course.energy.push_back(energy(passage, psi, t));
    course.upper.push_back(upper_level(psi));
  }
  course.norm = upper_level(psi) + lower_level(psi);
  return course;
}

std::span<const NamedPassage> passages_of_figure_2() {
  static constexpr std::array<NamedPassage, 3> passages{{{"fast", {1.5, 1.0, 0.01, 1.0}},
                                                         {"middle", {1.5, 1.0, 0.25, 1.0}},
                                                         {"slow", {1.5, 1.0, 5.0, 1.0}}}};
  return passages;
}

}  // namespace powerstroke::theory
