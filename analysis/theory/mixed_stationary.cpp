#include "powerstroke/analysis/theory/mixed_stationary.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

namespace powerstroke::theory {
namespace {

StationaryLaw none(std::string why) {
  return {StationaryLaw::Kind::none, std::numeric_limits<double>::quiet_NaN(), std::move(why)};
}

StationaryLaw of_given_rates(const laws::StrokeLaw& law) {
  double beta = 0.0;
  for (const laws::Transition& t : law.transitions) {
    if (t.rate_up == 0.0 && t.rate_down == 0.0) continue;
    const double own = std::log(t.rate_down / t.rate_up) / t.delta_e;
    if (!(own > 0.0))
      return none(
          "none: an uptake rate is not below its release rate, so the energy grows without bound");
    if (!std::isfinite(own)) return none("none: a transition never takes up energy");
    if (beta > 0.0 && std::abs(own - beta) > 1e-12 * beta)
      return none("none: no detailed balance: the transitions pull to different temperatures");
    beta = own;
  }
  return beta > 0.0
             ? StationaryLaw{StationaryLaw::Kind::exists, beta, {}}
             : StationaryLaw{StationaryLaw::Kind::frozen, std::numeric_limits<double>::quiet_NaN(),
                             "frozen: all rates are 0, no stroke ever happens"};
}

}  // namespace

StationaryLaw mixed_stationary_law(double mean_energy, const laws::StrokeLaw& law) {
  if (laws::has_given_rates(law.balance)) return of_given_rates(law);
  const double degrees = laws::state_exponent(law.rates) + 1.0;  // <E> = (s + 1) T
  const bool has_bath = laws::is<laws::Bath>(law.balance);
  const auto of_bath = [&](double beta, const laws::Transition& t) {
    return law.bath().systems_per_particle * t.delta_e / (1.0 + std::exp(beta * t.delta_e));
  };
  double total = mean_energy;
  for (const laws::Transition& t : law.transitions)
    if (has_bath) total += law.bath().systems_per_particle * t.delta_e * law.bath().excited;
  if (!(total > 0.0)) return none("none: there is no energy to share out");
  if (!has_bath) return {StationaryLaw::Kind::exists, degrees / total, {}};
  // At degrees / total the particles alone would have it all; a colder state has room for the
  // systems' share.
  const auto missing = [&](double log_beta) {
    const double beta = std::exp(log_beta);
    double energy = degrees / beta;
    for (const laws::Transition& t : law.transitions) energy += of_bath(beta, t);
    return energy - total;
  };
  const double low = std::log(degrees / total);
  double high = low + 1.0;
  while (missing(high) > 0.0) high += 1.0;
  std::uintmax_t most = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(
      missing, low, high,
      [](double x, double y) { return std::abs(x - y) <= 1e-15 * std::max(1.0, std::abs(x)); },
      most);
  return {StationaryLaw::Kind::exists, std::exp(0.5 * (a + b)), {}};
}

std::vector<double> boltzmann_bin_probabilities(double state_exponent, double beta,
                                                std::span<const double> edges) {
  std::vector<double> probabilities;
  for (std::size_t i = 1; i < edges.size(); ++i)
    probabilities.push_back(boost::math::gamma_p(state_exponent + 1.0, beta * edges[i]) -
                            boost::math::gamma_p(state_exponent + 1.0, beta * edges[i - 1]));
  return probabilities;
}

}  // namespace powerstroke::theory
