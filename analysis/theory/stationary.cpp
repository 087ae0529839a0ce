#include "powerstroke/analysis/theory/stationary.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <sstream>
#include <utility>
#include <vector>

#include "powerstroke/analysis/theory/connected_ladders.hpp"
#include "powerstroke/analysis/theory/ladder_transitions.hpp"

namespace powerstroke::theory {
namespace {

/// No stroke can happen at the start, and so none ever can.
bool is_frozen(const Populations& start, const laws::StrokeLaw& law) {
  const std::vector<laws::MeanFactors> mean =
      LadderTransitions(start.grid, start.levels, law).mean_factors(start.mass);
  const double excited = law.bath().excited;
  for (std::size_t k = 0; k < mean.size(); ++k) {
    const auto [up, down] = laws::closed_rates(law.balance, law.transitions[k], mean[k], excited);
    if (up * mean[k].uptake > 0.0 || down * mean[k].release > 0.0) return false;
  }
  return true;
}

std::string why_frozen(const laws::StrokeLaw& law) {
  const auto& all = law.transitions;
  if (std::ranges::none_of(all, [&](const auto& transition) { return is_active(law, transition); }))
    return all.size() == 1 ? "frozen: both rates are 0, no stroke ever happens"
                           : "frozen: all rates are 0, no stroke ever happens";
  const std::string nobody = all.size() == 1 ? "no particle has E > delta_e"
                                             : "no particle has E > delta_e of any transition";
  if (laws::is<laws::Conserving>(law.balance))
    return "frozen: " + nobody +
           ", so phi = 0, w+ = w- phi = 0 and (8) leaves any distribution as it is";
  if (laws::is<laws::Exchange>(law.balance))
    return "frozen: " + nobody + ", so phi = 0 and none has a quantum to pass on";
  if (laws::is<laws::Bath>(law.balance))
    return "frozen: " + nobody +
           " and no two-level system is excited, so phi = 0 and no stroke ever happens";
  if (std::ranges::any_of(all, [](const auto& each) { return each.rate_up > 0.0; }))
    return "frozen: all particles are at rest, and these rates let none of them take up energy";
  return "frozen: w+ = 0 and " + nobody + ", so no stroke ever happens";
}

StationaryLaw none(std::string why) {
  return {StationaryLaw::Kind::none, std::numeric_limits<double>::quiet_NaN(), std::move(why)};
}

/// The temperature of given rates, if all transitions agree on one.
StationaryLaw of_given_rates(const Populations& start, const laws::StrokeLaw& law) {
  std::vector<laws::Transition> active;
  std::ranges::copy_if(law.transitions, std::back_inserter(active),
                       [&](const auto& t) { return is_active(law, t); });
  if (std::ranges::all_of(active, [](const auto& t) { return t.rate_up == 0.0; })) {
    if (level_probabilities(start).front() > 0.0)
      return none(
          "none of one form: w+ = 0, so particles at rest stay there, and the others end at E <= "
          "delta_e");
    return none("all particles on their lowest level, E <= delta_e: there are no uptakes");
  }
  if (std::ranges::all_of(active, [](const auto& t) { return t.rate_up >= t.rate_down; })) {
    std::ostringstream why;
    why << "none: the uptake rate " << active.front().rate_up << " is not below the release rate "
        << active.front().rate_down << ", so the energy grows without bound";
    return none(why.str());
  }
  const auto log_ratio = [](const laws::Transition& t) {
    return std::log(t.rate_down / t.rate_up);
  };
  const double beta = log_ratio(active.front()) / active.front().delta_e;
  constexpr double roundings = 1e-12;
  for (const laws::Transition& t : active) {
    const double ratio = log_ratio(t), apart = std::abs(ratio - beta * t.delta_e);
    if (!std::isfinite(ratio) || !(apart <= roundings * (1.0 + std::abs(ratio))))
      return none("none: no detailed balance: the transitions pull to different temperatures");
  }
  return {StationaryLaw::Kind::exists, beta, {}};
}

/// The beta at which particles, and the two-level systems of a bath, have an energy together.
class ConservedEnergy {
 public:
  ConservedEnergy(const Populations& start, const laws::StrokeLaw& law) : ladders_(start, law) {
    excess_ = mean_energy(start) - ladders_.lowest_energy();
    if (!laws::is<laws::Bath>(law.balance)) return;
    systems_ = law.bath().systems_per_particle;
    for (const laws::Transition& t : law.transitions) {
      if (!is_active(law, t)) continue;
      gaps_.push_back(t.delta_e);
      excess_ += systems_ * t.delta_e * law.bath().excited;
    }
  }

  /// What can be shared out: the energy above that of all particles and systems on their lowest
  /// levels.
  double excess() const { return excess_; }

  double beta() const {
    // Between temperatures at which there is more than the excess and less.
    const auto missing = [&](double log_beta) { return at(std::exp(log_beta)) - excess_; };
    double low = std::log(1.0 / excess_), high = low;
    while (missing(low) < 0.0) low -= 1.0;
    while (missing(high) > 0.0) high += 1.0;
    if (low == high) return std::exp(low);
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    std::uintmax_t most = 200;
    const auto [a, b] = boost::math::tools::toms748_solve(
        missing, low, high,
        [](double x, double y) {
          return std::abs(x - y) <= 4.0 * epsilon * std::max(1.0, std::abs(x));
        },
        most);
    return std::exp(0.5 * (a + b));
  }

 private:
  double at(double beta) const {
    double energy = ladders_.excess_energy(beta);
    for (const double gap : gaps_) energy += systems_ * gap / (1.0 + std::exp(beta * gap));
    return energy;
  }

  ConnectedLadders ladders_;
  double excess_, systems_ = 0.0;
  std::vector<double> gaps_;
};

StationaryLaw of_conserved_energy(const Populations& start, const laws::StrokeLaw& law) {
  const ConservedEnergy energy(start, law);
  // What rounding may leave of a start that has all on the lowest levels.
  const double least = 1e-14 * mean_energy(start);
  if (energy.excess() > least) return {StationaryLaw::Kind::exists, energy.beta(), {}};
  std::ostringstream why;
  if (law.transitions.size() == 1 && !laws::is<laws::Bath>(law.balance))
    why << "none: the mean level n = " << mean_level(start)
        << " is not above 0, so phi runs down to 0 and freezes the ensemble on the way";
  else
    why << "none: the energy is not above that of all on their lowest levels, by "
        << energy.excess() << ", so the strokes run down and freeze the ensemble on the way";
  return none(why.str());
}

}  // namespace

StationaryLaw stationary_law(const Populations& start, const laws::StrokeLaw& law) {
  if (is_frozen(start, law))
    return {StationaryLaw::Kind::frozen, std::numeric_limits<double>::quiet_NaN(), why_frozen(law)};
  return laws::has_given_rates(law.balance) ? of_given_rates(start, law)
                                            : of_conserved_energy(start, law);
}

Populations stationary_populations(const Populations& start, const laws::StrokeLaw& law,
                                   double beta, double tail) {
  return ConnectedLadders(start, law).populations(beta, tail);
}

}  // namespace powerstroke::theory
