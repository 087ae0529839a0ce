#include "powerstroke/analysis/theory/linear_noise.hpp"

#include <Eigen/Core>
#include <cmath>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

/// Of the norm of J h, for which so many terms leave less than rounding: 0.5^16/16!, and twice that
/// power for J on both sides.
constexpr double longest_series = 0.5;
constexpr int terms = 18;
constexpr std::size_t products_a_term = 2, products_a_doubling = 3;

Eigen::Map<const Matrix> matrix(const std::vector<double>& values, std::size_t n) {
  const auto size = static_cast<Eigen::Index>(n);
  return {values.data(), size, size};
}

/// How often a stretch that the series is good for has to be doubled.
int doublings(const LinearNoise& linear, double duration) {
  const double norm =
      matrix(linear.jacobian, linear.coordinates()).cwiseAbs().rowwise().sum().maxCoeff() *
      duration;
  return norm <= longest_series ? 0 : static_cast<int>(std::ceil(std::log2(norm / longest_series)));
}

/// Over a stretch h: Phi = e^{Jh}, the noise gained, and int_0^h e^{Js} ds drift.
struct Stretch {
  Matrix flow, gained;
  Vector moved;
};

Stretch by_series(const LinearNoise& linear, double h) {
  const auto size = static_cast<Eigen::Index>(linear.coordinates());
  const Matrix step = h * matrix(linear.jacobian, linear.coordinates());
  Matrix power = Matrix::Identity(size, size),
         term = h * matrix(linear.noise, linear.coordinates());
  Vector moved = h * Eigen::Map<const Vector>(linear.drift.data(), size);
  Stretch stretch{power, term, moved};
  for (int k = 1; k < terms; ++k) {
    check_stop();
    power = (step * power / k).eval();
    const Matrix left = step * term;  // the term is symmetric
    term = (left + left.transpose()) / (k + 1);
    moved = (step * moved / (k + 1)).eval();
    stretch.flow += power;
    stretch.gained += term;
    stretch.moved += moved;
  }
  return stretch;
}

void double_it(Stretch& stretch) {
  check_stop();
  const Matrix through = stretch.flow * stretch.gained;
  stretch.gained.noalias() += through * stretch.flow.transpose();
  stretch.moved += (stretch.flow * stretch.moved).eval();
  stretch.flow = (stretch.flow * stretch.flow).eval();
}

}  // namespace

std::size_t products_of_propagation(const LinearNoise& linear, double duration) {
  return terms * products_a_term +
         static_cast<std::size_t>(doublings(linear, duration) + 1) * products_a_doubling;
}

Propagation::Propagation(const LinearNoise& linear, double duration) : duration_(duration) {
  const std::size_t n = linear.coordinates();
  POWERSTROKE_EXPECT(linear.jacobian.size() == n * n && linear.noise.size() == n * n);
  const int twice = doublings(linear, duration);
  Stretch stretch = by_series(linear, std::ldexp(duration, -twice));
  for (int k = 0; k < twice; ++k) double_it(stretch);
  const auto entries = static_cast<std::ptrdiff_t>(n * n);
  flow_.assign(stretch.flow.data(), stretch.flow.data() + entries);
  gained_.assign(stretch.gained.data(), stretch.gained.data() + entries);
  moved_.assign(stretch.moved.begin(), stretch.moved.end());
}

void Propagation::move(std::vector<double>& covariance) const {
  const std::size_t n = moved_.size();
  POWERSTROKE_EXPECT(covariance.size() == n * n);
  const auto size = static_cast<Eigen::Index>(n);
  const auto flow = matrix(flow_, n);
  Eigen::Map<Matrix> x(covariance.data(), size, size);
  const Matrix through = flow * x;
  x = matrix(gained_, n);
  x.noalias() += through * flow.transpose();
  x = (0.5 * (x + x.transpose())).eval();  // to the last bit, as what goes on from here relies on
}

}  // namespace powerstroke::theory
