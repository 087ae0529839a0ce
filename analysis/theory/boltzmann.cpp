#include "powerstroke/analysis/theory/boltzmann.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::theory {
namespace {

constexpr double negligible = 40.0;

/// So many panels, so that no well is overlooked however wide the interval is.
constexpr int panels = 64;

}  // namespace

BoltzmannCoordinate::BoltzmannCoordinate(const laws::AnyPotential& potential, double temperature, const laws::Extent& extent,
                                         double t)
    : energy_([potential, t](double x) { return laws::potential_energy(potential, {x}, 1, t); }), temperature_(temperature) {
  if (!(std::isfinite(temperature) && temperature > 0.0))
    throw ConfigError("the temperature of a Boltzmann law is " + std::to_string(temperature) +
                      "; it must be a positive number");
  const double inside = std::clamp(0.0, extent.low, extent.high);
  const laws::Interval held = laws::confined(potential, energy_(inside) + negligible * temperature, t);
  interval_ = {std::max(extent.low, held.low), std::min(extent.high, held.high)};
  if (!std::isfinite(interval_.low) || !std::isfinite(interval_.high))
    throw ConfigError("exp(-v/T) cannot be normalised here: neither the potential nor a box confines it");
  lowest_ = energy_(inside);
  for (int k = 0; k <= panels; ++k)
    lowest_ = std::min(lowest_, energy_(interval_.low + k * (interval_.high - interval_.low) / panels));
  norm_ = integral([](double) { return 1.0; }, interval_.low, interval_.high);
}

double BoltzmannCoordinate::integral(const std::function<double(double)>& f, double low, double high) const {
  low = std::max(low, interval_.low);
  high = std::min(high, interval_.high);
  if (!(low < high)) return 0.0;
  const auto weighted = [&](double x) { return f(x) * std::exp((lowest_ - energy_(x)) / temperature_); };
  const double width = (interval_.high - interval_.low) / panels;
  const int count = static_cast<int>(std::ceil((high - low) / width));
  double sum = 0.0;
  for (int k = 0; k < count; ++k)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(weighted, low + k * (high - low) / count,
                                                                         low + (k + 1) * (high - low) / count, 10, 1e-13);
  return sum;
}

double BoltzmannCoordinate::probability(double low, double high) const {
  return integral([](double) { return 1.0; }, low, high) / norm_;
}

std::vector<double> BoltzmannCoordinate::bin_probabilities(std::span<const double> edges) const {
  std::vector<double> result;
  for (std::size_t k = 0; k + 1 < edges.size(); ++k) result.push_back(probability(edges[k], edges[k + 1]));
  return result;
}

double BoltzmannCoordinate::mean(const std::function<double(double)>& f) const {
  return integral(f, interval_.low, interval_.high) / norm_;
}

double BoltzmannCoordinate::mean_energy() const { return mean(energy_); }

}  // namespace powerstroke::theory
