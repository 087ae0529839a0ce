#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/numeric/ublas/lu.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>
#include <numeric>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::analysis {
namespace {

namespace ublas = boost::numeric::ublas;
// Over std::vector: the storage that uBLAS brings does not compile as C++20 (Boost 1.74).
using Vector = ublas::vector<double, std::vector<double>>;
using Matrix = ublas::matrix<double, ublas::row_major, std::vector<double>>;
using Pivots = ublas::permutation_matrix<std::size_t, std::vector<std::size_t>>;

/// Modes less probable than this have no particles to scatter, and no conditional probabilities worth the name.
constexpr double least_mode = 1e-12;

/// Frequencies with that of the class of what is lacking.
std::vector<double> frequencies(std::span<const std::uint64_t> counts, std::uint64_t total) {
  const std::uint64_t counted = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  POWERSTROKE_EXPECT(total > 0 && counted <= total);
  std::vector<double> result;
  result.reserve(counts.size() + 1);
  for (const std::uint64_t count : counts) result.push_back(static_cast<double>(count) / static_cast<double>(total));
  result.push_back(static_cast<double>(total - counted) / static_cast<double>(total));
  return result;
}

/// Which merged class each class belongs to.
struct Merging {
  std::vector<std::size_t> into;
  std::size_t classes;

  std::vector<double> operator()(std::span<const double> values) const {
    std::vector<double> result(classes);
    for (std::size_t i = 0; i < values.size(); ++i) result[into[i]] += values[i];
    return result;
  }
};

/// From low to high, a class is closed once it expects enough of `particles`; the rest goes to the last.
Merging merge(std::span<const double> probabilities, double particles) {
  Merging merging{std::vector<std::size_t>(probabilities.size()), 0};
  double expected = 0.0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    merging.into[i] = merging.classes;
    expected += particles * probabilities[i];
    if (expected < least_expected) continue;
    ++merging.classes;
    expected = 0.0;
  }
  if (merging.classes == 0) ++merging.classes;
  for (std::size_t& into : merging.into) into = std::min(into, merging.classes - 1);
  return merging;
}

/// The shared noise over merged classes, row by row of B.
class MergedNoise {
 public:
  MergedNoise(const SharedNoise& noise, const Merging& merging) : rows_(merging.classes) {
    const std::size_t modes = noise.mode.size();
    POWERSTROKE_EXPECT(noise.excess.size() == modes * modes);
    std::vector<std::size_t> kept, place(modes, modes);
    for (std::size_t mode = 0; mode < modes; ++mode) {
      if (noise.mode[mode] < least_mode) continue;
      place[mode] = kept.size();
      kept.push_back(mode);
    }
    for (const SharedNoise::Joint& joint : noise.joint) {
      POWERSTROKE_EXPECT(joint.mode < modes);
      if (place[joint.mode] == modes) continue;
      const std::size_t index = std::min<std::size_t>(joint.index, merging.into.size() - 1);
      rows_[merging.into[index]].push_back({place[joint.mode], joint.probability / noise.mode[joint.mode]});
    }
    excess_.resize(kept.size(), kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      for (std::size_t j = 0; j < kept.size(); ++j) excess_(i, j) = noise.excess[kept[i] * modes + kept[j]];
    }
  }

  /// How much of r^T D r, D = diag(1/p), the noise explains: with b = B^T D r and M = B^T D B it is b^T X (I + M X)^-1 b,
  /// the identity of M. A. Woodbury. (For an r that sums to 0, the - p p^T of the covariance makes no difference.)
  double explained(std::span<const double> residual, std::span<const double> probability) const {
    const std::size_t modes = excess_.size1();
    StopPacer pace;
    Matrix system(modes, modes, 0.0);
    for (std::size_t mode = 0; mode < modes; ++mode) system(mode, mode) = 1.0;
    Vector b(modes, 0.0);
    for (std::size_t c = 0; c < rows_.size(); ++c) {
      pace(2 * rows_[c].size() * modes);
      Vector row(modes, 0.0);  // of B X
      for (const auto& [mode, value] : rows_[c]) row += value * ublas::matrix_row<const Matrix>(excess_, mode);
      for (const auto& [mode, value] : rows_[c]) {
        ublas::matrix_row<Matrix>(system, mode) += value / probability[c] * row;
        b(mode) += value / probability[c] * residual[c];
      }
    }
    Vector solution = b;
    Pivots pivots(modes);
    if (ublas::lu_factorize(system, pivots) != 0) {
      throw NumericsError(
          "the covariance of the counts is singular: the shared noise does not belong to these probabilities");
    }
    ublas::swap_rows(pivots, solution);
    ublas::inplace_solve(system, solution, ublas::unit_lower_tag());
    ublas::inplace_solve(system, solution, ublas::upper_tag());
    return ublas::inner_prod(b, ublas::prod(excess_, solution));
  }

 private:
  struct Entry {
    std::size_t mode;
    double value;
  };
  std::vector<std::vector<Entry>> rows_;
  Matrix excess_;
};

/// @param scale what the covariance of `residual` is 1 in: N for one sample.
ChiSquare generalised_chi_square(std::span<const double> residual, std::span<const double> probability,
                                 const Merging& merging, double scale, const SharedNoise* noise) {
  const std::vector<double> r = merging(residual), p = merging(probability);
  double form = 0.0;
  for (std::size_t c = 0; c < r.size(); ++c) form += r[c] * r[c] / p[c];
  if (noise != nullptr) form -= MergedNoise(*noise, merging).explained(r, p);
  const double statistic = scale * std::max(form, 0.0), dof = static_cast<double>(merging.classes - 1);
  return {statistic, dof, boost::math::gamma_q(0.5 * dof, 0.5 * statistic)};
}

}  // namespace

ChiSquare chi_square(std::span<const std::uint64_t> counts, std::span<const double> probabilities, std::uint64_t total,
                     const SharedNoise* noise) {
  POWERSTROKE_EXPECT(counts.size() == probabilities.size());
  std::vector<double> residual = frequencies(counts, total);
  std::vector<double> p(probabilities.begin(), probabilities.end());
  p.push_back(std::max(1.0 - std::accumulate(p.begin(), p.end(), 0.0), 0.0));
  const Merging merging = merge(p, static_cast<double>(total));
  if (merging.classes == 1) {
    bool impossible = false;
    for (std::size_t i = 0; i < p.size(); ++i) impossible = impossible || (p[i] <= 0.0 && residual[i] > 0.0);
    return {0.0, 0.0, impossible ? 0.0 : 1.0};
  }
  for (std::size_t i = 0; i < p.size(); ++i) residual[i] -= p[i];
  return generalised_chi_square(residual, p, merging, static_cast<double>(total), noise);
}

ChiSquare chi_square_two_samples(std::span<const std::uint64_t> a, std::uint64_t total_a, std::span<const std::uint64_t> b,
                                 std::uint64_t total_b, const SharedNoise* noise) {
  POWERSTROKE_EXPECT(a.size() == b.size());
  std::vector<double> residual = frequencies(a, total_a), pooled = frequencies(b, total_b);
  const auto size_a = static_cast<double>(total_a), size_b = static_cast<double>(total_b);
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const double frequency_a = residual[i], frequency_b = pooled[i];
    residual[i] = frequency_a - frequency_b;
    pooled[i] = (size_a * frequency_a + size_b * frequency_b) / (size_a + size_b);
  }
  const Merging merging = merge(pooled, std::min(size_a, size_b));
  if (merging.classes == 1) return {};
  return generalised_chi_square(residual, pooled, merging, size_a * size_b / (size_a + size_b), noise);
}

}  // namespace powerstroke::analysis
