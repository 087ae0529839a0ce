#include <fmt/format.h>

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

std::string phi_reading(const Config& config) {
  const std::string several =
      has_several_transitions(config)
          ? " The other transitions have thresholds and fractions of their own."
          : "";
  if (!has_constant_rates(config))
    return "Only these particles can release; how often they do depends on their energies, by the "
           "factor <i>r</i> of the "
           "rates law." +
           several;
  const laws::Balance& balance = config.strokes->law.balance;
  if (laws::is<laws::Conserving>(balance))
    return "It sets the uptake rate, <i>w</i><sup>+</sup> = <i>φ w</i><sup>−</sup> (8); at "
           "<i>φ</i> = 0 " +
           std::string(several.empty() ? "everything" : "this transition") + " stands still." +
           several;
  if (laws::is<laws::Exchange>(balance))
    return "Releases happen at the rate <i>φ w</i><sup>−</sup> a particle, and each is an uptake; "
           "at <i>φ</i> = 0 " +
           std::string(several.empty() ? "everything" : "this transition") + " stands still." +
           several;
  if (laws::is<laws::Bath>(balance))
    return "Releases happen at the rate <i>κ</i>(1−<i>x</i>)<i>φ</i> a particle, uptakes at "
           "<i>κx</i>; in a stationary "
           "state "
           "they balance, <i>φ</i> = <i>x</i>/(1−<i>x</i>)." +
           several;
  if (laws::is<laws::Given>(balance) && !several.empty())
    return "Releases happen at the rate <i>φ w</i><sup>−</sup> a particle." + several;
  return "Releases happen at the rate <i>φ w</i><sup>−</sup> a particle; in a stationary state "
         "they balance the uptakes, "
         "<i>φ</i> = <i>w</i><sup>+</sup>/<i>w</i><sup>−</sup>." +
         several;
}

Figure draw(const RunResult& result) {
  Figure figure;
  figure.id = "fig-phi";
  const bool several = has_several_transitions(result.config);
  const std::string threshold =
      several ? fmt::format("Δ<i>E</i> = {}{}", number_html(result.config.strokes->delta_e()),
                            energy_unit_html(result.config.units))
              : "Δ<i>E</i>";
  figure.title = fmt::format("Fraction <i>φ</i> above {}{}", threshold,
                             several ? ", the first transition’s" : "");
  figure.layout = Layout::half;
  const Quantity& phi = result.quantity("phi");
  if (!is_defined(phi)) {
    figure.missing = "There is no <i>φ</i> to draw.";
    return figure;
  }
  add_course(figure, phi, result, 0.02);
  figure.caption = fmt::format(
      "<i>φ</i>(<i>t</i>) = Prob(<i>E</i> &gt; Δ<i>E</i>), the fraction that can give {} away,{}",
      several ? "this energy" : "energy", course_words(result));
  figure.reading = phi_reading(result.config);
  return figure;
}

}  // namespace

const ReportFigure phi_figure{40, always, draw};

}  // namespace powerstroke::report
