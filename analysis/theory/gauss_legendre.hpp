#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace powerstroke::theory {

/// The Gauss-Legendre rule on (0, 1), exact to degree 2n - 1, and the polynomial of degree n - 1
/// through its nodes.
class GaussLegendre {
 public:
  explicit GaussLegendre(int n);

  std::size_t size() const { return node_.size(); }
  std::span<const double> nodes() const { return node_; }
  std::span<const double> weights() const { return weight_; }

  /// l_j(u), j = 0 ... n-1: sum_j f(node_j) l_j(u) is the polynomial through f at the nodes.
  std::vector<double> lagrange(double u) const;
  /// int_0^u l_j(v) dv.
  std::vector<double> lagrange_integral(double u) const;

 private:
  std::vector<double> combine(std::span<const double> basis) const;

  std::vector<double> node_, weight_;
  /// l_j = sum_m coefficient_[j n + m] P_m: the rule is exact for P_m P_k, so l_j's projection on
  /// P_m is its value at node j.
  std::vector<double> coefficient_;
};

}  // namespace powerstroke::theory
