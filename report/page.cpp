#include "powerstroke/report/page.hpp"

#include <fmt/format.h>

#include <regex>
#include <type_traits>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures_html.hpp"
#include "powerstroke/report/page_frame.hpp"
#include "powerstroke/report/phase_report.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/tables.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"
#include "powerstroke/study/result/tested.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// The law of the initial energies in words.
std::string start_words(const laws::EnergyLaw& start, const Units& units) {
  return laws::words(start, [&units](double value, const std::string& quantity) {
    return number_html(value) + (quantity.empty() ? "" : energy_unit_html(units));
  });
}

std::string microreversible_words(int dimension) {
  switch (dimension) {
    case 2: return "which in <i>d</i> = 2 leaves them constant";
    case 3:
      return "a release has the factor <i>r</i> = √((<i>E</i>−Δ<i>E</i>)/<i>E</i>), the ratio of "
             "the momenta after and "
             "before";
    default:
      return "in <i>d</i> = 1 an uptake has the factor <i>u</i> = √(<i>E</i>/(<i>E</i>+Δ<i>E</i>))";
  }
}

std::string rates_words(const Config& config) {
  const laws::AnyRates& rates = config.strokes->law.rates;
  if (std::holds_alternative<laws::Constant>(rates)) return {};
  const std::string microreversible = fmt::format("The rates are microreversible: {}. ",
                                                  microreversible_words(config.ensemble.dimension));
  if (std::holds_alternative<laws::Microreversible>(rates)) return microreversible;
  if (const auto* law = std::get_if<laws::RosenZener>(&rates)) {
    const Units& units = config.units;
    const std::string range = units.reduced
                                  ? number_html(law->range)
                                  : number_html(1e9 * units.length_m() * law->range) + "\u00A0nm";
    return microreversible + fmt::format(
                                 "Uptakes and releases also have the factor <i>P</i> of Rosen and "
                                 "Zener: the probability that a passage of a "
                                 "two-level system within the range <i>b</i> = {}, with the "
                                 "coupling <i>V</i><sub>0</sub> = {}, flips it "
                                 "(<a href=\"#fig-flips\">drawn below</a>). ",
                                 range, number_html(law->coupling) + energy_unit_html(units));
  }
  return fmt::format("The rates depend on the energy by the law <code>{}</code>. ",
                     laws::name(rates));
}

std::string balance_words(const Config& config) {
  const StrokesConfig& strokes = *config.strokes;
  const Units& units = config.units;
  if (strokes.law.transitions.empty()) return "There are no transitions.";
  const laws::Transition& first = strokes.law.transitions.front();
  const auto rate = [&](double value) { return number_html(value) + rate_unit_html(units); };
  const laws::Balance& balance = strokes.law.balance;
  if (laws::is<laws::Given>(balance))
    return fmt::format(
        "Both rates are given: <i>w</i><sup>+</sup> = {}, <i>w</i><sup>−</sup> = {}.",
        rate(first.rate_up), rate(first.rate_down));
  if (laws::is<laws::Thermal>(balance))
    return fmt::format(
        "The rates are in detailed balance with a bath at temperature {0} = {1}: "
        "<i>w</i><sup>−</sup> = {2}, "
        "<i>w</i><sup>+</sup> = <i>w</i><sup>−</sup> exp(−Δ<i>E</i>/{0}) = {3}.",
        units.reduced ? "<i>T</i>" : "<i>k</i><sub>B</sub><i>T</i>",
        number_html(laws::temperature(balance)) + energy_unit_html(units), rate(first.rate_down),
        rate(first.rate_up));
  if (laws::is<laws::Exchange>(balance))
    return fmt::format(
        "Each release, at the rate <i>w</i><sup>−</sup> = {}, is the uptake of another particle, "
        "drawn "
        "uniformly: the total energy is kept exactly, event by event.",
        rate(first.rate_down));
  if (laws::is<laws::Bath>(balance))
    return fmt::format(
        "The quanta come from and go to {} two-level systems for each transition, of which a "
        "fraction "
        "<i>x</i> = {} is excited at the start: <i>w</i><sup>+</sup> = <i>κx</i>, "
        "<i>w</i><sup>−</sup> = "
        "<i>κ</i>(1−<i>x</i>), <i>κ</i> = {}; particles and systems keep their energy exactly.",
        strokes.bath.systems, number_html(strokes.law.bath().excited), rate(first.rate_down));
  const char* each = has_several_transitions(config) ? " for each transition" : "";
  if (!has_constant_rates(config))
    return fmt::format(
        "The mean energy is conserved by the condition (8){}: <i>w</i><sup>+</sup>⟨<i>u</i>⟩ = "
        "<i>w</i><sup>−</sup>⟨Θ<i>r</i>⟩, with <i>w</i><sup>−</sup> = {} and <i>u</i>, <i>r</i> "
        "the factors of the uptakes "
        "and "
        "releases.",
        each, rate(first.rate_down));
  return fmt::format(
      "The mean energy is conserved by the condition (8){}, <i>w</i><sup>+</sup>(<i>t</i>) = "
      "<i>φ</i>(<i>t</i>) "
      "<i>w</i><sup>−</sup>, with "
      "<i>w</i><sup>−</sup> = {} and <i>φ</i> the fraction of the ensemble with <i>E</i> &gt; "
      "Δ<i>E</i>.",
      each, rate(first.rate_down));
}

/// "1", or "2, 3 and 9".
std::string thresholds_html(const Config& config) {
  std::string text;
  const auto& transitions = config.strokes->law.transitions;
  for (std::size_t k = 0; k < transitions.size(); ++k) {
    if (k > 0) text += k + 1 == transitions.size() ? " or " : ", ";
    text += number_html(transitions[k].delta_e);
  }
  return text + energy_unit_html(config.units);
}

/// What a particle keeps for ever.
std::string invariant_words(const Config& config) {
  const StrokesConfig& strokes = *config.strokes;
  if (!has_several_transitions(config)) return {};
  if (!on_ladder(config))
    return "These thresholds are incommensurate: no part of a particle’s energy is invariant, and "
           "there is no ladder on "
           "which "
           "the equation could be solved. ";
  return fmt::format(
      "Every threshold is a multiple of {}: <i>E</i> modulo that is an invariant of each "
      "particle. ",
      number_html(strokes.spacing) + energy_unit_html(config.units));
}

std::string headline(const RunResult& result) {
  switch (result.comparison.verdict) {
    case Verdict::consistent:
      if (result.phase_space) return "Consistent: what must hold in this run does";
      if (const Tested tested = tested_snapshots(result.comparison); !tested.all())
        return fmt::format("Consistent as far as tested: {} of {} snapshots after the start",
                           tested.snapshots, tested.of);
      return "Consistent: the particles follow the master equation";
    case Verdict::inconsistent:
      return result.phase_space ? "Inconsistent: what must hold in this run does not"
                                : "Inconsistent: the particles and the master equation disagree";
    case Verdict::not_comparable: break;
  }
  if (result.phase_space) return "Not comparable: the end is not compared with a law";
  if (!result.has_particles) return "Solution of the equation alone, with no particles to compare";
  return on_ladder(result.config)
             ? "Not comparable: there was nothing to compare the particles with"
             : "Not comparable: there is no equation, but the law that the particles end in";
}

/// Where there is no equation, the test of the end is all that there is.
std::string end_words(const RunResult& result) {
  const StationaryFit& law = result.comparison.stationary;
  if (!result.has_particles || result.phase_space || on_ladder(result.config) || !law.exists)
    return {};
  return fmt::format(
      "<p><strong>The end against the stationary law: {}.</strong> <i>χ</i>² = {} for {} degrees "
      "of freedom, <i>p</i> = {}; "
      "Kolmogorov-Smirnov distance {}, total variation {} (<a href=\"#fig-end\">drawn "
      "below</a>).</p>\n",
      law.reached ? "reached" : "not reached, or not yet", number_html(law.chi2),
      number_html(law.dof), number_html(law.p_value, 3), number_html(law.ks, 3),
      number_html(law.total_variation, 3));
}

/// A tick, a cross, a dash: told apart without their colours.
const char* mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::consistent: return "<path d=\"M9.5 16.5 14 21 22.5 11.5\"/>";
    case Verdict::inconsistent: return "<path d=\"M11 11 21 21 M21 11 11 21\"/>";
    case Verdict::not_comparable: break;
  }
  return "<path d=\"M10.5 16h11\"/>";
}

/// With a capital and a full stop.
std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

std::string verdict_box(const RunResult& result) {
  const Comparison& c = result.comparison;
  std::string out = fmt::format(
      "<section class=\"verdict {}\" id=\"verdict\">\n<svg viewBox=\"0 0 32 32\" fill=\"none\" "
      "stroke=\"currentColor\" "
      "stroke-width=\"2.6\" "
      "stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\"><circle cx=\"16\" "
      "cy=\"16\" "
      "r=\"14\"/>{}</svg>\n"
      "<div><h2>{}</h2>\n<p>{}</p>\n",
      result.has_particles ? to_string(c.verdict) : "solved", mark(c.verdict), headline(result),
      words_html(sentence(clause(c.why))));
  out += end_words(result);
  if (!c.remarks.empty()) {
    out += "<ul>\n";
    for (const Remark& remark : c.remarks)
      out += fmt::format("<li>{}</li>\n", words_html(sentence(remark)));
    out += "</ul>\n";
  }
  return out + "</div>\n</section>\n";
}

std::string header(const RunResult& result) {
  const Config& config = result.config;
  const std::string who = result.has_particles
                              ? count_html(config.ensemble.particles) + " particles"
                              : "solution of the master equation";
  const std::string span = times(result).empty() ? ""
                                                 : fmt::format(", up to <i>t</i> = {}{}",
                                                               number_html(times(result).back()),
                                                               time_unit_html(config.units));
  return fmt::format(
      "<header>\n<p class=\"kicker\">powerstroke · {}</p>\n<h1>{}</h1>\n<p "
      "class=\"under-title\">{} in {} dimension{}, "
      "{}{}</p>\n</header>\n",
      result.has_particles ? "run" : "solution",
      escape_html(config.title.empty() ? "Untitled" : config.title), who, config.ensemble.dimension,
      config.ensemble.dimension == 1 ? "" : "s", start_words(config.ensemble.energy, config.units),
      span);
}

std::string unit_words(const Units& units) {
  if (units.reduced) {
    return "Energies are in the unit of the config, with <i>k</i><sub>B</sub> = 1; times are in "
           "1/(unit of the rates).";
  }
  return fmt::format(
      "Energies and <i>k</i><sub>B</sub><i>T</i> are in {0}, times in {1}, rates in {2}, masses in "
      "{3}. "
      "<i>S</i><sub>E</sub> is the entropy of <i>E</i> in {0}, <i>S</i><sup>(1)</sup> that of "
      "momenta in {4}.",
      unit_html(units.energy), unit_html(units.time), unit_html(units.rate()),
      unit_html(units.mass), unit_html(units.momentum()));
}

/// The paper's equation as it stands; with a sum where there are several transitions, and factors
/// where rates depend on energy.
std::string equation_html(const Config& config) {
  if (has_constant_rates(config) && !has_several_transitions(config))
    return "∂<i>P</i>/∂<i>t</i> = −(<i>w</i><sup>+</sup> + Θ <i>w</i><sup>−</sup>) "
           "<i>P</i>(<i>E</i>) + Θ "
           "<i>w</i><sup>+</sup> "
           "<i>P</i>(<i>E</i>−Δ<i>E</i>) + <i>w</i><sup>−</sup> <i>P</i>(<i>E</i>+Δ<i>E</i>), "
           "&nbsp; Θ = 1 for <i>E</i> "
           "&gt; "
           "Δ<i>E</i>, else 0<span>(7)</span>";
  const std::string k = has_several_transitions(config) ? "<sub><i>k</i></sub>" : "";
  const std::string de = "Δ<i>E</i>" + k, theta = "Θ" + k;
  const bool constant = has_constant_rates(config);
  const auto up = [&](const std::string& at) {
    return "<i>w</i>" + k + "<sup>+</sup>" + (constant ? "" : "<i>u</i>" + k + "(" + at + ")");
  };
  const auto down = [&](const std::string& at) {
    return "<i>w</i>" + k + "<sup>−</sup>" + (constant ? "" : "<i>r</i>" + k + "(" + at + ")");
  };
  return fmt::format(
      "∂<i>P</i>/∂<i>t</i> = {0}{1}−({2} + {3}{4}) <i>P</i>(<i>E</i>) + {3}{5} "
      "<i>P</i>(<i>E</i>−{6}) + {7} "
      "<i>P</i>(<i>E</i>+{6}){8}<span>(7)</span>",
      k.empty() ? "" : "Σ" + k + " ", k.empty() ? "" : "[", up("<i>E</i>"), theta, down("<i>E</i>"),
      up("<i>E</i>−" + de), de, down("<i>E</i>+" + de), k.empty() ? "" : "]");
}

/// What the letters of `equation_html` mean that are not the paper's.
std::string letters_html(const Config& config) {
  const bool several = has_several_transitions(config);
  if (!several && has_constant_rates(config)) return {};
  const char* k = several ? "<sub><i>k</i></sub>" : "";
  std::string text = several ? "One bracket for each transition <i>k</i>. " : "";
  text += fmt::format("Θ{0} = 1 for <i>E</i> &gt; Δ<i>E</i>{0}, else 0", k);
  if (!has_constant_rates(config))
    text += fmt::format(
        "; <i>u</i>{0} and <i>r</i>{0} are the factors by which uptakes and releases depend on the "
        "energy",
        k);
  return "<p>" + text + ".</p>\n";
}

/// How the page came about.
std::string method_words(const RunResult& result) {
  if (!result.has_particles) return "The equation is solved without any random number.";
  if (!has_solution(result))
    return "The particles are simulated stroke by stroke; this page holds their end against the "
           "law that such strokes lead "
           "to.";
  return std::string(result.config.strokes_are_counted()
                         ? "The particles are simulated stroke by stroke"
                         : "Each particle is drawn from snapshot to snapshot, from the exact law "
                           "that its strokes give") +
         "; the equation is solved without any random number; this page holds one against the "
         "other.";
}

std::string first_words(const Config& config) {
  return has_several_transitions(config) ? " These are the rates of the first transition; <a "
                                           "href=\"#transitions\">a table</a> has all of them."
                                         : "";
}

std::string introduction(const RunResult& result) {
  const Config& config = result.config;
  return fmt::format(
      "<section id=\"what\">\n<h2>What this is</h2>\n"
      "<p>Every particle has a kinetic energy <i>E</i>. At random times it makes a <em>power "
      "stroke</em>: it gains "
      "Δ<i>E</i>&nbsp;=&nbsp;{} at the rate "
      "<i>w</i><sup>+</sup>, or gives it away at the rate <i>w</i><sup>−</sup>, which it can only "
      "if <i>E</i> &gt; "
      "Δ<i>E</i>. The density "
      "<i>P</i>(<i>E</i>, <i>t</i>) then obeys the master equation</p>\n"
      "<p class=\"equation\">{}</p>\n{}"
      "<p>{} {}</p>\n"
      "<p class=\"small\">Equation numbers are those of J.&nbsp;Schlitter, “Inelastic QM/MM "
      "interaction as a source of "
      "entropy?”. {}</p>\n</section>\n",
      thresholds_html(config), equation_html(config), letters_html(config),
      invariant_words(config) + rates_words(config) + balance_words(config) + first_words(config),
      method_words(result), unit_words(config.units));
}

/// A link to a figure that is not there becomes its text.
std::string without_dead_links(const std::string& page) {
  static const std::regex link("<a href=\"#([^\"]*)\">([^<]*)</a>");
  std::string out;
  auto end = page.begin();
  for (std::sregex_iterator it(page.begin(), page.end(), link), none; it != none; ++it) {
    const std::smatch& found = *it;
    out.append(end, page.begin() + found.position());
    const bool lives = page.find("id=\"" + found[1].str() + "\"") != std::string::npos;
    out += lives ? found.str() : found[2].str();
    end = page.begin() + found.position() + found.length();
  }
  return out.append(end, page.end());
}

}  // namespace

std::string report_page(const RunResult& result, const std::vector<Figure>& figures,
                        const Drawings& drawings, const std::string& remark) {
  std::string page = page_head(result.config.title.empty() ? "powerstroke" : result.config.title);
  const bool phase = result.phase_space.has_value();
  page += header(result) + verdict_box(result) +
          (phase ? phase_tiles(result) : summary_tiles(result)) +
          (phase ? phase_introduction(result) : introduction(result));
  page += figures_html(figures, drawings, remark);
  if (const std::string transitions = phase ? "" : transitions_table(result); !transitions.empty())
    page += "<section id=\"transitions\">\n<h2>Transitions</h2>\n" + transitions + "</section>\n";
  page += "<section id=\"numbers\">\n<h2>Numbers</h2>\n" +
          (phase ? phase_series_table(result) : series_table(result)) + "<p class=\"small\">" +
          (result.has_particles ? "± is one standard error. " : "") +
          "All snapshots are in <code>result.h5</code> and "
          "<code>summary.json</code>.</p>\n</section>\n";
  if (const std::string tests = phase ? phase_tests_table(result) : tests_table(result);
      !tests.empty()) {
    page += "<section id=\"tests\">\n<h2>Tests</h2>\n" + tests + "</section>\n";
  }
  page += "<section id=\"run\">\n<h2>The run</h2>\n" + run_table(result);
  if (!result.config.json.empty()) {
    page += fmt::format(
        "<details>\n<summary>The config, as it was used</summary>\n<pre>{}</pre>\n</details>\n",
        escape_html(result.config.json));
  }
  page += "</section>\n";
  return without_dead_links(page + page_foot(result.provenance.version));
}

}  // namespace powerstroke::report
