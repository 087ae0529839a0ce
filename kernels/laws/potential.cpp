#include "powerstroke/kernels/laws/potential.hpp"

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
        spline_(energies.begin(), energies.end(), low, spacing) {}

  double energy(double x) const {
    const double inside = std::clamp(x, low_, high_);
    return spline_(inside) + slope(inside) * (x - inside);
  }
  double force(double x) const { return -slope(std::clamp(x, low_, high_)); }

 private:
  double slope(double x) const { return spline_.prime(x); }

  double low_, high_;
  boost::math::interpolators::cardinal_cubic_b_spline<double> spline_;
};

Tabulated::Tabulated(double low, double spacing, std::vector<double> energies) {
  finite("low", low);
  positive("spacing", spacing);
  constexpr std::size_t fewest = 5;  // what the spline needs
  require(energies.size() >= fewest, "energies", static_cast<double>(energies.size()), "at least 5 of them");
  for (const double energy : energies) finite("energies", energy);
  spline_ = std::make_shared<const Spline>(low, spacing, energies);
}

double Tabulated::energy(double x, double) const { return spline_->energy(x); }
double Tabulated::force(double x, double) const { return spline_->force(x); }

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

void validate(const AnyPotential& potential) {
  std::visit([](const auto& v) { check(v); }, potential);
}

}  // namespace powerstroke::laws
