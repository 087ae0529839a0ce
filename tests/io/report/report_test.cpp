#include "powerstroke/io/report/report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <locale>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "io/report/example.hpp"

using namespace powerstroke::io;

namespace {

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++n;
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
    const std::string name = tag.substr(closes ? 1 : 0, tag.find_first_of(" \n\t") - (closes ? 1 : 0));
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
  for (std::sregex_iterator it(html.begin(), html.end(), id), end; it != end; ++it) ++found[(*it)[1]];
  return found;
}

/// Everything a page must be, whatever it shows.
void check_page(const std::string& html) {
  CHECK(nesting_error(html) == "");
  for (const char* outside : {"http", "src=", "@import", "url(", "<script", "<link", "xlink", "<?xml", "nan", ">inf"}) {
    CAPTURE(outside);
    CHECK_FALSE(holds(html, outside));
  }
  const std::map<std::string, int> all = ids(html);
  for (const auto& id : all) {
    CAPTURE(id.first);
    CHECK(id.second == 1);
  }
  const std::regex reference(R"(href='#([^']*)')");
  for (std::sregex_iterator it(html.begin(), html.end(), reference), end; it != end; ++it) {
    if (all.count((*it)[1]) == 0) FAIL_CHECK("a reference to nothing: " << (*it)[1].str());
  }
  const std::regex ampersand("&(?!(amp|lt|gt|quot|nbsp|#39);)");
  CHECK_FALSE(std::regex_search(html, ampersand));
}

const std::vector<std::string> kFigures = {"fig-energy",     "fig-entropy", "fig-mean-energy", "fig-phi",
                                           "fig-production", "fig-levels",  "fig-tests"};

std::string figure(const std::string& html, const std::string& id) {
  const std::size_t start = html.find("<figure id=\"" + id + "\"");
  if (start == std::string::npos) return "";
  return html.substr(start, html.find("</figure>", start) - start);
}

std::size_t drawings(const std::string& figure) { return occurrences(figure, "role=\"img\""); }

/// PATH for the length of a scope.
class Path {
 public:
  explicit Path(const std::string& path) : before_(std::getenv("PATH")) { ::setenv("PATH", path.c_str(), 1); }
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
  const std::map<std::string, std::size_t> panels = {{"fig-energy", 6}, {"fig-entropy", 4},    {"fig-mean-energy", 2},
                                                     {"fig-phi", 2},    {"fig-production", 1}, {"fig-levels", 1},
                                                     {"fig-tests", 1}};
  for (const auto& expected : panels) {
    CAPTURE(expected.first);
    CHECK(drawings(figure(report.html, expected.first)) == expected.second);
  }
  for (const char* text :
       {"Consistent: the particles follow the master equation", "Why it is so, in one sentence.", "The first remark.",
        "The second remark.", "9.8.7", "abcdef012345", "GNU 12.2.0", "2024-05-06T07:08:09Z", "1\u202F234\u202F567",
        "geometric ladder, ratio <i>q</i> = 0.75", "3.500 ± 0.010"}) {
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
  const std::string harmless = "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;";
  result.config.title = evil;
  result.config.json = evil;
  result.comparison.why = evil;
  result.comparison.remarks = {evil};
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
  CHECK(report.remarks[0] == "gnuplot is not installed: the report has no figures; install it and run again");
  check_page(report.html);
  CHECK(holds(report.html, report.remarks[0]));
  for (const std::string& id : kFigures) CHECK(figure(report.html, id) == "");
  CHECK(occurrences(report.html, "<table") == 3);
  CHECK(holds(report.html, "3.500 ± 0.010"));
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
