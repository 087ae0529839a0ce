#include "powerstroke/report/paper/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/report/figures_html.hpp"
#include "powerstroke/report/page_frame.hpp"
#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/paper/words.hpp"
#include "powerstroke/report/report.hpp"
#include "powerstroke/report/text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// What the report's style sheet has no need of.
constexpr const char* kStyle = R"css(
.claims { font-size: 0.94rem; }
.claims th, .claims td { white-space: normal; text-align: left; vertical-align: top; padding: 0.5rem 0.8rem; }
.claims td:nth-child(2) { white-space: nowrap; color: var(--soft-ink); }
.claims td:first-child { text-align: right; color: var(--soft-ink); }
.claims a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: 0.2em; }
.claims a:hover { text-decoration-color: currentColor; }
.claims .verdict-cell { width: 40%; }
.mark { display: inline-block; width: 1.05rem; height: 1.05rem; vertical-align: -0.15rem; margin-right: 0.45rem; }
.holds { color: var(--good); } .holds_when { color: var(--open); } .does_not_hold { color: var(--bad); } .undecided { color: var(--accent); }
.verdict-cell b { font-weight: 600; }
.claim h2 span { color: var(--soft-ink); font-weight: 400; margin-right: 0.5rem; }
.claim h2 { margin-bottom: 0.1rem; } .claim .where { margin: 0 0 0.7rem; } .claim .verdict h2 { margin: 0.1rem 0 0.3rem; }
.claim .verdict { margin: 1rem 0; } .claim figure.beside { align-items: start; } .claim figure.beside .panels { margin-bottom: -0.5rem; }
.claim > p:first-of-type { max-width: 54rem; }
.checks td:first-child { text-align: left; white-space: normal; min-width: 16rem; padding-left: 0.9rem; }
.checks th:first-child { text-align: left; padding-left: 0.9rem; }
.checks th, .checks td { padding: 0.36rem 0.6rem; }
.checks td:nth-child(2) { white-space: nowrap !important; }
.checks td.soft { color: var(--soft-ink); white-space: normal; text-align: left; }
.checks th.left { text-align: left; }
.commands { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 34rem) { .claims td:nth-child(2), .claims th:nth-child(2) { display: none; } }
)css";

std::string css_class(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds: return "holds";
    case Outcome::holds_when: return "holds_when";
    case Outcome::does_not_hold: return "does_not_hold";
    case Outcome::undecided: break;
  }
  return "undecided";
}

/// The report's boxes, by their tone.
const char* box_class(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds: return "consistent";
    case Outcome::holds_when: return "not_comparable";
    case Outcome::does_not_hold: return "inconsistent";
    case Outcome::undecided: break;
  }
  return "solved";
}

/// A tick, an if, a cross, a question mark: told apart without their colours.
const char* mark_path(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds: return "<path d=\"M9.5 16.5 14 21 22.5 11.5\"/>";
    case Outcome::holds_when: return "<path d=\"M9 18.5c2.5-5 4.5-5 7-2.5s4.5 2.500 7-2.500\"/>";
    case Outcome::does_not_hold: return "<path d=\"M11 11 21 21 M21 11 11 21\"/>";
    case Outcome::undecided: break;
  }
  return "<path d=\"M12 13a4 4 0 1 1 4 4v2 M16 23v.1\"/>";
}

std::string mark(Outcome outcome, const char* attributes) {
  return fmt::format(
      "<svg {} viewBox=\"0 0 32 32\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.6\" "
      "stroke-linecap=\"round\" "
      "stroke-linejoin=\"round\" aria-hidden=\"true\"><circle cx=\"16\" cy=\"16\" "
      "r=\"14\"/>{}</svg>",
      attributes, mark_path(outcome));
}

std::string header() {
  return "<header>\n<p class=\"kicker\">powerstroke · paper</p>\n<h1>The paper, claim by "
         "claim</h1>\n"
         "<p class=\"under-title\">J.&nbsp;Schlitter, “Inelastic QM/MM interaction as a source of "
         "entropy?”: what it "
         "claims, what "
         "was run to see, and what the numbers say. Equation numbers are the "
         "paper’s.</p>\n</header>\n";
}

std::size_t count(const Paper& paper, Outcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(paper.claims.begin(), paper.claims.end(),
                    [&](const JudgedClaim& c) { return c.outcome == outcome; }));
}

std::string summary(const Paper& paper) {
  std::string unexpected;
  for (const JudgedClaim& judged : paper.claims) {
    if (!judged.as_expected())
      unexpected += fmt::format("<li>{}: {}, expected: {}</li>\n", claim_html(judged.claim->title),
                                to_string(judged.outcome), to_string(judged.claim->expected));
  }
  const auto tile = [](const char* name, std::size_t number, Outcome outcome) {
    return fmt::format("<div class=\"tile\"><dt>{}</dt><dd class=\"{}\">{}{}</dd></div>\n", name,
                       css_class(outcome), mark(outcome, "class=\"mark\""), number);
  };
  std::string out =
      "<dl class=\"tiles\">\n" +
      tile("claims that hold", count(paper, Outcome::holds), Outcome::holds) +
      tile("hold under a condition", count(paper, Outcome::holds_when), Outcome::holds_when) +
      tile("do not hold", count(paper, Outcome::does_not_hold), Outcome::does_not_hold);
  if (count(paper, Outcome::undecided) > 0)
    out += tile("undecided", count(paper, Outcome::undecided), Outcome::undecided);
  out += "</dl>\n";
  if (!unexpected.empty())
    out += "<div class=\"notice\">Verdicts that are not the expected ones:<ul>\n" + unexpected +
           "</ul></div>\n";
  return out;
}

std::string verdict_html(const JudgedClaim& judged) {
  return judged.outcome == Outcome::holds_when
             ? fmt::format("<b>holds when</b> {}", claim_html(judged.claim->condition))
             : fmt::format("<b>{}</b>", to_string(judged.outcome));
}

std::string table(const Paper& paper) {
  std::string out =
      "<section id=\"verdicts\">\n<div class=\"scroll\" tabindex=\"0\"><table "
      "class=\"claims\">\n<thead><tr><th></th><th>where</th>"
      "<th>claim</th><th>verdict</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < paper.claims.size(); ++i) {
    const JudgedClaim& judged = paper.claims[i];
    out += fmt::format(
        "<tr><td>{}</td><td>{}</td><td><a href=\"#{}\">{}</a></td><td class=\"verdict-cell\"><span "
        "class=\"{}\">{}</span>{}</td></tr>\n",
        i + 1, claim_html(judged.claim->equations), judged.claim->id,
        claim_html(judged.claim->title), css_class(judged.outcome),
        mark(judged.outcome, "class=\"mark\""), verdict_html(judged));
  }
  return out + "</tbody>\n</table></div>\n</section>\n";
}

std::string bound_html(const Check& check) {
  switch (check.relation) {
    case Check::Relation::at_most: return "≤ " + number_html(check.bound, 3);
    case Check::Relation::at_least: return "≥ " + number_html(check.bound, 3);
    case Check::Relation::within: break;
  }
  return fmt::format("{} ± {}", number_html(check.reference, 6), number_html(check.bound, 2));
}

const char* role_words(Role role) {
  switch (role) {
    case Role::claim: return "the claim";
    case Role::condition: return "the condition";
    case Role::witness: break;
  }
  return "the numbers";
}

std::string checks_table(const std::vector<Check>& checks) {
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers "
      "checks\">\n<thead><tr><th>number</th><th "
      "class=\"left\">speaks for</th><th>measured</th><th>bound</th><th class=\"left\">which "
      "is</th><th></th></tr></thead>\n"
      "<tbody>\n";
  for (const Check& check : checks) {
    const Outcome passed = check.passed() ? Outcome::holds : Outcome::does_not_hold;
    out += fmt::format(
        "<tr><td>{}</td><td class=\"soft\">{}</td><td>{}</td><td>{}</td><td "
        "class=\"soft\">{}</td><td "
        "class=\"{}\"><span title=\"{}\">{}</span></td></tr>\n",
        claim_html(check.what), role_words(check.role), number_html(check.measured, 6),
        bound_html(check), claim_html(check.why), css_class(passed),
        check.passed() ? "kept" : "not kept", check.passed() ? "✓" : "✗");
  }
  return out + "</tbody>\n</table></div>\n";
}

std::string runs_html(const Claim& claim, const PaperResults& results) {
  std::string out = "<details>\n<summary>What was run</summary>\n<pre class=\"commands\">";
  for (const std::string& name : claim.runs) {
    const RunResult& result = results[name];
    const std::vector<double>& t = result.solution.t.empty() ? result.series.t : result.solution.t;
    out += fmt::format("{}\n    # {}, t = {:g}\n", escape_html(command_of(paper_run(name))),
                       result.has_particles
                           ? fmt::format("{} particles", result.config.ensemble.particles)
                           : "the equation alone",
                       t.back());
  }
  return out + "</pre>\n</details>\n";
}

/// One claim's section. @param first_figure number of its first figure.
std::string section(const JudgedClaim& judged, std::size_t number,
                    const std::vector<Figure>& figures, std::size_t first_figure,
                    const std::vector<std::vector<std::string>>& svg, const PaperResults& results) {
  const Claim& claim = *judged.claim;
  std::string out = fmt::format(
      "<section class=\"claim\" id=\"{}\">\n<h2><span>{}</span>{}</h2>\n<p class=\"small "
      "where\">{}</p>\n<p>{}</p>\n"
      "<div class=\"verdict {}\">{}<div><h2>{}</h2>\n<p>{}</p></div></div>\n",
      claim.id, number, claim_html(claim.title), claim_html(claim.equations),
      claim_html(claim.text), box_class(judged.outcome), mark(judged.outcome, ""),
      claim_html(verdict_in_words(judged)), claim_html(judged.findings.told));
  for (std::size_t f = 0; f < figures.size(); ++f) {
    if (std::any_of(svg[f].begin(), svg[f].end(), [](const std::string& s) { return !s.empty(); }))
      out += figure_html(figures[f], first_figure + f, svg[f]);
  }
  return out + checks_table(judged.findings.checks) + runs_html(claim, results) + "</section>\n";
}

std::string how(const Paper& paper) {
  const PaperFacts& f = paper.facts;
  return fmt::format(
      "<section id=\"how\">\n<h2>How verdicts are made</h2>\n<p>Each verdict follows from numbers "
      "and the bounds that stand "
      "beside "
      "them. A claim <em>holds</em> if all numbers that speak for it as the paper states it keep "
      "their bounds. It <em>holds "
      "when</em> "
      "a condition is met if some do not, but all that were taken under the condition do. No "
      "verdict is given on numbers "
      "that cannot "
      "be trusted. Statistical bounds are {:.3g} standard errors: one check in a million fails by "
      "chance.</p>\n<p "
      "class=\"small\">Made {} by "
      "powerstroke {}, revision <code>{}</code>, in {} s on {} thread{}. The same numbers are in "
      "<code>paper.json</code>; "
      "the configs "
      "are in <code>examples/paper</code>.</p>\n</section>\n",
      largest_deviate(), escape_html(f.provenance.created), escape_html(f.provenance.version),
      escape_html(f.provenance.revision), number_html(f.wall_s, 3), f.threads,
      f.threads == 1 ? "" : "s");
}

}  // namespace

PaperPage paper_page(const Paper& paper) {
  std::vector<std::vector<Figure>> of_claims;
  std::vector<Figure> figures;
  PaperPage page;
  for (const JudgedClaim& judged : paper.claims) {
    of_claims.push_back(claim_figures(judged.claim->id, paper.results));
    page.figures.emplace_back();
    for (const Figure& figure : of_claims.back()) {
      figures.push_back(figure);
      page.figures.back().push_back(figure.id);
    }
  }
  const Drawings drawings = draw(figures);
  page.html = page_head("The paper, claim by claim");
  page.html.insert(page.html.find("</style>"), kStyle);
  page.html += header() + summary(paper) + table(paper);
  if (const std::string remark = missing_figures(drawings); !remark.empty()) {
    page.remarks.push_back(remark);
    page.html += fmt::format("<p class=\"notice\">{}</p>\n", claim_html(remark));
  }
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < paper.claims.size(); ++i) {
    const std::size_t mine = of_claims[i].size();
    const std::vector<std::vector<std::string>> svg(
        drawings.svg.begin() + static_cast<std::ptrdiff_t>(drawn),
        drawings.svg.begin() + static_cast<std::ptrdiff_t>(drawn + mine));
    page.html += section(paper.claims[i], i + 1, of_claims[i], drawn + 1, svg, paper.results);
    drawn += mine;
  }
  page.html += how(paper) + page_foot(paper.facts.provenance.version);
  return page;
}

}  // namespace powerstroke::report
