#include <string>

#include "powerstroke/report/course.hpp"
#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// Which of the two entropies cannot fall, and why.
std::string entropy_reading(const Config& config) {
  const bool of_energy = balanced_entropy(config) == BalancedEntropy::of_energy;
  const std::string production = "<a href=\"#fig-production\">entropy production</a>";
  if (laws::is<laws::Bath>(config.strokes->law.balance))
    return "Either entropy may fall: energy goes to the two-level systems and comes back. What "
           "never falls is the entropy "
           "of "
           "particles and systems together (<a href=\"#fig-bath\">the bath</a>).";
  if (!keeps_energy(config))
    return "Either entropy may fall: energy is exchanged with the surroundings, and what cannot be "
           "negative is the "
           "production of both together (" +
           production + ").";
  if (config.ensemble.dimension == 2)
    return "Neither falls, since the mean energy is conserved: in <i>d</i> = 2 the two differ by a "
           "constant.";
  if (!of_energy)
    return "<i>S</i><sup>(1)</sup> never falls: the mean energy is conserved, and the rates are in "
           "detailed balance with "
           "the "
           "density of states <i>E</i><sup><i>d</i>/2−1</sup>. It ends at Maxwell and Boltzmann’s "
           "value where nothing keeps "
           "the energies from mixing. <i>S</i><sub>E</sub> may fall.";
  return std::string("<i>S</i><sub>E</sub> never falls, since the mean energy is conserved") +
         (is_appendix_case(config) ? " (A.6). " : ". ") +
         "<i>S</i><sup>(1)</sup> may fall: it also holds ⟨ln <i>E</i>⟩ (A.8), which is not "
         "conserved.";
}

Figure draw(const RunResult& result) {
  Figure figure;
  figure.id = "fig-entropy";
  figure.title =
      "Entropy of the energy, <i>S</i><sub>E</sub>, and of the momenta, <i>S</i><sup>(1)</sup>";
  const Quantity &energy = result.quantity("S_E"), &momentum = result.quantity("S_1");
  const std::vector<double>& spacing = result.quantity("S_E_spacing").values;
  if (!is_defined(energy)) {
    figure.missing = has_solution(result) ? no_entropy : no_particle_entropy;
    return figure;
  }
  add_course(figure, energy, result, 0.05, &spacing);
  const bool both = is_defined(momentum);
  if (both) {
    add_course(figure, momentum, result, 0.05);
  } else {
    figure.missing =
        "<i>S</i><sup>(1)</sup> is not defined here: particles at rest have no ln <i>E</i>.";
  }
  if (result.has_particles && (has_solution(result) || !both))
    figure.layout = both ? Layout::columns : Layout::beside;
  figure.caption =
      "<i>S</i><sub>E</sub> (9) and <i>S</i><sup>(1)</sup> (10)" + course_words(result);
  if (any_finite(spacing))
    figure.caption +=
        " Squares: <i>S</i><sub>E</sub> from the spacings of the sorted energies, which knows no "
        "bins.";
  figure.reading = entropy_reading(result.config);
  if (result.has_particles)
    figure.reading +=
        " Neighbouring snapshots share their particles, so that runs of one sign are to be "
        "expected.";
  return figure;
}

}  // namespace

const ReportFigure entropy_figure{20, always, draw};

}  // namespace powerstroke::report
