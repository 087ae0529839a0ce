#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/unit_text.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// Entropy gained from snapshot to snapshot, over its time. The intervals grow with time, whatever
/// the numbers: a quotient over a short one late in the run would be nothing but noise.
Curve quotients(const std::string& name, Mark mark, Ink ink, const std::vector<double>& t,
                const std::vector<double>& entropy, const std::vector<double>& error) {
  Curve curve{name, mark, ink, {}};
  for (std::size_t i = 0, j = 1; j < t.size(); ++j) {
    const double dt = t[j] - t[i];
    if (dt < 0.25 * t[j] || !(dt > 0.0)) continue;
    const double both = std::hypot(at(error, i), at(error, j));
    curve.points.push_back({0.5 * (t[i] + t[j]), (at(entropy, j) - at(entropy, i)) / dt,
                            std::isfinite(both) ? both / dt : 0.0});
    i = j;
  }
  return curve;
}

/// Whole decades that hold the line, nine at most below its top.
Axis decades(const std::string& label, const std::vector<Curve>& curves) {
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  for (const Curve& curve : curves) {
    for (const Point& p : curve.points) {
      if (!std::isfinite(p.y) || p.y <= 0.0) continue;
      high = std::max(high, p.y);
      if (curve.ink == Ink::solution) low = std::min(low, p.y);
    }
  }
  if (!(high > 0.0)) return {label, 0.1, 1.0, true};
  low = std::max(std::min(low, high), 1e-9 * high);
  return {label, std::pow(10.0, std::floor(std::log10(low))),
          std::pow(10.0, std::ceil(std::log10(high * 1.05))), true};
}

bool none_is_number(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isnan(x); });
}

bool none_is_positive(const std::vector<double>& values) {
  return std::none_of(values.begin(), values.end(), [](double x) { return x > 0.0; });
}

std::string per_time(const Units& units) {
  return units.time.empty() ? "k_B × unit of rate" : "k_B / " + axis_unit(units.time, "");
}

/// Nothing goes to the surroundings: the production is the rate of an entropy that is also seen in
/// the particles.
bool is_closed(const Config& config) { return keeps_energy(config); }

Panel production_panel(const RunResult& result) {
  const std::vector<double>& t = times(result);
  const Config& config = result.config;
  const std::string gained = ": Δ" + balanced_name(config) + "/Δ<i>t</i>";
  Panel panel;
  panel.x = time_axis(t, config.units);
  panel.curves.push_back(solution_curve(
      is_appendix_case(config) ? "solution: production (A.6)" : "solution: production",
      result.quantity("entropy_production").solution, t, panel.x));
  if (is_closed(config)) {
    panel.curves.push_back(quotients("solution" + gained, Mark::squares, Ink::solution, t,
                                     balanced_quantity(result).solution, {}));
    if (result.has_particles) {
      panel.curves.push_back(quotients("particles" + gained, Mark::bars, Ink::particles, t,
                                       balanced_quantity(result).values,
                                       balanced_quantity(result).errors));
    }
  }
  panel.y = decades(fmt::format("production  ({})", per_time(config.units)), panel.curves);
  return panel;
}

bool any_point(const std::vector<Curve>& curves) {
  return std::any_of(curves.begin(), curves.end(),
                     [](const Curve& curve) { return !curve.points.empty(); });
}

/// Quotients whose bars would be all that is seen are left out.
void keep_telling(Curve& curve, const Axis& y) {
  std::erase_if(curve.points, [&](const Point& p) { return !(p.error < 0.2 * (y.high - y.low)); });
}

/// Of the time of a run: what happens before is not what the axis of a linear panel is made for.
constexpr double kEarly = 0.05;

/// Fits all points but the early ones, where those would leave a spike and a flat line.
Axis late_axis(const std::string& label, const std::vector<Curve>& curves,
               const std::vector<double>& t) {
  const Axis all = fitted_axis(label, curves, 0.0);
  std::vector<Curve> late = curves;
  for (Curve& curve : late)
    std::erase_if(curve.points, [&](const Point& p) { return p.x < kEarly * t.back(); });
  const Axis axis = fitted_axis(label, late, 0.0);
  return any_point(late) && all.high - all.low > 4.0 * (axis.high - axis.low) ? axis : all;
}

/// Ends the axis of time where all three have become flat lines at 0, if that is early.
void end_when_nothing_happens(Panel& panel, const std::vector<double>& t) {
  constexpr double flat = 0.01;
  double last = 0.0;
  for (const Curve& curve : panel.curves) {
    for (const Point& p : curve.points)
      if (std::abs(p.y) > flat * (panel.y.high - panel.y.low)) last = std::max(last, p.x);
  }
  const auto until = std::upper_bound(t.begin(), t.end(), last);
  if (until - t.begin() >= 10 && last < 0.6 * t.back()) panel.x.high = 1.1 * last;
}

/// The three rates on one linear axis.
Panel balance_panel(const RunResult& result) {
  const std::vector<double>& t = times(result);
  const Config& config = result.config;
  Panel panel;
  panel.x = time_axis(t, config.units);
  const auto rate = [&](const std::string& name, const std::vector<double>& values, Mark mark,
                        Ink ink) {
    Curve curve = solution_curve("solution: " + name, values, t, panel.x);
    if (curve.mark == Mark::line) curve.mark = mark;
    curve.ink = ink;
    return curve;
  };
  panel.curves = {
      rate("production", result.quantity("entropy_production").solution, Mark::line, Ink::solution),
      rate("change, d" + balanced_name(config) + "/d<i>t</i>",
           result.quantity("entropy_change").solution, Mark::dashed, Ink::check),
      rate("exchange", result.quantity("entropy_exchange").solution, Mark::dotted,
           Ink::surroundings)};
  const std::string label = fmt::format("entropy per time  ({})", per_time(config.units));
  panel.y = panel.x.logarithmic ? fitted_axis(label, panel.curves, 0.0)
                                : late_axis(label, panel.curves, t);
  if (!panel.x.logarithmic) end_when_nothing_happens(panel, t);
  if (result.has_particles) {
    Curve gained =
        quotients("particles: Δ" + balanced_name(config) + "/Δ<i>t</i>", Mark::bars, Ink::particles,
                  t, balanced_quantity(result).values, balanced_quantity(result).errors);
    keep_telling(gained, panel.y);
    panel.curves.push_back(std::move(gained));
  }
  shorten_numbers(panel);
  panel.curves.insert(panel.curves.begin(),
                      {"", Mark::line, Ink::muted, {{panel.x.low, 0.0}, {panel.x.high, 0.0}}});
  return panel;
}

/// The rates of opposite strokes in words: with several transitions, and factors of a rates law.
std::string production_integral(const Config& config) {
  if (has_constant_rates(config) && !has_several_transitions(config))
    return "∫ (<i>w</i><sup>+</sup><i>P</i>(<i>E</i>) − "
           "<i>w</i><sup>−</sup><i>P</i>(<i>E</i>+Δ<i>E</i>)) "
           "ln[<i>w</i><sup>+</sup><i>P</i>(<i>E</i>) / "
           "<i>w</i><sup>−</sup><i>P</i>(<i>E</i>+Δ<i>E</i>)] d<i>E</i>";
  return std::string(has_several_transitions(config) ? "Σ<sub><i>k</i></sub> " : "") +
         "∫ (<i>J</i><sup>+</sup> − <i>J</i><sup>−</sup>) "
         "ln(<i>J</i><sup>+</sup>/<i>J</i><sup>−</sup>) d<i>E</i>, "
         "<i>J</i><sup>+</sup> the flow of uptakes at <i>E</i> and <i>J</i><sup>−</sup> that of "
         "the releases at "
         "<i>E</i>+Δ<i>E</i>";
}

std::string closed_caption(const Config& config) {
  const std::string& entropy = balanced_name(config);
  const std::string quotients =
      ", from the solution, and the entropy gained between two snapshots over the time between "
      "them, over intervals that grow with time.";
  if (is_appendix_case(config))
    return "The rate (A.6), d<i>S</i><sub>E</sub>/d<i>t</i> = <i>w</i><sup>−</sup><i>φ</i> "
           "[D(<i>P</i>‖<i>P̃</i>) + "
           "D(<i>P̃</i>‖<i>P</i>)] with <i>P̃</i>(<i>E</i>) = <i>P</i>(<i>E</i>+Δ<i>E</i>)/<i>φ</i>" +
           quotients;
  return "The entropy production, " + production_integral(config) + quotients +
         " Nothing goes to surroundings, so that the production is d" + entropy + "/d<i>t</i>.";
}

std::string closed_reading(const RunResult& result) {
  std::string text = "The squares lie on the rate where it changes little within an interval.";
  if (!result.has_particles) return text;
  return text +
         " The particles’ dots should lie in the squares, within their standard errors. Late dots "
         "drown in noise; those "
         "that "
         "noise makes negative have no place on a logarithmic axis.";
}

/// What the exchange is.
std::string exchange_words(const Config& config) {
  const laws::Balance& balance = config.strokes->law.balance;
  if (laws::is<laws::Bath>(balance))
    return "the exchange is the rate at which the entropy of the two-level systems rises";
  if (laws::is<laws::Thermal>(balance))
    return "the exchange is the heat given to the bath over its temperature, "
           "−d⟨<i>E</i>⟩/d<i>t</i> / <i>T</i>";
  return "the exchange, Σ (net uptakes) ln(<i>w</i><sup>+</sup>/<i>w</i><sup>−</sup>), is what the "
         "surroundings receive";
}

std::string open_caption(const Config& config, bool particles) {
  return "Left, the total entropy production of the strokes, in the particles and in what they "
         "exchange energy with: " +
         production_integral(config) +
         ". Right, its balance: production = change + exchange, per particle and time. The change "
         "is d" +
         balanced_name(config) + "/d<i>t</i>; " + exchange_words(config) +
         (particles ? ". Dots: the entropy that the particles have gained between two snapshots, "
                      "over the time between them."
                    : ".") +
         " What is large early on may leave the panel.";
}

std::string open_reading(const Config& config) {
  const std::string end =
      laws::is<laws::Given>(config.strokes->law.balance) && has_several_transitions(config)
          ? "It is never negative, and stays positive in a stationary state without detailed "
            "balance. "
          : "It is never negative and vanishes in the stationary state. ";
  return end + "It is not d" + balanced_name(config) +
         "/d<i>t</i>: the particles’ own entropy may fall, by no more than the exchange raises "
         "that of the surroundings.";
}

bool applies(const RunResult& result) { return on_ladder(result.config) || has_solution(result); }

Figure draw(const RunResult& result) {
  const Config& config = result.config;
  Figure figure;
  figure.id = "fig-production";
  figure.title = is_closed(config) ? "Entropy production" : "Entropy production and where it goes";
  const std::vector<double>& production = result.quantity("entropy_production").solution;
  if (production.empty()) {
    figure.missing = "The production is that of the equation; there is none to take it from.";
    return figure;
  }
  if (none_is_number(production)) {
    figure.missing = no_entropy;
    return figure;
  }
  Panel panel = production_panel(result);
  if (none_is_positive(production) || !drawable(panel)) {
    figure.missing = "It is zero at all times: no strokes happen, or they balance in detail.";
    return figure;
  }
  const bool start_left_out = panel.x.logarithmic && times(result).front() <= 0.0;
  figure.panels.push_back(std::move(panel));
  if (is_closed(config)) {
    figure.layout = Layout::beside;
    figure.caption = closed_caption(config);
    figure.reading = closed_reading(result);
  } else {
    figure.panels.push_back(balance_panel(result));
    figure.caption = open_caption(config, result.has_particles);
    figure.reading = open_reading(config);
  }
  if (start_left_out) figure.caption += " The axis of time leaves <i>t</i> = 0 out.";
  return figure;
}

}  // namespace

const ReportFigure production_figure{50, applies, draw};

}  // namespace powerstroke::report
