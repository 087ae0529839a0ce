#include "powerstroke/kernels/sampling/uniformized_step.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/stream_batch.hpp"

using namespace powerstroke;

namespace {

/// The class comment of UniformizedStep, word for word and particle by particle. The kernel must
/// use neither more nor fewer numbers. @param ties how many draws were decided by further bits.
StrokeCounts plain(std::vector<std::int32_t>& levels, double up, double down, double dt,
                   std::uint64_t seed, std::uint64_t first, std::uint64_t step,
                   std::uint64_t& ties) {
  const double mean = (up + down) * dt;
  const PoissonTable counts(mean);
  const double share = up > 0.0 ? up / (up + down) : 0.0;
  const std::uint64_t below = share < 1.0 ? static_cast<std::uint64_t>(share * 0x1p64) : 0;
  StrokeCounts ledger;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::uint64_t particle = first + i;
    Stream pair(seed, particle / 2, step, Purpose::strokes);
    Stream::Block words{};
    std::size_t drawn = 0;
    const auto draw = [&]() -> std::uint64_t {
      if (drawn % 4 == 0) words = pair.next_block();
      const std::uint32_t word = words[drawn++ % 4];
      return particle % 2 == 0 ? word & 0xffffU : word >> 16;
    };
    const auto more = [&](std::uint64_t block) {
      Stream own(seed, particle, step, Purpose::ties);
      own.seek(block);
      return own() >> 16;
    };
    std::uint64_t bits = draw() << 48;
    if (mean > 8.0) {
      for (const int shift : {32, 16, 0}) bits |= draw() << shift;
    } else {
      for (const std::uint64_t threshold : counts.thresholds())
        ties += threshold >> 48 == bits >> 48 ? 1U : 0U;
      bits |= more(0);  // has a say in a tie alone
    }
    const std::uint32_t count = counts(bits);
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint64_t leading = draw();
      ties += leading == below >> 48 ? 1U : 0U;
      if (share == 1.0 || ((leading << 48) | more(k + 1)) < below) {
        ++levels[i];
        ++ledger.uptakes;
      } else if (can_release(levels[i])) {
        --levels[i];
        ++ledger.releases;
      } else {
        ++ledger.blocked;
      }
    }
  }
  return ledger;
}

}  // namespace

TEST_CASE(
    "uniformized step: particles side by side make the strokes that each would make alone, from "
    "the same words") {
  struct Case {
    double up, down, dt;
  };
  std::uint64_t ties = 0;
  for (const Case& c : {Case{0.5, 1.0, 0.0},
                        {0.5, 1.0, 0.01},
                        {0.5, 1.0, 1.0},
                        {0.5, 1.0, 20.0},
                        {0.5, 1.0, 150.0},
                        {0.0, 1.0, 3.0},
                        {1.0, 0.0, 3.0},
                        {0.0, 0.0, 3.0},
                        {3.0, 1.0, 7.0}}) {
    for (const std::size_t size : {1U, 127U, 128U, 129U, 5000U}) {
      const std::uint64_t first = size == 129U ? 4097 : 4096;
      CAPTURE(c.up);
      CAPTURE(c.dt);
      CAPTURE(size);
      std::mt19937_64 random(size);
      std::vector<std::int32_t> levels(size);
      for (auto& level : levels) level = static_cast<std::int32_t>(random() % 9) - 1;
      levels.front() = 1'000'000'000;
      std::vector<std::int32_t> expected = levels;
      const StrokeCounts ours = UniformizedStep(c.up, c.down, c.dt)(levels, 42, first, 7);
      const StrokeCounts theirs = plain(expected, c.up, c.down, c.dt, 42, first, 7, ties);
      CHECK(levels == expected);
      CHECK(ours.uptakes == theirs.uptakes);
      CHECK(ours.releases == theirs.releases);
      CHECK(ours.blocked == theirs.blocked);
    }
  }
  CHECK(ties > 10);  // of some million draws: they have been seen
}

TEST_CASE("stream batch: the words of the streams it stands for") {
  StreamBatch batch;
  for (const std::uint64_t block : {0U, 1U, 77U}) {
    batch.fill(3, 1000, (1ULL << 33) + 5, Purpose::strokes, block);
    for (std::size_t lane = 0; lane < StreamBatch::lanes; ++lane) {
      Stream stream(3, 1000 + lane, (1ULL << 33) + 5, Purpose::strokes);
      stream.seek(block);
      const Stream::Block words = stream.next_block();
      for (std::size_t w = 0; w < 4; ++w) CHECK(batch.word[w][lane] == words[w]);
    }
  }
}

TEST_CASE("stream batch: what does not fit its fields is an error, as for a stream alone") {
  StreamBatch batch;
  CHECK_THROWS_AS(batch.fill(1, 0, Stream::field_limit, Purpose::strokes, 0), std::length_error);
  CHECK_THROWS_AS(batch.fill(1, Stream::field_limit - 1, 0, Purpose::strokes, 0),
                  std::length_error);
  CHECK_THROWS_AS(batch.fill(1, 0, 0, Purpose::strokes, Stream::field_limit), std::length_error);
  std::vector<std::int32_t> levels(10);
  CHECK_THROWS_AS(UniformizedStep(1.0, 1.0, 1.0)(levels, 1, 0, Stream::field_limit),
                  std::length_error);
  CHECK_THROWS_AS(UniformizedStep(1.0, 1.0, 1.0)(levels, 1, Stream::field_limit - 9, 0),
                  std::length_error);
}
