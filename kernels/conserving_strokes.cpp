#include "powerstroke/kernels/conserving_strokes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/kernels/laws/threshold_occupation.hpp"
#include "powerstroke/kernels/sampling/mean_factors.hpp"
#include "powerstroke/kernels/sampling/places.hpp"
#include "powerstroke/kernels/sampling/sampler.hpp"
#include "powerstroke/kernels/sampling/shaped_step.hpp"
#include "powerstroke/kernels/sampling/stroke_checks.hpp"
#include "powerstroke/kernels/sampling/uniformized_step.hpp"

namespace powerstroke {
namespace {

/// Particles on level -1, 0, 1, 2, 3 and above: integers, so their sums do not depend on who adds
/// them.
struct Occupation {
  std::array<std::uint64_t, 6> count{};

  Occupation& operator+=(const Occupation& other) {
    for (std::size_t i = 0; i < count.size(); ++i) count[i] += other.count[i];
    return *this;
  }

  laws::ThresholdOccupation fractions(std::size_t particles) const {
    const auto fraction = [&](std::uint64_t n) {
      return static_cast<double>(n) / static_cast<double>(particles);
    };
    return {fraction(count[2] + count[3] + count[4] + count[5]),
            fraction(count[0]),
            fraction(count[1]),
            fraction(count[2]),
            fraction(count[3]),
            fraction(count[4])};
  }
};

Occupation occupation(std::span<const std::int32_t> levels) {
  std::uint32_t rest = 0, zero = 0, one = 0, two = 0, three = 0;
  for (const std::int32_t level : levels) {
    rest += level == lowest_level;
    zero += level == 0;
    one += level == 1;
    two += level == 2;
    three += level == 3;
  }
  return {{rest, zero, one, two, three, levels.size() - rest - zero - one - two - three}};
}

/// The longest step that keeps each error of `ConservingStrokes` at the tolerance.
double longest_step(const laws::PhiDerivatives& derivative, double rate_down, double tolerance) {
  const double rate_of_holding =
      std::sqrt(rate_down * std::abs(derivative.first) / (12.0 * tolerance));
  const double rate_of_change = std::cbrt(std::abs(derivative.third) / (24.0 * tolerance));
  const double rate_unseen = rate_down / std::pow(120.0 * tolerance, 0.25);
  return 1.0 / std::max({2.0 * rate_down, rate_of_holding, rate_of_change, rate_unseen});
}

struct Pass {
  StrokeCounts strokes;
  Occupation occupation;

  Pass& operator+=(const Pass& other) {
    strokes += other.strokes;
    occupation += other.occupation;
    return *this;
  }
};

/// Sums over the ensemble after a shaped step.
struct ShapedPass {
  StrokeCounts strokes;
  FactorSums sums;

  ShapedPass& operator+=(const ShapedPass& other) {
    strokes += other.strokes;
    sums += other.sums;
    return *this;
  }
};

std::vector<laws::RatePair> rates_at(const laws::StrokeLaw& law,
                                     const std::vector<laws::MeanFactors>& mean) {
  std::vector<laws::RatePair> rates;
  for (std::size_t k = 0; k < mean.size(); ++k)
    rates.push_back(laws::closed_rates(laws::Conserving{}, law.transitions[k], mean[k], 0.0));
  return rates;
}

/// All release attempts of a particle per unit time.
double total_rate(const laws::StrokeLaw& law) {
  double total = 0.0;
  for (const laws::Transition& transition : law.transitions)
    total += transition.rate_down * laws::bound(law.rates, transition.delta_e);
  return total;
}

/// The longest shaped step that keeps each error of `ConservingStrokes` at the tolerance.
double longest_shaped_step(const std::vector<laws::MeanFactors>& mean,
                           const std::vector<laws::MeanFactors>& change, double rate,
                           double tolerance) {
  double fastest = 0.0;  // |(w+/w-)'|
  for (std::size_t k = 0; k < mean.size(); ++k) {
    if (mean[k].uptake <= 0.0) continue;
    const double ratio = mean[k].release / mean[k].uptake;
    fastest =
        std::max(fastest, std::abs(change[k].release - ratio * change[k].uptake) / mean[k].uptake);
  }
  return 1.0 / std::max({2.0 * rate, std::sqrt(rate * fastest / (6.0 * tolerance)),
                         rate / std::cbrt(24.0 * tolerance)});
}

/// Particles that the derivatives are measured on: their scatter, w / 128, moves w+ by less than
/// the tolerance does.
constexpr std::size_t particles_for_derivatives = 16384;

/// At most this share of the scatter of the net number of strokes may be missing: see
/// `fewest_steps`.
constexpr double missing_scatter = 0.02;

/// Within a step releases follow the particles and uptakes do not, so that what a stroke changes of
/// phi pulls the mean energy back: the variance of the net number of strokes lacks the share `pull`
/// h. What uptakes owe is made good in the next step; the last one of n steps in a stretch is left,
/// and lacks pull * stretch / n^2.
/// @param pull (f_0 + f_1 / phi) w- / 2 at constant rates: how often a stroke moves a particle over
/// the threshold.
double fewest_steps(double pull, double stretch) {
  return std::ceil(std::sqrt(pull * stretch / missing_scatter));
}

/// The ends of a stretch in equal steps, so that no sliver remains; the last one ends it exactly.
struct EqualSteps {
  double h;
  bool last;

  EqualSteps(double left, double longest) {
    const double steps = std::ceil(left / longest * (1.0 - 1e-12));
    last = steps <= 1.0;
    h = last ? left : left / steps;
  }
};

}  // namespace

ConservingStrokes::ConservingStrokes(laws::StrokeLaw law, std::uint64_t seed, double phi_tolerance)
    : law_(laws::balanced({std::move(law.transitions), std::move(law.rates), laws::Conserving{}})),
      phi_tolerance_(phi_tolerance),
      seed_(seed) {
  check_law(law_);
  bounds_ = std::make_shared<const FactorBounds>(law_);
  if (!(std::isfinite(phi_tolerance) && (phi_tolerance == 0.0 || phi_tolerance >= 1e-9)))
    throw ConfigError("phi_tolerance is " + std::to_string(phi_tolerance) +
                      "; it must be >= 1e-9, or 0 for the default");
}

ConservingStrokes ConservingStrokes::with_fixed_step(laws::StrokeLaw law, std::uint64_t seed,
                                                     double step) {
  if (!(std::isfinite(step) && step > 0.0))
    throw ConfigError("the step is " + std::to_string(step) + "; it must be a positive number");
  ConservingStrokes strokes(std::move(law), seed);
  strokes.fixed_step_ = step;
  return strokes;
}

double ConservingStrokes::tolerance_of(std::size_t particles) {
  return 0.05 / std::sqrt(static_cast<double>(particles));
}

double ConservingStrokes::tolerance(std::size_t particles) const {
  return phi_tolerance_ > 0.0 ? phi_tolerance_ : tolerance_of(particles);
}

void ConservingStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock,
                                Ledger& ledger) const {
  advance_any(ensemble, dt, clock, ledger);
}
void ConservingStrokes::advance(EnergyEnsemble& ensemble, double, double dt, StepClock& clock,
                                Ledger& ledger) const {
  advance_any(ensemble, dt, clock, ledger);
}
void ConservingStrokes::advance(const MomentumView& momenta, double, double dt, StepClock& clock,
                                Ledger& ledger) const {
  advance_any(momenta, dt, clock, ledger);
}

template <class Ensemble>
void ConservingStrokes::advance_any(Ensemble& ensemble, double dt, StepClock& clock,
                                    Ledger& ledger) const {
  check_amount(law_, dt);
  const double spacing = checked_spacing(law_, ensemble);
  if (total_rate(law_) == 0.0 || ensemble.whole_size() == 0) return;
  if (choose_sampler(law_, hops(law_, spacing)) == Sampler::uniformized)
    advance_plain(ensemble, spacing, dt, clock, ledger);
  else
    advance_shaped(ensemble, spacing, dt, clock, ledger);
}

template <class Ensemble>
void ConservingStrokes::advance_plain(Ensemble& ensemble, double spacing, double dt,
                                      StepClock& clock, Ledger& ledger) const {
  const double rate_down = law_.transitions.front().rate_down;
  Occupation now = over_levels<Occupation>(
      ensemble, {spacing, seed_, clock.now()},
      [](std::span<const std::int32_t> levels, std::size_t) { return occupation(levels); });
  const std::size_t particles = ensemble.whole_size();
  ensemble.ranks().sum(now.count);
  laws::ThresholdOccupation f = now.fractions(particles);
  const double pull = f.phi > 0.0 ? 0.5 * rate_down * (f.level_0 + f.level_1 / f.phi) : 0.0;
  const double longest = dt / std::max(1.0, fewest_steps(pull, dt));
  double owed = 0.0;  // integral over time of phi less that of w+/w-, so far
  for (double left = dt; left > 0.0;) {
    check_stop();
    const laws::PhiDerivatives derivative = laws::phi_derivatives(f, rate_down);
    const EqualSteps next(
        left, fixed_step_ > 0.0
                  ? fixed_step_
                  : std::min(longest, longest_step(derivative, rate_down, tolerance(particles))));
    // A fraction: what the extrapolation says beyond [0, 1] cannot be. Where nobody can release,
    // all stands still.
    const double phi =
        f.phi > 0.0
            ? std::clamp(laws::mean_phi(f.phi, derivative, next.h) + owed / next.h, 0.0, 1.0)
            : 0.0;
    const UniformizedStep step_law(laws::conserving_rate_up(rate_down, phi), rate_down, next.h);
    const std::uint64_t step = clock.tick();
    const Pass pass = over_levels<Pass>(
        ensemble, {spacing, seed_, step}, [&](std::span<std::int32_t> levels, std::size_t first) {
          const StrokeCounts moved = step_law(levels, seed_, first, step);
          return Pass{moved, occupation(levels)};
        });
    ledger += pass.strokes;
    ++ledger.steps;
    now = pass.occupation;
    ensemble.ranks().sum(now.count);
    const laws::ThresholdOccupation before = std::exchange(f, now.fractions(particles));
    // The mean of phi over the step, from its ends and its curvature.
    const double found = 0.5 * (before.phi + f.phi) - next.h * next.h / 12.0 * derivative.second;
    owed += next.h * (found - phi);
    left = next.last ? 0.0 : left - next.h;
  }
}

template <class Ensemble>
void ConservingStrokes::advance_shaped(Ensemble& ensemble, double spacing, double dt,
                                       StepClock& clock, Ledger& ledger) const {
  const std::size_t particles = ensemble.whole_size(),
                    some = std::min(particles, particles_for_derivatives);
  const std::size_t ours = ensemble.size(),
                    before =
                        ensemble.ranks().are_several() ? ensemble.first_id() : 0,  // on other ranks
      some_of_ours = std::min(ours, some - std::min(some, before));
  const std::vector<Hop> steps = hops(law_, spacing);
  const std::size_t transitions = steps.size();
  const double rate = total_rate(law_);
  FactorSums sums = over_places<FactorSums, Over::all>(
      ensemble, {spacing, seed_, clock.now()}, ours, [&](const auto& places, std::size_t) {
        return factor_sums(law_.rates, std::span<const Hop>(steps), places);
      });
  const double longest = dt / std::max(1.0, fewest_steps(rate, dt));
  std::vector<double> owed(transitions,
                           0.0);  // uptakes per particle that were due and did not come, so far
  for (double left = dt; left > 0.0;) {
    check_stop();
    const std::vector<laws::MeanFactors> mean = averages(sums, transitions, particles);
    const std::vector<laws::RatePair> now = rates_at(law_, mean);
    const std::uint64_t step = clock.tick();
    const PassKey key{spacing, seed_, step};
    const std::vector<laws::MeanFactors> change = averages(
        over_places<FactorSums, Over::all>(ensemble, key, some_of_ours,
                                           [&](const auto& places, std::size_t) {
                                             return factor_derivatives(
                                                 law_.rates, std::span<const Hop>(steps),
                                                 std::span<const laws::RatePair>(now), places);
                                           }),
        transitions, some);
    const EqualSteps next(left, fixed_step_ > 0.0
                                    ? fixed_step_
                                    : std::min(longest, longest_shaped_step(mean, change, rate,
                                                                            tolerance(particles))));
    std::vector<laws::MeanFactors> middle = mean;
    for (std::size_t k = 0; k < transitions; ++k) {
      middle[k].uptake = std::max(0.0, mean[k].uptake + 0.5 * next.h * change[k].uptake);
      middle[k].release = std::max(0.0, mean[k].release + 0.5 * next.h * change[k].release);
    }
    std::vector<laws::RatePair> rates = rates_at(law_, middle);
    for (std::size_t k = 0; k < transitions; ++k)
      if (mean[k].release > 0.0 && middle[k].uptake > 0.0)
        rates[k].up = std::max(0.0, rates[k].up + owed[k] / (next.h * middle[k].uptake));
    const ShapedStep step_law(candidates(law_.rates, steps, rates), bounds_, next.h);
    const auto pass = over_places<ShapedPass, Over::all>(
        ensemble, key, ours, [&](const auto& places, std::size_t id) {
          const StrokeCounts moved = step_law(places, seed_, id, step);
          return ShapedPass{moved, factor_sums(law_.rates, std::span<const Hop>(steps), places)};
        });
    if (ensemble.ranks().is_first()) ledger += pass.strokes;  // the sum of all ranks, booked by one
    ++ledger.steps;
    sums = pass.sums;
    const std::vector<laws::MeanFactors> after = averages(sums, transitions, particles);
    for (std::size_t k = 0; k < transitions; ++k) {
      const auto due = [&](const laws::MeanFactors& at) {
        return rates[k].down * at.release - rates[k].up * at.uptake;
      };
      owed[k] += 0.5 * next.h * (due(mean[k]) + due(after[k]));
    }
    left = next.last ? 0.0 : left - next.h;
  }
}

}  // namespace powerstroke
