#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "powerstroke/analysis/information.hpp"
#include "powerstroke/analysis/theory/information.hpp"
#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

constexpr std::uint32_t cells_per_step = 4;
const std::vector<double> times = {0.0, 0.3, 1.0, 3.0, 10.0, 30.0};

struct Case {
  std::string name;
  laws::EnergyLaw start;
  laws::StrokeLaw law;
};

std::vector<Case> cases() {
  return {{"narrow, constant", {laws::NormalEnergy{3.5, 0.2}}, {{{1.0, 0.5, 1.0}}}},
          {"exponential, constant", {laws::ExponentialEnergy{1.5}}, {{{1.0, 0.4, 1.0}}}},
          {"two transitions, microreversible",
           {laws::MaxwellBoltzmannEnergy{2.0, 3}},
           {{{2.0, 0.4, 1.0}, {3.0, 0.3, 1.0}}, laws::Microreversible(3)}}};
}

/// The estimates at `times`, blocks counted apart and merged.
std::vector<analysis::Estimate> estimates(const Case& c, std::size_t particles,
                                          std::uint64_t seed) {
  LadderEnsemble ensemble = initial_ensemble(c.start, 1.0, particles, seed);
  const analysis::LadderCells cells(cells_per_step);
  std::vector<std::uint32_t> start(particles), now(particles);
  cells.classify(ensemble.view(), start);
  std::vector<analysis::Estimate> found;
  StepClock clock;
  const PoissonStrokes strokes(c.law, seed);
  simulate<Ledger>(
      ensemble, strokes, 0.0, std::span<const double>(times), clock,
      [&](std::size_t, double, auto& moved, auto&&) {
        cells.classify(moved.view(), now);
        analysis::JointCounts counts;
        for (std::size_t first = 0; first < particles; first += 4096) {
          const std::size_t size = std::min<std::size_t>(4096, particles - first);
          counts += {std::span(start).subspan(first, size), std::span(now).subspan(first, size)};
        }
        found.push_back(analysis::mutual_information(counts));
      });
  return found;
}

}  // namespace

TEST_CASE(
    "information: particles keep of their energy what the equation says, down to what the offset "
    "carries") {
  const double bound = test_support::largest_deviate(3 * static_cast<int>(times.size()));
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    theory::InformationEquation equation(theory::initial_populations(c.start, 1.0, {24, 1e-10}),
                                         c.law, cells_per_step, 1e-10);
    const auto found = estimates(c, 200'000, 71);
    for (std::size_t i = 0; i < times.size(); ++i) {
      CAPTURE(times[i]);
      equation.advance(times[i]);
      const theory::Information exact = equation.information();
      const double deviate = (found[i].value - exact.mutual) / found[i].error;
      MESSAGE(c.name, ", t = ", times[i], ": ", found[i].value, " +- ", found[i].error, ", exact ",
              exact.mutual, " (z ", deviate, "), carried ", exact.carried, ", H(E_t) ",
              exact.entropy);
      CHECK(std::abs(deviate) < bound);
      // The error bar is no excuse: it stays near 1/sqrt(N).
      CHECK(found[i].error < 3.0 / std::sqrt(200'000.0));
    }
  }
}

TEST_CASE("information: few particles on fine cells give no number") {
  const auto found = estimates(cases()[2], 2000, 72);
  CHECK(std::isfinite(found.front().value));
  CHECK(std::isnan(found.back().value));
}
