#include <doctest/doctest.h>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/kernels/finite_strokes.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

/// One-dimensional particles of mass 1/2, whose energy is p^2, with delta_e = 1.
struct Gas {
  std::vector<double> p, stroke, remaining;

  Gas(std::size_t particles, double energy)
      : p(particles, std::sqrt(energy)), stroke(particles, 0.0), remaining(particles, 0.0) {}
  StrokedMomenta view() { return {MomentumView(p, 0.5), stroke, remaining}; }
};

laws::StrokeLaw fixed_rates(double up, double down) {
  laws::StrokeLaw law;
  law.transitions = {{1.0, up, down}};
  return law;
}

/// In several steps that neither divide the time nor the window.
Ledger run(const FiniteStrokes& kernel, Gas& gas, double t) {
  StepClock clock;
  Ledger ledger;
  for (const double share : {0.13, 0.011, 0.459, 0.4})
    kernel.advance(gas.view(), 0.0, share * t, clock, ledger);
  return ledger;
}

/// Strokes of length `window` that begin at rates w+, w- of idle particles: Q_n(t), idle on level
/// n, obeys
///     Q_n' = -(w+ + Theta w-) Q_n + w+ Q_{n-1}(t - window) + w- Q_{n+1}(t - window).
struct DelayedLaw {
  std::vector<double> idle;  ///< Q_n at the end
  double in_uptake = 0.0, in_release = 0.0, mean_level = 0.0;
};

/// Heun's method, whose steps divide the window, so that what is delayed lies on the grid. @param t
/// whole windows.
DelayedLaw delayed_law(std::size_t start, double up, double down, int windows, double window,
                       int steps_per_window) {
  constexpr std::size_t levels = 40;
  const double h = window / steps_per_window;
  const auto total = static_cast<std::size_t>(windows * steps_per_window),
             delay = static_cast<std::size_t>(steps_per_window);
  std::vector<std::vector<double>> q(total + 1, std::vector<double>(levels, 0.0));
  q[0][start] = 1.0;
  const auto rate = [&](const std::vector<double>& now, std::size_t time, std::size_t n) {
    double value = -(up + (n >= 1 ? down : 0.0)) * now[n];
    if (time < delay) return value;
    if (n >= 1) value += up * q[time - delay][n - 1];
    if (n + 1 < levels) value += down * q[time - delay][n + 1];
    return value;
  };
  std::vector<double> ahead(levels), begun_up(total + 1, 0.0), begun_down(total + 1, 0.0);
  const auto begins = [&](std::size_t k) {
    double all = 0.0;
    for (const double value : q[k]) all += value;
    return std::pair{up * all, down * (all - q[k][0])};
  };
  DelayedLaw law;
  law.mean_level = static_cast<double>(start);
  const auto under_way = [&](const std::vector<double>& begun, std::size_t k) {
    return begun[k] - (k >= delay ? begun[k - delay] : 0.0);
  };
  for (std::size_t k = 0; k < total; ++k) {
    // At time = delay what arrives jumps from nothing to Q(0): the step before ends on the left of
    // the jump.
    const std::size_t end_of_step = k + 1 == delay ? k : k + 1;
    for (std::size_t n = 0; n < levels; ++n) ahead[n] = q[k][n] + h * rate(q[k], k, n);
    for (std::size_t n = 0; n < levels; ++n)
      q[k + 1][n] = q[k][n] + 0.5 * h * (rate(q[k], k, n) + rate(ahead, end_of_step, n));
    const auto [up_now, down_now] = begins(k);
    const auto [up_next, down_next] = begins(k + 1);
    begun_up[k + 1] = begun_up[k] + 0.5 * h * (up_now + up_next);
    begun_down[k + 1] = begun_down[k] + 0.5 * h * (down_now + down_next);
    for (const std::size_t at : {k, k + 1})
      law.mean_level += 0.5 * h / window * (under_way(begun_up, at) - under_way(begun_down, at));
  }
  law.idle = q[total];
  law.in_uptake = under_way(begun_up, total);
  law.in_release = under_way(begun_down, total);
  return law;
}

}  // namespace

TEST_CASE("strokes that last: uptakes alone are a counter with dead time, in closed form") {
  // The k-th stroke begins after k exponential waits and k-1 windows.
  constexpr std::size_t particles = 200'000;
  constexpr double rate = 1.5, t = 4.0;
  for (const double window : {0.02, 0.3, 1.1}) {
    CAPTURE(window);
    Gas gas(particles, 0.5);
    run(FiniteStrokes(fixed_rates(rate, 0.0), window, 31), gas, t);
    std::vector<double> law(30, 0.0);
    double at_least = 1.0;
    for (std::size_t k = 0; k < law.size(); ++k) {
      const double waited = t - static_cast<double>(k) * window;
      const double more =
          waited > 0.0 ? boost::math::gamma_p(static_cast<double>(k) + 1.0, rate * waited) : 0.0;
      law[k] = at_least - more;
      at_least = more;
    }
    std::vector<std::uint64_t> counts(law.size(), 0);
    for (std::size_t i = 0; i < particles; ++i) {
      const double whole = gas.p[i] * gas.p[i] + gas.stroke[i] * gas.remaining[i] / window;
      ++counts.at(static_cast<std::size_t>(std::llround(whole - 0.5)));
    }
    CHECK(analysis::chi_square(counts, law, particles).p_value >
          test_support::false_alarm_rate / 3.0);
  }
}

TEST_CASE(
    "strokes that last: up and down, levels, strokes under way and mean energy follow the delayed "
    "master equation") {
  constexpr std::size_t particles = 200'000, start = 3;
  constexpr double up = 0.5, down = 1.0, t = 4.0;
  for (const int windows : {4, 40}) {
    CAPTURE(windows);
    const double window = t / windows;
    const DelayedLaw expected = delayed_law(start, up, down, windows, window, 4000 / windows);
    std::vector<double> law = expected.idle;
    law.push_back(expected.in_uptake);
    law.push_back(expected.in_release);
    Gas gas(particles, 0.5 + start);
    run(FiniteStrokes(fixed_rates(up, down), window, 32), gas, t);
    std::vector<std::uint64_t> counts(law.size(), 0);
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < particles; ++i) {
      const double energy = gas.p[i] * gas.p[i] - 0.5;
      sum += energy;
      squares += energy * energy;
      const std::size_t level = static_cast<std::size_t>(std::llround(std::max(energy, 0.0)));
      ++counts.at(gas.stroke[i] == 0.0 ? level : law.size() - (gas.stroke[i] > 0.0 ? 2 : 1));
    }
    // A chi-square and a mean, for two windows.
    CHECK(analysis::chi_square(counts, law, particles).p_value >
          test_support::false_alarm_rate / 4.0);
    const double n = static_cast<double>(particles), mean = sum / n,
                 error = std::sqrt((squares / n - mean * mean) / n);
    CHECK(std::abs(mean - expected.mean_level) < test_support::largest_deviate(4) * error);
  }
}

TEST_CASE(
    "strokes that last: as the window shrinks, the law of instantaneous strokes to first order") {
  constexpr std::size_t start = 3;
  constexpr double up = 0.5, down = 1.0, t = 4.0;
  std::vector<double> law_error, mean_error;
  for (const int windows : {20, 40, 80, 160}) {
    const DelayedLaw law = delayed_law(start, up, down, windows, t / windows, 3200 / windows);
    double distance = law.in_uptake + law.in_release, mean = 0.0;
    for (std::size_t n = 0; n < law.idle.size(); ++n) {
      const double instantaneous =
          theory::transient_level_probability(static_cast<unsigned>(n), start, t, up, down);
      distance += std::abs(law.idle[n] - instantaneous);
      mean += static_cast<double>(n) * instantaneous;
    }
    law_error.push_back(0.5 * distance);
    mean_error.push_back(law.mean_level - mean);
    MESSAGE("window ", t / windows, ": total variation ", law_error.back(), ", mean level ",
            mean_error.back());
  }
  for (const auto& error : {law_error, mean_error}) {
    // a window + b window^2: the apparent order is off by half as much at half the window.
    const double coarse = std::log2(error[1] / error[2]), fine = std::log2(error[2] / error[3]);
    MESSAGE("order ", coarse, ", then ", fine);
    CHECK(std::abs(fine - 1.0) < 0.05);
    CHECK(std::abs(2.0 * fine - coarse - 1.0) < 0.01);
  }
}

TEST_CASE(
    "strokes that last: idle particles keep the Maxwell-Boltzmann law, however long strokes last") {
  // Where nothing depends on t the delays drop out of the equation for the idle particles.
  constexpr std::size_t particles = 50'000;
  constexpr double temperature = 1.5, mass = 0.5;
  laws::StrokeLaw law;
  law.transitions = {{1.0, laws::thermal_rate_up(1.0, 1.0, temperature), 1.0}};
  law.rates = laws::Microreversible(3);
  std::vector<double> p(3 * particles), stroke(particles, 0.0), remaining(particles, 0.0);
  std::mt19937_64 random(77);
  std::normal_distribution<double> component(0.0, std::sqrt(mass * temperature));
  for (double& x : p) x = component(random);
  const StrokedMomenta view{MomentumView::interleaved(p, 3, 3, mass), stroke, remaining};
  const FiniteStrokes kernel(law, 0.9, 33);
  StepClock clock;
  Ledger ledger;
  for (int step = 0; step < 40; ++step) kernel.advance(view, 0.0, 1.0, clock, ledger);
  const boost::math::gamma_distribution<double> energy_law(1.5, temperature);
  std::vector<std::uint64_t> counts(60, 0);
  std::vector<double> probability(counts.size());
  constexpr double width = 0.2;
  for (std::size_t bin = 0; bin < counts.size(); ++bin)
    probability[bin] = boost::math::cdf(energy_law, width * static_cast<double>(bin + 1)) -
                       boost::math::cdf(energy_law, width * static_cast<double>(bin));
  std::uint64_t idle = 0;
  for (std::size_t i = 0; i < particles; ++i) {
    if (stroke[i] != 0.0) continue;
    ++idle;
    const auto bin = static_cast<std::size_t>(view.momenta.energy(i) / width);
    if (bin < counts.size()) ++counts[bin];
  }
  CHECK(idle > particles / 4);
  CHECK(idle < particles * 3 / 4);
  CHECK(analysis::chi_square(counts, probability, idle).p_value > test_support::false_alarm_rate);
}
