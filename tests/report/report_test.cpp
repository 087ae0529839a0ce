#include "powerstroke/report/report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <locale>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/page.hpp"
#include "report/example.hpp"

using namespace powerstroke::study;
using namespace powerstroke::report;
namespace laws = powerstroke::laws;

namespace {

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + what.size()))
    ++n;
  return n;
}

bool holds(const std::string& text, const std::string& what) { return occurrences(text, what) > 0; }

/// What is wrong with the nesting of the tags; empty if nothing is.
std::string nesting_error(const std::string& html) {
  static const std::set<std::string> never_closed = {"meta", "br", "hr", "!DOCTYPE"};
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return "a tag does not end";
    const std::string tag = html.substr(at + 1, end - at - 1);
    at = end;
    if (tag.empty() || tag.back() == '/') continue;
    const bool closes = tag.front() == '/';
    const std::string name =
        tag.substr(closes ? 1 : 0, tag.find_first_of(" \n\t") - (closes ? 1 : 0));
    if (never_closed.count(name) != 0) continue;
    if (!closes) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "</" + name + "> closes <" + (open.empty() ? "" : open.back()) + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

std::map<std::string, int> ids(const std::string& html) {
  std::map<std::string, int> found;
  const std::regex id(R"(\sid=["']([^"']*)["'])");
  for (std::sregex_iterator it(html.begin(), html.end(), id), end; it != end; ++it)
    ++found[(*it)[1]];
  return found;
}

/// Everything a page must be, whatever it shows.
void check_page(const std::string& html) {
  CHECK(nesting_error(html) == "");
  for (const char* outside :
       {"http", "src=", "@import", "url(", "<script", "<link", "xlink", "<?xml", "nan", ">inf"}) {
    CAPTURE(outside);
    CHECK_FALSE(holds(html, outside));
  }
  const std::map<std::string, int> all = ids(html);
  for (const auto& id : all) {
    CAPTURE(id.first);
    CHECK(id.second == 1);
  }
  const std::regex reference(R"(href=["']#([^"']*)["'])");
  for (std::sregex_iterator it(html.begin(), html.end(), reference), end; it != end; ++it) {
    if (all.count((*it)[1]) == 0) FAIL_CHECK("a reference to nothing: " << (*it)[1].str());
  }
  const std::regex ampersand("&(?!(amp|lt|gt|quot|nbsp|#39);)");
  CHECK_FALSE(std::regex_search(html, ampersand));
}

const std::vector<std::string> kFigures = {"fig-energy", "fig-entropy",    "fig-mean-energy",
                                           "fig-phi",    "fig-production", "fig-levels",
                                           "fig-tests"};

std::string figure(const std::string& html, const std::string& id) {
  const std::size_t start = html.find("<figure id=\"" + id + "\"");
  if (start == std::string::npos) return "";
  return html.substr(start, html.find("</figure>", start) - start);
}

std::size_t drawings(const std::string& figure) { return occurrences(figure, "role=\"img\""); }

/// PATH for the length of a scope.
class Path {
 public:
  explicit Path(const std::string& path) : before_(std::getenv("PATH")) {
    ::setenv("PATH", path.c_str(), 1);
  }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;
  ~Path() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("the report of a run is one page with all figures, the verdict and the run") {
  const Report report = make_report(example::run());
  CHECK(report.remarks.empty());
  check_page(report.html);
  const std::map<std::string, std::size_t> panels = {
      {"fig-energy", 6},     {"fig-entropy", 4}, {"fig-mean-energy", 2}, {"fig-phi", 2},
      {"fig-production", 1}, {"fig-levels", 1},  {"fig-tests", 1}};
  for (const auto& expected : panels) {
    CAPTURE(expected.first);
    CHECK(drawings(figure(report.html, expected.first)) == expected.second);
  }
  for (const char* text :
       {"Consistent: the particles follow the master equation", "Why it is so, in one sentence.",
        "The first remark.", "The second remark.", "9.8.7", "abcdef012345", "GNU 12.2.0",
        "2024-05-06T07:08:09Z", "1\u202F234\u202F567", "geometric ladder, ratio <i>q</i> = 0.75",
        "3.500 ± 0.010"}) {
    CAPTURE(text);
    CHECK(holds(report.html, text));
  }
}

TEST_CASE("the report of a solve draws the solution and says what needs particles") {
  const Report report = make_report(example::run(21, false));
  CHECK(report.remarks.empty());
  check_page(report.html);
  CHECK(drawings(figure(report.html, "fig-energy")) == 6);
  CHECK(drawings(figure(report.html, "fig-entropy")) == 2);
  CHECK(drawings(figure(report.html, "fig-levels")) == 0);
  CHECK(holds(figure(report.html, "fig-levels"), "counted for particles only"));
  CHECK_FALSE(holds(report.html, "seed"));
}

TEST_CASE("the report of an inconsistent run says so") {
  RunResult result = example::run();
  result.comparison.verdict = Verdict::inconsistent;
  result.comparison.master_equation[3].p_value = 0.0;
  const std::string html = make_report(result).html;
  check_page(html);
  CHECK(holds(html, "Inconsistent: the particles and the master equation disagree"));
  CHECK(holds(html, "class=\"verdict inconsistent\""));
}

TEST_CASE("a frozen run is reported as frozen, without a production rate") {
  const std::string html = make_report(example::frozen()).html;
  check_page(html);
  CHECK(holds(html, "class=\"verdict not_comparable\""));
  CHECK(holds(html, "The ensemble is frozen"));
  CHECK(drawings(figure(html, "fig-production")) == 0);
  CHECK(holds(figure(html, "fig-production"), "zero at all times"));
  CHECK(holds(figure(html, "fig-levels"), "frozen: <i>φ</i> = 0"));
}

TEST_CASE("where there are atoms, the report says that entropies are not defined") {
  const std::string html = make_report(example::atoms()).html;
  check_page(html);
  for (const char* id : {"fig-entropy", "fig-production"}) {
    CHECK(drawings(figure(html, id)) == 0);
    CHECK(holds(figure(html, id), "not defined for a start with atoms"));
  }
  CHECK(drawings(figure(html, "fig-mean-energy")) == 2);
}

TEST_CASE("two snapshots, one, and none make a page") {
  check_page(make_report(example::run(2)).html);
  RunResult one = example::run(2);
  for (std::vector<double>* values : {&one.series.t, &one.solution.t}) values->resize(1);
  one.solution.bin_probability.resize(1);
  one.histograms.counts.resize(1);
  check_page(make_report(one).html);
  const Report empty = make_report(RunResult{});
  check_page(empty.html);
  CHECK(empty.remarks.empty());
}

TEST_CASE("text from outside is text in the page") {
  RunResult result = example::run(5);
  const std::string evil = "<script>alert('1' & \"2\")</script>";
  const std::string harmless =
      "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;";
  result.config.title = evil;
  result.config.json = evil;
  result.comparison.why = as_written(evil);
  result.comparison.remarks = {as_written(evil)};
  result.comparison.stationary.law = evil;
  result.provenance = {evil, evil, evil, evil, evil};
  const std::string html = make_report(result).html;
  check_page(html);
  CHECK(occurrences(html, harmless) >= 12);
}

TEST_CASE("without gnuplot the report says so and keeps its tables") {
  const Path nowhere("/nonexistent");
  const Report report = make_report(example::run());
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks[0] ==
        "gnuplot is not installed: the report has no figures; install it and run again");
  check_page(report.html);
  CHECK(holds(report.html, report.remarks[0]));
  for (const std::string& id : kFigures) CHECK(figure(report.html, id) == "");
  CHECK(occurrences(report.html, "<table") == 4);
  CHECK(holds(report.html, "3.500 ± 0.010"));
}

namespace {

/// The page with an empty drawing for every panel, without gnuplot.
std::string undrawn_page(const RunResult& result) {
  const std::vector<Figure> figures = report_figures(result);
  Drawings drawings;
  for (const Figure& figure : figures)
    drawings.svg.emplace_back(figure.panels.size(), "<svg role=\"img\"></svg>");
  return report_page(result, figures, drawings, "");
}

laws::AnyRates rates_named(const std::string& name, int dimension) {
  static constexpr double parameters[] = {1.5, 0.7};
  laws::RatesInput input;
  input.dimension = dimension;
  input.parameter = parameters;
  if (name == "microreversible") return laws::Microreversible(input);
  if (name == "rosen_zener") return laws::RosenZener(input);
  return laws::Constant(input);
}

}  // namespace

TEST_CASE(
    "every balance, rates law and dimension, one and several transitions: a page that claims what "
    "holds") {
  for (const laws::Balance& balance :
       std::initializer_list<laws::Balance>{laws::Given{}, laws::Thermal{2.0}, laws::Conserving{},
                                            laws::Exchange{}, laws::Bath{0.5, 0.1}}) {
    for (const std::string rates : {"constant", "microreversible", "rosen_zener"}) {
      for (const int dimension : {1, 2, 3}) {
        for (const bool several : {false, true}) {
          for (const bool particles : {false, true}) {
            CAPTURE(laws::name(balance));
            CAPTURE(rates);
            CAPTURE(dimension);
            CAPTURE(several);
            CAPTURE(particles);
            RunResult result = example::run(5, particles);
            example::set_rates(result, rates_named(rates, dimension), dimension);
            example::set_balance(result, balance);
            if (several) example::set_several_transitions(result);
            const std::string html = undrawn_page(result);
            check_page(html);
            const bool constant =
                rates == "constant" || (rates == "microreversible" && dimension == 2);
            const bool closed =
                laws::is<laws::Conserving>(balance) || laws::is<laws::Exchange>(balance);
            CHECK(holds(html, "(A.6)") == (constant && closed && !several));
            const std::string entropies = figure(html, "fig-entropy");
            const bool of_momenta = rates != "constant" && dimension != 2;
            CHECK(holds(entropies, "<i>S</i><sup>(1)</sup> never falls") == (closed && of_momenta));
            CHECK(holds(entropies, "<i>S</i><sub>E</sub> never falls") ==
                  (closed && rates == "constant" && dimension != 2));
            CHECK(holds(entropies, "Neither falls") == (closed && dimension == 2));
            CHECK(holds(html, "id=\"fig-bath\"") == (laws::is<laws::Bath>(balance)));
            CHECK(holds(html, "id=\"fig-flips\"") == (rates == "rosen_zener"));
            CHECK(holds(html, "id=\"fig-passage\"") == (rates == "rosen_zener"));
            CHECK(holds(html, "id=\"transitions\"") == several);
            CHECK(holds(html, "modulo that is an invariant") == several);
          }
        }
      }
    }
  }
}

TEST_CASE(
    "without a ladder the page holds the end against its law, and shows no equation's columns") {
  const Report report = make_report(example::without_ladder());
  CHECK(report.remarks.empty());
  check_page(report.html);
  CHECK(holds(report.html, "there is no equation, but the law that the particles end in"));
  CHECK(holds(report.html, "The end against the stationary law: reached."));
  CHECK(holds(report.html, "incommensurate"));
  CHECK(drawings(figure(report.html, "fig-end")) == 2);
  CHECK(drawings(figure(report.html, "fig-entropy")) == 2);
  for (const char* id : {"fig-levels", "fig-tests", "fig-production"})
    CHECK(figure(report.html, id) == "");
  CHECK_FALSE(holds(report.html, ">solution<"));
  CHECK_FALSE(holds(report.html, "class=\"solution\""));
  CHECK_FALSE(holds(report.html, "of the solution"));
  CHECK(holds(report.html, "temperature <i>T</i></th><td>3.5<"));
}

TEST_CASE("rates of each transition stand in a table") {
  RunResult result = example::run();
  example::set_several_transitions(result);
  const std::string html = undrawn_page(result);
  const std::size_t start = html.find("id=\"transitions\"");
  const std::string section = html.substr(start, html.find("</section>", start) - start);
  CHECK(occurrences(section, "<tr><th scope=\"row\">") == 3);
  CHECK(holds(section, "in steps of 1"));
  CHECK(holds(section, "<th scope=\"row\">9</th><td>9</td>"));
}

TEST_CASE("path entropy and information are drawn where they were asked for") {
  RunResult result = example::run();
  example::set_balance(result, laws::Thermal{2.0});
  CHECK_FALSE(holds(undrawn_page(result), "fig-path"));
  example::add_paths(result);
  const std::string html = make_report(result).html;
  check_page(html);
  CHECK(drawings(figure(html, "fig-path")) == 2);
  CHECK(drawings(figure(html, "fig-information")) == 1);
}

TEST_CASE("the page does not depend on the locale") {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  const std::string plain = make_report(example::run(3)).html;
  const std::locale before = std::locale::global(std::locale(std::locale(), new Comma));
  const std::string foreign = make_report(example::run(3)).html;
  std::locale::global(before);
  CHECK(plain == foreign);
}
