#include "powerstroke/kernels/laws/ladder_transition.hpp"

#include <algorithm>
#include <cmath>

namespace powerstroke::laws {
namespace {

/// A square matrix of probabilities, row by row.
struct Matrix {
  std::size_t size;
  std::vector<double> entry;

  explicit Matrix(std::size_t n) : size(n), entry(n * n, 0.0) {}
  double* row(std::size_t i) { return entry.data() + i * size; }
  const double* row(std::size_t i) const { return entry.data() + i * size; }

  /// So that roundings do not add up from one product to the next.
  void normalise_rows() {
    for (std::size_t i = 0; i < size; ++i) {
      double sum = 0.0;
      for (std::size_t j = 0; j < size; ++j) sum += row(i)[j];
      for (std::size_t j = 0; j < size; ++j) row(i)[j] /= sum;
    }
  }
};

Matrix square(const Matrix& a) {
  Matrix product(a.size);
  for (std::size_t i = 0; i < a.size; ++i)
    for (std::size_t k = 0; k < a.size; ++k) {
      const double factor = a.row(i)[k];
      if (factor < 1e-60) continue;
      const double* const from = a.row(k);
      double* const to = product.row(i);
      for (std::size_t j = 0; j < a.size; ++j) to[j] += factor * from[j];
    }
  product.normalise_rows();
  return product;
}

/// One candidate stroke: an uptake with probability `up`, a release with `down`, blocked on levels
/// -1 and 0.
Matrix after_one_more(const Matrix& now, double up, double down) {
  Matrix next(now.size);
  const double stay = std::max(0.0, 1.0 - up - down);
  for (std::size_t n = 0; n < now.size; ++n)
    for (std::size_t m = 0; m < now.size; ++m) {
      const double here = now.row(n)[m];
      if (here == 0.0) continue;
      const bool highest = m + 1 == now.size, can_release = m >= 2;
      if (!highest) next.row(n)[m + 1] += up * here;
      if (can_release) next.row(n)[m - 1] += down * here;
      next.row(n)[m] += (stay + (highest ? up : 0.0) + (can_release ? 0.0 : down)) * here;
    }
  return next;
}

constexpr double tiny = 0x1p-64;

}  // namespace

std::vector<double> ladder_transition(double rate_up, double rate_down, double t,
                                      std::size_t highest) {
  const double total = rate_up + rate_down;
  Matrix power(highest + 2);
  for (std::size_t i = 0; i < power.size; ++i) power.row(i)[i] = 1.0;
  if (total * t == 0.0) return power.entry;
  constexpr double few_candidates = 8.0;
  const int squarings =
      std::max(0, static_cast<int>(std::ceil(std::log2(total * t / few_candidates))));
  const double mean = std::ldexp(total * t, -squarings);
  Matrix law(power.size);
  double poisson = std::exp(-mean);
  for (int k = 0; k < mean || poisson > 1e-40; ++k) {
    for (std::size_t i = 0; i < law.entry.size(); ++i) law.entry[i] += poisson * power.entry[i];
    power = after_one_more(power, rate_up / total, rate_down / total);
    poisson *= mean / (k + 1);
  }
  law.normalise_rows();
  for (int k = 0; k < squarings; ++k) law = square(law);
  return law.entry;
}

std::size_t highest_level_met(double rate_up, double rate_down, double t, std::size_t start,
                              std::size_t limit) {
  const double mean = rate_up * t;
  // Chernoff: Prob(K >= k) <= exp(-mean) (e mean/k)^k for k > mean.
  double by_number = std::max(1.0, mean);
  while (by_number < static_cast<double>(limit) &&
         -mean + by_number * (1.0 + std::log(mean / by_number)) > std::log(tiny))
    by_number = std::ceil(by_number * 1.02 + 1.0);
  double by_law = static_cast<double>(limit);
  // From `start` or lower a particle is never above one that has started from `start` plus the
  // stationary law.
  if (rate_up < rate_down)
    by_law = rate_up > 0.0 ? std::ceil(std::log(tiny) / std::log(rate_up / rate_down)) : 1.0;
  const double reached =
      static_cast<double>(start) + 1.0 + std::min(mean == 0.0 ? 0.0 : by_number, by_law);
  return static_cast<std::size_t>(std::min(reached, static_cast<double>(limit)));
}

}  // namespace powerstroke::laws
