#include "powerstroke/analysis/theory/phase_law.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::theory {
namespace {

constexpr int range_panels = 400;  // of a range: 8000 nodes

bool is_sum_over_axes(const laws::AnyPotential& potential) {
  return !std::holds_alternative<laws::UserPotential>(potential);
}

double normal_below(double u) { return 0.5 * std::erfc(-u / std::numbers::sqrt2); }

}  // namespace

double normal_phase_entropy(double position_variance, double momentum_variance, double covariance) {
  const double determinant = position_variance * momentum_variance - covariance * covariance;
  POWERSTROKE_EXPECT(determinant > 0.0);
  return 1.0 + std::log(2.0 * std::numbers::pi) + 0.5 * std::log(determinant);
}

BoltzmannLaw::BoltzmannLaw(laws::AnyPotential potential, double mass, double temperature,
                           double low, double high, double t)
    : potential_(std::move(potential)),
      mass_(mass),
      temperature_(temperature),
      low_(low),
      high_(high),
      t_(t) {
  POWERSTROKE_EXPECT(mass > 0.0 && temperature > 0.0);
  if (!is_sum_over_axes(potential_))
    throw ConfigError("a Boltzmann law of one axis needs a potential that is a sum over the axes");
  if (!(std::isfinite(low) && std::isfinite(high) && low < high))
    throw ConfigError("a Boltzmann law: its range is " + std::to_string(low) + " to " +
                      std::to_string(high) + "; it must be finite and ascend");
  least_ = std::numeric_limits<double>::infinity();
  constexpr int looks = 20 * range_panels;
  for (int i = 0; i <= looks; ++i)
    least_ = std::min(least_, energy(low + (high - low) * i / looks));
  normalisation_ = integral(low, high, range_panels, [](double) { return 1.0; });
}

double BoltzmannLaw::energy(double x) const {
  return laws::potential_energy(potential_, {x}, 1, t_);
}

template <class Function>
double BoltzmannLaw::integral(double low, double high, int panels, Function f) const {
  const double width = (high - low) / panels;
  double sum = 0.0;
  for (int panel = 0; panel < panels; ++panel)
    sum += boost::math::quadrature::gauss<double, 20>::integrate(
        [&](double x) { return std::exp((least_ - energy(x)) / temperature_) * f(x); },
        low + panel * width, low + (panel + 1) * width);
  return sum;
}

double BoltzmannLaw::entropy() const {
  const double mean = integral(low_, high_, range_panels,
                               [&](double x) { return (energy(x) - least_) / temperature_; });
  return 0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e * mass_ * temperature_) +
         std::log(normalisation_) + mean / normalisation_;
}

std::vector<double> BoltzmannLaw::cells(std::span<const double> positions,
                                        std::span<const double> momenta) const {
  const double deviation = std::sqrt(mass_ * temperature_);
  std::vector<double> result;
  for (std::size_t i = 1; i < positions.size(); ++i) {
    const double from = std::clamp(positions[i - 1], low_, high_),
                 to = std::clamp(positions[i], low_, high_);
    const double place = integral(from, to, 4, [](double) { return 1.0; }) / normalisation_;
    for (std::size_t j = 1; j < momenta.size(); ++j)
      result.push_back(place * (normal_below(momenta[j] / deviation) -
                                normal_below(momenta[j - 1] / deviation)));
  }
  return result;
}

double quartic_phase_area(double strength, double mass, double energy) {
  POWERSTROKE_EXPECT(strength > 0.0 && mass > 0.0 && energy >= 0.0);
  return std::sqrt(2.0 * mass * energy) * std::pow(4.0 * energy / strength, 0.25) *
         boost::math::beta(0.25, 1.5);
}

double shell_entropy(std::span<const double> probabilities, std::span<const double> areas) {
  POWERSTROKE_EXPECT(probabilities.size() == areas.size());
  double entropy = 0.0;
  for (std::size_t i = 0; i < areas.size(); ++i)
    if (probabilities[i] > 0.0) entropy -= probabilities[i] * std::log(probabilities[i] / areas[i]);
  return entropy;
}

}  // namespace powerstroke::theory
