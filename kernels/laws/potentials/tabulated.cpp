#include "powerstroke/kernels/laws/potentials/tabulated.hpp"

#include <algorithm>
#include <boost/math/interpolators/cardinal_cubic_b_spline.hpp>
#include <cstddef>

#include "powerstroke/kernels/laws/checks.hpp"

namespace powerstroke::laws {

class Tabulated::Spline {
 public:
  Spline(double low, double spacing, const std::vector<double>& energies)
      : low_(low),
        high_(low + spacing * static_cast<double>(energies.size() - 1)),
        spline_(energies.begin(), energies.end(), low, spacing,
                end_slope(energies.begin(), spacing), end_slope(energies.rbegin(), -spacing)) {}

  double energy(double x) const {
    const double inside = std::clamp(x, low_, high_);
    return spline_(inside) + slope(inside) * (x - inside);
  }
  double force(double x) const { return -slope(std::clamp(x, low_, high_)); }

  Interval confined(double level) const {
    // Beyond the ends v is straight, and crosses the level where it rises outwards.
    Interval interval;
    if (slope(low_) < 0.0)
      interval.low = low_ - std::max(0.0, (level - spline_(low_)) / -slope(low_));
    if (slope(high_) > 0.0)
      interval.high = high_ + std::max(0.0, (level - spline_(high_)) / slope(high_));
    return interval;
  }

 private:
  /// dv/dx at the first of five points, to fourth order. Boost's own estimate at the right end
  /// belongs to the fifth point from it.
  template <class Iterator>
  static double end_slope(Iterator v, double spacing) {
    return (-25.0 * v[0] + 48.0 * v[1] - 36.0 * v[2] + 16.0 * v[3] - 3.0 * v[4]) / (12.0 * spacing);
  }
  double slope(double x) const { return spline_.prime(x); }

  double low_, high_;
  boost::math::interpolators::cardinal_cubic_b_spline<double> spline_;
};

Tabulated::Tabulated(double low, double spacing, std::vector<double> energies) {
  require_finite("potential.low", low);
  require_positive("potential.spacing", spacing);
  constexpr std::size_t fewest = 5;  // what the spline and its ends need
  if (energies.size() < fewest)
    reject("potential.energies", static_cast<double>(energies.size()),
           "it must be at least 5 of them");
  for (const double energy : energies) require_finite("potential.energies", energy);
  spline_ = std::make_shared<const Spline>(low, spacing, energies);
}

double Tabulated::energy(double x, double) const { return spline_->energy(x); }
double Tabulated::force(double x, double) const { return spline_->force(x); }
Interval Tabulated::confined(double level, double) const { return spline_->confined(level); }

}  // namespace powerstroke::laws
