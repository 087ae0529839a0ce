#include "powerstroke/analysis/theory/closed_forms.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/hypergeometric_0F1.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::theory {
namespace {

constexpr double largest_argument = 600.0;

/// Prob(K1 - K2 = j >= 0) for Poisson numbers of means m1 and m2 (J. G. Skellam, 1946):
/// exp(-m1 - m2) (m1/m2)^(j/2) I_j(2 sqrt(m1 m2)), with I_j(a) = (a/2)^j / j! 0F1(j+1; a^2/4) so
/// that m2 = 0 and large j do not end in 0 times infinity.
double skellam(double j, double m1, double m2) {
  return boost::math::gamma_p_derivative(j + 1.0, m1) * std::exp(-m2) *
         boost::math::hypergeometric_0F1(j + 1.0, m1 * m2);
}

/// r^n r^(-j/2) I_j(a) exp(-(w+ + w-) t), j > n, without a large factor times a small one; up and
/// down are w+ t and w- t.
double reflected(unsigned n, double j, double up, double down) {
  const double r = up / down;
  return r <= 1.0 ? std::pow(r, n) * skellam(j, down, up)
                  : std::pow(r, n - j) * skellam(j, up, down);
}

}  // namespace

double transient_level_probability(unsigned n, unsigned n0, double t, double rate_up,
                                   double rate_down) {
  POWERSTROKE_EXPECT(t >= 0.0 && rate_up >= 0.0 && rate_down >= 0.0);
  const double up = rate_up * t, down = rate_down * t;
  const double argument = 2.0 * std::sqrt(up * down);
  if (argument > largest_argument)
    throw NumericsError("transient level probability: 2 t sqrt(w+ w-) is " +
                        std::to_string(argument) + "; Bessel functions overflow above 600");
  const double direct = n >= n0 ? skellam(n - n0, up, down) : skellam(n0 - n, down, up);
  if (down == 0.0) return direct;  // nothing is ever blocked at the bottom

  // The terms of the sum rise up to j about |w- - w+| t and then fall faster than geometrically.
  const double summit = std::abs(down - up), lowest = static_cast<double>(n) + n0;
  double sum = 0.0, term = 1.0;
  for (double j = lowest + 2.0; j <= summit || term > std::numeric_limits<double>::epsilon() * sum;
       ++j)
    sum += term = reflected(n, j, up, down);
  return direct + reflected(n, lowest + 1.0, up, down) + (1.0 - up / down) * sum;
}

double slowest_decay_rate(double rate_up, double rate_down) {
  POWERSTROKE_EXPECT(rate_up >= 0.0 && rate_up < rate_down);
  const double difference = std::sqrt(rate_down) - std::sqrt(rate_up);
  return difference * difference;
}

std::vector<double> exchange_level_law(std::size_t particles, std::size_t quanta) {
  POWERSTROKE_EXPECT(particles >= 1);
  std::vector<double> law(quanta + 1, 0.0);
  if (particles == 1) {
    law.back() = 1.0;
    return law;
  }
  // P(0) = (N-1)/(N-1+Q); P(n+1)/P(n) = (Q-n)/(N-2+Q-n).
  const auto others = static_cast<double>(particles - 1);
  double left = static_cast<double>(quanta);
  law[0] = others / (others + left);
  for (std::size_t n = 0; n < quanta; ++n, left -= 1.0)
    law[n + 1] = law[n] * left / (others - 1.0 + left);
  return law;
}

std::vector<double> exponential_bin_probabilities(double mean, std::span<const double> edges) {
  POWERSTROKE_EXPECT(mean > 0.0 && std::ranges::is_sorted(edges));
  std::vector<double> probabilities;
  for (std::size_t i = 1; i < edges.size(); ++i)
    probabilities.push_back(-std::exp(-edges[i - 1] / mean) *
                            std::expm1((edges[i - 1] - edges[i]) / mean));
  return probabilities;
}

}  // namespace powerstroke::theory
