#include "powerstroke/kernels/conserving_strokes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/ladder_strokes.hpp"
#include "powerstroke/kernels/laws/balance.hpp"
#include "powerstroke/kernels/laws/threshold_occupation.hpp"
#include "powerstroke/kernels/over_levels.hpp"
#include "powerstroke/kernels/stroke_checks.hpp"

namespace powerstroke {
namespace {

/// Particles on level -1, 0, 1, 2, 3 and above: integers, so their sums do not depend on who adds them.
struct Occupation {
  std::array<std::uint64_t, 6> count{};

  Occupation& operator+=(const Occupation& other) {
    for (std::size_t i = 0; i < count.size(); ++i) count[i] += other.count[i];
    return *this;
  }

  laws::ThresholdOccupation fractions(std::size_t particles) const {
    const auto fraction = [&](std::uint64_t n) { return static_cast<double>(n) / static_cast<double>(particles); };
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
  const double rate_of_holding = std::sqrt(rate_down * std::abs(derivative.first) / (12.0 * tolerance));
  const double rate_of_change = std::cbrt(std::abs(derivative.third) / (24.0 * tolerance));
  const double rate_unseen = rate_down / std::pow(120.0 * tolerance, 0.25);
  return 1.0 / std::max({2.0 * rate_down, rate_of_holding, rate_of_change, rate_unseen});
}

struct Pass {
  Ledger ledger;
  Occupation occupation;

  Pass& operator+=(const Pass& other) {
    ledger += other.ledger;
    occupation += other.occupation;
    return *this;
  }
};

}  // namespace

ConservingStrokes::ConservingStrokes(double delta_e, double rate_down, std::uint64_t seed, double phi_tolerance)
    : delta_e_(delta_e), rate_down_(rate_down), phi_tolerance_(phi_tolerance), seed_(seed) {
  check_transition({delta_e, 0.0, rate_down});
  if (!(std::isfinite(phi_tolerance) && (phi_tolerance == 0.0 || phi_tolerance >= 1e-9)))
    throw ConfigError("phi_tolerance is " + std::to_string(phi_tolerance) + "; it must be >= 1e-9, or 0 for the default");
}

ConservingStrokes ConservingStrokes::with_fixed_step(double delta_e, double rate_down, std::uint64_t seed, double step) {
  if (!(std::isfinite(step) && step > 0.0))
    throw ConfigError("the step is " + std::to_string(step) + "; it must be a positive number");
  ConservingStrokes strokes(delta_e, rate_down, seed);
  strokes.fixed_step_ = step;
  return strokes;
}

void ConservingStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock, Ledger& ledger) const {
  check_ladder({delta_e_, rate_down_, rate_down_}, ensemble, dt);
  advance_any(ensemble, dt, clock, ledger);
}

void ConservingStrokes::advance(const MomentumView& momenta, double, double dt, StepClock& clock, Ledger& ledger) const {
  check_momenta({delta_e_, rate_down_, rate_down_}, momenta, dt);
  advance_any(momenta, dt, clock, ledger);
}

template <class Ensemble>
void ConservingStrokes::advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const {
  if (rate_down_ == 0.0 || ensemble.size() == 0) return;
  const double tolerance = phi_tolerance_ > 0.0 ? phi_tolerance_ : 0.05 / std::sqrt(static_cast<double>(ensemble.size()));
  Occupation now =
      over_levels<Occupation>(ensemble, {delta_e_, seed_, clock.now()},
                              [](std::span<const std::int32_t> levels, std::size_t) { return occupation(levels); });
  for (double left = dt; left > 0.0;) {
    const laws::ThresholdOccupation f = now.fractions(ensemble.size());
    const laws::PhiDerivatives derivative = laws::phi_derivatives(f, rate_down_);
    const double longest = fixed_step_ > 0.0 ? fixed_step_ : longest_step(derivative, rate_down_, tolerance);
    // Equal steps over what is left, so that no sliver remains; the last one ends it exactly.
    const double steps = std::ceil(left / longest * (1.0 - 1e-12));
    const double h = steps <= 1.0 ? left : left / steps;
    // A fraction: what the extrapolation says beyond [0, 1] cannot be.
    const double phi = std::clamp(laws::mean_phi(f.phi, derivative, h), 0.0, 1.0);
    const UniformizedStep step_law(laws::conserving_rate_up(rate_down_, phi), rate_down_, h);
    const std::uint64_t step = clock.tick();
    const Pass pass =
        over_levels<Pass>(ensemble, {delta_e_, seed_, step}, [&](std::span<std::int32_t> levels, std::size_t first) {
          const Ledger moved = step_law(levels, seed_, first, step);
          return Pass{moved, occupation(levels)};
        });
    ledger += pass.ledger;
    ++ledger.steps;
    now = pass.occupation;
    left = steps <= 1.0 ? 0.0 : left - h;
  }
}

}  // namespace powerstroke
