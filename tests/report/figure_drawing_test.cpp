#include "powerstroke/report/figure_drawing.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "powerstroke/report/gnuplot.hpp"

using namespace powerstroke::report;

namespace {

/// A gnuplot of one's own, alone on PATH for the length of a scope.
class FakeGnuplot {
 public:
  explicit FakeGnuplot(const std::string& body)
      : folder_(std::filesystem::temp_directory_path() /
                ("powerstroke-gnuplot-" + std::to_string(::getpid()))),
        path_(std::getenv("PATH")) {
    std::filesystem::create_directory(folder_);
    std::ofstream(folder_ / "gnuplot") << "#!/bin/sh\n" << body << '\n';
    std::filesystem::permissions(folder_ / "gnuplot", std::filesystem::perms::owner_all);
    ::setenv("PATH", folder_.c_str(), 1);
  }
  FakeGnuplot(const FakeGnuplot&) = delete;
  FakeGnuplot& operator=(const FakeGnuplot&) = delete;
  ~FakeGnuplot() {
    ::setenv("PATH", path_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }

 private:
  std::filesystem::path folder_;
  std::string path_;
};

Figure one_line(const std::vector<Point>& points) {
  Panel panel;
  panel.x = {"x", 0.0, 4.0};
  panel.y = {"y", 0.0, 8.0};
  panel.curves = {{"line", Mark::line, Ink::solution, points}};
  Figure figure;
  figure.id = "f";
  figure.title = "A <i>title</i>";
  figure.panels = {panel};
  return figure;
}

/// The corners of the path that has the colour of the solution.
std::vector<Point> path(const std::string& svg) {
  const std::size_t curve = svg.find("<path stroke='var(--solution)'");
  REQUIRE(curve != std::string::npos);
  const std::size_t start = svg.find("d='", curve) + 3;
  std::string d = svg.substr(start, svg.find('\'', start) - start);
  for (char& c : d) {
    if (c == 'M' || c == 'L' || c == ',') c = ' ';
  }
  std::istringstream in(d);
  std::vector<Point> corners;
  for (Point p{}; in >> p.x >> p.y;) corners.push_back(p);
  return corners;
}

}  // namespace

TEST_CASE("a line is drawn through its points, to scale") {
  const Drawings drawings = draw({one_line({{0.0, 0.0}, {1.0, 6.0}, {4.0, 8.0}})});
  CHECK(drawings.problem == "");
  const std::vector<Point> corners = path(drawings.svg.at(0).at(0));
  REQUIRE(corners.size() == 3);
  const double width = corners[2].x - corners[0].x, height = corners[0].y - corners[2].y;
  CHECK(width > 300.0);
  CHECK(height > 200.0);
  CHECK((corners[1].x - corners[0].x) / width == doctest::Approx(0.25).epsilon(1e-3));
  CHECK((corners[0].y - corners[1].y) / height == doctest::Approx(0.75).epsilon(1e-3));
}

TEST_CASE("what is not finite is left out, and a panel of nothing else is not drawn") {
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               infinite = std::numeric_limits<double>::infinity();
  const Drawings drawings = draw(
      {one_line({{nan, 1.0}, {1.0, infinite}}), one_line({{0.0, 1.0}, {2.0, nan}, {4.0, 1.0}})});
  CHECK(drawings.problem == "");
  CHECK(drawings.svg.at(0).at(0) == "");
  CHECK(path(drawings.svg.at(1).at(0)).size() == 2);
  Panel logarithmic = one_line({{1.0, 0.0}, {2.0, -1.0}}).panels[0];
  logarithmic.y = {"y", 0.1, 1.0, true};
  CHECK_FALSE(drawable(logarithmic));
}

TEST_CASE("a drawing is an element of the page: colours and letters are the page's, ids its own") {
  const std::string svg = draw({one_line({{0.0, 0.0}, {4.0, 8.0}})}).svg.at(0).at(0);
  CHECK(svg.rfind("<svg viewBox=\"0 0 470 310\" role=\"img\" aria-label=\"A title\">", 0) == 0);
  for (const char* foreign : {"rgb(", "font-family", "xmlns", "<title", "white'/>", "id='gp",
                              "href='#gp", "id=\"gnuplot"}) {
    CAPTURE(foreign);
    CHECK(svg.find(foreign) == std::string::npos);
  }
}

TEST_CASE("a gnuplot that fails is a remark with its own words") {
  const FakeGnuplot fake("echo 'line 3: no such terminal' >&2; exit 7");
  const Drawings drawings = draw({one_line({{0.0, 0.0}, {4.0, 8.0}})});
  CHECK(drawings.problem == "gnuplot failed with exit code 7: line 3: no such terminal");
  CHECK(drawings.svg.at(0).at(0) == "");
}

TEST_CASE("a gnuplot that draws nothing, or something else, is a remark") {
  {
    const FakeGnuplot fake("exit 0");
    CHECK(draw({one_line({{0.0, 0.0}, {4.0, 8.0}})}).problem ==
          "gnuplot drew less than it was asked for");
  }
  const FakeGnuplot fake("echo '</svg> </svg>'");
  const Drawings drawings = draw({one_line({{0.0, 0.0}, {4.0, 8.0}})});
  CHECK(drawings.problem == "gnuplot drew less than it was asked for");
  CHECK(drawings.svg.at(0).at(0) == "");
}

TEST_CASE("a gnuplot that hangs is stopped") {
  const FakeGnuplot fake("while :; do :; done");
  const auto start = std::chrono::steady_clock::now();
  const GnuplotOutput output = run_gnuplot("", std::chrono::milliseconds(100));
  CHECK(output.problem == "gnuplot did not end within 0.1 s and was stopped");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("what a gnuplot that is stopped has started is stopped with it") {
  const std::filesystem::path noted =
      std::filesystem::temp_directory_path() / ("gnuplot-child-" + std::to_string(::getpid()));
  const FakeGnuplot fake("/bin/sleep 600 & echo $! >" + noted.string() + "; while :; do :; done");
  CHECK(run_gnuplot("", std::chrono::milliseconds(500)).problem != "");
  pid_t child = 0;
  std::ifstream(noted) >> child;
  REQUIRE(child > 0);
  // Somebody has to collect it: until then it is there, but dead.
  const auto is_dead = [&] {
    std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
    std::string number, name, state;
    return !(stat >> number >> name >> state) || state == "Z";
  };
  for (int k = 0; k < 100 && !is_dead(); ++k) ::usleep(10000);
  CHECK(is_dead());
  std::filesystem::remove(noted);
}

TEST_CASE("a script and an output larger than a pipe go through") {
  const FakeGnuplot fake("while read -r line; do echo \"$line\"; done");
  std::string script;
  for (int i = 0; i < 20000; ++i)
    script += "a line of some length, number " + std::to_string(i) + "\n";
  const GnuplotOutput output = run_gnuplot(script);
  CHECK(output.problem == "");
  CHECK(output.text == script);
}
