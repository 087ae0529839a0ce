#pragma once

#include <string>
#include <vector>

#include "powerstroke/io/config/config.hpp"

/// Configs of short runs for the tests of the verdict.
namespace test_support {

struct SmallRun {
  std::string balance = R"("energy_conserving")";
  std::string rates = R"("rate_down": 1.0)";
  std::string energy = R"({ "distribution": "normal", "mean": 3.5, "sigma": 0.2 })";
  std::string more;  ///< further keys of "strokes"
  std::string snapshots = "[0, 1, 3, 10, 30]";
  std::uint64_t particles = 1'000'000;
  std::uint64_t seed = 1;
};

inline powerstroke::study::Config config(const SmallRun& run) {
  return powerstroke::io::parse_config(R"({ "format": "powerstroke/1", "seed": )" +
                                           std::to_string(run.seed) + R"(,
  "ensemble": { "particles": )" + std::to_string(run.particles) +
                                           R"(, "dimension": 3, "energy": )" + run.energy + R"( },
  "strokes": { "transitions": [ { "delta_e": 1.0, )" +
                                           run.rates + R"( } ], "balance": )" + run.balance +
                                           run.more + R"( },
  "time": { "snapshots": )" + run.snapshots +
                                           R"( },
  "histogram": { "max": 30.0, "bins": 600 } })",
                                       "small run");
}

inline SmallRun fixed_rates() {
  SmallRun run;
  run.balance = R"("fixed")";
  run.rates = R"("rate_down": 1.0, "rate_up": 0.5)";
  return run;
}

inline SmallRun thermal() {
  SmallRun run;
  run.balance = R"("thermal")";
  run.more = R"(, "temperature": 2.0)";
  return run;
}

inline SmallRun microreversible(SmallRun run = {}) {
  run.more += R"(, "rates": "microreversible")";
  return run;
}

inline SmallRun exchange() {
  SmallRun run;
  run.balance = R"("exchange")";
  return run;
}

/// Half as many two-level systems as particles, too cold for them.
inline SmallRun bath(std::uint64_t particles) {
  SmallRun run;
  run.particles = particles;
  run.balance = R"("bath")";
  run.more = R"(, "bath": { "systems": )" + std::to_string(particles / 2) + R"(, "excited": 0.1 })";
  return run;
}

}  // namespace test_support
