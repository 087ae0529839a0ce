#include "bindings/c/powerstroke.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/study/run/run.hpp"

using namespace powerstroke;

namespace {

constexpr const char* thermal =
    R"({"transitions": [{"delta_e": 1.0, "rate_down": 2.0}], "balance": "thermal", "temperature": 1.5})";

const std::string config = R"({"format": "powerstroke/1", "seed": 5,
  "ensemble": {"particles": 20000, "energy": {"distribution": "exponential", "mean": 2.0}},
  "strokes": {"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], "balance": "energy_conserving"},
  "time": {"end": 4.0, "snapshots": 5}})";

std::vector<double> some_momenta(std::size_t numbers) {
  std::vector<double> momenta(numbers);
  for (std::size_t i = 0; i < numbers; ++i)
    momenta[i] = 3.0 * std::sin(1.0 + 1.7 * static_cast<double>(i));
  return momenta;
}

struct Strokes {
  explicit Strokes(const char* json, int dimension = 3, std::uint64_t particles = 5000) {
    REQUIRE_MESSAGE(
        powerstroke_strokes_new(json, particles, dimension, 1.0, 11, &handle) == POWERSTROKE_OK,
        powerstroke_error());
  }
  ~Strokes() { powerstroke_strokes_free(handle); }
  Strokes(const Strokes&) = delete;
  Strokes& operator=(const Strokes&) = delete;
  powerstroke_strokes* handle = nullptr;
};

bool says(const char* what) { return std::strstr(powerstroke_error(), what) != nullptr; }

}  // namespace

TEST_CASE("C: strokes in place are those of the C++ kernel, bit for bit") {
  constexpr std::size_t n = 5000;
  std::vector<double> ours = some_momenta(3 * n), theirs = ours;
  const Strokes strokes(thermal);
  const PoissonStrokes kernel({1.0, laws::thermal_rate_up(2.0, 1.0, 1.5), 2.0}, 11);
  StepClock clock;
  Ledger ledger;
  for (const double dt : {0.01, 1.0}) {  // few candidates, and many
    REQUIRE(powerstroke_strokes_aos(strokes.handle, ours.data(), n, 3, 0, dt) == POWERSTROKE_OK);
    kernel.advance(MomentumView::interleaved(theirs, 3, 3, 1.0), 0.0, dt, clock, ledger);
  }
  CHECK(ours == theirs);
  powerstroke_ledger booked;
  REQUIRE(powerstroke_strokes_ledger(strokes.handle, &booked) == POWERSTROKE_OK);
  CHECK(booked.uptakes == ledger.uptakes);
  CHECK(booked.releases == ledger.releases);
  CHECK(booked.uptakes > 1000);
}

TEST_CASE("C: a component an array, in two parts, gives the bits of one array of vectors") {
  constexpr std::size_t n = 5000, half = 2000;
  for (const int dimension : {1, 2, 3}) {
    const auto d = static_cast<std::size_t>(dimension);
    std::vector<double> vectors = some_momenta(d * n);
    std::vector<std::vector<double>> components(d, std::vector<double>(n));
    for (std::size_t i = 0; i < d * n; ++i) components[i % d][i / d] = vectors[i];
    const Strokes whole(thermal, dimension), parts(thermal, dimension);
    REQUIRE(powerstroke_strokes_aos(whole.handle, vectors.data(), n, d, 0, 0.05) == POWERSTROKE_OK);
    std::vector<double*> first, second;
    for (std::vector<double>& component : components) {
      first.push_back(component.data());
      second.push_back(component.data() + half);
    }
    REQUIRE(powerstroke_strokes_soa(parts.handle, first.data(), half, 0, 0.05) == POWERSTROKE_OK);
    // The other part belongs to the same step of the clock: a handle of its own, as on another
    // process.
    const Strokes others(thermal, dimension);
    REQUIRE(powerstroke_strokes_soa(others.handle, second.data(), n - half, half, 0.05) ==
            POWERSTROKE_OK);
    bool same = true;
    for (std::size_t i = 0; i < d * n; ++i) same = same && components[i % d][i / d] == vectors[i];
    CHECK(same);
  }
}

TEST_CASE("C: every balance and rates law keeps its books") {
  constexpr std::size_t n = 4000;
  for (
      const char* json :
      {thermal,
       R"({"transitions": [{"delta_e": 1.0, "rate_up": 0.2, "rate_down": 0.7}], "balance": "fixed"})",
       R"({"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], "balance": "energy_conserving", "rates": "microreversible"})",
       R"({"transitions": [{"delta_e": 1.0, "rate_down": 1.0}, {"delta_e": 0.5, "rate_down": 0.3}], "balance": "exchange"})",
       R"({"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], "balance": "bath", "bath": {"systems": 3000, "excited": 0.5}})"}) {
    CAPTURE(json);
    std::vector<double> momenta = some_momenta(3 * n);
    const auto energy_of = [&] {
      double sum = 0.0;
      for (const double p : momenta) sum += 0.5 * p * p;
      return sum;
    };
    const Strokes strokes(json, 3, n);
    const double before = energy_of();
    constexpr int steps = 20;
    for (int step = 0; step < steps; ++step)
      REQUIRE(powerstroke_strokes_aos(strokes.handle, momenta.data(), n, 3, 0, 0.05) ==
              POWERSTROKE_OK);
    double booked = 0.0;
    REQUIRE(powerstroke_strokes_energy(strokes.handle, &booked) == POWERSTROKE_OK);
    const double rounding =
        std::numeric_limits<double>::epsilon() * before * (16.0 * steps + 6.0 * n);
    CHECK(std::abs(energy_of() - before - booked) < rounding);
    powerstroke_ledger ledger;
    REQUIRE(powerstroke_strokes_ledger(strokes.handle, &ledger) == POWERSTROKE_OK);
    CHECK(ledger.uptakes > 100);
  }
}

TEST_CASE("C: strokes go on from a clock and a ledger with the same bits") {
  const char* bath =
      R"({"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], "balance": "bath", "bath": {"systems": 3000, "excited": 0.5}})";
  constexpr std::size_t n = 4000;
  std::vector<double> through = some_momenta(3 * n), broken = through;
  const Strokes one(bath, 3, n), first(bath, 3, n), second(bath, 3, n);
  const auto move = [&](const Strokes& strokes, std::vector<double>& momenta) {
    REQUIRE(powerstroke_strokes_aos(strokes.handle, momenta.data(), n, 3, 0, 0.5) ==
            POWERSTROKE_OK);
  };
  move(one, through);
  move(one, through);
  move(first, broken);
  std::uint64_t step = 0;
  std::int64_t net = 0;
  REQUIRE(powerstroke_strokes_clock(first.handle, &step) == POWERSTROKE_OK);
  REQUIRE(powerstroke_strokes_net(first.handle, 0, &net) == POWERSTROKE_OK);
  CHECK(step == 1);
  CHECK(net != 0);
  REQUIRE(powerstroke_strokes_go_on(second.handle, step, &net, 1) == POWERSTROKE_OK);
  move(second, broken);
  CHECK(through == broken);
  CHECK(powerstroke_strokes_go_on(second.handle, 0, &net, 1) == POWERSTROKE_BAD_ARGUMENT);
  CHECK(says("is past"));
}

TEST_CASE("C: a run has the numbers of the C++ one, and its arrays lie in the result") {
  const study::RunResult expected = study::run(io::parse_config(config, "config"));
  powerstroke_result* result = nullptr;
  REQUIRE_MESSAGE(powerstroke_run(config.c_str(), nullptr, nullptr, &result) == POWERSTROKE_OK,
                  powerstroke_error());
  const double* values = nullptr;
  const std::uint64_t* counts = nullptr;
  std::size_t shape[2];
  REQUIRE(powerstroke_result_doubles(result, "series/S_1", &values, shape) == POWERSTROKE_OK);
  CHECK(std::vector<double>(values, values + shape[0]) == expected.quantity("S_1").values);
  CHECK(shape[1] == 1);
  REQUIRE(powerstroke_result_counts(result, "histogram/counts", &counts, shape) == POWERSTROKE_OK);
  CHECK(shape[0] == 5);
  CHECK(shape[1] == expected.histograms.counts.front().size());
  CHECK(std::vector<std::uint64_t>(counts + shape[1], counts + 2 * shape[1]) ==
        expected.histograms.counts[1]);
  powerstroke_verdict verdict = POWERSTROKE_NOT_COMPARABLE;
  REQUIRE(powerstroke_result_verdict(result, &verdict) == POWERSTROKE_OK);
  CHECK(verdict == POWERSTROKE_CONSISTENT);
  const char* why = nullptr;
  REQUIRE(powerstroke_result_text(result, "comparison/why", 0, &why) == POWERSTROKE_OK);
  CHECK(why == clause(expected.comparison.why));

  powerstroke_result* equation = nullptr;
  REQUIRE(powerstroke_solve(config.c_str(), &equation) == POWERSTROKE_OK);
  REQUIRE(powerstroke_compare(result, equation, &verdict) == POWERSTROKE_OK);
  CHECK(verdict == POWERSTROKE_CONSISTENT);
  powerstroke_result_free(equation);

  std::size_t fields = 0;
  for (; powerstroke_result_name(result, fields) != nullptr; ++fields) {
    const char* name = powerstroke_result_name(result, fields);
    const char* text = nullptr;
    const int kinds =
        (powerstroke_result_doubles(result, name, &values, shape) == POWERSTROKE_OK ? 1 : 0) +
        (powerstroke_result_counts(result, name, &counts, shape) == POWERSTROKE_OK ? 1 : 0) +
        (powerstroke_result_text(result, name, 0, &text) == POWERSTROKE_OK || says("0 texts") ? 1
                                                                                              : 0);
    CHECK_MESSAGE(kinds == 1, name);
  }
  CHECK(fields > 80);
  powerstroke_result_free(result);
}

TEST_CASE("C: a progress function sees the run and can stop it") {
  struct Seen {
    double fraction = -1.0;
    bool ascends = true;
  } seen;
  const powerstroke_progress watch = [](double fraction, std::uint64_t, void* user) {
    Seen& so_far = *static_cast<Seen*>(user);
    so_far.ascends = so_far.ascends && fraction >= so_far.fraction;
    so_far.fraction = fraction;
    return 0;
  };
  powerstroke_result* result = nullptr;
  REQUIRE(powerstroke_run(config.c_str(), watch, &seen, &result) == POWERSTROKE_OK);
  CHECK(seen.ascends);
  CHECK(seen.fraction == 1.0);
  powerstroke_result_free(result);
  result = nullptr;
  CHECK(powerstroke_run(
            config.c_str(), [](double, std::uint64_t, void*) { return 1; }, nullptr, &result) ==
        POWERSTROKE_STOPPED);
  CHECK(result == nullptr);
}

TEST_CASE(
    "C: a progress function that wishes to stop while the equation is solved is answered within a "
    "second") {
  // A tenth of a second of strokes, then minutes of an equation that never comes to rest by a known
  // bound, in one stretch.
  const char* const long_equation = R"({"format": "powerstroke/1",
    "ensemble": {"particles": 200, "energy": {"distribution": "normal", "mean": 20, "sigma": 0.2}},
    "strokes": {"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], "balance": "energy_conserving", "rates": "microreversible"},
    "time": {"end": 1e4, "snapshots": 2}})";
  using Clock = std::chrono::steady_clock;
  struct Seen {
    std::optional<Clock::time_point> wish;
    Clock::time_point equation;
    bool begun = false;
  } seen;
  const powerstroke_progress watch = [](double fraction, std::uint64_t, void* user) {
    Seen& so_far = *static_cast<Seen*>(user);
    if (fraction < 1.0) return 0;
    const Clock::time_point now = Clock::now();
    if (!so_far.begun) so_far.equation = now;
    so_far.begun = true;
    if (now - so_far.equation < std::chrono::milliseconds(300)) return 0;
    if (!so_far.wish) so_far.wish = now;
    return 1;
  };
  powerstroke_result* result = nullptr;
  CHECK(powerstroke_run(long_equation, watch, &seen, &result) == POWERSTROKE_STOPPED);
  CHECK(result == nullptr);
  CHECK(says("the progress function stopped the run"));
  REQUIRE(seen.wish);
  CHECK(*seen.wish - seen.equation < std::chrono::seconds(1));  // it is asked again and again
  CHECK(Clock::now() - *seen.wish < std::chrono::seconds(1));
}

TEST_CASE("C: what is wrong comes back as a code and a message, and nothing is written") {
  powerstroke_strokes* strokes = nullptr;
  const auto refused = [&](const char* json, const char* what) {
    CHECK(powerstroke_strokes_new(json, 100, 3, 1.0, 1, &strokes) == POWERSTROKE_BAD_CONFIG);
    CHECK_MESSAGE(says(what), powerstroke_error());
    CHECK(strokes == nullptr);
  };
  refused("{", "strokes:1");
  refused("{}", "transitions");
  refused("[]", "object");
  refused(R"({"transitions": [{"delta_e": -1, "rate_down": 1}], "balance": "exchange"})",
          "strokes.transitions[0].delta_e");
  refused(R"({"transitions": [{"delta_e": 1, "rate_down": 1}], "balance": "exchang"})", "exchange");
  refused(
      R"({"transitions": [{"delta_e": 1, "rate_down": 1}], "balance": "exchange"}, "seed": 3, "title": {})",
      "strokes:1");
  refused(
      R"({"transitions": [{"delta_e": 1, "rate_up": 0.1, "rate_down": 1}], "balance": "fixed", "timing": "snapshots"})",
      "strokes.timing");
  CHECK(powerstroke_strokes_new(thermal, 100, 4, 1.0, 1, &strokes) == POWERSTROKE_BAD_CONFIG);
  CHECK(says("4 dimensions"));
  CHECK(powerstroke_strokes_new(thermal, 100, 3, -1.0, 1, &strokes) == POWERSTROKE_BAD_CONFIG);
  CHECK(says("mass"));
  CHECK(powerstroke_strokes_new(thermal, 0, 3, 1.0, 1, &strokes) == POWERSTROKE_BAD_CONFIG);
  CHECK(powerstroke_strokes_new(nullptr, 100, 3, 1.0, 1, &strokes) == POWERSTROKE_BAD_ARGUMENT);
  CHECK(says("json is NULL"));
  CHECK(powerstroke_strokes_new(thermal, 100, 3, 1.0, 1, nullptr) == POWERSTROKE_BAD_ARGUMENT);

  const Strokes fine(thermal);
  std::vector<double> momenta = {1.0, std::nan(""), 0.0};
  CHECK(powerstroke_strokes_aos(fine.handle, momenta.data(), 1, 3, 0, 100.0) ==
        POWERSTROKE_BAD_NUMBERS);
  CHECK(powerstroke_strokes_aos(fine.handle, momenta.data(), 1, 3, 0, -1.0) ==
        POWERSTROKE_BAD_NUMBERS);
  CHECK(says("dt"));
  CHECK(powerstroke_strokes_aos(fine.handle, momenta.data(), 1, 2, 0, 1.0) ==
        POWERSTROKE_BAD_CONFIG);
  CHECK(powerstroke_strokes_aos(fine.handle, nullptr, 1, 3, 0, 1.0) == POWERSTROKE_BAD_ARGUMENT);
  std::int64_t net = 0;
  CHECK(powerstroke_strokes_net(fine.handle, 1, &net) == POWERSTROKE_BAD_ARGUMENT);
  CHECK(powerstroke_strokes_go_on(fine.handle, 5, &net, 2) == POWERSTROKE_BAD_ARGUMENT);

  powerstroke_result* result = nullptr;
  CHECK(powerstroke_run("{\n \"formt\": 1}", nullptr, nullptr, &result) == POWERSTROKE_BAD_CONFIG);
  CHECK(says("format"));
  CHECK(powerstroke_result_read("no such folder", &result) == POWERSTROKE_BAD_FILE);
  CHECK(result == nullptr);
  REQUIRE(powerstroke_solve(config.c_str(), &result) == POWERSTROKE_OK);
  const double* values = nullptr;
  std::size_t shape[2];
  CHECK(powerstroke_result_doubles(result, "series/S_2", &values, shape) ==
        POWERSTROKE_BAD_ARGUMENT);
  CHECK(says("series/S_2"));
  CHECK(powerstroke_result_doubles(result, "histogram/counts", &values, shape) ==
        POWERSTROKE_BAD_ARGUMENT);
  CHECK(says("no floating-point numbers"));
  CHECK(values == nullptr);
  powerstroke_result_free(result);
  powerstroke_result_free(nullptr);
  powerstroke_strokes_free(nullptr);
}

TEST_CASE("C: no particles may lie nowhere, and their clock goes on") {
  const Strokes strokes(thermal);
  double* const nothing[3] = {};
  std::uint64_t before = 0, after = 0;
  for (const double dt : {0.01, 1.0}) {
    REQUIRE(powerstroke_strokes_clock(strokes.handle, &before) == POWERSTROKE_OK);
    CHECK_MESSAGE(powerstroke_strokes_aos(strokes.handle, nullptr, 0, 3, 0, dt) == POWERSTROKE_OK,
                  powerstroke_error());
    CHECK_MESSAGE(powerstroke_strokes_soa(strokes.handle, nullptr, 0, 7, dt) == POWERSTROKE_OK,
                  powerstroke_error());
    CHECK_MESSAGE(powerstroke_strokes_soa(strokes.handle, nothing, 0, 7, dt) == POWERSTROKE_OK,
                  powerstroke_error());
    REQUIRE(powerstroke_strokes_clock(strokes.handle, &after) == POWERSTROKE_OK);
    CHECK(after == before + 3);
  }
  CHECK(powerstroke_strokes_soa(strokes.handle, nullptr, 1, 0, 0.1) == POWERSTROKE_BAD_ARGUMENT);
  CHECK(powerstroke_strokes_soa(strokes.handle, nothing, 1, 0, 0.1) == POWERSTROKE_BAD_ARGUMENT);
  CHECK(powerstroke_strokes_aos(strokes.handle, nullptr, 1, 3, 0, 0.1) == POWERSTROKE_BAD_ARGUMENT);
}
