#include "powerstroke/kernels/laws/potential.hpp"

#include <algorithm>
#include <boost/math/interpolators/cardinal_cubic_b_spline.hpp>
#include <type_traits>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::laws {
namespace {

void require(bool fine, const char* what, double value, const char* allowed) {
  if (!fine)
    throw ConfigError("potential." + std::string(what) + " is " + std::to_string(value) + "; it must be " + allowed);
}

void finite(const char* what, double value) { require(std::isfinite(value), what, value, "a finite number"); }
void positive(const char* what, double value) {
  require(std::isfinite(value) && value > 0.0, what, value, "a positive number");
}

Interval around(double centre, double reach) { return {centre - reach, centre + reach}; }

Interval confined_by(const Free&, double, double) { return {}; }
Interval confined_by(const Cosine&, double, double) { return {}; }
Interval confined_by(const Harmonic& v, double level, double) {
  return around(v.centre, std::sqrt(2.0 * std::max(0.0, level) / v.stiffness));
}
Interval confined_by(const Quartic& v, double level, double) {
  return around(0.0, std::pow(4.0 * std::max(0.0, level) / v.strength, 0.25));
}
Interval confined_by(const DoubleWell& v, double level, double) {
  return around(0.0, v.minimum * std::sqrt(1.0 + std::sqrt(std::max(0.0, level) / v.barrier)));
}
Interval confined_by(const Trap& v, double level, double t) {
  return confined_by(Harmonic{v.stiffness.at(t), v.centre.at(t)}, level, t);
}
Interval confined_by(const Tabulated& v, double level, double) { return v.confined(level); }
Interval confined_by(const UserPotential&, double, double) {
  throw ConfigError("a potential that is no sum over the axes has no profile along one of them");
}

void check(const Free&) {}
void check(const Tabulated&) {}  // its constructor has
void check(const Harmonic& v) {
  positive("stiffness", v.stiffness);
  finite("centre", v.centre);
}
void check(const Quartic& v) { positive("strength", v.strength); }
void check(const DoubleWell& v) {
  positive("barrier", v.barrier);
  positive("minimum", v.minimum);
}
void check(const Cosine& v) {
  finite("amplitude", v.amplitude);
  positive("period", v.period);
}
void check(const Trap& v) {
  positive("stiffness", v.stiffness.from);
  positive("stiffness", v.stiffness.to);
  finite("centre", v.centre.from);
  finite("centre", v.centre.to);
  for (const Ramp& ramp : {v.stiffness, v.centre}) {
    finite("start", ramp.start);
    require(std::isfinite(ramp.end) && ramp.end >= ramp.start, "end", ramp.end, "finite and not before the start");
  }
}
void check(const UserPotential& v) {
  if (!v.energy || !v.force) throw ConfigError("potential: a callable is missing; both the energy and the force are needed");
}

}  // namespace

class Tabulated::Spline {
 public:
  Spline(double low, double spacing, const std::vector<double>& energies)
      : low_(low),
        high_(low + spacing * static_cast<double>(energies.size() - 1)),
        spline_(energies.begin(), energies.end(), low, spacing, end_slope(energies.begin(), spacing),
                end_slope(energies.rbegin(), -spacing)) {}

  double energy(double x) const {
    const double inside = std::clamp(x, low_, high_);
    return spline_(inside) + slope(inside) * (x - inside);
  }
  double force(double x) const { return -slope(std::clamp(x, low_, high_)); }

  Interval confined(double level) const {
    // Beyond the ends v is straight, and crosses the level where it rises outwards.
    Interval interval;
    if (slope(low_) < 0.0) interval.low = low_ - std::max(0.0, (level - spline_(low_)) / -slope(low_));
    if (slope(high_) > 0.0) interval.high = high_ + std::max(0.0, (level - spline_(high_)) / slope(high_));
    return interval;
  }

 private:
  /// dv/dx at the first of five points, to fourth order. Boost's own estimate at the right end belongs to the fifth point from it.
  template <class Iterator>
  static double end_slope(Iterator v, double spacing) {
    return (-25.0 * v[0] + 48.0 * v[1] - 36.0 * v[2] + 16.0 * v[3] - 3.0 * v[4]) / (12.0 * spacing);
  }
  double slope(double x) const { return spline_.prime(x); }

  double low_, high_;
  boost::math::interpolators::cardinal_cubic_b_spline<double> spline_;
};

Tabulated::Tabulated(double low, double spacing, std::vector<double> energies) {
  finite("low", low);
  positive("spacing", spacing);
  constexpr std::size_t fewest = 5;  // what the spline and its ends need
  require(energies.size() >= fewest, "energies", static_cast<double>(energies.size()), "at least 5 of them");
  for (const double energy : energies) finite("energies", energy);
  spline_ = std::make_shared<const Spline>(low, spacing, energies);
}

double Tabulated::energy(double x, double) const { return spline_->energy(x); }
double Tabulated::force(double x, double) const { return spline_->force(x); }
Interval Tabulated::confined(double level) const { return spline_->confined(level); }

double potential_energy(const AnyPotential& potential, const Vector& x, int dimension, double t) {
  return std::visit(
      [&](const auto& v) {
        if constexpr (Profile<std::decay_t<decltype(v)>>) {
          double sum = 0.0;
          for (int axis = 0; axis < dimension; ++axis) sum += v.energy(x[static_cast<std::size_t>(axis)], t);
          return sum;
        } else {
          return v.energy(x, t);
        }
      },
      potential);
}

Interval confined(const AnyPotential& potential, double level, double t) {
  return std::visit([&](const auto& v) { return confined_by(v, level, t); }, potential);
}

void validate(const AnyPotential& potential) {
  std::visit([](const auto& v) { check(v); }, potential);
}

double stiffest(const AnyPotential& potential) {
  if (const auto* well = std::get_if<Harmonic>(&potential)) return well->stiffness;
  if (const auto* trap = std::get_if<Trap>(&potential)) return std::max(trap->stiffness.from, trap->stiffness.to);
  if (const auto* well = std::get_if<DoubleWell>(&potential)) return 8.0 * well->barrier / (well->minimum * well->minimum);
  if (const auto* wave = std::get_if<Cosine>(&potential))
    return std::abs(wave->amplitude) * wave->wave_number() * wave->wave_number();
  return 0.0;
}

}  // namespace powerstroke::laws
