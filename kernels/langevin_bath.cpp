#include "powerstroke/kernels/langevin_bath.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/random/stream.hpp"

namespace powerstroke {
namespace {

void check(const char* what, double value) {
  if (!(std::isfinite(value) && value >= 0.0))
    throw ConfigError("the " + std::string(what) + " of a Langevin bath is " +
                      std::to_string(value) + "; it must be finite and >= 0");
}

}  // namespace

LangevinBath::LangevinBath(double friction, double temperature, std::uint64_t seed)
    : friction_(friction), temperature_(temperature), seed_(seed) {
  check("friction", friction);
  check("temperature", temperature);
}

void LangevinBath::advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
                           Ledger& ledger) const {
  advance_in_blocks(in_blocks(dt), ensemble, t, clock, ledger);
}

PhaseStep LangevinBath::in_blocks(double dt) const {
  const double kept = std::exp(-friction_ * dt), lost = -std::expm1(-2.0 * friction_ * dt);
  return {1, 0,
          [kept, lost, temperature = temperature_, seed = seed_](
              PhaseEnsemble& ensemble, double, std::uint64_t tick, std::size_t first,
              std::size_t last, Ledger&) {
            ensemble.for_each_species(
                first, last, [&](std::size_t species, std::size_t from, std::size_t to) {
                  const double noise = std::sqrt(ensemble.mass(species) * temperature * lost);
                  for (std::size_t i = from; i < to; ++i) {
                    Stream stream(seed, i, tick, Purpose::langevin);
                    boost::random::normal_distribution<double> normal;
                    for (int axis = 0; axis < ensemble.dimension(); ++axis) {
                      double& p = ensemble.momenta(axis)[i];
                      p = kept * p + noise * normal(stream);
                    }
                  }
                });
          }};
}

}  // namespace powerstroke
