#include "powerstroke/analysis/theory/mean_field_noise.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <valarray>

#include "powerstroke/engine/core/error.hpp"

namespace {

using powerstroke::NumericsError;
using powerstroke::theory::MeanFieldNoise;
namespace laws = powerstroke::laws;
using Levels = std::vector<double>;
using Numbers = std::valarray<double>;

/// All particles on one level.
Levels all_on(int level) {
  Levels p(static_cast<std::size_t>(level) + 2);
  p.back() = 1.0;
  return p;
}

/// The paper's (8) with one constant rate.
MeanFieldNoise conserving(Levels levels, double rate_down, double tolerance = 1e-5) {
  return {std::move(levels),
          {{{1.0, 0.0, rate_down}}, laws::Constant{}, laws::Conserving{}},
          {1},
          tolerance};
}

/// The functions n and (n >= 1) of the level, [level + 1].
Levels level_numbers(std::size_t size) {
  Levels n(size);
  std::iota(n.begin(), n.end(), -1.0);
  return n;
}

Levels may_release(std::size_t size) {
  Levels h(size, 1.0);
  h[0] = h[1] = 0.0;
  return h;
}

double mean_of(std::span<const double> p, const Levels& x) {
  return std::inner_product(p.begin(), p.end(), x.begin(), 0.0);
}

/// x^T (diag p - p p^T) y.
double multinomial(std::span<const double> p, const Levels& x, const Levels& y) {
  double xy = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) xy += p[i] * x[i] * y[i];
  return xy - mean_of(p, x) * mean_of(p, y);
}

/// The equations of the class comment, written with full matrices, row by row, on a fixed ladder;
/// also the number of strokes, int phi dt.
struct Dense {
  Numbers p, excess;
  double strokes;
};

Numbers matrix_vector(const Numbers& matrix, const Numbers& x) {
  Numbers result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    result[i] = (Numbers(matrix[std::slice(i * x.size(), x.size(), 1)]) * x).sum();
  return result;
}

Numbers outer(const Numbers& x, const Numbers& y) {
  Numbers result(x.size() * y.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    result[std::slice(i * y.size(), y.size(), 1)] = x[i] * y;
  return result;
}

/// A B + transpose of it, of square matrices.
Numbers symmetric_product(const Numbers& a, const Numbers& b, std::size_t size) {
  Numbers result(size * size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      const double product =
          (Numbers(a[std::slice(i * size, size, 1)]) * Numbers(b[std::slice(j, size, size)])).sum();
      result[i * size + j] += product;
      result[j * size + i] += product;
    }
  return result;
}

Dense change_of(const Dense& state, double rate_down) {
  const std::size_t size = state.p.size();
  Numbers up(size * size), down(size * size),
      h(size);  // generators of uptakes and releases at unit rate
  for (std::size_t i = 0; i < size; ++i) {
    if (i + 1 < size) {
      up[i * size + i] = -1.0;
      up[(i + 1) * size + i] = 1.0;
    }
    if (i >= 2) {
      h[i] = down[(i - 1) * size + i] = 1.0;
      down[i * size + i] = -1.0;
    }
  }
  const double phi = (h * state.p).sum();
  const Numbers generator = rate_down * (phi * up + down);
  const Numbers g = matrix_vector(up, state.p), c = state.p * (h - phi);
  const Numbers jacobian = generator + rate_down * outer(g, h);
  return {matrix_vector(generator, state.p),
          symmetric_product(jacobian, state.excess, size) + rate_down * (outer(g, c) + outer(c, g)),
          phi};
}

Dense moved(const Dense& from, const Dense& change, double dt) {
  return {from.p + dt * change.p, from.excess + dt * change.excess,
          from.strokes + dt * change.strokes};
}

/// The classical Runge-Kutta method of fourth order.
Dense solve_densely(const Levels& start, std::size_t size, double rate_down, double t, int steps) {
  Dense state{Numbers(size), Numbers(size * size), 0.0};
  std::copy(start.begin(), start.end(), std::begin(state.p));
  const double dt = t / steps;
  for (int step = 0; step < steps; ++step) {
    const Dense k1 = change_of(state, rate_down);
    const Dense k2 = change_of(moved(state, k1, 0.5 * dt), rate_down);
    const Dense k3 = change_of(moved(state, k2, 0.5 * dt), rate_down);
    const Dense k4 = change_of(moved(state, k3, dt), rate_down);
    state =
        moved(moved(moved(moved(state, k1, dt / 6.0), k2, dt / 3.0), k3, dt / 3.0), k4, dt / 6.0);
  }
  return state;
}

/// One ensemble under the mean-field process itself, event by event.
struct Outcome {
  double phi, mean_level;
};

Outcome simulate(int particles, int level, double t, std::mt19937_64& generator) {
  std::vector<int> levels(static_cast<std::size_t>(particles), level);
  std::uniform_int_distribution<std::size_t> any(0, levels.size() - 1);
  int releasable = level >= 1 ? particles : 0;
  long quanta = static_cast<long>(level) * particles;
  // Uptakes at rate N w- phi by any particle, releases at the same rate by those that can.
  for (double now = 0.0; releasable > 0;) {
    now += std::exponential_distribution<double>(2.0 * releasable)(generator);
    if (now > t) break;
    std::size_t i = any(generator);
    if ((generator() >> 63) != 0) {
      if (++levels[i] == 1) ++releasable;
      ++quanta;
    } else {
      while (levels[i] < 1) i = any(generator);
      if (--levels[i] == 0) --releasable;
      --quanta;
    }
  }
  return {static_cast<double>(releasable) / particles, static_cast<double>(quanta) / particles};
}

double unbiased_variance(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  double squares = 0.0;
  for (const double value : x) squares += (value - mean) * (value - mean);
  return squares / (n - 1.0);
}

}  // namespace

TEST_CASE("levels and excess solve the equations that are written with full matrices") {
  const Levels start{0.05, 0.1, 0.0, 0.6, 0.25};
  const double rate_down = 1.3, t = 3.0;
  const Dense exact = solve_densely(start, 40, rate_down, t, 400);
  MeanFieldNoise noise = conserving(start, rate_down, 1e-7);
  noise.advance(1.1);  // on the way, as snapshots do
  noise.advance(t);
  CHECK(noise.time() == t);
  REQUIRE(noise.size() <= 40);
  double worst_level = 0.0, worst_excess = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    worst_level = std::max(worst_level, std::abs(noise.levels()[i] - exact.p[i]));
    for (std::size_t j = 0; j < noise.size(); ++j) {
      const double x = noise.excess()[i * noise.size() + j];
      CHECK(x == noise.excess()[j * noise.size() + i]);
      worst_excess = std::max(worst_excess, std::abs(x - exact.excess[i * 40 + j]));
      largest = std::max(largest, std::abs(exact.excess[i * 40 + j]));
    }
  }
  CHECK(worst_level < 1e-8);
  CHECK(worst_excess < 1e-7 * largest);
}

TEST_CASE("the tolerance is that of the excess") {
  for (const double tolerance : {1e-3, 1e-5}) {
    MeanFieldNoise coarse = conserving(all_on(3), 1.0, tolerance),
                   fine = conserving(all_on(3), 1.0, 1e-9);
    coarse.advance(20.0);
    fine.advance(20.0);
    REQUIRE(coarse.size() == fine.size());
    double worst = 0.0, largest = 0.0;
    for (std::size_t k = 0; k < fine.excess().size(); ++k) {
      worst = std::max(worst, std::abs(coarse.excess()[k] - fine.excess()[k]));
      largest = std::max(largest, std::abs(fine.excess()[k]));
    }
    CHECK(worst < tolerance * largest);
  }
}

TEST_CASE("nobody is lost: levels sum to one, rows of the excess to zero, the mean level stays") {
  MeanFieldNoise noise = conserving(all_on(3), 1.0);
  for (const double t : {1.0, 10.0, 40.0}) {
    noise.advance(t);
    const std::size_t size = noise.size();
    CHECK(std::abs(std::accumulate(noise.levels().begin(), noise.levels().end(), 0.0) - 1.0) <
          1e-12);
    CHECK(noise.levels().back() <= 1e-9);
    CHECK(std::abs(mean_of(noise.levels(), level_numbers(size)) - 3.0) < 1e-7);
    for (std::size_t i = 0; i < size; ++i) {
      const auto row = noise.excess().subspan(i * size, size);
      CHECK(std::abs(std::accumulate(row.begin(), row.end(), 0.0)) < 1e-12);
    }
  }
}

TEST_CASE("the mean level walks at random by the net number of strokes") {
  // N Var(mean level) is that of the start, and two quanta squared per w- phi dt: var(n) + n^T X n
  // = var_0(n) + 2 w- int phi dt.
  const double rate_down = 0.7, t = 8.0;
  const Levels start{0.0, 0.2, 0.3, 0.5};
  const double strokes = solve_densely(start, 60, rate_down, t, 200).strokes;
  MeanFieldNoise noise = conserving(start, rate_down, 1e-6);
  noise.advance(t);
  const Levels n = level_numbers(noise.size());
  const double variance = multinomial(noise.levels(), n, n) + noise.excess_covariance(n, n);
  CHECK(variance ==
        doctest::Approx(multinomial(start, n, n) + 2.0 * rate_down * strokes).epsilon(1e-6));
}

TEST_CASE("small ensembles of the process itself scatter as the noise says") {
  // The variance of R independent ensembles over the predicted one is chi-square over R - 1, for
  // means of many particles. What N and the shape of the distribution add is of the order 1/N =
  // 1/600; the statistical bound at R = 4000 is 60 times as wide.
  constexpr double false_alarm = 1e-6;
  constexpr int particles = 600, ensembles = 4000;
  constexpr double t = 10.0;
  MeanFieldNoise noise = conserving(all_on(3), 1.0);
  noise.advance(t);
  const Levels n = level_numbers(noise.size()), h = may_release(noise.size());
  const auto covariance = [&](const Levels& x, const Levels& y) {
    return (multinomial(noise.levels(), x, y) + noise.excess_covariance(x, y)) / particles;
  };
  const double var_phi = covariance(h, h), var_level = covariance(n, n), cov = covariance(h, n);
  const double scale = std::sqrt(
      var_phi / var_level);  // so that sum and difference of the two test their covariance

  std::mt19937_64 generator(20240607);
  std::vector<double> phi, level, sum, difference;
  for (int k = 0; k < ensembles; ++k) {
    const Outcome outcome = simulate(particles, 3, t, generator);
    phi.push_back(outcome.phi);
    level.push_back(outcome.mean_level);
    sum.push_back(outcome.phi + scale * outcome.mean_level);
    difference.push_back(outcome.phi - scale * outcome.mean_level);
  }
  const boost::math::chi_squared law(ensembles - 1.0);
  const double low = boost::math::quantile(law, 0.5 * false_alarm) / (ensembles - 1.0);
  const double high =
      boost::math::quantile(boost::math::complement(law, 0.5 * false_alarm)) / (ensembles - 1.0);
  const auto check = [&](const std::vector<double>& sample, double predicted) {
    const double ratio = unbiased_variance(sample) / predicted;
    CHECK(ratio > low);
    CHECK(ratio < high);
  };
  check(phi, var_phi);
  check(level, var_level);
  check(sum, var_phi + scale * scale * var_level + 2.0 * scale * cov);
  check(difference, var_phi + scale * scale * var_level - 2.0 * scale * cov);
  // The test would see the excess missing: independent particles scatter far outside the bounds.
  CHECK(multinomial(noise.levels(), h, h) / particles < low * var_phi);
  CHECK(multinomial(noise.levels(), n, n) / particles < low * var_level);
}

TEST_CASE("without a common phi there is no excess") {
  const auto largest = [](const MeanFieldNoise& noise) {
    double result = 0.0;
    for (const double x : noise.excess()) result = std::max(result, std::abs(x));
    return result;
  };
  MeanFieldNoise start = conserving(all_on(3), 1.0);
  CHECK(largest(start) == 0.0);

  MeanFieldNoise far_up = conserving(
      all_on(40),
      1.0);  // phi = 1 as long as nobody has come down: 40 releases in t = 2, probability 1e-30
  far_up.advance(2.0);
  CHECK(largest(far_up) < 1e-14);
  CHECK(far_up.levels()[41] < 0.5);

  MeanFieldNoise frozen = conserving({0.25, 0.75}, 1.0);  // phi = 0: nothing ever happens
  frozen.advance(50.0);
  CHECK(largest(frozen) == 0.0);
  CHECK(frozen.levels()[0] == 0.25);
}

TEST_CASE("a particle at rest goes up and never comes back") {
  MeanFieldNoise noise = conserving({0.5, 0.0, 0.5}, 1.0);
  noise.advance(0.5);
  const double early = noise.levels()[0];
  noise.advance(30.0);
  CHECK(early < 0.5);
  CHECK(noise.levels()[0] < early);
  CHECK(noise.levels()[0] > 0.0);
}

TEST_CASE("functions of the level may be longer or shorter than the ladder") {
  MeanFieldNoise noise = conserving(all_on(2), 1.0);
  noise.advance(4.0);
  const Levels x = level_numbers(noise.size()), h = may_release(noise.size());
  Levels longer = x, padded(h.begin(), h.begin() + 5);
  longer.resize(noise.size() + 10, 1e6);
  const Levels shorter = padded;
  padded.resize(noise.size());
  CHECK(noise.excess_covariance(longer, h) == noise.excess_covariance(x, h));
  CHECK(noise.excess_covariance(shorter, x) == noise.excess_covariance(padded, x));
  CHECK(noise.excess_covariance(x, h) ==
        doctest::Approx(noise.excess_covariance(h, x)).epsilon(1e-12));
}

TEST_CASE("ladders that are too long are refused by name") {
  Levels wide(1025, 1.0 / 1025);
  MeanFieldNoise noise = conserving(wide, 1.0);
  CHECK_THROWS_WITH_AS(noise.advance(1.0), doctest::Contains("more than 1024 levels"),
                       NumericsError);
}
