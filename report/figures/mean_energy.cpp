#include <string>

#include "powerstroke/report/course.hpp"
#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

std::string mean_energy_reading(const Config& config, bool solution) {
  const laws::Balance& balance = config.strokes->law.balance;
  if (laws::is<laws::Conserving>(balance))
    return solution ? "The condition (8) keeps the mean energy of the equation; at a finite number "
                      "of particles it walks at "
                      "random by what the bars say."
                    : "The condition (8) keeps the mean energy of infinitely many particles; at a "
                      "finite number it walks at "
                      "random, farther than the bars, which are those of independent particles.";
  if (laws::is<laws::Exchange>(balance))
    return "Every release is another particle’s uptake: the particles keep the mean energy that "
           "their start has drawn, to "
           "the last quantum.";
  if (laws::is<laws::Bath>(balance))
    return "Particles and two-level systems exchange energy, and keep their sum to the last "
           "quantum: what ⟨<i>E</i>⟩ "
           "gains, "
           "the systems lose.";
  const std::string how =
      has_constant_rates(config)
          ? (has_several_transitions(config)
                 ? "Σ<sub><i>k</i></sub> Δ<i>E</i><sub><i>k</i></sub> "
                   "(<i>w</i><sub><i>k</i></sub><sup>+</sup> − "
                   "<i>w</i><sub><i>k</i></sub><sup>−</sup> Prob(<i>E</i> &gt; "
                   "Δ<i>E</i><sub><i>k</i></sub>))"
                 : "Δ<i>E</i> (<i>w</i><sup>+</sup> − <i>w</i><sup>−</sup> <i>φ</i>)")
          : (has_several_transitions(config)
                 ? "Σ<sub><i>k</i></sub> Δ<i>E</i><sub><i>k</i></sub> "
                   "(<i>w</i><sub><i>k</i></sub><sup>+</sup>"
                   "⟨<i>u</i><sub><i>k</i></sub>⟩ − <i>w</i><sub><i>k</i></sub><sup>−</sup>"
                   "⟨Θ<i>r</i><sub><i>k</i></sub>⟩), <i>u</i> and <i>r</i> the factors of the "
                   "rates law"
                 : "Δ<i>E</i> (<i>w</i><sup>+</sup>⟨<i>u</i>⟩ − <i>w</i><sup>−</sup>⟨Θ<i>r</i>⟩), "
                   "<i>u</i> and "
                   "<i>r</i> the factors of the rates law");
  return "Energy is exchanged with the surroundings at d⟨<i>E</i>⟩/d<i>t</i> = " + how + ".";
}

Figure draw(const RunResult& result) {
  Figure figure;
  figure.id = "fig-mean-energy";
  figure.title = "Mean energy";
  figure.layout = Layout::half;
  const Quantity& energy = result.quantity("mean_energy");
  if (!is_defined(energy)) {
    figure.missing = "There is no mean energy to draw.";
    return figure;
  }
  add_course(figure, energy, result, span_of_course(energy));
  figure.caption = "⟨<i>E</i>⟩" + course_words(result);
  figure.reading = mean_energy_reading(result.config, has_solution(result));
  return figure;
}

}  // namespace

const ReportFigure mean_energy_figure{30, always, draw};

}  // namespace powerstroke::report
