#include "powerstroke/kernels/pair_strokes.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

laws::StrokeLaw law_of(const laws::AnyRates& rates, const std::vector<double>& delta_e = {1.0}) {
  laws::StrokeLaw law;
  law.rates = rates;
  for (const double energy : delta_e) law.transitions.push_back({energy, 0.0, 1.0});
  return law;
}

LadderEnsemble at_levels(const std::vector<int>& levels, double offset) {
  LadderEnsemble ensemble(1.0, levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) ensemble.set_energy(i, levels[i] + offset);
  return ensemble;
}

std::int64_t quanta(const LadderEnsemble& ensemble) {
  const auto levels = ensemble.view().level;
  return std::accumulate(levels.begin(), levels.end(), std::int64_t{0});
}

/// Calls visit(levels) for every way to put so many quanta on so many particles.
void for_each_composition(int particles, int quanta,
                          const std::function<void(const std::vector<int>&)>& visit) {
  std::vector<int> levels(static_cast<std::size_t>(particles), 0);
  const std::function<void(std::size_t, int)> place = [&](std::size_t i, int left) {
    if (i + 1 == levels.size()) {
      levels[i] = left;
      visit(levels);
      return;
    }
    for (int n = 0; n <= left; ++n) {
      levels[i] = n;
      place(i + 1, left - n);
    }
  };
  place(0, quanta);
}

/// The density of states of one particle, E^(d/2-1).
double weight(int dimension, double energy) { return std::pow(energy, 0.5 * dimension - 1.0); }

struct Small {
  int particles, quanta, dimension;  // dimension 0: constant rates
  double end;                        // some 14 of the slowest decay times of a large ensemble
};

laws::AnyRates rates_of(int dimension) {
  return dimension == 0 ? laws::AnyRates(laws::Constant{})
                        : laws::AnyRates(laws::Microreversible(dimension));
}

}  // namespace

TEST_CASE(
    "exchange: a few particles have exactly the law that counting all distributions of the quanta "
    "gives") {
  constexpr double offset = 0.3;
  constexpr int replicas = 6'000;
  const std::vector<Small> cases = {{3, 4, 0, 200.0}, {5, 5, 0, 200.0}, {10, 10, 0, 160.0},
                                    {3, 4, 3, 250.0}, {5, 5, 3, 250.0}, {10, 10, 3, 250.0},
                                    {3, 4, 1, 250.0}, {5, 5, 1, 250.0}};
  for (const Small& c : cases) {
    CAPTURE(c.particles);
    CAPTURE(c.dimension);
    // Of one particle, from the enumeration; and of the first particle, from replicas that all
    // start with the quanta on it.
    std::vector<double> law(static_cast<std::size_t>(c.quanta) + 1, 0.0);
    double all = 0.0;
    for_each_composition(c.particles, c.quanta, [&](const std::vector<int>& levels) {
      double product = 1.0;
      if (c.dimension > 0)
        for (const int n : levels) product *= weight(c.dimension, n + offset);
      law[static_cast<std::size_t>(levels[0])] += product;
      all += product;
    });
    for (double& p : law) p /= all;
    std::vector<std::uint64_t> counts(law.size(), 0);
    std::vector<int> start(static_cast<std::size_t>(c.particles), 0);
    start[0] = c.quanta;
    for (int replica = 0; replica < replicas; ++replica) {
      LadderEnsemble ensemble = at_levels(start, offset);
      StepClock clock;
      Ledger ledger;
      ExchangeStrokes(law_of(rates_of(c.dimension)), static_cast<std::uint64_t>(replica))
          .advance(ensemble, 0.0, c.end, clock, ledger);
      ++counts[static_cast<std::size_t>(ensemble.view().level[0])];
    }
    CHECK(analysis::chi_square(counts, law, replicas).p_value >
          test_support::false_alarm_rate / static_cast<double>(cases.size()));
  }
}

TEST_CASE("exchange: three particles visit every distribution of the quanta alike") {
  constexpr int replicas = 15'000;
  std::map<std::vector<int>, std::size_t> index;
  for_each_composition(
      3, 4, [&](const std::vector<int>& levels) { index.emplace(levels, index.size()); });
  REQUIRE(index.size() == 15);
  const std::vector<double> law(index.size(), 1.0 / static_cast<double>(index.size()));
  std::vector<std::uint64_t> counts(index.size(), 0);
  for (int replica = 0; replica < replicas; ++replica) {
    LadderEnsemble ensemble = at_levels({4, 0, 0}, 0.5);
    StepClock clock;
    Ledger ledger;
    ExchangeStrokes(law_of(laws::Constant{}), static_cast<std::uint64_t>(replica))
        .advance(ensemble, 0.0, 150.0, clock, ledger);
    const auto levels = ensemble.view().level;
    ++counts[index.at(std::vector<int>(levels.begin(), levels.end()))];
  }
  CHECK(analysis::chi_square(counts, law, replicas).p_value > test_support::false_alarm_rate);
}

TEST_CASE(
    "exchange: the total energy is kept to the last quantum, whatever the rates and the "
    "transitions") {
  for (const int dimension : {0, 1, 3}) {
    LadderEnsemble ensemble = at_levels({9, 0, 3, 4, 1, 0, 0, 25}, 0.5);
    const std::int64_t before = quanta(ensemble);
    StepClock clock;
    Ledger ledger;
    ExchangeStrokes(law_of(rates_of(dimension), {2.0, 3.0}), 4)
        .advance(ensemble, 0.0, 500.0, clock, ledger);
    CHECK(quanta(ensemble) == before);
    CHECK(ledger.uptakes == ledger.releases);
    CHECK(ledger.uptakes > 100);
    CHECK(ledger.net[0] == 0);
    CHECK(ledger.net[1] == 0);
  }
}

TEST_CASE("exchange: one particle has no partner, and is told so") {
  LadderEnsemble ensemble = at_levels({3}, 0.5);
  StepClock clock;
  Ledger ledger;
  CHECK_THROWS_WITH_AS(
      ExchangeStrokes(law_of(laws::Constant{}), 1).advance(ensemble, 0.0, 1.0, clock, ledger),
      doctest::Contains("an exchange takes two"), NumericsError);
}

TEST_CASE("bath: particles and systems keep their energy to the last quantum") {
  for (const int dimension : {0, 1, 3}) {
    LadderEnsemble ensemble = at_levels({9, 0, 3, 4, 1, 0, 0, 25}, 0.5);
    const std::int64_t before = quanta(ensemble);
    BathStrokes strokes(law_of(rates_of(dimension), {2.0, 3.0}), 7, 3, 5);
    StepClock clock;
    Ledger ledger;
    strokes.advance(ensemble, 0.0, 300.0, clock, ledger);
    const auto taken = [&](std::size_t k) {
      return static_cast<std::int64_t>(strokes.excited(k)) - 3;
    };
    CHECK(quanta(ensemble) + 2 * taken(0) + 3 * taken(1) == before);
    CHECK(ledger.net[0] == -taken(0));
    CHECK(ledger.strokes() > 50);
  }
}

TEST_CASE(
    "bath: a few particles and systems have exactly the law that counting all their states gives") {
  // N particles and M systems with Q quanta in all: each state of the particles has as many states
  // of the systems as there are ways to choose the excited ones.
  constexpr double offset = 0.3;
  constexpr int particles = 4, systems = 5, total = 6, replicas = 10'000;
  for (const int dimension : {0, 1, 3}) {
    CAPTURE(dimension);
    std::vector<double> law(total + 1, 0.0);
    double all = 0.0;
    for (int excited = 0; excited <= systems; ++excited)
      for_each_composition(particles, total - excited, [&](const std::vector<int>& levels) {
        double product = 1.0;
        for (int i = 0; i < excited; ++i) product *= static_cast<double>(systems - i) / (i + 1);
        if (dimension > 0)
          for (const int n : levels) product *= weight(dimension, n + offset);
        law[static_cast<std::size_t>(levels[0])] += product;
        all += product;
      });
    for (double& p : law) p /= all;
    std::vector<std::uint64_t> counts(law.size(), 0);
    for (int replica = 0; replica < replicas; ++replica) {
      LadderEnsemble ensemble = at_levels({4, 0, 0, 0}, offset);
      BathStrokes strokes(law_of(rates_of(dimension)), systems, 2,
                          static_cast<std::uint64_t>(replica));
      StepClock clock;
      Ledger ledger;
      strokes.advance(ensemble, 0.0, 200.0, clock, ledger);
      ++counts[static_cast<std::size_t>(ensemble.view().level[0])];
    }
    CHECK(analysis::chi_square(counts, law, replicas).p_value >
          test_support::false_alarm_rate / 3.0);
  }
}

TEST_CASE("bath and exchange: momenta of another code keep their direction, and the total energy") {
  const std::size_t particles = 500;
  std::vector<double> p(3 * particles);
  for (std::size_t i = 0; i < p.size(); ++i) p[i] = 0.1 + static_cast<double>((i * 7) % 23);
  const std::vector<double> before = p;
  const MomentumView view = MomentumView::interleaved(p, 3, 3, 2.0);
  const auto total = [&] {
    double sum = 0.0;
    for (std::size_t i = 0; i < particles; ++i) sum += view.energy(i);
    return sum;
  };
  const double at_first = total();
  StepClock clock;
  Ledger ledger;
  ExchangeStrokes(law_of(laws::Microreversible(3), {1.0, std::sqrt(2.0)}), 3)
      .advance(view, 0.0, 20.0, clock, ledger);
  CHECK(ledger.strokes() > 1000);
  CHECK(total() == doctest::Approx(at_first).epsilon(1e-12));
  BathStrokes bath(law_of(laws::Microreversible(3)), 300, 100, 3);
  bath.advance(view, 0.0, 20.0, clock, ledger);
  CHECK(total() + static_cast<double>(bath.excited(0)) - 100.0 ==
        doctest::Approx(at_first).epsilon(1e-12));
  for (std::size_t i = 0; i < particles; ++i)
    for (std::size_t axis = 1; axis < 3; ++axis)
      CHECK(p[3 * i + axis] / p[3 * i] ==
            doctest::Approx(before[3 * i + axis] / before[3 * i]).epsilon(1e-10));
}

TEST_CASE("pair strokes: the same for any number of threads, and as many in pieces as in one") {
  const auto run = [](int threads) {
    const parallel::Threads scope(threads);
    LadderEnsemble ensemble(1.0, 10'000);
    for (std::size_t i = 0; i < ensemble.size(); ++i) ensemble.set_energy(i, 3.4);
    StepClock clock;
    Ledger ledger;
    ExchangeStrokes(law_of(laws::Microreversible(3)), 3).advance(ensemble, 0.0, 2.0, clock, ledger);
    const auto levels = ensemble.view().level;
    return std::vector<std::int32_t>(levels.begin(), levels.end());
  };
  CHECK(run(4) == run(1));

  LadderEnsemble ensemble(1.0, 10'000);
  for (std::size_t i = 0; i < ensemble.size(); ++i) ensemble.set_energy(i, 3.4);
  StepClock clock;
  Ledger ledger;
  for (int i = 0; i < 10; ++i)
    ExchangeStrokes(law_of(laws::Constant{}), 3).advance(ensemble, 0.2 * i, 0.2, clock, ledger);
  const double expected = 2.0 * 10'000, attempts = static_cast<double>(ledger.attempted_releases());
  CHECK(std::abs(attempts - expected) < test_support::largest_deviate(1) * std::sqrt(expected));
}
