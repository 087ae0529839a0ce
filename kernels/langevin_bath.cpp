#include "powerstroke/kernels/langevin_bath.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"

namespace powerstroke {
namespace {

void check(const char* what, double value) {
  if (!(std::isfinite(value) && value >= 0.0))
    throw ConfigError("the " + std::string(what) + " of a Langevin bath is " + std::to_string(value) +
                      "; it must be finite and >= 0");
}

}  // namespace

LangevinBath::LangevinBath(double friction, double temperature, std::uint64_t seed)
    : friction_(friction), temperature_(temperature), seed_(seed) {
  check("friction", friction);
  check("temperature", temperature);
}

void LangevinBath::advance(PhaseEnsemble& ensemble, double, double dt, StepClock& clock, Ledger&) const {
  const std::uint64_t step = clock.tick();
  const double kept = std::exp(-friction_ * dt), lost = -std::expm1(-2.0 * friction_ * dt);
  parallel::for_each_block(ensemble.size(), [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t species = 0; species < ensemble.species(); ++species) {
      const std::size_t from = std::max(first, ensemble.first(species)), to = std::min(last, ensemble.last(species));
      const double noise = std::sqrt(ensemble.mass(species) * temperature_ * lost);
      for (std::size_t i = from; i < to; ++i) {
        Stream stream(seed_, i, step, Purpose::langevin);
        boost::random::normal_distribution<double> normal;
        for (int axis = 0; axis < ensemble.dimension(); ++axis) {
          double& p = ensemble.momenta(axis)[i];
          p = kept * p + noise * normal(stream);
        }
      }
    }
  });
}

}  // namespace powerstroke
