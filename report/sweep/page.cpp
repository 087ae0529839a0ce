#include "powerstroke/report/sweep/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/report/figures_html.hpp"
#include "powerstroke/report/page_frame.hpp"
#include "powerstroke/report/report.hpp"
#include "powerstroke/report/sweep/figures.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr const char* kScroll = "<div class=\"scroll\" tabindex=\"0\">";

std::string header(const Sweep& sweep) {
  const std::string title = sweep.first.title.empty() ? "Untitled" : sweep.first.title;
  std::string paths;
  for (const SweptPath& swept : sweep.over)
    paths +=
        fmt::format("{}<code>{}</code>", paths.empty() ? "" : " and ", escape_html(swept.path));
  return fmt::format(
      "<header>\n<p class=\"kicker\">powerstroke · sweep</p>\n<h1>{}</h1>\n<p "
      "class=\"under-title\">{} runs over {}</p>\n"
      "</header>\n",
      escape_html(title), sweep.rows.size(), paths);
}

std::string column(const std::string& name) {
  return fmt::format("<th scope=\"col\">{}</th>", name);
}

std::string cell(const std::string& text) { return fmt::format("<td>{}</td>", text); }

std::string cell(const MeasuredValue& measured) {
  return cell(measured_html(measured.value, measured.error));
}

std::string table(const Sweep& sweep, bool links) {
  std::string out =
      fmt::format("{}<table class=\"numbers\">\n<thead><tr>{}", kScroll, column("run"));
  for (const SweptPath& swept : sweep.over)
    out += column(fmt::format("<code>{}</code>", escape_html(swept.path)));
  const Units& units = sweep.first.units;
  const std::string rate = units.reduced ? "" : head_unit_html(units.rate()),
                    energy = head_unit_html(units.energy);
  for (const std::string& name : {std::string("verdict"), "uptake rate" + rate,
                                  "<i>w</i>⁺ of the law" + rate, "release rate" + rate})
    out += column(name);
  for_each_quantity(&QuantityInfo::is_main, [&](const QuantityInfo& info) {
    out += column(std::string(info.symbol.html) + (info.unit == "energy" ? energy : ""));
  });
  out += column("strokes") + "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < sweep.rows.size(); ++i) {
    const SweepRow& row = sweep.rows[i];
    const std::string number = run_number(i, sweep.rows.size());
    out += fmt::format("<tr><th scope=\"row\">{}</th>",
                       links ? fmt::format("<a href=\"{0}/report.html\">{0}</a>", number) : number);
    for (const std::string& value : row.values) out += cell(escape_html(value));
    out += cell(to_string(row.verdict)) + cell(row.uptake_rate) +
           fmt::format("<td class=\"solution\">{}</td>", number_html(row.law_rate_up, 5)) +
           cell(row.release_rate);
    for (const EndValue& end : row.ends) out += cell(end.measured);
    out += cell(count_html(row.uptakes + row.releases)) + "</tr>\n";
  }
  return out + "</tbody>\n</table></div>\n";
}

std::string findings(const Sweep& sweep) {
  if (sweep.fits.empty() && sweep.notes.empty()) return {};
  std::string out = "<section id=\"fits\">\n<h2>Fits</h2>\n<ul>\n";
  for (const SweepFit& fit : sweep.fits)
    out += fmt::format("<li>{}</li>\n", words_html(fit_sentence(fit)));
  for (const std::string& note : sweep.notes) out += fmt::format("<li>{}</li>\n", words_html(note));
  return out +
         "</ul>\n<p class=\"small\">Weighted least squares; errors are those of counted uptakes. A "
         "fit is no part of a "
         "run’s "
         "verdict.</p>\n</section>\n";
}

std::string facts(const Sweep& sweep) {
  const Provenance& p = sweep.provenance;
  std::string out = fmt::format(
      "<section id=\"run\">\n<h2>The sweep</h2>\n<p>{} Rates are strokes per particle and time of "
      "a whole run; ± is one "
      "standard error.</p>\n<p class=\"small\">Made {} by powerstroke {}, revision "
      "<code>{}</code>, in {} s on {} thread{}, "
      "{} at "
      "once.</p>\n",
      words_html(seed_sentence(sweep)), escape_html(p.created), escape_html(p.version),
      escape_html(p.revision), number_html(sweep.wall_s, 3), sweep.threads,
      sweep.threads == 1 ? "" : "s",
      sweep.at_once == 1 ? "one run" : fmt::format("{} runs", sweep.at_once));
  return out + fmt::format(
                   "<details>\n<summary>The config of the first "
                   "run</summary>\n<pre>{}</pre>\n</details>\n</section>\n",
                   escape_html(sweep.first.json));
}

const char* deviation_words(double z) {
  if (std::abs(z) <= 1.0) return "within the error bar";
  return std::abs(z) <= 2.0 ? "outside the error bar, as one in three is by chance"
                            : "outside the error bar";
}

}  // namespace

std::string seed_sentence(const Sweep& sweep) {
  const bool swept = std::any_of(sweep.over.begin(), sweep.over.end(),
                                 [](const SweptPath& s) { return s.path == "seed"; });
  if (swept) return "Each run has the seed that the table gives.";
  return fmt::format(
      "All runs have the seed {}: their errors are alike, not independent, and fits lie closer to "
      "the points than their "
      "error "
      "bars say.",
      sweep.first.seed);
}

std::string fit_sentence(const SweepFit& fit) {
  std::string text = fmt::format("{}, {}", fit.path, law_of(fit.kind));
  for (const auto& [path, value] : fit.at) text += fmt::format(", at {} = {}", path, value);
  text += fmt::format(": {} = {:.6g} ± {:.2g}{}, expected {:.6g}, z = {:+.2f}: {}",
                      quantity_of(fit.kind), fit.value, fit.error, fit.unit, fit.expected, fit.z,
                      deviation_words(fit.z));
  if (fit.line.dof > 0.0) {
    text += fmt::format("; chi2 = {:.3g} for {:g} degrees of freedom, p = {:.2g}", fit.line.chi2,
                        fit.line.dof, fit.line.p_value);
  }
  return text;
}

SweepPage sweep_page(const Sweep& sweep, bool links) {
  const std::vector<Figure> figures = sweep_figures(sweep);
  const Drawings drawings = draw(figures);
  const std::string remark = missing_figures(drawings);
  SweepPage page;
  if (!remark.empty()) page.remarks.push_back(remark);
  page.html = page_head(sweep.first.title.empty() ? "powerstroke sweep" : sweep.first.title) +
              header(sweep) + "<section id=\"table\">\n<h2>Table</h2>\n" + table(sweep, links) +
              "<p class=\"small\">The same and more in <code>sweep.json</code> and "
              "<code>sweep.csv</code>.</p>\n</section>\n" +
              findings(sweep) + figures_html(figures, drawings, remark) + facts(sweep) +
              page_foot(sweep.provenance.version);
  return page;
}

}  // namespace powerstroke::report
