#include "powerstroke/kernels/pair_strokes.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/random/poisson_table.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/uniform_index.hpp"
#include "powerstroke/kernels/sampling/candidates.hpp"
#include "powerstroke/kernels/sampling/places.hpp"
#include "powerstroke/kernels/sampling/stroke_checks.hpp"

namespace powerstroke {
namespace {

/// A Poisson number of any mean, as a sum of numbers that one table gives.
std::uint64_t poisson_number(double mean, Stream& stream) {
  const double parts = std::max(1.0, std::ceil(mean / PoissonTable::largest_mean));
  const PoissonTable table(mean / parts);
  std::uint64_t sum = 0;
  for (double part = 0.0; part < parts; ++part) sum += table(stream());
  return sum;
}

/// Which transition a candidate tries, each by its share of the total rate.
template <class R>
class Choice {
 public:
  /// @param powers of the law's bound that a stroke must pass: the factors of how many partners.
  Choice(const R& law, const std::vector<Hop>& hops,
         const std::vector<laws::Transition>& transitions, int powers)
      : hops_(hops) {
    for (std::size_t k = 0; k < hops.size(); ++k)
      below_.push_back(total_ +=
                       transitions[k].rate_down * std::pow(law.bound(hops[k].delta_e), powers));
  }
  double total() const { return total_; }
  const Hop& operator()(Stream& stream) const {
    if (below_.size() == 1) return hops_.front();
    const double share = unit_interval_closed_open(stream()) * total_;
    std::size_t k = 0;
    while (k + 1 < below_.size() && share >= below_[k]) ++k;
    return hops_[k];
  }

 private:
  const std::vector<Hop>& hops_;
  std::vector<double> below_;
  double total_ = 0.0;
};

/// Does a factor let a candidate pass? Costs a random number only where the factor is below the
/// bound.
template <class R>
bool passes(double factor, const Hop& hop, const R& law, Stream& stream) {
  const double bound = law.bound(hop.delta_e);
  check_bound(factor, bound, R::name);
  return factor >= bound || unit_interval_closed_open(stream()) * bound < factor;
}

template <class R, class Places>
void exchange_once(const R& law, const Hop& hop, const Places& places, Stream& stream,
                   StrokeCounts& ledger) {
  const std::uint64_t giver = uniform_index(places.size(), stream());
  if (!places.can_release(giver, hop)) {
    ++ledger.blocked;
    return;
  }
  if (!passes(law.release(places.energy(giver), hop.delta_e), hop, law, stream)) {
    ++ledger.declined_releases;
    return;
  }
  std::uint64_t taker = uniform_index(places.size() - 1, stream());
  if (taker >= giver) ++taker;
  if (!passes(law.uptake(places.energy(taker), hop.delta_e), hop, law, stream)) {
    ++ledger.declined_uptakes;
    return;
  }
  places.release(giver, hop);
  places.uptake(taker, hop);
  ledger.book_release(hop.transition);
  ledger.book_uptake(hop.transition);
}

/// @param excited of the hop's transition; changed by a stroke.
template <class R, class Places>
void bath_once(const R& law, const Hop& hop, const Places& places, std::uint64_t systems,
               std::uint64_t& excited, Stream& stream, StrokeCounts& ledger) {
  const std::uint64_t particle = uniform_index(places.size(), stream());
  const bool meets_excited = uniform_index(systems, stream()) < excited;
  const double energy = places.energy(particle);
  if (meets_excited) {
    if (!passes(law.uptake(energy, hop.delta_e), hop, law, stream)) {
      ++ledger.declined_uptakes;
      return;
    }
    places.uptake(particle, hop);
    ledger.book_uptake(hop.transition);
    --excited;
  } else if (!places.can_release(particle, hop)) {
    ++ledger.blocked;
  } else if (!passes(law.release(energy, hop.delta_e), hop, law, stream)) {
    ++ledger.declined_releases;
  } else {
    places.release(particle, hop);
    ledger.book_release(hop.transition);
    ++excited;
  }
}

/// All candidates of an ensemble over dt, one after another: once(law, hop, places, stream, ledger)
/// tries each.
/// @param partners whose factors a stroke must pass.
template <class Ensemble, class Once>
void try_all(const laws::StrokeLaw& strokes, std::uint64_t seed, Ensemble& ensemble, double dt,
             StepClock& clock, Ledger& ledger, int partners, Once&& once) {
  const double spacing = checked_spacing(strokes, ensemble);
  const std::vector<Hop> steps = hops(strokes, spacing);
  const std::uint64_t step = clock.tick();
  const auto places = all_places(ensemble, {spacing, seed, step});
  Stream stream(seed, 0, step, Purpose::pair_strokes);
  std::visit(
      [&](const auto& law) {
        const Choice choice(law, steps, strokes.transitions, partners);
        const std::uint64_t count =
            poisson_number(choice.total() * dt * static_cast<double>(ensemble.size()), stream);
        StopPacer pace;
        for (std::uint64_t i = 0; i < count; ++i) {
          pace(64);
          once(law, choice(stream), places, stream);
        }
      },
      strokes.rates);
  ++ledger.steps;
}

}  // namespace

ExchangeStrokes::ExchangeStrokes(laws::StrokeLaw law, std::uint64_t seed)
    : law_(laws::balanced({std::move(law.transitions), std::move(law.rates), laws::Exchange{}})),
      seed_(seed) {
  check_law(law_);
}

template <class Ensemble>
void ExchangeStrokes::advance_any(Ensemble& ensemble, double dt, StepClock& clock,
                                  Ledger& ledger) const {
  check_amount(law_, dt);
  if (ensemble.size() < 2)
    throw NumericsError(std::to_string(ensemble.size()) +
                        " particles; an exchange takes two: who gives and who takes");
  try_all(law_, seed_, ensemble, dt, clock, ledger, 2,
          [&](const auto& law, const Hop& hop, const auto& places, Stream& stream) {
            exchange_once(law, hop, places, stream, ledger);
          });
}

void ExchangeStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock,
                              Ledger& ledger) const {
  advance_any(ensemble, dt, clock, ledger);
}
void ExchangeStrokes::advance(EnergyEnsemble& ensemble, double, double dt, StepClock& clock,
                              Ledger& ledger) const {
  advance_any(ensemble, dt, clock, ledger);
}
void ExchangeStrokes::advance(const MomentumView& momenta, double, double dt, StepClock& clock,
                              Ledger& ledger) const {
  advance_any(momenta, dt, clock, ledger);
}

BathStrokes::BathStrokes(laws::StrokeLaw law, std::uint64_t systems, std::uint64_t excited,
                         std::uint64_t seed)
    : law_(laws::balanced({std::move(law.transitions), std::move(law.rates), laws::Bath{}})),
      systems_(systems),
      excited_(law_.transitions.size(), excited),
      seed_(seed) {
  check_law(law_);
  if (systems == 0 || excited > systems)
    throw ConfigError(std::to_string(excited) + " of " + std::to_string(systems) +
                      " two-level systems excited; allowed: at least one system, and no more "
                      "excited than there are");
}

BathStrokes::BathStrokes(laws::StrokeLaw law, std::uint64_t systems, std::uint64_t excited,
                         std::uint64_t seed, const Ledger& so_far)
    : BathStrokes(std::move(law), systems, excited, seed) {
  for (std::size_t k = 0; k < excited_.size(); ++k) {
    excited_[k] -= static_cast<std::uint64_t>(
        so_far.net[k]);  // what particles have gained; modulo 2^64, as both are
    if (excited_[k] > systems)
      throw NumericsError("bath: by the ledger " + std::to_string(excited_[k]) + " of " +
                          std::to_string(systems) + " two-level systems are excited");
  }
}

template <class Ensemble>
void BathStrokes::advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) {
  check_amount(law_, dt);
  if (ensemble.size() == 0) return;
  try_all(law_, seed_, ensemble, dt, clock, ledger, 1,
          [&](const auto& law, const Hop& hop, const auto& places, Stream& stream) {
            bath_once(law, hop, places, systems_, excited_[hop.transition], stream, ledger);
          });
}

void BathStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock,
                          Ledger& ledger) {
  advance_any(ensemble, dt, clock, ledger);
}
void BathStrokes::advance(EnergyEnsemble& ensemble, double, double dt, StepClock& clock,
                          Ledger& ledger) {
  advance_any(ensemble, dt, clock, ledger);
}
void BathStrokes::advance(const MomentumView& momenta, double, double dt, StepClock& clock,
                          Ledger& ledger) {
  advance_any(momenta, dt, clock, ledger);
}

}  // namespace powerstroke
