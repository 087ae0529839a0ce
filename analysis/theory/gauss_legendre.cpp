#include "powerstroke/analysis/theory/gauss_legendre.hpp"

#include <algorithm>
#include <boost/math/special_functions/legendre.hpp>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::theory {
namespace {

/// P_0(x) ... P_last(x).
std::vector<double> legendre_values(std::size_t last, double x) {
  std::vector<double> p(last + 1, 1.0);
  if (last > 0) p[1] = x;
  for (unsigned m = 1; m < last; ++m) p[m + 1] = boost::math::legendre_next(m, x, p[m], p[m - 1]);
  return p;
}

}  // namespace

GaussLegendre::GaussLegendre(int n) {
  POWERSTROKE_EXPECT(n >= 1);
  std::vector<double> zeros = boost::math::legendre_p_zeros<double>(n);  // those >= 0
  for (std::size_t i = 0, positive = zeros.size(); i < positive; ++i)
    if (zeros[i] > 0.0) zeros.push_back(-zeros[i]);
  std::ranges::sort(zeros);
  for (const double x : zeros) {
    const double slope = boost::math::legendre_p_prime(n, x);
    node_.push_back(0.5 * (1.0 + x));
    weight_.push_back(1.0 / ((1.0 - x * x) * slope * slope));
    const std::vector<double> p = legendre_values(zeros.size() - 1, x);
    for (std::size_t m = 0; m < p.size(); ++m)
      coefficient_.push_back(weight_.back() * (2.0 * static_cast<double>(m) + 1.0) * p[m]);
  }
}

std::vector<double> GaussLegendre::combine(std::span<const double> basis) const {
  std::vector<double> values(size(), 0.0);
  for (std::size_t j = 0; j < size(); ++j)
    for (std::size_t m = 0; m < size(); ++m) values[j] += coefficient_[j * size() + m] * basis[m];
  return values;
}

std::vector<double> GaussLegendre::lagrange(double u) const {
  return combine(legendre_values(size() - 1, 2.0 * u - 1.0));
}

std::vector<double> GaussLegendre::lagrange_integral(double u) const {
  // int_-1^x P_m = (P_{m+1}(x) - P_{m-1}(x)) / (2m+1) for m >= 1; half of it in u = (1+x)/2.
  const std::vector<double> p = legendre_values(size(), 2.0 * u - 1.0);
  std::vector<double> basis(size(), u);
  for (std::size_t m = 1; m < size(); ++m)
    basis[m] = (p[m + 1] - p[m - 1]) / (2.0 * (2.0 * static_cast<double>(m) + 1.0));
  return combine(basis);
}

}  // namespace powerstroke::theory
