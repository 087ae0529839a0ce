#include "powerstroke/study/selftest/selftest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>

#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/stream_batch.hpp"
#include "powerstroke/study/paper/runs.hpp"
#include "powerstroke/study/run/run.hpp"

namespace powerstroke::study {
namespace {

struct Check {
  std::string what;
  std::function<SelfCheck()> make;  ///< fills all but `what`
};

/// A word of the generator's counter and key, in the fields that streams make of them.
std::uint64_t both(std::uint32_t low, std::uint32_t high) {
  return (std::uint64_t{high} << 32) | low;
}

Stream::Block philox(const std::array<std::uint32_t, 4>& counter, std::uint32_t key_0,
                     std::uint32_t key_1) {
  constexpr std::uint64_t low_40 = Stream::field_limit - 1;
  const std::uint64_t low = both(counter[0], counter[1]), high = both(counter[2], counter[3]);
  Stream stream(both(key_0, key_1), high >> 24, (low >> 48) | ((high & 0xffffffU) << 16),
                static_cast<Purpose>((low >> 40) & 0xffU));
  stream.seek(low & low_40);
  return stream.next_block();
}

/// From tests/kat_vectors of Random123.
SelfCheck generator() {
  constexpr std::uint32_t ones = 0xffffffff;
  const bool right =
      philox({0, 0, 0, 0}, 0, 0) == Stream::Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8} &&
      philox({ones, ones, ones, ones}, ones, ones) ==
          Stream::Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd} &&
      philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0) ==
          Stream::Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
  return {{}, right ? "three of three" : "other words", right};
}

SelfCheck generator_in_vectors() {
  StreamBatch batch, blocks;
  batch.fill(3, 1000, (1ULL << 33) + 5, Purpose::strokes, 2);
  blocks.fill_blocks(3, 1000, (1ULL << 33) + 5, Purpose::strokes, 2);
  std::size_t wrong = 0;
  for (std::size_t lane = 0; lane < StreamBatch::lanes; ++lane) {
    Stream stream(3, 1000 + lane, (1ULL << 33) + 5, Purpose::strokes),
        same(3, 1000, (1ULL << 33) + 5, Purpose::strokes);
    stream.seek(2);
    same.seek(2 + lane);
    const Stream::Block words = stream.next_block(), more = same.next_block();
    for (std::size_t w = 0; w < 4; ++w)
      wrong +=
          (batch.word[w][lane] == words[w] ? 0U : 1U) + (blocks.word[w][lane] == more[w] ? 0U : 1U);
  }
  return {{}, fmt::format("{} of {} words differ", wrong, 8 * StreamBatch::lanes), wrong == 0};
}

SelfCheck bessel() {
  theory::Populations start;
  start.grid.offset = {0.5};
  start.grid.width = {0.0};
  start.levels = 80;
  start.mass.assign(start.levels, 0.0);
  constexpr unsigned from = 5;
  start.mass[from + 1] = 1.0;
  laws::StrokeLaw law;
  law.transitions = {{1.0, 0.5, 1.0}};
  theory::MasterEquation equation(start, law, 1e-12);
  equation.advance(10.0);
  double worst = 0.0;
  for (unsigned n = 0; n < 30; ++n)
    worst = std::max(worst, std::abs(equation.populations().mass[n + 1] -
                                     theory::transient_level_probability(n, from, 10.0, 0.5, 1.0)));
  return {{}, fmt::format("off by {:.1e} at most", worst), worst < 1e-11};
}

/// The relaxation of a narrow start at constant mean energy, by an independent solver (to about
/// 1e-9).
SelfCheck reference(const Decoder& decode) {
  const RunResult result = solve(config_of(
      decode, {"reference", "eq07_08_relaxation", {{"time.snapshots", "[0, 10, 100]"}}, false}));
  const std::array<double, 6> found = {
      result.quantity("S_E").solution[1], result.quantity("S_1").solution[1],
      result.quantity("phi").solution[1], result.quantity("S_E").solution[2],
      result.quantity("S_1").solution[2], result.quantity("mean_ln_E").solution[2]};
  const std::array<double, 6> known = {1.9996684298, 5.2919403645, 0.7859050537,
                                       2.0244118328, 5.2750771528, 0.7461349656};
  double worst = 0.0;
  for (std::size_t i = 0; i < known.size(); ++i)
    worst = std::max(worst, std::abs(found[i] - known[i]));
  return {{}, fmt::format("off by {:.1e} at most", worst), worst < 2e-8};
}

SelfCheck consistent(const Decoder& decode, const std::string& config,
                     const std::vector<Override>& overrides) {
  const RunResult result = run(config_of(decode, {"selftest", config, overrides}));
  return {{},
          clause(result.comparison.why),
          result.comparison.verdict == Verdict::consistent,
          result.comparison.false_alarm_rate};
}

SelfCheck same_bits(const Decoder& decode, const std::string& config,
                    const std::vector<Override>& overrides) {
  const int all = parallel::threads();
  const Config parsed = config_of(decode, {"selftest", config, overrides});
  const parallel::Threads one_thread(1);
  const RunResult one = run(parsed);
  std::size_t wrong = 0;
  for (int threads = 2; threads <= std::max(2, all);
       threads = threads < all && 2 * threads > all ? all : 2 * threads) {
    const parallel::Threads scope(threads);
    const RunResult other = run(parsed);
    wrong += one.quantity("mean_energy").values != other.quantity("mean_energy").values ||
             one.quantity("S_1").values != other.quantity("S_1").values ||
             one.histograms.counts != other.histograms.counts;
  }
  return {{},
          wrong == 0 ? fmt::format("1 to {}: equal", std::max(2, all))
                     : fmt::format("{} runs differ", wrong),
          wrong == 0};
}

std::vector<Check> checks(const Decoder& decode) {
  const std::vector<Override> short_run = {{"ensemble.particles", "100000"},
                                           {"time.snapshots", "[0, 1, 3, 10, 30]"}};
  const auto with = [&](std::vector<Override> more) {
    std::vector<Override> all = short_run;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const auto particles = [&decode](std::string what, std::string config,
                                   std::vector<Override> overrides) -> Check {
    return {"particles: " + std::move(what),
            [&decode, config = std::move(config), overrides = std::move(overrides)] {
              return consistent(decode, config, overrides);
            }};
  };
  const auto bits = [&decode](std::string what, std::string config,
                              std::vector<Override> overrides) -> Check {
    return {"same bits for any number of threads: " + std::move(what),
            [&decode, config = std::move(config), overrides = std::move(overrides)] {
              return same_bits(decode, config, overrides);
            }};
  };
  const std::string thermal =
      R"({ "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ], "balance": "thermal", "temperature": 2.0)";
  const std::string lines =
      R"({ "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 }, { "delta_e": 1.5, "rate_down": 0.5 } ], "balance": "thermal",
           "temperature": 2.0, "rates": "microreversible" })";
  const std::vector<Override> few = {
      {"ensemble.particles", "10000"}, {"time.end", "10"}, {"time.snapshots", "6"}};
  return {
      {"generator: known answers of Philox4x32-10", generator},
      {"generator: many words at once, as one after another", generator_in_vectors},
      {"equation: the closed form of the queue M/M/1", bessel},
      {"equation: another solver's numbers, conserving", [&decode] { return reference(decode); }},
      particles("energy_conserving", "eq07_08_relaxation", short_run),
      particles("energy_conserving, microreversible", "eq07_08_relaxation",
                with({{"strokes.rates", "microreversible"}})),
      particles("thermal", "path_entropy", with({{"strokes", thermal + "}"}, {"analysis", "{}"}})),
      particles("thermal, from snapshot to snapshot", "path_entropy",
                with({{"strokes", thermal + R"(, "timing": "snapshots" })"}, {"analysis", "{}"}})),
      particles("thermal, two transitions, microreversible", "path_entropy",
                with({{"strokes", lines}, {"analysis", "{}"}})),
      particles("exchange", "eq08_exchange", short_run),
      particles("bath", "second_law_bath", {}),
      particles("phase space, double well", "phase_space/double_well", {}),
      particles("phase space, walls and collisions", "phase_space/walls",
                {{"ensemble.particles", "5000"}}),
      bits("energy_conserving", "eq07_08_relaxation", short_run),
      bits("thermal, two transitions, microreversible", "path_entropy",
           with({{"strokes", lines}, {"analysis", "{}"}})),
      bits("phase space, strokes and a Langevin bath", "phase_space/oscillator", few)};
}

}  // namespace

std::vector<SelfCheck> selftest(const Decoder& decode, const CheckCounter& progress) {
  std::vector<SelfCheck> done;
  const std::vector<Check> all = checks(decode);
  for (const Check& check : all) {
    if (progress) progress(done.size(), all.size());
    try {
      done.push_back(check.make());
    } catch (const std::exception& error) {
      done.push_back({{}, error.what(), false});
    }
    done.back().what = check.what;
  }
  return done;
}

}  // namespace powerstroke::study
