#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "powerstroke/analysis/phase_entropy.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/laws/balance.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;
using analysis::Estimate;
using test_support::largest_deviate;

/// What (1)-(3) look like in cells: motion in a potential only seems to make entropy, strokes do.
namespace {

constexpr std::size_t particles = 20'000;
constexpr double sigma = 0.2, mass = 1.0, step = 0.02, duration = 30.0;
constexpr analysis::PhaseGrid grid{{-3.0, 3.0, 60}, {-3.2, 3.2, 64}};

using Split = PhaseSplit;

/// A round normal blob at rest on the slope of a well.
struct Blob {
  PhaseEnsemble ensemble{1, {{particles, mass}}};
  StepClock clock{};
  Ledger ledger{};

  explicit Blob(const laws::AnyPotential& well) {
    start_species(ensemble, 0,
                  {{laws::MaxwellBoltzmannEnergy{sigma * sigma / mass, 1}},
                   {},
                   {laws::NormalPosition{1.0, sigma}}},
                  well, {}, 0.0, 21);
  }
  Estimate entropy() const { return analysis::entropy(gather(ensemble.view(0), grid)); }
};

Split swing(const laws::AnyPotential& well) {
  return {{phase_part(Kick(well)), phase_part(Flight())}, step};
}

double deviate(const Estimate& a, const Estimate& b) {
  return (a.value - b.value) / std::hypot(a.error, b.error);
}

}  // namespace

TEST_CASE("harmonic well: the entropy in cells stays that of a normal blob, period by period") {
  const laws::AnyPotential well = laws::Harmonic{2.0};  // the blob breathes
  const double period = 2.0 * std::numbers::pi * std::sqrt(mass / 2.0);
  const double truth = 1.0 + std::log(2.0 * std::numbers::pi * sigma * sigma);
  // Averaging over cells adds width^2/(24 sigma^2) an axis; half as much again for what is of
  // higher order.
  const double cells = 1.5 *
                       (std::pow(grid.position.width(), 2) + std::pow(grid.momentum.width(), 2)) /
                       (24.0 * sigma * sigma);
  Blob blob(well);
  const Split split = swing(well);
  for (int k = 0; k <= 3; ++k) {
    const Estimate s = blob.entropy();
    MESSAGE("S after " << k << " periods " << s.value << " +- " << s.error << ", normal " << truth);
    CHECK(std::abs(s.value - truth) < cells + largest_deviate(4) * s.error);
    split.advance(blob.ensemble, k * period, period, blob.clock, blob.ledger);
  }
}

TEST_CASE("quartic well: filaments raise the entropy in cells, and reversed momenta take it back") {
  const laws::AnyPotential well = laws::Quartic{1.0};
  Blob blob(well);
  const Split split = swing(well);
  const Estimate start = blob.entropy();
  split.advance(blob.ensemble, 0.0, duration, blob.clock, blob.ledger);
  const Estimate spread = blob.entropy();
  CHECK(deviate(spread, start) > largest_deviate(1));
  blob.ensemble.reverse();
  split.advance(blob.ensemble, duration, duration, blob.clock, blob.ledger);
  blob.ensemble.reverse();
  const Estimate back = blob.entropy();
  MESSAGE("S " << start.value << " +- " << start.error << " -> " << spread.value << " -> "
               << back.value);
  // One particle that rounding puts into the next cell.
  const double n = static_cast<double>(particles);
  CHECK(std::abs(back.value - start.value) < 2.0 * std::log(n) / n);
}

TEST_CASE(
    "quartic well with thermal microreversible strokes: the entropy rises and does not come back") {
  constexpr double temperature = 0.3, delta_e = 0.1, rate = 1.0;
  const laws::AnyPotential well = laws::Quartic{1.0};
  const laws::StrokeLaw law{{{delta_e, laws::thermal_rate_up(rate, delta_e, temperature), rate}},
                            laws::Microreversible(1),
                            laws::Given{}};
  Blob blob(well);
  const Split split({phase_part(SpeciesKernel(PoissonStrokes(law, 21), 0)), phase_part(Kick(well)),
                     phase_part(Flight())},
                    step);
  const Estimate start = blob.entropy();
  split.advance(blob.ensemble, 0.0, duration, blob.clock, blob.ledger);
  const Estimate risen = blob.entropy();
  blob.ensemble.reverse();
  split.advance(blob.ensemble, duration, duration, blob.clock, blob.ledger);
  const Estimate later = blob.entropy();
  MESSAGE("S " << start.value << " -> " << risen.value << " +- " << risen.error << " -> "
               << later.value);
  CHECK(deviate(risen, start) > largest_deviate(3));
  CHECK(deviate(later, start) > largest_deviate(3));
  CHECK(deviate(later, risen) > -largest_deviate(3));
}
