#include "powerstroke/kernels/laws/flip_probability.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::laws {
namespace {

using std::numbers::pi;

/// The duration of the largest P: up to pi V0 tau/hbar = pi/2 the sine rises to 1 while the sech
/// falls, beyond it no lobe of the sine is as high as the first. P' = 0 is V0 cot(V0 x) = (dE/2)
/// tanh(dE x/2), x = pi tau/hbar; with angle = V0 x the difference of the two sides falls from
/// infinity at 0 to below 0 at pi/2.
double most_effective_duration(const Passage& passage) {
  const double ratio = passage.delta_e / (2.0 * passage.coupling);
  const auto slope = [&](double angle) {
    return std::cos(angle) - ratio * std::sin(angle) * std::tanh(ratio * angle);
  };
  // So strong a coupling that the sech is flat: cos(pi/2) as a double is above 0.
  if (slope(0.5 * pi) >= 0.0) return 0.5 * passage.hbar / passage.coupling;
  std::uintmax_t iterations = 100;
  const auto angles =
      boost::math::tools::toms748_solve(slope, 0.0, 0.5 * pi, slope(0.0), slope(0.5 * pi),
                                        boost::math::tools::eps_tolerance<double>(), iterations);
  return angles.first * passage.hbar / (pi * passage.coupling);
}

}  // namespace

double flip_probability(const Passage& passage) {
  POWERSTROKE_EXPECT(passage.duration >= 0.0 && passage.hbar > 0.0);
  const double x = pi * passage.duration / passage.hbar;
  const double decay = std::exp(-0.5 * passage.delta_e * x);
  if (decay == 0.0) return 0.0;  // also a duration without end, whose sine has no value
  const double amplitude = std::sin(passage.coupling * x) * 2.0 * decay / (1.0 + decay * decay);
  return amplitude * amplitude;
}

FactorRange flip_probability_range(const Passage& fast, const Passage& slow) {
  const auto decay = [](const Passage& passage) {
    const double x = pi * passage.duration / passage.hbar,
                 once = std::exp(-0.5 * passage.delta_e * x);
    return 2.0 * once / (1.0 + once * once);
  };
  // The sech falls; the sine may turn between.
  const double first = fast.coupling * fast.duration / fast.hbar,
               last = slow.coupling * slow.duration / slow.hbar;
  double low = 0.0, high = 1.0;
  if (last - first < 0.5) {
    const double a = std::abs(std::sin(pi * first)), b = std::abs(std::sin(pi * last));
    const bool passes_zero = std::floor(last) > std::floor(first),
               passes_one = std::floor(last - 0.5) > std::floor(first - 0.5);
    low = passes_zero ? 0.0 : std::min(a, b);
    high = passes_one ? 1.0 : std::max(a, b);
  }
  constexpr double roundings = 1e-13;
  const double least = low * decay(slow), largest = high * decay(fast);
  // A sine near one of its zeros loses as many digits as its argument has before the point.
  const double slack = std::isfinite(last) ? roundings * (1.0 + last) : 0.0;
  return {std::max(0.0, least * least * (1.0 - roundings) - slack),
          std::min(1.0, largest * largest * (1.0 + roundings) + slack)};
}

double largest_flip_probability(const Passage& passage) {
  // Below the most effective duration P rises at most as duration^2: a few roundings of the
  // duration are worth as many of P.
  constexpr double roundings = 1.0 + 1e-14;
  Passage largest = passage;
  largest.duration = std::min(passage.duration, most_effective_duration(passage));
  return std::min(1.0, flip_probability(largest) * roundings);
}

}  // namespace powerstroke::laws
