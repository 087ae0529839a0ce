#include <fmt/format.h>

#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/phase_report.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// One of a run's own figures, under an id of the claim's.
Figure figure_of(const RunResult& run, const std::string& id, const std::string& name) {
  for (Figure& figure : phase_figures(run))
    if (figure.id == id) {
      figure.id += "-" + name;
      return std::move(figure);
    }
  throw ConfigError(fmt::format("the run has no figure '{}'", id));
}

/// A figure of a claim: that of a run's report.
struct Taken {
  const char *claim, *run, *figure, *name;
};
constexpr Taken taken[] = {
    {"phase-boltzmann", "phase_constant_rates", "fig-ends", "constant"},
    {"phase-bath", "phase_oscillator", "fig-energies", "bath"},
    {"phase-bath", "phase_oscillator", "fig-s1", "bath"},
    {"phase-force", "phase_lasting_strokes", "fig-energies", "lasting"},
    {"phase-mixing", "phase_collisions", "fig-ends", "mixing"},
    {"phase-collisions", "phase_two_beams", "fig-axes", "beams"},
    {"phase-impurity", "phase_mixture", "fig-species", "impurity"},
    {"phase-walls", "phase_walls", "fig-energies", "walls"},
    {"phase-entropy", "phase_entropy_harmonic", "fig-cells", "harmonic"},
    {"phase-entropy", "phase_entropy_quartic", "fig-cells", "quartic"},
    {"phase-entropy", "phase_entropy_quartic", "fig-clouds", "quartic"},
    {"phase-entropy", "phase_entropy_strokes", "fig-cells", "strokes"},
    {"phase-release", "phase_partition", "fig-cells", "release"},
    {"phase-work", "phase_stiffened_trap", "fig-work", "microreversible"},
    {"phase-work", "phase_stiffened_trap_constant", "fig-work", "constant"},
};

}  // namespace

ClaimFigures phase_claim_figures() {
  ClaimFigures all;
  for (const Taken& first : taken)
    all.try_emplace(first.claim, [claim = std::string(first.claim)](const PaperResults& results) {
      std::vector<Figure> figures;
      for (const Taken& one : taken)
        if (claim == one.claim)
          figures.push_back(figure_of(results[one.run], one.figure, one.name));
      return figures;
    });
  return all;
}

}  // namespace powerstroke::report
