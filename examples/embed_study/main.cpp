// A run inside another code: settings built in C++, particles simulated, the master equation
// solved, and the verdict on both as a value. No config files, no result files, no other program.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "powerstroke/study/run/run.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace {

using namespace powerstroke;

/// A narrow start that relaxes under strokes of one energy, in balance with a bath of
/// temperature 2.
study::Config settings() {
  study::Config config;
  config.title = "Relaxation, embedded";
  config.seed = 7;
  config.ensemble.particles = 100000;
  config.ensemble.energy.law = laws::NormalEnergy{3.5, 0.2};

  const double delta_e = 1.0, rate_down = 1.0, temperature = 2.0;
  study::StrokesConfig& strokes = *config.strokes;
  strokes.law = laws::balanced(  // w+ follows from w- and the temperature
      {{{delta_e, 0.0, rate_down}}, laws::Constant{}, laws::Thermal{temperature}});
  strokes.spacing = delta_e;  // one transition is its own ladder

  config.snapshots = {0.0, 1.0, 3.0, 10.0, 30.0};
  config.histogram = {20.0, 100};
  return config;
}

}  // namespace

int main() {
  try {
    const study::RunResult result = study::run(settings());
    std::printf("%6s %20s %10s\n", "t", "<E> of particles", "solution");
    for (std::size_t k = 0; k < result.series.t.size(); ++k)
      std::printf(
          "%6g %12.4f(%.4f) %10.4f\n", result.series.t[k], result.quantity("mean_energy").values[k],
          result.quantity("mean_energy").errors[k], result.quantity("mean_energy").solution[k]);
    const study::Comparison& comparison = result.comparison;
    std::printf("verdict: %s by %llu tests (%s)\n", study::to_string(comparison.verdict).c_str(),
                static_cast<unsigned long long>(comparison.tests),
                powerstroke::study::clause(comparison.why).c_str());
    return comparison.verdict == study::Verdict::consistent ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "embed_study: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
