#include "powerstroke/kernels/sampling/factor_bounds.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <random>
#include <vector>

#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/kernels/sampling/hops.hpp"
#include "powerstroke/kernels/sampling/shaped_step.hpp"

using namespace powerstroke;

namespace {

struct Named {
  const char* name;
  laws::StrokeLaw law;
};

laws::StrokeLaw law_of(const laws::AnyRates& rates, std::vector<laws::Transition> transitions) {
  laws::StrokeLaw law;
  law.rates = rates;
  law.transitions = std::move(transitions);
  return law;
}

laws::RosenZener rosen_zener(int dimension, double coupling, double range) {
  const std::array<double, 2> parameter = {coupling, range};
  return laws::RosenZener(laws::RatesInput{dimension, 1.5, 1.0, parameter});
}

std::vector<Named> some_laws() {
  return {{"one line, d = 3", law_of(laws::Microreversible(3), {{1.0, 0.5, 1.0}})},
          {"one line, d = 1", law_of(laws::Microreversible(1), {{0.7, 0.5, 1.0}})},
          {"walls", law_of(laws::Microreversible(4), {{1.0, 0.5, 1.0}})},
          {"constant, two lines", law_of(laws::Constant{}, {{1.0, 0.4, 1.0}, {3.0, 0.1, 0.6}})},
          {"weakly coupled", law_of(rosen_zener(3, 0.3, 0.8), {{1.0, 0.5, 1.0}})},
          {"strongly coupled: many lobes",
           law_of(rosen_zener(1, 40.0, 2.0), {{1.0, 0.5, 1.0}, {2.0, 0.3, 1.0}})},
          {"releases alone", law_of(laws::Microreversible(3), {{1.0, 0.0, 1.0}, {2.0, 0.0, 0.5}})},
          {"far apart", law_of(laws::Microreversible(3), {{1e-3, 0.5, 1.0}, {1e3, 0.5, 1.0}})}};
}

std::vector<laws::RatePair> rates_of(const laws::StrokeLaw& law) {
  std::vector<laws::RatePair> rates;
  for (const auto& transition : law.transitions)
    rates.push_back({transition.rate_up, transition.rate_down});
  return rates;
}

/// The class comment of ShapedStep, particle by particle, without any bounds.
template <class Places>
StrokeCounts plain(const laws::StrokeLaw& law, double spacing, double dt, const Places& places,
                   std::uint64_t seed, std::uint64_t first, std::uint64_t step) {
  const AnyCandidates any = candidates(law.rates, hops(law, spacing), rates_of(law));
  const PoissonTable how_many(candidate_rate(any) * dt);
  StrokeCounts ledger;
  std::visit(
      [&](const auto& candidates) {
        for (std::size_t i = 0; i < places.size(); ++i) {
          Stream stream(seed, first + i, step, Purpose::shaped_strokes);
          const std::uint32_t count = how_many(stream());
          std::uint64_t two_words = 0;
          for (std::uint32_t c = 0; c < count; ++c) {
            two_words = c % 2 == 0 ? stream() : two_words >> 32;
            const std::uint64_t word = two_words & 0xffffffffU;
            Stream more(seed, first + i, step, Purpose::ties);
            more.seek(c);
            const std::uint64_t which = ((word >> 20) << 52) | (more() >> 12);
            const std::uint64_t share = ((word & 0xfffffU) << 44) | (more() >> 20);
            std::size_t at = 0;
            const auto all = candidates.channels();
            while (at + 1 < all.size() &&
                   which >=
                       static_cast<std::uint64_t>(
                           std::min(all[at].below / candidates.total(), 1.0 - 0x1p-53) * 0x1p64))
              ++at;
            candidates.attempt(
                all[at],
                static_cast<double>(share >> 11) * 0x1p-53 * (all[at].rate * all[at].bound), places,
                i, ledger);
          }
        }
      },
      any);
  return ledger;
}

void check_equal(const StrokeCounts& ours, const StrokeCounts& theirs) {
  CHECK(ours.uptakes == theirs.uptakes);
  CHECK(ours.releases == theirs.releases);
  CHECK(ours.blocked == theirs.blocked);
  CHECK(ours.declined_uptakes == theirs.declined_uptakes);
  CHECK(ours.declined_releases == theirs.declined_releases);
  CHECK(ours.net == theirs.net);
}

}  // namespace

TEST_CASE(
    "bounds of factors: every factor lies between those of its cell, and they leave little "
    "undecided") {
  for (const Named& one : some_laws()) {
    CAPTURE(one.name);
    const laws::StrokeLaw& law = one.law;
    const FactorBounds bounds(law);
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> exponent(-9.0, 18.0), uniform;
    std::size_t undecided = 0, all = 0;
    for (int k = 0; k < 20'000; ++k) {
      const double energy = k < 9 ? std::ldexp(1.0, k - 3) : std::exp2(exponent(random));
      const auto cell = static_cast<std::size_t>(bounds.cell(energy));
      CHECK(bounds.edge(cell) <= energy);
      CHECK(energy < bounds.edge(cell + 1));
      for (std::size_t row = 0; row < 2 * law.transitions.size(); ++row) {
        const double delta_e = law.transitions[row / 2].delta_e,
                     bound = laws::bound(law.rates, delta_e);
        if (row % 2 == 1 && energy <= delta_e) continue;
        const double factor = (row % 2 == 0 ? laws::uptake_factor(law.rates, energy, delta_e)
                                            : laws::release_factor(law.rates, energy, delta_e)) /
                              bound;
        const std::uint32_t word = bounds.words()[row * bounds.cells() + cell];
        CHECK(static_cast<double>(word & 0xffffU) * 0x1p-16 <= factor);
        CHECK(static_cast<double>((word >> 16) + 1) * 0x1p-16 >= factor);
        if (energy > 20.0 * delta_e) continue;
        const auto share = static_cast<std::uint32_t>(uniform(random) * 0x1p16);
        undecided += share >= (word & 0xffffU) && share <= (word >> 16) ? 1U : 0U;
        ++all;
      }
    }
    CHECK(static_cast<double>(undecided) < 0.06 * static_cast<double>(all));
  }
}

TEST_CASE(
    "shaped step: what bounds decide is what the law decides, for particles side by side as for "
    "each alone") {
  for (const Named& one : some_laws()) {
    CAPTURE(one.name);
    const laws::StrokeLaw& law = one.law;
    for (const double candidates_expected : {0.0, 0.7, 30.0}) {
      const double spacing = law.transitions.front().delta_e;
      const double total = candidate_rate(candidates(law.rates, hops(law, spacing), rates_of(law)));
      const double dt = candidates_expected / total;
      const auto bounds = std::make_shared<const FactorBounds>(law);
      const ShapedStep step(candidates(law.rates, hops(law, spacing), rates_of(law)), bounds, dt);
      const ShapedStep free_step(candidates(law.rates, hops(law, 0.0), rates_of(law)), bounds, dt);
      for (const std::size_t size : {1U, 63U, 64U, 8000U}) {
        CAPTURE(size);
        std::mt19937_64 random(size);
        std::uniform_real_distribution<double> uniform;
        std::vector<double> offset(size), energy(size);
        std::vector<std::int32_t> level(size);
        for (std::size_t i = 0; i < size; ++i) {
          offset[i] = 1.0 - uniform(random);
          level[i] = static_cast<std::int32_t>(random() % 6) - (i % 50 == 0 ? 1 : 0);
          if (level[i] < 0) offset[i] = 1.0;
          energy[i] = ladder_energy(spacing, offset[i], level[i]);
        }
        std::vector<std::int32_t> expected_level = level;
        std::vector<double> expected_energy = energy;
        check_equal(
            step(LadderPlaces{spacing, offset, level}, 5, 100, 3),
            plain(law, spacing, dt, LadderPlaces{spacing, offset, expected_level}, 5, 100, 3));
        CHECK(level == expected_level);
        check_equal(free_step(EnergyPlaces{energy}, 5, 100, 3),
                    plain(law, 0.0, dt, EnergyPlaces{expected_energy}, 5, 100, 3));
        CHECK(energy == expected_energy);
      }
    }
  }
}
