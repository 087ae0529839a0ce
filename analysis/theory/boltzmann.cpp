#include "powerstroke/analysis/theory/boltzmann.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/laws/boltzmann_interval.hpp"

namespace powerstroke::theory {
namespace {

/// So many panels, so that no well is overlooked however wide the interval is.
constexpr int panels = 64;

}  // namespace

BoltzmannCoordinate::BoltzmannCoordinate(const laws::AnyPotential& potential, double temperature,
                                         const laws::Extent& extent, double t)
    : energy_([potential, t](double x) { return laws::potential_energy(potential, {x}, 1, t); }),
      temperature_(temperature) {
  if (!(std::isfinite(temperature) && temperature > 0.0))
    throw ConfigError("the temperature of a Boltzmann law is " + std::to_string(temperature) +
                      "; it must be a positive number");
  interval_ = laws::boltzmann_interval(potential, temperature, extent, t);
  lowest_ = energy_(interval_.low);
  for (int k = 0; k <= panels; ++k)
    lowest_ =
        std::min(lowest_, energy_(interval_.low + k * (interval_.high - interval_.low) / panels));
  norm_ = integral([](double) { return 1.0; }, interval_.low, interval_.high);
}

double BoltzmannCoordinate::integral(const std::function<double(double)>& f, double low,
                                     double high) const {
  low = std::max(low, interval_.low);
  high = std::min(high, interval_.high);
  if (!(low < high)) return 0.0;
  const auto weighted = [&](double x) {
    return f(x) * std::exp((lowest_ - energy_(x)) / temperature_);
  };
  const double width = (interval_.high - interval_.low) / panels;
  const int count = static_cast<int>(std::ceil((high - low) / width));
  double sum = 0.0;
  for (int k = 0; k < count; ++k)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
        weighted, low + k * (high - low) / count, low + (k + 1) * (high - low) / count, 5, 1e-12);
  return sum;
}

double BoltzmannCoordinate::probability(double low, double high) const {
  return integral([](double) { return 1.0; }, low, high) / norm_;
}

std::vector<double> BoltzmannCoordinate::bin_probabilities(std::span<const double> edges) const {
  std::vector<double> result;
  for (std::size_t k = 0; k + 1 < edges.size(); ++k)
    result.push_back(probability(edges[k], edges[k + 1]));
  return result;
}

double BoltzmannCoordinate::mean(const std::function<double(double)>& f) const {
  return integral(f, interval_.low, interval_.high) / norm_;
}

double BoltzmannCoordinate::mean_energy() const { return mean(energy_); }

}  // namespace powerstroke::theory
