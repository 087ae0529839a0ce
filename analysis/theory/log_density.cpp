#include "powerstroke/analysis/theory/log_density.hpp"

#include <algorithm>
#include <boost/math/special_functions/chebyshev.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numbers>
#include <span>

#include "powerstroke/analysis/theory/gauss_legendre.hpp"

namespace powerstroke::theory {
namespace {

constexpr double nothing = -std::numeric_limits<double>::infinity();
/// A logarithm's series that ends so has converged.
constexpr double converged = 1e-11;

/// What makes the Chebyshev coefficients of the polynomial through values at the nodes of a
/// Gauss-Legendre rule.
class ChebyshevTransform {
 public:
  explicit ChebyshevTransform(std::size_t n) : n_(n), matrix_(n * n, 0.0) {
    const GaussLegendre rule(static_cast<int>(n));
    for (std::size_t i = 0; i < n; ++i) {
      const double angle =
          std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(n);
      const std::vector<double> lagrange = rule.lagrange(0.5 * (1.0 + std::cos(angle)));
      for (std::size_t k = 0; k < n; ++k)
        for (std::size_t j = 0; j < n; ++j)
          matrix_[k * n + j] +=
              2.0 / static_cast<double>(n) * std::cos(static_cast<double>(k) * angle) * lagrange[j];
    }
  }

  std::vector<double> operator()(std::span<const double> values) const {
    std::vector<double> coefficients(n_, 0.0);
    for (std::size_t k = 0; k < n_; ++k)
      for (std::size_t j = 0; j < n_; ++j) coefficients[k] += matrix_[k * n_ + j] * values[j];
    return coefficients;
  }

 private:
  std::size_t n_;
  std::vector<double> matrix_;
};

}  // namespace

/// What its last quarter says of the error of a series: of a logarithm an absolute one, of a
/// density one relative to its mean, both errors of ln density.
double LogDensity::Series::end() const {
  double sum = 0.0;
  for (std::size_t m = coefficient.size() - coefficient.size() / 4; m < coefficient.size(); ++m)
    sum += std::abs(coefficient[m]);
  return kind == Kind::of_density ? sum / std::abs(0.5 * coefficient.front()) : sum;
}

class LogDensity::Fit {
 public:
  explicit Fit(const Populations& populations) : populations_(populations) {}

  Series operator()(const OffsetPanel& panel, std::size_t level_index) {
    const std::vector<double> density = densities(panel, level_index);
    const auto is_positive = [](double value) { return value > 0.0; };
    if (std::ranges::none_of(density, is_positive)) return {};
    const Series plain = best_series(panel, density, Kind::of_density);
    if (!std::ranges::all_of(density, is_positive)) return plain;
    const Series logarithm = best_series(panel, density, Kind::of_logarithm);
    return logarithm.end() < std::max(converged, plain.end()) ? logarithm : plain;
  }

 private:
  std::vector<double> densities(const OffsetPanel& panel, std::size_t level_index) const {
    std::vector<double> density(panel.nodes);
    for (std::size_t j = 0; j < panel.nodes; ++j)
      density[j] = populations_.ladder(panel.first_node + j)[level_index] /
                   populations_.grid.width[panel.first_node + j];
    return density;
  }

  Series best_series(const OffsetPanel& panel, const std::vector<double>& density, Kind kind) {
    Series best = series(panel, density, kind, 0.0);
    for (const double power : {-0.5, 0.5}) {
      if (panel.power == 1) break;
      if (Series other = series(panel, density, kind, power); other.end() < best.end())
        best = std::move(other);
    }
    return best;
  }

  Series series(const OffsetPanel& panel, std::vector<double> values, Kind kind, double power) {
    for (std::size_t j = 0; j < panel.nodes; ++j) {
      values[j] *= std::pow(populations_.grid.offset[panel.first_node + j], -power);
      if (kind == Kind::of_logarithm) values[j] = std::log(values[j]);
    }
    return {kind, power, transforms_.try_emplace(panel.nodes, panel.nodes).first->second(values)};
  }

  const Populations& populations_;
  std::map<std::size_t, ChebyshevTransform> transforms_;
};

LogDensity::LogDensity(const Populations& populations)
    : panels_(populations.grid.panels), levels_(populations.levels) {
  Fit fit(populations);
  for (const OffsetPanel& panel : panels_)
    for (std::size_t i = 0; i < levels_; ++i) {
      const Series series = fit(panel, i);
      places_.push_back({series.kind, series.power, coefficient_.size()});
      coefficient_.insert(coefficient_.end(), series.coefficient.begin(), series.coefficient.end());
    }
  const OffsetGrid& grid = populations.grid;
  for (std::size_t node = grid.continuous; node < grid.nodes(); ++node) {
    atoms_.emplace_back(grid.offset[node], atom_ladders_.size());
    for (const double mass : populations.ladder(node))
      atom_ladders_.push_back(mass > 0.0 ? std::log(mass) : nothing);
  }
  std::ranges::sort(atoms_);
}

double LogDensity::operator()(double offset, std::int32_t level) const {
  const auto index = static_cast<std::size_t>(level + 1);
  if (index >= levels_) return nothing;
  const auto atom = std::ranges::lower_bound(atoms_, offset, std::less<>{},
                                             &std::pair<double, std::size_t>::first);
  if (atom != atoms_.end() && atom->first == offset) return atom_ladders_[atom->second + index];
  const auto panel = std::ranges::lower_bound(panels_, offset, std::less<>{}, &OffsetPanel::high);
  if (panel == panels_.end()) return nothing;
  const Place& place = places_[static_cast<std::size_t>(panel - panels_.begin()) * levels_ + index];
  if (place.kind == Kind::nothing) return nothing;
  const double sum = boost::math::chebyshev_clenshaw_recurrence(
      coefficient_.data() + place.first, panel->nodes, 2.0 * panel->u(offset) - 1.0);
  const double ln_power = place.power == 0.0 ? 0.0 : place.power * std::log(offset);
  if (place.kind == Kind::of_logarithm) return sum + ln_power;
  return sum > 0.0 ? std::log(sum) + ln_power : nothing;
}

}  // namespace powerstroke::theory
