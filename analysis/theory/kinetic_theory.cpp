#include "powerstroke/analysis/theory/kinetic_theory.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <complex>
#include <numbers>

namespace powerstroke::theory {

double mean_speed_power(double power, double mass, double temperature, int dimension) {
  return std::pow(2.0 * temperature / mass, 0.5 * power) *
         boost::math::tgamma_ratio(0.5 * (dimension + power), 0.5 * dimension);
}

double mean_swept_volume(const laws::CollisionLaw& law, std::size_t a, std::size_t b, double mass_a,
                         double mass_b, double temperature, int dimension) {
  const laws::SweptVolume swept = laws::swept_volume(law, a, b, dimension);
  const double reduced = mass_a * mass_b / (mass_a + mass_b);
  return swept.scale * mean_speed_power(2.0 * swept.exponent, reduced, temperature, dimension);
}

double swept_volume_scatter(const laws::CollisionLaw& law, int dimension) {
  const double power = 2.0 * (1.0 - law.omega), mean = mean_speed_power(power, 1.0, 1.0, dimension);
  return mean_speed_power(2.0 * power, 1.0, 1.0, dimension) / (mean * mean) - 1.0;
}

double anisotropy_decay(int dimension) { return dimension == 3 ? 1.0 / 2.0 : 8.0 / 15.0; }

FourthMoments fourth_moments(const FourthMoments& start, double square, std::size_t particles,
                             double collisions) {
  // A collision changes v_i^4 + v_j^4 on the average by -(a^2 + b^2)/3 + 4ab/3 - 2c^2/3, a = v_i^2,
  // b = v_j^2, c = v_i . v_j, and the tensor by (g'g' - gg)/2; summed over pairs at the rate nu/N,
  // with sum v = 0, the two sums obey
  //   d fourth / d(nu t) = -fourth/3 - tensor/3N + 2 square^2/3N,
  //   d tensor / d(nu t) = fourth/3 - (1 - 2/3N) tensor + (1/3 + 1/3N) square^2.
  const auto n = static_cast<double>(particles);
  const double end = 5.0 * square * square * (n - 1.0) / (n * (3.0 * n - 1.0));
  const FourthMoments last{end, 2.0 * square * square - n * end};
  const double a = -1.0 / 3.0, b = -1.0 / (3.0 * n), c = 1.0 / 3.0, d = -1.0 + 2.0 / (3.0 * n);
  const double centre = 0.5 * (a + d);
  const std::complex<double> half =
      std::sqrt(std::complex<double>(0.25 * (a - d) * (a - d) + b * c));  // imaginary for a pair
  const double cosh = std::cosh(half * collisions).real(),
               sinh = (std::sinh(half * collisions) / half).real();
  const double decay = std::exp(centre * collisions);
  const double x = start.fourth - last.fourth, y = start.tensor - last.tensor;
  return {last.fourth + decay * (cosh * x + sinh * ((a - centre) * x + b * y)),
          last.tensor + decay * (cosh * y + sinh * (c * x + (d - centre) * y))};
}

KrookWu KrookWu::after(double k_0, double collisions) {
  return {1.0 - (1.0 - k_0) * std::exp(-collisions / 6.0)};
}

double KrookWu::moment(int n) const { return std::pow(k, n - 1) * (n - (n - 1) * k); }

double KrookWu::cumulative(double energy, double temperature) const {
  const double x = energy / (k * temperature), weight = (5.0 * k - 3.0) / (2.0 * k);
  return weight * boost::math::gamma_p(1.5, x) + (1.0 - weight) * boost::math::gamma_p(2.5, x);
}

double wall_hit_rate(double length, double mass, double temperature) {
  return std::sqrt(2.0 * temperature / (std::numbers::pi * mass)) / length;
}

}  // namespace powerstroke::theory
