#include "powerstroke/report/phase_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr const char* kScroll = "<div class=\"scroll\">";

/// *x* as an italic symbol.
std::string emphasised(std::string_view sentence) {
  std::string html;
  bool open = false;
  for (const char letter : sentence) {
    if (letter != '*') {
      html += letter;
      continue;
    }
    open = !open;
    html += open ? "<i>" : "</i>";
  }
  return html;
}

std::string potential_words(const laws::AnyPotential& potential) {
  return emphasised(
      laws::words(potential, [](double value, const char*) { return number_html(value); }));
}

std::string strokes_words(const Config& config) {
  const PhaseConfig& phase = *config.phase_space;
  if (!config.strokes.has_value()) return "";
  std::string thresholds;
  for (const laws::Transition& transition : config.strokes->law.transitions)
    thresholds += (thresholds.empty() ? "" : ", ") + number_html(transition.delta_e);
  const char* when = phase.strokes_at_walls ? "when they hit a wall"
                     : phase.stroke_window > 0.0
                         ? "at random times, as a force (4) that lasts for a while,"
                         : "at random times";
  return fmt::format(
      "Particles make power strokes {}: Δ<i>E</i> = {}{}, balance <code>{}</code>{}, rates "
      "<code>{}</code>. ",
      when, thresholds, energy_unit_html(config.units), laws::name(config.strokes->law.balance),
      laws::is<laws::Thermal>(config.strokes->law.balance)
          ? " at <i>T</i> = " + number_html(laws::temperature(config.strokes->law.balance)) +
                energy_unit_html(config.units)
          : "",
      laws::name(config.strokes->law.rates));
}

const Quantity& kinetic(const PhaseSide& side) { return *side.quantity("kinetic_energy"); }

std::string tile(const std::string& name, const std::string& value, const std::string& unit) {
  return fmt::format("<div class=\"tile\"><dt>{}</dt><dd>{}</dd><dd class=\"note\">{}</dd></div>\n",
                     name, value, unit);
}

std::string from_to(const Quantity& quantity) {
  return number_html(quantity.values.front()) + " → " + number_html(quantity.values.back());
}

}  // namespace

std::string phase_introduction(const RunResult& result) {
  const Config& config = result.config;
  std::string others;
  const auto& sides = result.phase_space->sides;
  for (std::size_t k = 1; k < sides.size(); ++k) {
    const std::string name = name_words(sides[k].name);
    const std::string what = name == "reverse"
                                 ? "the protocol run back, from equilibrium at its own start"
                                 : sides[k].description + ", from the same start";
    others += fmt::format("{}<em>{}</em> ({})", others.empty() ? "" : ", ", escape_html(name),
                          escape_html(what));
  }
  return fmt::format(
      "<section id=\"what\">\n<h2>What this is</h2>\n<p>Particles have positions and momenta. On "
      "them act: {}, in a "
      "symmetric "
      "split with steps of at most {}{}. {}{}</p>\n{}<p class=\"small\">Equation numbers are those "
      "of J.&nbsp;Schlitter, "
      "“Inelastic QM/MM interaction as a source of entropy?”. Lengths are in {}, so that <i>E</i> "
      "= "
      "<i>p</i>²/2<i>m</i> holds among the numbers.</p>\n</section>\n",
      escape_html(sides.front().description), number_html(config.phase_space->step),
      time_unit_html(config.units), strokes_words(config),
      potential_words(config.phase_space->potential),
      others.empty() ? "" : fmt::format("<p>Beside it: {}.</p>\n", others),
      config.units.reduced
          ? std::string("speed × time")
          : number_html(1e9 * config.units.length_m(), 6) + "\u00A0nm, speed × time");
}

std::string phase_tiles(const RunResult& result) {
  std::string out = "<dl class=\"tiles\">\n";
  const PhaseSide& run = result.phase_space->sides.front();
  const std::string unit = "start → end";
  out += tile("mean kinetic energy" + head_unit_html(result.config.units.energy),
              from_to(kinetic(run)), unit);
  if (const Quantity* v = run.quantity("potential_energy"))
    out += tile("mean potential energy" + head_unit_html(result.config.units.energy), from_to(*v),
                unit);
  if (const Quantity* s = run.quantity("entropy_of_cells"))
    out += tile("<i>S</i> of the cells (<i>k</i><sub>B</sub>)", from_to(*s), unit);
  if (const Quantity* s = run.quantity("S_1");
      s != nullptr && std::isfinite(s->values.front()) && std::isfinite(s->values.back()))
    out += tile("<i>S</i><sup>(1)</sup> (<i>k</i><sub>B</sub>)", from_to(*s), unit);
  if (const Quantity* c = run.quantity("collisions"))
    out += tile("collisions of a particle", number_html(c->values.back()), "at the end");
  out += tile("strokes", count_html(result.performance.strokes),
              number_html(result.performance.wall_s, 3) + " s");
  return out + "</dl>\n";
}

std::string phase_series_table(const RunResult& result) {
  std::string out;
  for (const PhaseSide& side : result.phase_space->sides) {
    std::string rows;
    for (const Quantity& quantity : side.quantities)
      rows += fmt::format(
          "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
          escape_html(quantity.key), escape_html(quantity.description),
          measured_html(quantity.values.front(), quantity.errors.front()),
          measured_html(quantity.values.back(), quantity.errors.back()));
    const std::string name = name_words(side.name);
    out += fmt::format(
        "<h3>{}: {}</h3>\n{}<table class=\"numbers\">\n<thead><tr><th "
        "scope=\"col\">quantity</th><th scope=\"col\">what</th>"
        "<th scope=\"col\">start</th><th "
        "scope=\"col\">end</th></tr></thead>\n<tbody>\n{}</tbody>\n</table></div>\n",
        escape_html(name), escape_html(side.description), kScroll, rows);
  }
  return out;
}

std::string phase_tests_table(const RunResult& result) {
  const Comparison& c = result.comparison;
  if (result.phase_space->tests.empty()) return {};
  std::string rows;
  for (const Test& test : result.phase_space->tests) {
    const std::string side = name_words(test.side);
    rows += fmt::format(
        "<tr><th scope=\"row\">{}: {}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escape_html(side), escape_html(test.what), number_html(test.measured, 6),
        number_html(test.expected, 6), number_html(test.p_value, 3),
        test.required ? "must hold" : "need not hold");
  }
  return fmt::format(
      "{}<table class=\"numbers\">\n<thead><tr><th scope=\"col\">test</th><th "
      "scope=\"col\">measured (<i>χ</i>²)</th><th "
      "scope=\"col\">expected (degrees of freedom)</th><th scope=\"col\"><i>p</i></th><th "
      "scope=\"col\"></th></tr></thead>\n"
      "<tbody>\n{}</tbody>\n</table></div>\n<p class=\"small\">What must hold follows from the "
      "physics of this run: from a "
      "conservation law or a theorem about work, or because it started in equilibrium and what "
      "acts leaves that alone. A "
      "false "
      "alarm is raised in at most {} of honest runs, {} for each "
      "test.</p>\n",
      kScroll, rows, number_html(c.false_alarm_rate, 3), number_html(c.p_limit, 3));
}

}  // namespace powerstroke::report
