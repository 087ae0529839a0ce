#include "powerstroke/analysis/theory/rate_cuts.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <variant>

namespace powerstroke::theory {
namespace {

/// The energy from which an uptake takes place at the k-th zero of the factor; negative if there is
/// none.
double zero_energy(const laws::RosenZener& rates, double delta_e, int k) {
  const double sum =
      2.0 * rates.range * std::sqrt(0.5 * rates.mass) * rates.coupling / (rates.hbar * k);
  const double root = 0.5 * (sum - delta_e / sum);
  return root >= 0.0 ? root * root : -1.0;
}

/// s^2 of the flip probability s^2 (E - E_k)^2 near its zero.
double curvature(const laws::RosenZener& rates, double delta_e, double energy) {
  const auto duration = [&](double e) { return rates.passage(e, e + delta_e, delta_e).duration; };
  const double step = 1e-5 * (energy + delta_e), low = std::max(0.0, energy - step);
  const double slope = (duration(energy + step) - duration(low)) / (energy + step - low);
  const double pi = std::numbers::pi, sine = pi * rates.coupling * slope / rates.hbar;
  const double envelope = std::cosh(0.5 * pi * delta_e * duration(energy) / rates.hbar);
  return sine * sine / (envelope * envelope);
}

}  // namespace

std::vector<double> rate_cuts(const laws::StrokeLaw& law, double spacing, double highest,
                              double time) {
  std::vector<double> cuts;
  const auto* rates = std::get_if<laws::RosenZener>(&law.rates);
  if (rates == nullptr || !(rates->coupling > 0.0) || !(time > 0.0)) return cuts;
  constexpr int most_zeros = 64;
  constexpr double growth = 3.0, widest = 0.3;  // of the spacing
  for (const laws::Transition& transition : law.transitions) {
    const double rate = std::max(transition.rate_up, transition.rate_down);
    for (int k = 1; k <= most_zeros; ++k) {
      const double zero = zero_energy(*rates, transition.delta_e, k);
      if (zero < 0.0) break;  // slower ones do not exist
      if (zero > highest) continue;
      const double width =
          1.0 /
          std::sqrt(std::max(curvature(*rates, transition.delta_e, zero) * rate * time, 1e-300));
      cuts.push_back(zero);
      for (double away = 2.0 * width; away < widest * spacing; away *= growth)
        for (const double side : {zero - away, zero + away})
          if (side > 0.0) cuts.push_back(side);
    }
  }
  return cuts;
}

}  // namespace powerstroke::theory
