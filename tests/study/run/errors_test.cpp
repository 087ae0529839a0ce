#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/run/run.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

/// The error bars of runs whose particles share their rates, against the scatter over seeds and
/// against closed forms.
namespace {

struct Shared {
  std::string energy, transitions, balance, more;
  std::uint64_t particles = 2000;
  std::string snapshots = "[0, 10, 30]";
};

study::RunResult run_of(const Shared& shared, int seed) {
  return study::run(io::parse_config(
      R"({ "format": "powerstroke/1", "seed": )" + std::to_string(seed) + R"(,
    "ensemble": { "particles": )" +
          std::to_string(shared.particles) + R"(, "energy": )" + shared.energy + R"( },
    "strokes": { "transitions": )" +
          shared.transitions + R"(, "balance": ")" + shared.balance + "\"" + shared.more + R"( },
    "time": { "snapshots": )" +
          shared.snapshots + R"( } })",
      "shared rates"));
}

/// z of many seeds at the last snapshot: their variance about 0 must be 1.
struct Scatter {
  explicit Scatter(int checks) : rate(test_support::false_alarm_rate / checks) {}
  double rate;

  void add(const study::Quantity& quantity, double& sum) const {
    const double value = quantity.values.back(), expected = quantity.solution.back(),
                 error = quantity.errors.back();
    CAPTURE(quantity.key);
    CAPTURE(value);
    CAPTURE(expected);
    CHECK(error > 0.0);  // not null either
    sum += std::pow((value - expected) / error, 2);
  }
  void check(double sum, int seeds) const {
    const boost::math::chi_squared squares(seeds);
    CHECK(sum > boost::math::quantile(squares, 0.5 * rate));
    CHECK(sum < boost::math::quantile(boost::math::complement(squares, 0.5 * rate)));
  }
};

study::RunResult run_text(const std::string& text) {
  return study::run(io::parse_config(text, "test"));
}

study::Config solved(const std::string& text) { return io::parse_config(text, "test"); }

const char* const narrow = R"({ "distribution": "normal", "mean": 2.6, "sigma": 0.2 })";
constexpr double spread = 0.2;  ///< its cut at E = 0 is 13 sigma away

}  // namespace

TEST_CASE(
    "errors: the energy that an exchange keeps scatters as at its start, whatever the sample of a "
    "seed") {
  const Shared exchange{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 } ])", "exchange", ""};
  for (int seed = 1; seed <= 10; ++seed) {
    const study::RunResult result = run_of(exchange, seed);
    for (const double error : result.quantity("mean_energy").errors)
      CHECK(error == doctest::Approx(spread / std::sqrt(2000.0)).epsilon(1e-6));
  }
}

TEST_CASE(
    "errors: at constant mean energy the walk of the strokes is added to the scatter of the "
    "start") {
  Shared shared{narrow,
                R"([ { "delta_e": 0.8, "rate_down": 1.0 }, { "delta_e": 0.4, "rate_down": 0.5 } ])",
                "energy_conserving", ""};
  const study::RunResult result = run_of(shared, 1);
  const double n = 2000.0;
  CHECK(result.quantity("mean_energy").errors.front() ==
        doctest::Approx(spread / std::sqrt(n)).epsilon(1e-6));
  // Of this run's own strokes all have 0.4 or 0.8: the walk lies between.
  const double strokes =
      static_cast<double>(result.series.strokes_up.back() + result.series.strokes_down.back());
  const double error = result.quantity("mean_energy").errors.back();
  CHECK(error > std::sqrt(spread * spread / n + 0.16 * strokes / (n * n)));
  CHECK(error < std::sqrt(spread * spread / n + 0.64 * strokes / (n * n)));
}

TEST_CASE("errors: phi of a first transition that is not the smallest") {
  constexpr int seeds = 60;
  const Scatter scatter(4);
  for (const char* transitions :
       {R"([ { "delta_e": 3, "rate_down": 0.5 }, { "delta_e": 0.5, "rate_down": 1 } ])",
        R"([ { "delta_e": 0.5, "rate_down": 1 }, { "delta_e": 3, "rate_down": 0.5 } ])"}) {
    const Shared shared{R"({ "distribution": "exponential", "mean": 2.5 })",
                        transitions,
                        "energy_conserving",
                        "",
                        2000,
                        "[0, 40]"};
    double of_phi = 0.0, of_energy = 0.0;
    for (int seed = 1; seed <= seeds; ++seed) {
      const study::RunResult result = run_of(shared, seed);
      scatter.add(result.quantity("phi"), of_phi);
      scatter.add(result.quantity("mean_energy"), of_energy);
    }
    CAPTURE(transitions);
    scatter.check(of_phi, seeds);
    scatter.check(of_energy, seeds);
  }
}

TEST_CASE("errors: narrow starts whose offsets and levels hang together") {
  constexpr int seeds = 60;
  const Scatter scatter(6);
  for (const Shared& shared :
       {Shared{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 } ])", "exchange", ""},
        Shared{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 } ])", "energy_conserving", ""},
        Shared{narrow, R"([ { "delta_e": 0.8, "rate_down": 1.0 } ])", "bath",
               R"(, "bath": { "systems": 2000, "excited": 0.3 })"}}) {
    double of_energy = 0.0, of_phi = 0.0;
    for (int seed = 1; seed <= seeds; ++seed) {
      const study::RunResult result = run_of(shared, seed);
      scatter.add(result.quantity("mean_energy"), of_energy);
      scatter.add(result.quantity("phi"), of_phi);
    }
    CAPTURE(shared.balance);
    CAPTURE(shared.more);
    MESSAGE(shared.balance, shared.more, ": variance of z of the mean energy ", of_energy / seeds,
            ", of phi ", of_phi / seeds);
    scatter.check(of_energy, seeds);
    scatter.check(of_phi, seeds);
  }
}

TEST_CASE("errors: the numbers of strokes scatter as the equation says, under every balance") {
  constexpr int many = 60, few = 24;
  const Scatter scatter(2 * 9);
  const char* const two =
      R"([ { "delta_e": 1.2, "rate_down": 1.0 }, { "delta_e": 0.8, "rate_down": 0.5 } ])";
  const char* const given = R"([ { "delta_e": 0.8, "rate_down": 1.0, "rate_up": 0.6 } ])";
  std::vector<Shared> all = {
      Shared{narrow, given, "fixed", ""}, Shared{narrow, two, "thermal", R"(, "temperature": 2.0)"},
      Shared{narrow, two, "exchange", ""}, Shared{narrow, two, "energy_conserving", ""},
      Shared{narrow, two, "bath", R"(, "bath": { "systems": 2000, "excited": 0.3 })"}};
  const std::size_t constant = all.size();
  for (std::size_t k = 1; k < constant; ++k) {
    all.push_back(all[k]);
    all.back().more += R"(, "rates": "microreversible")";
    all.back().snapshots = "[0, 10]";
  }
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Shared& shared = all[k];
    const int seeds = k < constant ? many : few;
    double of_uptakes = 0.0, of_releases = 0.0;
    for (int seed = 1; seed <= seeds; ++seed) {
      const study::RunResult result = run_of(shared, seed);
      for (const study::CountTest& test : result.comparison.counts) {
        if (test.what == "uptakes" || test.what == "uptakes by transition 1")
          of_uptakes += test.z * test.z;
        if (test.what == "releases" || test.what == "releases by transition 1")
          of_releases += test.z * test.z;
      }
    }
    CAPTURE(shared.balance);
    CAPTURE(shared.more);
    MESSAGE(shared.balance, shared.more, ": variance of z of uptakes ", of_uptakes / seeds,
            ", of releases ", of_releases / seeds);
    scatter.check(of_uptakes, seeds);
    scatter.check(of_releases, seeds);
  }
}

TEST_CASE(
    "compare: a run and a solution 2 % off in a rate, in the coupling of passages or in their "
    "range") {
  const std::string transitions =
      R"("transitions": [ { "delta_e": 1.0, "rate_down": 1.0 }, { "delta_e": 2.0, "rate_down": 0.5 } ])";
  const std::string faster =
      R"("transitions": [ { "delta_e": 1.0, "rate_down": 1.0 }, { "delta_e": 2.0, "rate_down": 0.51 } ])";
  const std::string one = R"("transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ])";
  const std::string one_faster = R"("transitions": [ { "delta_e": 1.0, "rate_down": 1.02 } ])";
  const auto bath = [](const std::string& list, const char* systems, const char* excited) {
    return list + R"(, "balance": "bath", "bath": { "systems": )" + systems + R"(, "excited": )" +
           excited + " }";
  };
  const auto passages = [&](const char* coupling, const char* range) {
    return one +
           R"(, "balance": "thermal", "temperature": 2.0, "rates": "rosen_zener", "rosen_zener": { "coupling": )" +
           coupling + R"(, "range": )" + range + " }";
  };
  const auto config = [](const std::string& strokes) {
    return solved(R"({ "format": "powerstroke/1", "seed": 5,
      "ensemble": { "particles": 200000, "energy": { "distribution": "maxwell_boltzmann", "temperature": 2.0 } },
      "strokes": { )" +
                  strokes + R"( }, "time": { "snapshots": [0, 20, 40] } })");
  };
  const std::string thermal = R"(, "balance": "thermal", "temperature": 2.0)";
  for (const auto& [right, wrong] : std::vector<std::pair<std::string, std::string>>{
           {transitions + thermal, faster + thermal},
           {transitions + R"(, "balance": "exchange")", faster + R"(, "balance": "exchange")"},
           {transitions + R"(, "balance": "energy_conserving")",
            faster + R"(, "balance": "energy_conserving")"},
           {one + R"(, "balance": "exchange")", one_faster + R"(, "balance": "exchange")"},
           {bath(one, "100000", "0.3"), bath(one_faster, "100000", "0.3")},
           {passages("1.0", "0.5"), passages("1.02", "0.5")},
           {passages("1.0", "0.5"), passages("1.0", "0.51")}}) {
    CAPTURE(right);
    CAPTURE(wrong);
    const study::RunResult run = study::run(config(right));
    CHECK(run.comparison.verdict == study::Verdict::consistent);
    CHECK(study::compare(run, study::solve(config(right))).verdict == study::Verdict::consistent);
    CHECK(study::compare(run, study::solve(config(wrong))).verdict == study::Verdict::inconsistent);
  }
}

TEST_CASE("errors: without a ladder shared rates leave no error but that of what is conserved") {
  for (const char* balance : {"exchange", "energy_conserving", "bath"}) {
    const Shared shared{
        R"({ "distribution": "exponential", "mean": 2.0 })",
        R"([ { "delta_e": 1.0, "rate_down": 1.0 }, { "delta_e": 1.4142135623730951, "rate_down": 1.0 } ])",
        balance,
        std::string(balance) == "bath" ? R"(, "bath": { "systems": 1000, "excited": 0.3 })" : ""};
    const study::RunResult result = run_of(shared, 1);
    CAPTURE(balance);
    CHECK(result.quantity("phi").errors.front() > 0.0);  // nothing has been shared yet
    CHECK(std::isnan(result.quantity("phi").errors.back()));
    CHECK(std::isnan(result.quantity("S_E").errors.back()));
    CHECK(std::isnan(result.quantity("mean_ln_E").errors.back()));
    if (shared.balance == "exchange")
      CHECK(result.quantity("mean_energy").errors.back() ==
            doctest::Approx(2.0 / std::sqrt(2000.0)));
  }
}

namespace {

bool says(const study::Comparison& comparison, const std::string& words) {
  return std::ranges::any_of(comparison.remarks, [&](const study::Remark& one) {
    return study::sentence(one).find(words) != std::string::npos;
  });
}

/// One species in a harmonic well of frequency 1, with a Langevin bath at T = 1.
std::string well(const std::string& step, const std::string& friction) {
  return R"({ "format": "powerstroke/1", "seed": 3,
    "ensemble": { "particles": 100000, "energy": { "distribution": "maxwell_boltzmann", "temperature": 1.0 } },
    "phase_space": { "step": )" +
         step + R"(, "potential": { "form": "harmonic", "stiffness": 1.0 },
      "positions": { "distribution": "boltzmann", "temperature": 1.0 },
      "langevin": { "friction": )" +
         friction + R"(, "temperature": 1.0 } },
    "time": { "end": 20.0, "snapshots": 2 } })";
}

}  // namespace

TEST_CASE(
    "errors: S_E of laws that jump inside bins or go as E^(-1/2) is that of the equation within "
    "its error") {
  const double bound = test_support::largest_deviate(12);
  for (const char* text : {R"({ "format": "powerstroke/1", "seed": 7,
          "ensemble": { "particles": 300000, "dimension": 1, "energy": { "distribution": "maxwell_boltzmann", "temperature": 2.0 } },
          "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ], "balance": "thermal", "temperature": 1.5,
                       "rates": "microreversible" },
          "time": { "end": 5.0, "snapshots": 3 } })",
                           R"({ "format": "powerstroke/1", "seed": 5,
          "ensemble": { "particles": 1000000,
                        "energy": { "distribution": "histogram", "edges": [0.3, 0.37, 1.11, 1.9], "weights": [1, 5, 2] } },
          "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0, "rate_up": 0.3 } ], "balance": "fixed" },
          "time": { "snapshots": [0, 0.3, 4.0] } })",
                           R"({ "format": "powerstroke/1", "seed": 1,
          "ensemble": { "particles": 1000000, "energy": { "distribution": "uniform", "low": 0.1, "high": 1.7 } },
          "strokes": { "transitions": [ { "delta_e": 0.9, "rate_down": 1.0 } ], "balance": "thermal", "temperature": 1.6 },
          "time": { "snapshots": [0, 1, 3] } })"}) {
    const study::RunResult result = run_text(text);
    CAPTURE(text);
    for (std::size_t k = 0; k < result.series.t.size(); ++k) {
      const double error = result.quantity("S_E").errors[k];
      CAPTURE(k);
      CAPTURE(result.quantity("S_E").values[k]);
      CAPTURE(result.quantity("S_E").solution[k]);
      CHECK(std::abs(result.quantity("S_E").values[k] - result.quantity("S_E").solution[k]) <
            bound * error);
      CHECK(error < 0.005);
    }
    CHECK(study::compare(result, study::solve(solved(text))).verdict == study::Verdict::consistent);
  }
}

TEST_CASE(
    "the equation: an entropy of densities so thin that their quotients leave the range of "
    "numbers") {
  const study::RunResult result = study::solve(solved(R"({ "format": "powerstroke/1",
    "ensemble": { "particles": 2000, "dimension": 2, "energy": { "distribution": "maxwell_boltzmann", "temperature": 1.0 } },
    "strokes": { "transitions": [ { "delta_e": 1000.0, "rate_down": 1.0, "rate_up": 0.5 } ], "balance": "fixed" },
    "time": { "end": 2.0, "snapshots": 3 } })"));
  REQUIRE(result.quantity("S_E").solution.size() == 3);
  CHECK(result.quantity("S_E").solution[0] == doctest::Approx(1.0).epsilon(1e-9));
  CHECK(result.quantity("S_E").solution[1] == doctest::Approx(1.7453495).epsilon(1e-7));
  CHECK(result.quantity("S_E").solution[2] == doctest::Approx(1.9565799).epsilon(1e-7));
}

TEST_CASE(
    "compare: samples of one class each could not have differed, so that nothing was tested") {
  const auto few = [](const char* energy) {
    return run_text(
        std::string(R"({ "format": "powerstroke/1", "ensemble": { "particles": 39, "energy": )") +
        energy +
        R"( },
      "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0, "rate_up": 0.5 } ], "balance": "fixed" },
      "time": { "end": 5.0, "snapshots": 6 }, "histogram": { "max": 60, "bins": 60 } })");
  };
  const study::ResultComparison found =
      study::compare(few(R"({ "distribution": "normal", "mean": 3.5, "sigma": 0.2 })"),
                     few(R"({ "distribution": "delta", "value": 30.5 })"));
  CHECK(found.verdict == study::Verdict::not_comparable);
  CHECK(found.why.find("degree of freedom") != found.why.npos);
}

TEST_CASE("verdict: it says of how many snapshots something was tested") {
  const study::RunResult few = run_text(R"({ "format": "powerstroke/1",
    "ensemble": { "particles": 200, "energy": { "distribution": "normal", "mean": 3.5, "sigma": 0.2 } },
    "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ], "balance": "energy_conserving" },
    "time": { "end": 100.0, "snapshots": 14 } })");
  std::size_t tested = 0;
  for (const study::Fit& fit : few.comparison.levels)
    tested += fit.t > 0.0 && fit.dof > 0.0 ? 1 : 0;
  CHECK(tested < 13);
  CAPTURE(clause(few.comparison.why));
  CHECK(clause(few.comparison.why).find(std::to_string(tested) + " of 13 snapshots") !=
        std::string::npos);
}

TEST_CASE(
    "path entropy: an exponential start leaves no energy empty, and its mean that few particles "
    "carry decides nothing") {
  for (int seed = 1; seed <= 5; ++seed) {
    const study::RunResult result =
        run_text(R"({ "format": "powerstroke/1", "seed": )" + std::to_string(seed) + R"(,
      "ensemble": { "particles": 20000, "energy": { "distribution": "exponential", "mean": 0.5 } },
      "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0, "rate_up": 0.9 } ], "balance": "fixed" },
      "time": { "end": 30.0, "snapshots": 2 }, "analysis": { "path_entropy": true } })");
    CHECK_FALSE(says(result.comparison, "leaves energies empty"));
    CHECK(says(result.comparison, "decides nothing"));
  }
}

TEST_CASE(
    "steps: between two snapshots they are equal, and the well's kinetic energy is that of their "
    "length") {
  // 1.5 (1 - h^2/4) of BAOAB, and Var K = 1.5 of it squared, with the correlation of all times left
  // out: one snapshot.
  const study::RunResult result = run_text(well("0.7", "5.0"));
  const double h = 20.0 / 29.0, expected = 1.5 * (1.0 - h * h / 4.0);
  const double error = std::sqrt(1.5 / 100000.0);
  CHECK(std::abs(result.quantity("mean_energy").values.back() - expected) <
        test_support::largest_deviate(1) * error);
}

TEST_CASE("steps: one that is long for a well is said to be, one beyond its stability refused") {
  CHECK(says(run_text(well("0.5", "0.5")).comparison, "h^2 w^2/4"));
  CHECK_FALSE(says(run_text(well("0.1", "0.5")).comparison, "h^2 w^2/4"));
  CHECK_THROWS_WITH_AS(solved(well("2.0", "0.5")), doctest::Contains("phase_space.step"),
                       ConfigError);
}

TEST_CASE("work: a quench whose exponential average has no variance never speaks against a run") {
  for (int seed = 1; seed <= 12; ++seed) {
    const study::RunResult result =
        run_text(R"({ "format": "powerstroke/1", "seed": )" + std::to_string(seed) + R"(,
      "ensemble": { "particles": 20000, "dimension": 1, "energy": { "distribution": "maxwell_boltzmann", "temperature": 1.0 } },
      "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 2.0 } ], "balance": "thermal", "temperature": 1.0,
                   "rates": "microreversible" },
      "phase_space": { "step": 0.004, "potential": { "form": "trap", "stiffness": [1.0, 10.0], "start": 0.0, "end": 0.02 },
                       "positions": { "distribution": "boltzmann", "temperature": 1.0 } },
      "time": { "end": 0.02, "snapshots": 2 } })");
    CAPTURE(seed);
    CHECK(result.comparison.verdict != study::Verdict::inconsistent);
    for (const study::Test& test : result.phase_space->tests)
      if (test.what.starts_with("<exp")) CHECK_FALSE(test.required);
  }
}

TEST_CASE(
    "the equation: where Rosen and Zener's rates vanish its nodes follow the ever narrower "
    "features of a long run") {
  // An independent solver's numbers, good to 1.9e-5: another quadrature over the offset,
  // uniformization beside DOP853.
  struct Row {
    double t, mean_energy, phi, S_E, S_1, mean_ln_E;
  };
  const std::vector<Row> rows = {
      {60, 3.97295776854, 0.836745862628, 2.33637249766, 5.68509786843, 0.942255067038},
      {120, 3.43269492088, 0.819470637631, 2.18453176375, 5.47768059034, 0.831101978686},
      {300, 3.07882117322, 0.808087725726, 2.07327707878, 5.33088734291, 0.760024853772}};
  const study::RunResult result = study::solve(solved(R"({ "format": "powerstroke/1",
    "ensemble": { "particles": 1000, "dimension": 3, "energy": { "distribution": "maxwell_boltzmann", "temperature": 4.0 } },
    "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ], "balance": "thermal", "temperature": 2.0,
                 "rates": "rosen_zener", "rosen_zener": { "coupling": 1.0, "range": 1.0 } },
    "time": { "snapshots": [60, 120, 300] } })"));
  constexpr double accuracy = 1.9e-5;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    CAPTURE(rows[k].t);
    CHECK(std::abs(result.quantity("mean_energy").solution[k] - rows[k].mean_energy) < accuracy);
    CHECK(std::abs(result.quantity("phi").solution[k] - rows[k].phi) < accuracy);
    CHECK(std::abs(result.quantity("S_E").solution[k] - rows[k].S_E) < accuracy);
    CHECK(std::abs(result.quantity("S_1").solution[k] - rows[k].S_1) < accuracy);
    CHECK(std::abs(result.quantity("mean_ln_E").solution[k] - rows[k].mean_ln_E) < accuracy);
  }
  CHECK(result.solution.error_estimate < 1e-6);
}

TEST_CASE("errors: few particles, too, have errors of both entropies wherever they have values") {
  for (const char* dimension : {"1", "3"})
    for (int seed = 1; seed <= 40; ++seed) {
      const study::RunResult result = run_text(
          R"({ "format": "powerstroke/1", "seed": )" + std::to_string(seed) + R"(,
        "ensemble": { "particles": 33, "dimension": )" +
          dimension +
          R"(, "energy": { "distribution": "histogram", "edges": [0, 0.2, 4.7], "weights": [0.7, 2.7] } },
        "strokes": { "transitions": [ { "delta_e": 1.2, "rate_down": 0.7 } ], "balance": "thermal", "temperature": 1.3 },
        "time": { "snapshots": [0, 0.2, 5] } })");
      for (std::size_t k = 0; k < result.series.t.size(); ++k) {
        CAPTURE(result.quantity("S_1").values[k]);
        CHECK(std::isfinite(result.quantity("S_E").values[k]));
        CHECK(result.quantity("S_E").errors[k] > 0.0);
        CHECK(result.quantity("S_1").errors[k] > 0.0);
      }
    }
}

TEST_CASE(
    "errors: the mean energy beside a bath that is all but filled is that of the start less what "
    "the bath holds") {
  const Shared filled{R"({ "distribution": "normal", "mean": 12.26, "sigma": 1.054 })",
                      R"([ { "delta_e": 3.65, "rate_down": 0.5226 } ])",
                      "bath",
                      R"(, "rates": "microreversible", "bath": { "systems": 211, "excited": 0.0 })",
                      1391,
                      "[0, 10.71, 42.84]"};
  const study::RunResult result = run_of(filled, 1);
  const double start = 1.054 / std::sqrt(1391.0);
  for (std::size_t k = 1; k < 3; ++k) {
    CAPTURE(result.quantity("mean_energy").errors[k]);
    // The bath's number of excited systems scatters by less than that of free ones.
    const double given = 3.65 * std::sqrt(211.0 * 0.25) / 1391.0;
    CHECK(result.quantity("mean_energy").errors[k] > start - given);
    CHECK(result.quantity("mean_energy").errors[k] < start + given);
  }
}

TEST_CASE(
    "errors: what shared rates add does not depend on how often one looks, where rates depend on "
    "the energy") {
  Shared shared{R"({ "distribution": "uniform", "low": 5.86, "high": 8.379 })",
                R"([ { "delta_e": 3.0, "rate_down": 0.3477 } ])",
                "bath",
                R"(, "rates": "microreversible", "bath": { "systems": 5491, "excited": 0.5252 })",
                5210,
                "[0, 18, 64]"};
  const study::RunResult seldom = run_of(shared, 1);
  shared.snapshots = "[0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 28, 36, 48, 64]";
  const study::RunResult often = run_of(shared, 1);
  for (const char* key : {"mean_energy", "phi", "mean_ln_E"})
    CHECK(seldom.quantity(key).errors.back() ==
          doctest::Approx(often.quantity(key).errors.back()).epsilon(0.02));
}

TEST_CASE("errors: S_E under shared rates that depend on the offset as strongly as on the level") {
  constexpr int seeds = 60;
  const Scatter scatter(3);
  double of_entropy = 0.0, of_phi = 0.0, of_ln_energy = 0.0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const study::RunResult result =
        run_text(R"({ "format": "powerstroke/1", "seed": )" + std::to_string(seed) + R"(,
      "ensemble": { "particles": 6000, "dimension": 1,
        "energy": { "distribution": "histogram", "edges": [0.0, 1.713, 5.29], "weights": [0.4434, 3.785] } },
      "strokes": { "transitions": [ { "delta_e": 5.0, "rate_down": 1.023 } ], "balance": "energy_conserving",
        "rates": "rosen_zener", "rosen_zener": { "coupling": 7.877, "range": 0.2211 } },
      "time": { "snapshots": [0, 18] } })");
    scatter.add(result.quantity("S_E"), of_entropy);
    scatter.add(result.quantity("phi"), of_phi);
    scatter.add(result.quantity("mean_ln_E"), of_ln_energy);
  }
  MESSAGE("variance of z of S_E ", of_entropy / seeds, ", of phi ", of_phi / seeds, ", of <ln E> ",
          of_ln_energy / seeds);
  for (const double sum : {of_entropy, of_phi, of_ln_energy}) scatter.check(sum, seeds);
}

TEST_CASE(
    "errors: phi of particles that started at rest is that of the equation in positions, too") {
  // Every energy is a whole multiple of delta_e, to within roundings: those on delta_e are not
  // above it.
  const std::string text = R"({ "format": "powerstroke/1", "seed": 4,
    "ensemble": { "particles": 2000, "dimension": 2, "energy": { "distribution": "delta", "value": 0 } },
    "strokes": { "transitions": [ { "delta_e": 1.005, "rate_down": 0.36 } ], "balance": "thermal", "temperature": 1.1 },
    "time": { "snapshots": [0, 6] } )";
  const double expected = run_text(text + "}").quantity("phi").solution.back();
  const study::RunResult moving = run_text(text + R"(, "phase_space": { "step": 0.1 } })");
  CHECK(std::abs(moving.quantity("phi").values.back() - expected) <
        5.0 * moving.quantity("phi").errors.back());
}

TEST_CASE(
    "errors: what wide bins leave of an entropy, beside kinks that a ladder makes in them, is in "
    "its error") {
  // More particles than are sorted at each snapshot, and two bins a level. Without the bias, z
  // would reach 7.4.
  const study::RunResult result = run_text(R"({ "format": "powerstroke/1", "seed": 3,
    "ensemble": { "particles": 400000, "dimension": 2, "energy": { "distribution": "normal", "mean": 4.417, "sigma": 1.8162704 } },
    "strokes": { "transitions": [ { "delta_e": 2.58, "rate_down": 1.185 } ], "balance": "thermal", "temperature": 2.595 },
    "time": { "end": 6, "snapshots": 31 }, "histogram": { "max": 18.16, "bins": 15 } })");
  int by_bins = 0;
  double largest = 0.0;
  for (std::size_t k = 0; k < result.series.t.size(); ++k) {
    if (result.quantity("S_E").values[k] == result.quantity("S_E_spacing").values[k]) continue;
    ++by_bins;
    largest = std::max(
        largest, std::abs(result.quantity("S_E").values[k] - result.quantity("S_E").solution[k]) /
                     result.quantity("S_E").errors[k]);
  }
  CHECK(by_bins > 10);
  CHECK(largest < 6.1);  // 31 deviates, two-sided: 3e-8
}

TEST_CASE(
    "errors: entropies of few particles that share their quanta are never next to exact by "
    "chance") {
  // What an exchange takes away from the scatter is nearly all of it. Taken from what a sample says
  // of itself, as it was, errors were up to 15 times too small: mean squares of z of 2.1 under
  // exchange (300 seeds), and of 1.8 beside a bath.
  struct Case {
    std::string what, text;
  };
  for (
      const Case& each :
      {Case{
           "exchange",
           R"("ensemble": { "particles": 100, "energy": { "distribution": "uniform", "low": 0, "high": 2 } },
             "strokes": { "transitions": [ { "delta_e": 1, "rate_down": 1 } ], "balance": "exchange" },
             "time": { "snapshots": [0, 0.3, 2, 15] } })"},
       Case{
           "bath",
           R"("ensemble": { "particles": 300, "energy": { "distribution": "normal", "mean": 2.5, "sigma": 0.3 } },
             "strokes": { "transitions": [ { "delta_e": 1, "rate_down": 1 } ], "balance": "bath",
               "bath": { "systems": 200, "excited": 0.25 } },
             "time": { "snapshots": [0, 0.3, 2, 15] } })"}}) {
    CAPTURE(each.what);
    constexpr int seeds = 200, snapshots = 4;
    std::array<double, snapshots> of_energy{}, of_momenta{};
    for (int seed = 1; seed <= seeds; ++seed) {
      const study::RunResult result = run_text(R"({ "format": "powerstroke/1", "seed": )" +
                                               std::to_string(seed) + ", " + each.text);
      for (std::size_t k = 0; k < snapshots; ++k) {
        const auto square = [&](const char* key) {
          const study::Quantity& quantity = result.quantity(key);
          return std::pow((quantity.values[k] - quantity.solution[k]) / quantity.errors[k], 2);
        };
        of_energy[k] += square("S_E");
        of_momenta[k] += square("S_1");
      }
    }
    // They hold a bias, too: wider than the scatter, if not narrower.
    const boost::math::chi_squared squares(seeds);
    const double most = boost::math::quantile(
        boost::math::complement(squares, test_support::false_alarm_rate / 16.0));
    for (std::size_t k = 0; k < snapshots; ++k) {
      MESSAGE(each.what, ", snapshot ", k, ": mean square of z of S_E ", of_energy[k] / seeds,
              ", of S_1 ", of_momenta[k] / seeds);
      CHECK(of_energy[k] < most);
      CHECK(of_momenta[k] < most);
    }
  }
}
