#include "powerstroke/kernels/wall_strokes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/kernels/sampling/candidates.hpp"
#include "powerstroke/kernels/sampling/places.hpp"
#include "powerstroke/kernels/sampling/stroke_checks.hpp"

namespace powerstroke {
namespace {

using Sides = laws::Extent::Sides;

/// Probabilities that should sum to 1 may sum to a rounding more.
constexpr double rounding = 1e-12;

/// A side that a particle comes to, and when.
struct Hit {
  double time = std::numeric_limits<double>::infinity();
  int axis = 0;
};

/// The particles of one species during one step.
class Flyers {
 public:
  Flyers(PhaseEnsemble& ensemble, std::size_t species, const laws::Box& box, const PassKey& key)
      : ensemble_(ensemble),
        box_(box),
        key_(key),
        first_(ensemble.first(species)),
        momenta_(ensemble.momentum_view(species)),
        places_(momenta_, key) {}

  /// @param strike what happens at a wall, after the reflection: strike(places, i, stream, ledger).
  template <class Strike>
  void fly(std::size_t i, double left, const Strike& strike, Ledger& ledger) const {
    Stream stream(key_.seed, momenta_.first_id() + i, key_.step, Purpose::wall_strokes);
    for (Hit hit = next_hit(i); hit.time < left; hit = next_hit(i)) {
      move(i, hit.time);
      left -= hit.time;
      double& p = momenta_.component(i, hit.axis);
      const laws::Extent& extent = box_.axis[static_cast<std::size_t>(hit.axis)];
      position(i, hit.axis) = p > 0.0 ? extent.high : extent.low;
      p = -p;
      ++ledger.wall_hits;
      strike(places_, i, stream, ledger);
    }
    move(i, left);
  }

 private:
  double& position(std::size_t i, int axis) const { return ensemble_.positions(axis)[first_ + i]; }
  double velocity(std::size_t i, int axis) const {
    return momenta_.component(i, axis) / momenta_.mass();
  }

  Hit next_hit(std::size_t i) const {
    Hit soonest;
    for (int axis = 0; axis < momenta_.dimension(); ++axis) {
      const laws::Extent& extent = box_.axis[static_cast<std::size_t>(axis)];
      const double v = velocity(i, axis), x = position(i, axis);
      if (!std::isfinite(v) || !std::isfinite(x))
        throw NumericsError("particle " + std::to_string(first_ + i) + " flies from " +
                            std::to_string(x) + " at the speed " + std::to_string(v) +
                            ": the step is too long for the force, or a momentum is not finite");
      if (extent.sides != Sides::reflecting || v == 0.0) continue;
      const double time = std::max(0.0, ((v > 0.0 ? extent.high : extent.low) - x) / v);
      if (time < soonest.time) soonest = {time, axis};
    }
    return soonest;
  }

  /// No wall is nearer than that, but for a rounding.
  void move(std::size_t i, double time) const {
    for (int axis = 0; axis < momenta_.dimension(); ++axis) {
      const laws::Extent& extent = box_.axis[static_cast<std::size_t>(axis)];
      double& x = position(i, axis);
      x += velocity(i, axis) * time;
      if (extent.sides == Sides::periodic) x = laws::land(extent, x).position;
      if (extent.sides == Sides::reflecting) x = std::clamp(x, extent.low, extent.high);
    }
  }

  PhaseEnsemble& ensemble_;
  const laws::Box& box_;
  PassKey key_;
  std::size_t first_;
  MomentumView momenta_;
  MomentumPlaces places_;
};

/// At most one stroke a hit: w+ and w- are probabilities.
template <class Rates>
struct Attempt {
  Candidates<Rates> candidates;

  void operator()(const MomentumPlaces& places, std::size_t i, Stream& stream,
                  Ledger& ledger) const {
    if (unit_interval_closed_open(stream()) < candidates.total())
      candidates(stream(), places, i, ledger);
  }
};

struct NoAttempt {
  void operator()(const MomentumPlaces&, std::size_t, Stream&, Ledger&) const {}
};

}  // namespace

WallStrokes::WallStrokes(laws::Box box, laws::StrokeLaw law, std::uint64_t seed,
                         std::optional<std::size_t> species)
    : box_(box), law_(std::move(law)), seed_(seed), species_(species) {
  if (!laws::has_given_rates(law_.balance))
    throw ConfigError(
        "strokes at walls need probabilities that are given: the balances fixed and thermal");
  check_law(law_);
  laws::validate(box_);
  if (std::any_of(box_.axis.begin(), box_.axis.end(),
                  [](const auto& axis) { return axis.partition.has_value(); }))
    throw ConfigError(
        "strokes at walls: the box has a partition, which only flights without strokes know; take "
        "it out");
  double total = 0.0;
  for (const laws::Transition& transition : law_.transitions)
    total +=
        (transition.rate_up + transition.rate_down) * laws::bound(law_.rates, transition.delta_e);
  if (!(total <= 1.0 + rounding))
    throw ConfigError("strokes at walls: the probabilities of one hit sum to " +
                      std::to_string(total) +
                      "; allowed: at most 1, uptakes and releases of all transitions together");
  if (std::none_of(box_.axis.begin(), box_.axis.end(),
                   [](const auto& axis) { return axis.sides == Sides::reflecting; }))
    throw ConfigError(
        "strokes at walls: no axis of the box has reflecting sides, so there is no wall");
}

void WallStrokes::advance(PhaseEnsemble& ensemble, double, double dt, StepClock& clock,
                          Ledger& ledger) const {
  if (species_ && *species_ >= ensemble.species())
    throw ConfigError("strokes at walls: species " + std::to_string(*species_) + " of " +
                      std::to_string(ensemble.species()) + "; they are numbered from 0");
  const std::uint64_t step = clock.tick();
  for (std::size_t species = 0; species < ensemble.species(); ++species) {
    const MomentumView momenta = ensemble.momentum_view(species);
    const auto fly_all = [&](double spacing, const auto& strike) {
      const Flyers flyers(ensemble, species, box_, {spacing, seed_, step});
      ledger += parallel::sum_over_blocks<Ledger>(momenta.size(),
                                                  [&](std::size_t first, std::size_t last) {
                                                    Ledger moved;
                                                    for (std::size_t i = first; i < last; ++i)
                                                      flyers.fly(i, dt, strike, moved);
                                                    return moved;
                                                  });
    };
    if (species_ && *species_ != species) {
      fly_all(0.0, NoAttempt{});
      continue;
    }
    const double spacing = checked_spacing(law_, momenta);
    std::vector<laws::RatePair> probabilities;
    for (const laws::Transition& transition : law_.transitions)
      probabilities.push_back({transition.rate_up, transition.rate_down});
    std::visit(
        [&](const auto& rates) {
          fly_all(spacing, Attempt<std::decay_t<decltype(rates)>>{
                               {rates, hops(law_, spacing), probabilities}});
        },
        law_.rates);
  }
  ++ledger.steps;
}

}  // namespace powerstroke
