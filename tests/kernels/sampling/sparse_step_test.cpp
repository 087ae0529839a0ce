#include "powerstroke/kernels/sampling/sparse_step.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/sampling/places.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

laws::StrokeLaw law_of(std::vector<laws::Transition> transitions, const laws::AnyRates& rates) {
  laws::StrokeLaw law;
  law.transitions = std::move(transitions);
  law.rates = rates;
  return law;
}

const laws::StrokeLaw shaped = law_of({{1.0, 0.4, 1.0}, {0.5, 0.7, 1.0}}, laws::Microreversible(3));

/// Momenta in d = 3 of energies between 0 and 6, some of them 0.
struct Momenta {
  std::vector<double> x, y, z;

  explicit Momenta(std::size_t size) : x(size), y(size), z(size) {
    for (std::size_t i = 0; i < size; ++i) {
      const double momentum = std::sqrt(12.0 * static_cast<double>(i % 97) / 97.0);
      x[i] = 0.6 * momentum;
      z[i] = -0.8 * momentum;
    }
  }
  MomentumView view() { return {x, y, z, 1.0}; }
  MomentumView part(std::size_t first, std::size_t last) { return view().part(first, last); }
};

Ledger strokes(const PoissonStrokes& kernel, const MomentumView& momenta, double dt, int steps,
               std::uint64_t from = 0) {
  StepClock clock(from);
  Ledger ledger;
  for (int k = 0; k < steps; ++k) kernel.advance(momenta, 0.0, dt, clock, ledger);
  return ledger;
}

double energy(const MomentumView& momenta) {
  double sum = 0.0;
  for (std::size_t i = 0; i < momenta.size(); ++i) sum += momenta.energy(i);
  return sum;
}

}  // namespace

TEST_CASE("sparse strokes: what the class comment says, word for word") {
  const double dt = 0.01;
  const std::vector<laws::RatePair> rates = {{0.4, 1.0}, {0.7, 1.0}};
  const Candidates<laws::Microreversible> tries(laws::Microreversible(3), hops(shaped, 0.5), rates);
  const std::size_t size = 9000;
  Momenta ours(size), theirs(size);
  const Ledger ledger = strokes(PoissonStrokes(shaped, 11), ours.view(), dt, 3, 5);
  Ledger expected;
  const PoissonTable how_many(tries.total() * dt * 4096.0);
  for (std::uint64_t step = 5; step < 8; ++step)
    for (std::uint64_t block = 0; block < 3; ++block) {
      Stream words(11, block, step, Purpose::sparse_strokes);
      for (std::uint32_t left = how_many(words()); left > 0; --left) {
        const std::uint64_t bits = words(), particle = 4096 * block + (bits >> 52);
        if (particle >= size) continue;
        const MomentumView view = theirs.view();
        const PassKey key{0.5, 11, step};
        const MomentumPlace place(view, key, particle);
        tries(bits << 12, place, particle, expected);
      }
    }
  CHECK(ours.x == theirs.x);
  CHECK(ours.z == theirs.z);
  CHECK(ledger.uptakes == expected.uptakes);
  CHECK(ledger.releases == expected.releases);
  CHECK(ledger.strokes() > 100);
  CHECK(ledger.steps == 3);
}

TEST_CASE("sparse strokes: neither threads nor the division into views change anything") {
  const std::size_t size = 20'000;
  const PoissonStrokes kernel(shaped, 3);
  Momenta whole(size);
  const parallel::Threads one_thread(1);
  const Ledger ledger = strokes(kernel, whole.view(), 0.05, 20);
  for (const int threads : {2, 4, 8}) {
    const parallel::Threads scope(threads);
    Momenta again(size);
    CHECK(strokes(kernel, again.view(), 0.05, 20).strokes() == ledger.strokes());
    CHECK(again.x == whole.x);
  }
  Momenta pieces(size);
  std::uint64_t made = 0;
  for (const auto& [first, last] :
       {std::pair<std::size_t, std::size_t>{0, 1}, {1, 5000}, {5000, 8192}, {8192, 20'000}})
    made += strokes(kernel, pieces.part(first, last), 0.05, 20).strokes();
  CHECK(pieces.x == whole.x);
  CHECK(pieces.z == whole.z);
  CHECK(made == ledger.strokes());
}

TEST_CASE(
    "sparse strokes: particles that lie anywhere, some of them elsewhere, make the strokes of "
    "particles in a row") {
  const std::size_t size = 9000;
  const PoissonStrokes kernel(shaped, 3);
  const SparseStep step = *kernel.sparse_step(0.02);
  Momenta row(size);
  const Ledger ledger = strokes(kernel, row.view(), 0.02, 10);
  // Backwards, in two hands: those of even ids, and those of odd ones.
  Momenta start(size);
  std::vector<double> vectors(3 * size);
  const auto place = [&](std::uint64_t id) {
    return 3 * (size - 1 - static_cast<std::size_t>(id));
  };
  for (std::size_t id = 0; id < size; ++id) {
    vectors[place(id)] = start.x[id];
    vectors[place(id) + 2] = start.z[id];
  }
  Ledger even, odd;
  const std::vector<std::uint64_t> blocks = {0, 1, 2};  // of 4096 ids each
  for (std::uint64_t tick = 0; tick < 10; ++tick)
    for (const std::uint64_t hand : {0U, 1U})
      step(
          blocks,
          [&](std::uint64_t id) -> std::optional<MomentumView> {
            if (id >= size || id % 2 != hand) return {};
            return MomentumView::interleaved({vectors.data() + place(id), 3}, 3, 3, 1.0)
                .numbered_from(id);
          },
          3, tick, hand == 0 ? even : odd);
  bool same = true;
  for (std::size_t id = 0; id < size; ++id)
    same = same && vectors[place(id)] == row.x[id] && vectors[place(id) + 2] == row.z[id];
  CHECK(same);
  CHECK(even.uptakes + odd.uptakes == ledger.uptakes);
  CHECK(even.releases > 100);
  CHECK(odd.releases > 100);
}

TEST_CASE(
    "sparse strokes: the law of strokes of particles side by side; numbers of attempts; energy") {
  // 60 short steps against one long one, which goes particle by particle.
  constexpr std::size_t size = 120'000, bins = 40;
  const double end = 3.0, limit = test_support::false_alarm_rate / 6.0;
  for (const laws::AnyRates& rates :
       {laws::AnyRates(laws::Microreversible(3)), laws::AnyRates(laws::Constant{})}) {
    const laws::StrokeLaw law = law_of({{1.0, 0.4, 1.0}, {0.5, 0.7, 1.0}}, rates);
    Momenta few(size), many(size);
    const double before = energy(few.view());
    const Ledger ledger = strokes(PoissonStrokes(law, 1), few.view(), end / 60.0, 60);
    const Ledger beside = strokes(PoissonStrokes(law, 2), many.view(), end, 1);
    CHECK(ledger.steps == 60);
    CHECK(beside.steps == 1);
    const auto counts = [&](const MomentumView& momenta) {
      std::vector<std::uint64_t> result(bins, 0);
      for (std::size_t i = 0; i < size; ++i)
        ++result[std::min(bins - 1, static_cast<std::size_t>(momenta.energy(i) / 0.2))];
      return result;
    };
    CHECK(analysis::chi_square_two_samples(counts(few.view()), size, counts(many.view()), size)
              .p_value > limit);
    const double ups = size * end * (0.4 + 0.7), downs = size * end * 2.0,
                 largest = test_support::largest_deviate(4);
    CHECK(std::abs(static_cast<double>(ledger.attempted_uptakes()) - ups) <
          largest * std::sqrt(ups));
    CHECK(std::abs(static_cast<double>(ledger.attempted_releases()) - downs) <
          largest * std::sqrt(downs));
    const double given =
        static_cast<double>(ledger.net[0]) + 0.5 * static_cast<double>(ledger.net[1]);
    CHECK(std::abs(energy(few.view()) - before - given) < 1e-9 * before);
  }
}

TEST_CASE(
    "sparse strokes: energies at a threshold are on it, also after strokes; what is not finite is "
    "an error") {
  // From rest, one quantum of 0.3 at a time: E = 0.3 is blocked, and after many strokes E is a
  // whole number of quanta.
  const laws::Transition one{0.3, 1.0, 1.0};
  std::vector<double> p(8192, 0.0);
  const MomentumView view(p, 1.7);
  const Ledger ledger = strokes(PoissonStrokes(one, 5), view, 0.1, 300);
  CHECK(ledger.blocked > 1000);
  double off = 0.0;
  bool some_at_rest = false;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double quanta = view.energy(i) / 0.3;
    off = std::max(off, std::abs(quanta - std::round(quanta)));
    some_at_rest |= quanta < 0.5;
  }
  CHECK(off < 1e-13);
  CHECK_FALSE(some_at_rest);  // all have left, and E = dE is the lowest from then on
  p[77] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(strokes(PoissonStrokes(one, 5), view, 0.1, 100), NumericsError);
}
