#include "powerstroke/report/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/mean_factors.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr std::size_t kRows = 11;
constexpr const char* kScroll = "<div class=\"scroll\">";

std::string row(const std::string& name, const std::string& value) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", name, value);
}

std::string tile(const std::string& name, const std::string& value, const std::string& note) {
  return fmt::format("<div class=\"tile\"><dt>{}</dt><dd>{}</dd><dd class=\"note\">{}</dd></div>\n",
                     name, value, note);
}

std::string from_to(const std::vector<double>& values) {
  if (values.empty()) return "–";
  return fmt::format("{} → {}", number_html(values.front()), number_html(values.back()));
}

/// Which columns a quantity has.
struct Sides {
  bool particles, solution;

  int count() const { return (particles ? 1 : 0) + (solution ? 1 : 0); }
};

std::string solution_cell(double value, int digits) {
  return fmt::format("<td class=\"solution\">{}</td>", number_html(value, digits));
}

/// Particles with their error, and the solution.
std::string cells(const Quantity& quantity, std::size_t k, Sides sides) {
  return (sides.particles ? fmt::format("<td>{}</td>", measured_html(at(quantity.values, k),
                                                                     at(quantity.errors, k)))
                          : "") +
         (sides.solution ? solution_cell(at(quantity.solution, k), 5) : "");
}

/// A symbol, and what it is in.
std::string tile_name(const QuantityInfo& info, const Units& units) {
  const std::string symbol(info.symbol.html);
  if (info.unit == "energy") return symbol + head_unit_html(units.energy);
  return info.unit == "k_B" ? symbol + " (<i>k</i><sub>B</sub>)" : symbol;
}

const Fit* worst(const std::vector<Fit>& fits) {
  const Fit* found = nullptr;
  for (const Fit& fit : fits) {
    if (fit.dof > 0.0 && (found == nullptr || fit.p_value < found->p_value)) found = &fit;
  }
  return found;
}

std::string fit_row(const std::string& name, const std::vector<Fit>& fits) {
  const Fit* fit = worst(fits);
  if (fit == nullptr) return {};
  return fmt::format(
      "<tr><th "
      "scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></"
      "tr>\n",
      name, number_html(fit->t), number_html(fit->chi2), number_html(fit->dof),
      number_html(fit->p_value, 3), number_html(fit->kl_divergence, 3),
      number_html(fit->total_variation, 3));
}

/// A row if there is such a number.
std::string number_row(const std::string& name, double value, int digits,
                       const std::string& unit = "") {
  return std::isfinite(value) ? row(name, number_html(value, digits) + unit) : "";
}

std::string reached_words(const StationaryFit& law, bool particles) {
  if (law.reached) return "reached";
  return std::isfinite(law.solution_total_variation) && particles
             ? fmt::format("not reached; the solution is at a total variation of {} from it",
                           number_html(law.solution_total_variation, 3))
             : "not reached, or not yet";
}

std::string stationary_table(const RunResult& result) {
  const StationaryFit& law = result.comparison.stationary;
  if (law.law.empty()) return {};
  std::string out =
      fmt::format("<h3>Stationary law</h3>\n{}<table class=\"facts\">\n<tbody>\n", kScroll);
  out += row("law", words_html(law.law));
  if (law.frozen) out += row("state", "The ensemble is frozen: no stroke can happen.");
  if (law.exists) {
    const Units& units = result.config.units;
    out += row("state", reached_words(law, result.has_particles));
    out += number_row(
        units.reduced ? "temperature <i>T</i>" : "temperature <i>k</i><sub>B</sub><i>T</i>",
        law.temperature, 6, energy_unit_html(units));
    out += number_row("ratio of the occupations of neighbouring levels", law.ratio, 6);
    out += number_row("particles at the end, Kolmogorov-Smirnov distance", law.ks, 3);
    out += number_row("particles at the end, total variation", law.total_variation, 3);
    out += number_row("solution at the end, total variation", law.solution_total_variation, 3);
    out += number_row(keeps_energy(result.config)
                          ? "the paper’s exponential (11) of the same mean, total variation"
                          : "the paper’s exponential (11) of the same temperature, total variation",
                      law.exponential_total_variation, 3);
  }
  return out + "</tbody>\n</table></div>\n";
}

/// w+ and w- of a transition at a snapshot, from the rates' balance.
laws::RatePair rates_at(const RunResult& result, std::size_t transition, std::size_t snapshot) {
  const laws::StrokeLaw& law = result.config.strokes->law;
  const auto& rows =
      result.solution.excited.empty() ? result.series.excited : result.solution.excited;
  const double excited =
      transition < rows.size() ? at(rows[transition], snapshot) : law.bath().excited;
  return laws::closed_rates(law.balance, law.transitions[transition],
                            mean_factors(result, transition, snapshot), excited);
}

std::string transition_row(const RunResult& result, std::size_t k) {
  const Config& config = result.config;
  const laws::Transition& transition = config.strokes->law.transitions[k];
  const laws::RatePair start = rates_at(result, k, 0),
                       end = rates_at(result, k, times(result).size() - 1);
  const std::string in_steps =
      config.strokes->on_ladder()
          ? fmt::format("<td>{}</td>", std::lround(transition.delta_e / config.strokes->spacing))
          : "";
  const std::string kappa = laws::is<laws::Bath>(config.strokes->law.balance)
                                ? fmt::format("<td>{}</td>", number_html(transition.rate_down))
                                : "";
  return fmt::format(
      "<tr><th scope=\"row\">{}</th>{}{}<td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
      number_html(transition.delta_e), in_steps, kappa, number_html(start.up), number_html(end.up),
      number_html(start.down), number_html(end.down));
}

std::string high_head(const std::string& name) {
  return fmt::format("<th scope=\"col\" rowspan=\"2\">{}</th>", name);
}
std::string wide_head(const std::string& name) {
  return fmt::format("<th scope=\"col\" colspan=\"2\">{}</th>", name);
}

}  // namespace

std::string transitions_table(const RunResult& result) {
  const Config& config = result.config;
  if (!has_several_transitions(config) || times(result).empty()) return {};
  const Units& units = config.units;
  const std::string per_time = head_unit_html(units.reduced ? "" : units.rate());
  std::string heads = high_head("Δ<i>E</i>" + head_unit_html(units.energy));
  if (config.strokes->on_ladder())
    heads +=
        high_head("in steps of " + number_html(config.strokes->spacing) + energy_unit_html(units));
  if (laws::is<laws::Bath>(config.strokes->law.balance)) heads += high_head("<i>κ</i>" + per_time);
  heads +=
      wide_head("<i>w</i><sup>+</sup>" + per_time) + wide_head("<i>w</i><sup>−</sup>" + per_time);
  std::string out = fmt::format(
      "{}<table class=\"numbers\">\n<thead><tr>{}</tr>\n<tr><th scope=\"col\">start</th><th "
      "scope=\"col\">end</th>"
      "<th scope=\"col\">start</th><th scope=\"col\">end</th></tr></thead>\n<tbody>\n",
      kScroll, heads);
  for (std::size_t k = 0; k < config.strokes->law.transitions.size(); ++k)
    out += transition_row(result, k);
  out += "</tbody>\n</table></div>\n";
  if (given_rates(config)) return out;
  return out +
         fmt::format(
             "<p class=\"small\">Rates at the first and the last snapshot{}.</p>\n",
             laws::is<laws::Bath>(config.strokes->law.balance)
                 ? ", from the excited fractions"
                 : (has_solution(result)
                        ? ", from averages over the solution’s density, on the histogram’s bins"
                        : ", from averages over the particles’ histogram"));
}

std::string summary_tiles(const RunResult& result) {
  const bool particles = result.has_particles;
  const std::string unit = particles ? "particles, start → end" : "solution, start → end";
  std::string out = "<dl class=\"tiles\">\n";
  for_each_quantity(&QuantityInfo::is_main, [&](const QuantityInfo& info) {
    const Quantity& quantity = result.quantity(info.key);
    out += tile(tile_name(info, result.config.units),
                from_to(particles ? quantity.values : quantity.solution), unit);
  });
  if (laws::is<laws::Bath>(result.config.strokes->law.balance)) {
    const auto& rows = particles ? result.series.excited : result.solution.excited;
    out += tile("excited fraction <i>x</i> of the systems",
                rows.empty() ? "–" : from_to(rows.front()), unit);
  }
  if (any_finite(result.quantity("path_average").values))
    out += tile("⟨exp(−Δ<i>s</i><sub>tot</sub>)⟩",
                measured_html(result.quantity("path_average").values.back(),
                              result.quantity("path_average").errors.back()),
                "particles, at the end; 1 expected");
  if (any_finite(result.quantity("information").values))
    out += tile("<i>I</i>(<i>E</i><sub>0</sub>; <i>E<sub>t</sub></i>) (<i>k</i><sub>B</sub>)",
                from_to(result.quantity("information").values), unit);
  if (particles && !result.config.strokes_are_counted())
    out += tile("time per particle and snapshot",
                number_html(1e9 * result.performance.wall_s /
                                (static_cast<double>(result.config.ensemble.particles) *
                                 static_cast<double>(result.series.t.size())),
                            3) +
                    " ns",
                "strokes are not counted");
  else if (particles) {
    out += tile("strokes", count_html(result.performance.strokes),
                number_html(result.performance.strokes_per_s, 3) + " a second");
  }
  return out + "</dl>\n";
}

std::string series_table(const RunResult& result) {
  const Sides sides{result.has_particles, has_solution(result) || !result.has_particles};
  const Units& units = result.config.units;
  const std::string split = std::string(sides.particles ? "<th scope=\"col\">particles</th>" : "") +
                            (sides.solution ? "<th scope=\"col\">solution</th>" : "");
  const char* span = sides.count() == 2 ? " colspan=\"2\"" : "";
  const std::string production =
      sides.solution ? fmt::format("<th scope=\"col\" rowspan=\"2\">production{}</th>",
                                   head_unit_html(units.reduced ? "" : "k_B/" + units.time))
                     : "";
  std::string heads, splits;
  for_each_quantity(&QuantityInfo::is_main, [&](const QuantityInfo& info) {
    const std::string unit = info.unit == "energy" ? head_unit_html(units.energy) : "";
    heads += fmt::format("<th scope=\"col\"{}>{}{}</th>", span, info.symbol.html, unit);
    splits += split;
  });
  std::string out = fmt::format(
      "{}<table class=\"numbers\">\n<thead><tr><th scope=\"col\" "
      "rowspan=\"2\"><i>t</i>{}</th>{}{}</tr>\n<tr>{}</tr></thead>\n"
      "<tbody>\n",
      kScroll, head_unit_html(units.time), heads, production, splits);
  for (const std::size_t k : telling_snapshots(result, kRows)) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", number_html(times(result)[k]));
    for_each_quantity(&QuantityInfo::is_main, [&](const QuantityInfo& info) {
      out += cells(result.quantity(info.key), k, sides);
    });
    if (sides.solution)
      out += solution_cell(at(result.quantity("entropy_production").solution, k), 4);
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table></div>\n";
}

std::string tests_table(const RunResult& result) {
  const Comparison& c = result.comparison;
  const StationaryFit& law = c.stationary;
  std::string rows = fit_row("histogram, its worst snapshot", c.master_equation) +
                     fit_row("levels, their worst snapshot", c.levels);
  for (const CountTest& test : c.counts) {
    rows += fmt::format(
        "<tr><th scope=\"row\">number of {}: {}, expected {}</th><td>–</td><td>–</td><td>–</td>"
        "<td>{}</td><td>–</td><td>–</td></tr>\n",
        escape_html(test.what), number_html(test.counted, 9), number_html(test.expected, 9),
        number_html(test.p_value, 3));
  }
  if (std::isfinite(law.chi2)) {
    rows += fmt::format(
        "<tr><th scope=\"row\">{} at the end against the stationary "
        "law</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td><td>{}</td></tr>\n",
        on_ladder(result.config) ? "levels" : "histogram",
        times(result).empty() ? "–" : number_html(times(result).back()), number_html(law.chi2),
        number_html(law.dof), number_html(law.p_value, 3), number_html(law.kl_divergence, 3),
        number_html(law.total_variation, 3));
  }
  std::string out;
  if (!rows.empty()) {
    out = fmt::format(
        "{}<table class=\"numbers\">\n<thead><tr><th scope=\"col\">test</th><th "
        "scope=\"col\"><i>t</i></th><th "
        "scope=\"col\"><i>χ</i>²</th>"
        "<th scope=\"col\">degrees of freedom</th><th scope=\"col\"><i>p</i></th><th "
        "scope=\"col\">D<sub>KL</sub></th>"
        "<th scope=\"col\">total "
        "variation</th></tr></thead>\n<tbody>\n{}</tbody>\n</table></div>\n",
        kScroll, rows);
    if (c.tests > 0 && c.p_limit > 0.0) {
      out += fmt::format(
          "<p class=\"small\">The verdict raises a false alarm in at most {} of honest runs; its "
          "{} tests share that, {} "
          "each. "
          "The stationary law is not part of it: a run may end before it is reached.</p>\n",
          number_html(c.false_alarm_rate, 3), c.tests, number_html(c.p_limit, 3));
    }
  }
  return out + stationary_table(result);
}

std::string run_table(const RunResult& result) {
  const Config& config = result.config;
  const Provenance& origin = result.provenance;
  const Performance& speed = result.performance;
  const auto sum = [](const std::vector<std::uint64_t>& v) { return v.empty() ? 0 : v.back(); };
  std::string out = fmt::format("{}<table class=\"facts\">\n<tbody>\n", kScroll);
  out += row("made", escape_html(origin.created));
  out += row("powerstroke", fmt::format("{}, revision <code>{}</code>", escape_html(origin.version),
                                        escape_html(origin.revision)));
  out += row("compiler",
             fmt::format("{}, {}", escape_html(origin.compiler), escape_html(origin.build)));
  out += row("threads", fmt::format("{}", speed.threads));
  out += row("wall time", number_html(speed.wall_s, 3) + " s");
  out += row("peak memory", bytes_html(speed.peak_memory_bytes));
  if (result.has_particles) {
    out += row("seed", fmt::format("{}", config.seed));
    out += row("particles", fmt::format("{}, {} a particle", count_html(config.ensemble.particles),
                                        bytes_html(speed.bytes_per_particle)));
    if (!config.strokes_are_counted())
      out += row("strokes", "not counted: each particle was drawn anew at each snapshot");
    else
      out += row("strokes",
                 fmt::format("{} ({} up, {} down), {} blocked releases", count_html(speed.strokes),
                             count_html(sum(result.series.strokes_up)),
                             count_html(sum(result.series.strokes_down)),
                             count_html(sum(result.series.blocked))));
    if (config.strokes_are_counted())
      out += row("speed", number_html(speed.strokes_per_s, 3) + " strokes a second");
    out += row("steps of the kernel", count_html(speed.steps));
  }
  if (!result.solution.t.empty()) {
    out += row("solver", fmt::format("{} ladders of {} levels", count_html(result.solution.nodes),
                                     count_html(result.solution.levels)));
    out += row("solver’s error bound", number_html(result.solution.error_estimate, 2));
    out += row("largest error of total probability", number_html(result.solution.mass_error, 2));
  }
  if (result.comparison.false_alarm_rate > 0.0)
    out +=
        row("false alarm rate of the verdict", number_html(result.comparison.false_alarm_rate, 3));
  return out + "</tbody>\n</table></div>\n";
}

}  // namespace powerstroke::report
