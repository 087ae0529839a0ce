#include <Eigen/LU>
#include <Eigen/SparseCore>
#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::analysis {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
using Inverse = std::function<Vector(const Vector&)>;

/// Modes less probable than this have no particles to scatter, and no conditional probabilities
/// worth the name.
constexpr double least_mode = 1e-12;

/// Frequencies with that of the class of what is lacking.
std::vector<double> frequencies(std::span<const std::uint64_t> counts, std::uint64_t total) {
  const std::uint64_t counted = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  POWERSTROKE_EXPECT(total > 0 && counted <= total);
  std::vector<double> result;
  result.reserve(counts.size() + 1);
  for (const std::uint64_t count : counts)
    result.push_back(static_cast<double>(count) / static_cast<double>(total));
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

/// From low to high, a class is closed once it expects enough of `particles`; the rest goes to the
/// last.
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
      rows_[merging.into[index]].push_back(
          {index_of(place[joint.mode]), joint.probability / noise.mode[joint.mode]});
    }
    excess_.resize(index_of(kept.size()), index_of(kept.size()));
    for (std::size_t i = 0; i < kept.size(); ++i) {
      for (std::size_t j = 0; j < kept.size(); ++j)
        excess_(index_of(i), index_of(j)) = noise.excess[kept[i] * modes + kept[j]];
    }
  }

  /// y -> S^-1 y with S = I + sqrt(D) B X B^T sqrt(D), D = diag(1/p): the covariance where
  /// independent draws have the identity. (For an r that sums to 0, the - p p^T makes no difference.)
  /// The system that is solved is of the classes or of the modes, whichever are fewer.
  Inverse inverse(std::span<const double> probability) const {
    return index_of(rows_.size()) <= excess_.rows() ? inverse_of_classes(probability)
                                                    : inverse_of_modes(probability);
  }

 private:
  using Index = Eigen::Index;
  struct Entry {
    Index mode;
    double value;
  };

  static Index index_of(std::size_t i) { return static_cast<Index>(i); }

  /// (B X)[c].
  Eigen::RowVectorXd row_of(std::size_t c) const {
    Eigen::RowVectorXd row = Eigen::RowVectorXd::Zero(excess_.cols());
    for (const auto& [mode, value] : rows_[c]) row += value * excess_.row(mode);
    return row;
  }

  Inverse inverse_of_classes(std::span<const double> probability) const {
    const Index classes = index_of(rows_.size());
    Matrix system = Matrix::Identity(classes, classes);
    for (Index c = 0; c < classes; ++c) {
      check_stop();
      const Eigen::RowVectorXd row = row_of(static_cast<std::size_t>(c));
      const double p = probability[static_cast<std::size_t>(c)];
      for (Index d = 0; d < classes; ++d) {
        double covariance = 0.0;
        for (const auto& [mode, value] : rows_[static_cast<std::size_t>(d)])
          covariance += value * row[mode];
        system(c, d) += covariance / std::sqrt(p * probability[static_cast<std::size_t>(d)]);
      }
    }
    return [factors = factored(std::move(system))](const Vector& y) -> Vector {
      return factors.solve(y);
    };
  }

  /// With W = sqrt(D) B and M = W^T W it is y - W X (I + M X)^-1 W^T y, the identity of M. A.
  /// Woodbury.
  Inverse inverse_of_modes(std::span<const double> probability) const {
    const Index modes = excess_.rows();
    Matrix system = Matrix::Identity(modes, modes);
    std::vector<Eigen::Triplet<double>> entries;
    for (std::size_t c = 0; c < rows_.size(); ++c) {
      check_stop();
      const Eigen::RowVectorXd row = row_of(c);
      for (const auto& [mode, value] : rows_[c]) {
        system.row(mode) += value / probability[c] * row;
        entries.emplace_back(index_of(c), mode, value / std::sqrt(probability[c]));
      }
    }
    Eigen::SparseMatrix<double, Eigen::RowMajor> scaled(index_of(rows_.size()), modes);
    scaled.setFromTriplets(entries.begin(), entries.end());  // adds up what is there twice
    return [factors = factored(std::move(system)), scaled = std::move(scaled),
            excess = excess_](const Vector& y) -> Vector {
      return y - scaled * (excess * factors.solve(scaled.transpose() * y));
    };
  }

  /// @throws NumericsError where the system has no solution.
  static Eigen::PartialPivLU<Matrix> factored(Matrix system) {
    Eigen::PartialPivLU<Matrix> factors(std::move(system));
    const auto pivots = factors.matrixLU().diagonal();
    if (!pivots.allFinite() || (pivots.array() == 0.0).any())
      throw NumericsError(
          "the covariance of the counts is singular: the shared noise does not belong to these "
          "probabilities");
    return factors;
  }

  std::vector<std::vector<Entry>> rows_;
  Matrix excess_;
};

/// What is left of a form when directions are taken out that hardly scatter.
struct Form {
  double value;
  double directions;  ///< that were taken out
};

/// y^T S^-1 y without the directions in which conservation leaves next to nothing: pairs that
/// exchange keep the sum of the levels, and of that sum only what merged classes hide scatters, a
/// rare particle far up. Its variance may be right, but the scatter of a few events is not normal,
/// and one of them would be an alarm. They are the eigenvectors of S of the smallest eigenvalues,
/// found by inverse iteration.
/// @param scale what the covariance of y is S in: N for one sample.
Form resolved_form(const Inverse& inverse, Vector y, double scale) {
  // Independent particles have the eigenvalue 1, N of them a variance of N: from so many on it is
  // that of some events still where each counts several times as much.
  constexpr double least_variance = 100.0, hardly = 0.05;
  constexpr int iterations = 12;
  std::vector<Vector> out;
  const auto project = [&out](Vector& x) {
    for (const Vector& direction : out) x -= direction.dot(x) * direction;
  };
  while (std::ssize(out) + 1 < y.size()) {
    check_stop();
    Vector x(y.size());
    for (Eigen::Index c = 0; c < x.size(); ++c)
      x[c] = std::sin(1.0 + static_cast<double>(c) * static_cast<double>(c));  // along none of them
    double eigenvalue = 1.0;
    for (int k = 0; k < iterations; ++k) {
      project(x);
      x.normalize();
      Vector next = inverse(x);
      eigenvalue = 1.0 / x.dot(next);
      x = std::move(next);
    }
    if (!(eigenvalue < hardly && eigenvalue * scale < least_variance)) break;
    project(x);
    x.normalize();
    out.push_back(std::move(x));
  }
  project(y);
  Vector weighted = inverse(y);
  project(weighted);
  return {y.dot(weighted), static_cast<double>(out.size())};
}

/// @param scale what the covariance of `residual` is 1 in: N for one sample.
ChiSquare generalised_chi_square(std::span<const double> residual,
                                 std::span<const double> probability, const Merging& merging,
                                 double scale, const SharedNoise* noise) {
  const std::vector<double> r = merging(residual), p = merging(probability);
  Vector y(static_cast<Eigen::Index>(r.size()));
  for (std::size_t c = 0; c < r.size(); ++c)
    y[static_cast<Eigen::Index>(c)] = r[c] / std::sqrt(p[c]);
  const Form form = noise == nullptr
                        ? Form{y.squaredNorm(), 0.0}
                        : resolved_form(MergedNoise(*noise, merging).inverse(p), y, scale);
  const double statistic = scale * std::max(form.value, 0.0),
               dof = static_cast<double>(merging.classes - 1) - form.directions;
  if (!(dof > 0.0)) return {};
  return {statistic, dof, boost::math::gamma_q(0.5 * dof, 0.5 * statistic)};
}

}  // namespace

ChiSquare chi_square(std::span<const std::uint64_t> counts, std::span<const double> probabilities,
                     std::uint64_t total, const SharedNoise* noise) {
  POWERSTROKE_EXPECT(counts.size() == probabilities.size());
  std::vector<double> residual = frequencies(counts, total);
  std::vector<double> p(probabilities.begin(), probabilities.end());
  p.push_back(std::max(1.0 - std::accumulate(p.begin(), p.end(), 0.0), 0.0));
  const Merging merging = merge(p, static_cast<double>(total));
  if (merging.classes == 1) {
    bool impossible = false;
    for (std::size_t i = 0; i < p.size(); ++i)
      impossible = impossible || (p[i] <= 0.0 && residual[i] > 0.0);
    return {0.0, 0.0, impossible ? 0.0 : 1.0};
  }
  for (std::size_t i = 0; i < p.size(); ++i) residual[i] -= p[i];
  return generalised_chi_square(residual, p, merging, static_cast<double>(total), noise);
}

ChiSquare chi_square_two_samples(std::span<const std::uint64_t> a, std::uint64_t total_a,
                                 std::span<const std::uint64_t> b, std::uint64_t total_b,
                                 const SharedNoise* noise) {
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
  return generalised_chi_square(residual, pooled, merging, size_a * size_b / (size_a + size_b),
                                noise);
}

}  // namespace powerstroke::analysis
