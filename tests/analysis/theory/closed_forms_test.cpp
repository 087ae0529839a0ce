#include "powerstroke/analysis/theory/closed_forms.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/exponential.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

#include "powerstroke/engine/core/error.hpp"

namespace {

using powerstroke::theory::transient_level_probability;

/// exp(A t) applied to the level n0 of a ladder cut far above, A its generator: many steps of the
/// classical power series.
std::vector<double> exponentiate(unsigned n0, double t, double up, double down,
                                 std::size_t levels) {
  std::vector<double> p(levels), term(levels), next(levels);
  p[n0] = 1.0;
  const int steps = 1 + static_cast<int>(4.0 * (up + down) * t);
  const double h = t / steps;
  for (int step = 0; step < steps; ++step) {
    term = p;
    for (int order = 1; order <= 30;
         ++order) {  // the rates times h are at most 1/4: (1/2)^30 / 30! is nothing
      for (std::size_t n = 0; n < levels; ++n) {
        double flow = 0.0;
        if (n + 1 < levels) flow += down * term[n + 1] - up * term[n];
        if (n > 0) flow += up * term[n - 1] - down * term[n];
        next[n] = flow * h / order;
      }
      std::swap(term, next);
      for (std::size_t n = 0; n < levels; ++n) p[n] += term[n];
    }
  }
  return p;
}

/// How many eigenvalues of the symmetrised generator of `levels` levels with reflecting ends, sign
/// turned, lie below x (Sturm).
int eigenvalues_below(double x, double up, double down, int levels) {
  int count = 0;
  double pivot = 1.0;
  for (int n = 0; n < levels; ++n) {
    const double diagonal = (n + 1 < levels ? up : 0.0) + (n > 0 ? down : 0.0);
    pivot = diagonal - x - (n > 0 ? up * down / pivot : 0.0);
    count += pivot < 0.0 ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("the transient ladder has the numbers of the theory page") {
  CHECK(std::abs(transient_level_probability(0, 5, 4.0, 0.5, 1.0) - 0.13165138286) < 0.5e-11);
  CHECK(std::abs(transient_level_probability(3, 5, 4.0, 0.5, 1.0) - 0.16637188280) < 0.5e-11);
  CHECK(std::abs(transient_level_probability(0, 3, 10.0, 0.75, 1.0) - 0.26276965057) < 0.5e-11);
}

TEST_CASE("the transient ladder is the exponential of the generator") {
  struct Case {
    unsigned n0;
    double t, up, down;
  };
  for (const Case& c : {Case{0, 0.0, 0.5, 1.0}, Case{5, 4.0, 0.5, 1.0}, Case{3, 50.0, 0.75, 1.0},
                        Case{7, 20.0, 1.0, 1.0}, Case{2, 15.0, 1.5, 1.0}, Case{9, 8.0, 1e-9, 2.0},
                        Case{9, 8.0, 0.0, 2.0}, Case{4, 6.0, 2.0, 0.0}, Case{4, 6.0, 2.0, 1e-7},
                        Case{4, 6.0, 0.0, 0.0}, Case{1, 100.0, 0.01, 2.0}}) {
    CAPTURE(c.n0);
    CAPTURE(c.up);
    CAPTURE(c.down);
    const std::size_t levels = 160;
    const auto exact = exponentiate(c.n0, c.t, c.up, c.down, levels);
    double worst = 0.0, total = 0.0;
    for (unsigned n = 0; n < levels; ++n) {
      const double p = transient_level_probability(n, c.n0, c.t, c.up, c.down);
      worst = std::max(worst, std::abs(p - exact[n]));
      total += p;
    }
    CHECK(worst < 1e-13);
    CHECK(std::abs(total - 1.0) < 1e-12);
  }
}

TEST_CASE("the transient ladder is the sum of Bessel functions of the theory page") {
  const double w_up = 0.5, w_down = 1.0, t = 4.0, r = w_up / w_down,
               a = 2.0 * w_down * t * std::sqrt(r);
  const auto bessel = [a](int order) { return boost::math::cyl_bessel_i(order, a); };
  for (int n : {0, 1, 4, 12})
    for (int n0 : {0, 3, 8}) {
      double sum = 0.0;
      for (int j = n + n0 + 2; j < n + n0 + 60; ++j) sum += std::pow(r, -0.5 * j) * bessel(j);
      const double expected =
          std::exp(-(w_up + w_down) * t) *
          (std::pow(r, 0.5 * (n - n0)) * bessel(std::abs(n - n0)) +
           std::pow(r, 0.5 * (n - n0 - 1)) * bessel(n + n0 + 1) + (1.0 - r) * std::pow(r, n) * sum);
      CHECK(transient_level_probability(static_cast<unsigned>(n), static_cast<unsigned>(n0), t,
                                        w_up, w_down) == doctest::Approx(expected).epsilon(1e-12));
    }
}

TEST_CASE("late and very unequal rates reach the geometric ladder instead of underflowing") {
  CHECK(transient_level_probability(2, 3, 1000.0, 0.01, 1.0) ==
        doctest::Approx(0.99e-4).epsilon(1e-12));
  CHECK(transient_level_probability(0, 3, 300.0, 0.25, 1.0) ==
        doctest::Approx(0.75).epsilon(1e-12));
}

TEST_CASE("arguments that overflow the Bessel functions are refused") {
  CHECK_THROWS_WITH_AS(transient_level_probability(0, 0, 301.0, 1.0, 1.0),
                       doctest::Contains("above 600"), powerstroke::NumericsError);
  CHECK_NOTHROW(transient_level_probability(0, 0, 300.0, 1.0, 1.0));
}

TEST_CASE("the slowest decay rate is where the spectrum of a long ladder begins") {
  const double up = 0.4, down = 1.1;
  const int levels = 4000;
  const double rate = powerstroke::theory::slowest_decay_rate(up, down);
  CHECK(eigenvalues_below(rate * (1.0 - 1e-9), up, down, levels) ==
        1);  // the stationary state alone
  // The ladder's end lifts the next one by sqrt(w+ w-) (pi / levels)^2; allow twice that.
  const double lift = std::sqrt(up * down) * std::pow(std::numbers::pi / levels, 2);
  CHECK(eigenvalues_below(rate + 2.0 * lift, up, down, levels) == 2);
}

TEST_CASE("bins of the exponential") {
  const std::vector<double> edges{0.0, 0.25, 1.0, 5.0, 80.0, 81.0};
  const auto probabilities = powerstroke::theory::exponential_bin_probabilities(2.0, edges);
  const boost::math::exponential law(0.5);
  REQUIRE(probabilities.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    using boost::math::complement;
    const double expected = boost::math::cdf(complement(law, edges[i])) -
                            boost::math::cdf(complement(law, edges[i + 1]));
    CHECK(probabilities[i] == doctest::Approx(expected).epsilon(1e-13));
  }
}

namespace {

/// Counts all ways to give `quanta` to particles, by how many the first gets.
void share_out(std::size_t particles, std::size_t quanta, std::size_t first,
               std::vector<double>& ways) {
  if (particles == 0) {
    if (quanta == 0) ways[first] += 1.0;
    return;
  }
  for (std::size_t n = 0; n <= quanta; ++n) share_out(particles - 1, quanta - n, first, ways);
}

}  // namespace

TEST_CASE("the exchange law counts the ways to share quanta") {
  using powerstroke::theory::exchange_level_law;
  for (const std::size_t particles : {1U, 2U, 3U, 5U, 10U})
    for (const std::size_t quanta : {0U, 1U, 4U, 6U}) {
      CAPTURE(particles);
      CAPTURE(quanta);
      std::vector<double> ways(quanta + 1, 0.0);
      for (std::size_t n = 0; n <= quanta; ++n) share_out(particles - 1, quanta - n, n, ways);
      const double all = std::accumulate(ways.begin(), ways.end(), 0.0);
      const auto law = exchange_level_law(particles, quanta);
      REQUIRE(law.size() == quanta + 1);
      for (std::size_t n = 0; n <= quanta; ++n)
        CHECK(law[n] == doctest::Approx(ways[n] / all).epsilon(1e-14));
    }
}

TEST_CASE("the exchange law of many particles is geometric, with corrections of 1/N") {
  const auto law = powerstroke::theory::exchange_level_law(1'000'000, 3'000'000);
  for (std::size_t n = 0; n < 20; ++n)
    CHECK(law[n] == doctest::Approx(0.25 * std::pow(0.75, n)).epsilon(1e-4));
  CHECK(std::accumulate(law.begin(), law.end(), 0.0) == doctest::Approx(1.0).epsilon(1e-12));
}
