#include "powerstroke/kernels/initial_state.hpp"

#include <boost/random/discrete_distribution.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/piecewise_constant_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"

namespace powerstroke {
namespace {

/// Draws one energy from a particle's stream. Tables are made once and shared by all threads;
/// nothing that a draw leaves behind may reach the next particle, so distributions with a state are
/// made anew in the draw.
using Draw = std::function<double(Stream&)>;

Draw draw_from(const laws::EnergyLaw& law);

namespace random = boost::random;

Draw draw(const laws::FixedVariate& variate) {
  return [value = variate.value](Stream&) { return value; };
}
Draw draw(const laws::UniformVariate& variate) {
  return [variate](Stream& stream) {
    return random::uniform_real_distribution<double>(variate.low, variate.high)(stream);
  };
}
Draw draw(const laws::ExponentialVariate& variate) {
  return [variate](Stream& stream) {
    return random::exponential_distribution<double>(1.0 / variate.mean)(stream);
  };
}
Draw draw(const laws::GammaVariate& variate) {
  return [variate](Stream& stream) {
    return random::gamma_distribution<double>(variate.shape, variate.scale)(stream);
  };
}
Draw draw(const laws::PiecewiseVariate& variate) {
  return random::piecewise_constant_distribution<double>(variate.edges.begin(), variate.edges.end(),
                                                         variate.weights.begin());
}
Draw draw(const laws::QuantileVariate& variate) {
  return [quantile = variate.quantile](Stream& stream) {
    return quantile(unit_interval_open_closed(stream()));
  };
}

template <laws::EnergyForm Law>
Draw draw(const Law& law) {
  return std::visit([](const auto& variate) { return draw(variate); }, law.variate());
}

Draw draw(const laws::MixtureEnergy& mixture) {
  std::vector<Draw> parts;
  for (const laws::EnergyLaw& part : mixture.parts) parts.push_back(draw_from(part));
  const random::discrete_distribution<std::size_t> choice(mixture.weights.begin(),
                                                          mixture.weights.end());
  return
      [parts = std::move(parts), choice](Stream& stream) { return parts[choice(stream)](stream); };
}

Draw draw_from(const laws::EnergyLaw& law) {
  return std::visit([](const auto& form) { return draw(form); }, law.law);
}

/// Calls set(i, energy) for each particle, on any thread; particle i has the random numbers of id
/// first_id + i.
template <class Set>
void for_each_energy(const laws::EnergyLaw& law, std::uint64_t first_id, std::size_t particles,
                     std::uint64_t seed, Set&& set) {
  const Draw energy_of = draw_from(law);
  parallel::for_each_block(particles, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      Stream stream(seed, first_id + i, 0, Purpose::initial_energy);
      set(i, energy_of(stream));
    }
  });
}

/// @param ensemble has so many particles as it is to get energies, from id `first_id` on.
LadderEnsemble filled(LadderEnsemble ensemble, const laws::EnergyLaw& law, std::uint64_t seed) {
  const std::size_t first_id = ensemble.first_id();
  for_each_energy(law, first_id, ensemble.size(), seed, [&](std::size_t i, double energy) {
    if (!(energy <= highest_level * ensemble.spacing()))
      throw NumericsError("particle " + std::to_string(first_id + i) + " starts with energy " +
                          std::to_string(energy) +
                          ", over 2^30 delta_e: the ladder holds 32-bit levels; delta_e is " +
                          std::to_string(ensemble.spacing()));
    ensemble.set_energy(i, energy);
  });
  return ensemble;
}

EnergyEnsemble filled(EnergyEnsemble ensemble, const laws::EnergyLaw& law, std::uint64_t seed) {
  draw_energies(law, ensemble.first_id(), seed, ensemble.energies());
  return ensemble;
}

double checked(double delta_e) {
  if (std::isfinite(delta_e) && delta_e > 0.0) return delta_e;
  throw ConfigError("delta_e is " + std::to_string(delta_e) + "; it must be a finite number > 0");
}

}  // namespace

LadderEnsemble initial_ensemble(const laws::EnergyLaw& law, double delta_e, std::size_t particles,
                                std::uint64_t seed, parallel::Ranks ranks) {
  return filled({checked(delta_e), particles, ranks}, law, seed);
}

void draw_energies(const laws::EnergyLaw& law, std::uint64_t first_id, std::uint64_t seed,
                   std::span<double> energies) {
  for_each_energy(law, first_id, energies.size(), seed,
                  [&](std::size_t i, double energy) { energies[i] = energy; });
}

EnergyEnsemble initial_energies(const laws::EnergyLaw& law, std::size_t particles,
                                std::uint64_t seed, parallel::Ranks ranks) {
  return filled(EnergyEnsemble(particles, ranks), law, seed);
}

}  // namespace powerstroke
