#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "powerstroke/analysis/theory/passage.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr int kSpeeds = 400;
/// Probability of speeds above those drawn.
constexpr double kTail = 0.002;

/// Numbers of the run as a speed on the axis: metres a second where there are units.
double speed_scale(const Units& units) { return units.reduced ? 1.0 : units.speed_m_s(); }

std::string speed_label(const Units& units) {
  return fmt::format("speed {{/:Italic v}}  ({})", units.reduced ? "unit of the config" : "m/s");
}

double speed(double energy, double mass) { return std::sqrt(2.0 * energy / mass); }

/// Density of the speed from probabilities of the energy's bins, relative to its maximum; speeds on
/// the axis' scale.
Curve speed_density(const char* name, Mark mark, Ink ink, const RunResult& result,
                    const std::vector<double>& p) {
  const std::vector<double> edges = bin_edges(result);
  const double mass = result.config.ensemble.mass, scale = speed_scale(result.config.units);
  Curve curve{name, mark, ink, {}};
  for (std::size_t i = 0; i < p.size() && i + 1 < edges.size(); ++i) {
    const double low = scale * speed(edges[i], mass), high = scale * speed(edges[i + 1], mass);
    curve.points.push_back({mark == Mark::area ? low : 0.5 * (low + high), p[i] / (high - low)});
    if (mark == Mark::area && i + 1 == p.size()) curve.points.push_back({high, 0.0});
  }
  double most = 0.0;
  for (const Point& point : curve.points) most = std::max(most, point.y);
  for (Point& point : curve.points) point.y /= most > 0.0 ? most : 1.0;
  return curve;
}

/// All but `kTail` of the energies at the start and at the end lie below.
double highest_energy(const RunResult& result) {
  const std::vector<double> edges = bin_edges(result);
  std::size_t last = 1;
  for (const std::size_t k : {std::size_t{0}, times(result).size() - 1}) {
    std::vector<double> p = particle_probabilities(result, k);
    if (p.empty()) p = solution_probabilities(result, k);
    double above = 0.0;
    std::size_t i = p.size();
    while (i > 0 && (above += p[i - 1]) < kTail) --i;
    last = std::max(last, i);
  }
  return edges[std::min(last, edges.size() - 1)];
}

/// Three at most: the first, one of the middle, the last.
std::vector<std::size_t> drawn_transitions(const Config& config) {
  const std::size_t n = config.strokes->law.transitions.size();
  if (n == 1) return {0};
  if (n == 2) return {0, 1};
  return {0, n / 2, n - 1};
}

Panel probability_panel(const RunResult& result, const laws::RosenZener& law, double highest) {
  const Config& config = result.config;
  constexpr std::array<Mark, 3> marks = {Mark::line, Mark::dashed, Mark::dotted};
  Panel panel;
  const double scale = speed_scale(config.units), fastest = speed(highest, config.ensemble.mass);
  const std::vector<std::size_t> transitions = drawn_transitions(config);
  for (std::size_t j = 0; j < transitions.size(); ++j) {
    const double delta_e = config.strokes->law.transitions[transitions[j]].delta_e;
    Curve curve{fmt::format("<i>P</i>(<i>v</i>), Δ<i>E</i> = {}{}", number_html(delta_e),
                            energy_unit_html(config.units)),
                marks[j],
                Ink::solution,
                {}};
    for (int i = 1; i <= kSpeeds; ++i) {
      const double v = fastest * i / kSpeeds;
      curve.points.push_back(
          {scale * v, laws::flip_probability({law.coupling, delta_e, law.range / v, law.hbar})});
    }
    panel.curves.push_back(std::move(curve));
  }
  panel.x = {"", 0.0, scale * fastest};
  panel.y = fitted_axis("flip probability {/:Italic P}", panel.curves, 0.0);
  panel.y.low = 0.0;
  return panel;
}

Panel speeds_panel(const RunResult& result, double highest) {
  const Config& config = result.config;
  const std::size_t last = times(result).size() - 1;
  const auto probabilities = [&](std::size_t k) {
    return result.has_particles ? particle_probabilities(result, k)
                                : solution_probabilities(result, k);
  };
  const Ink ink = result.has_particles ? Ink::particles : Ink::solution;
  Panel panel;
  panel.size = PanelSize::low;
  panel.curves = {
      speed_density("speeds at the end", Mark::area, ink, result, probabilities(last)),
      speed_density("speeds at the start", Mark::line, Ink::muted, result, probabilities(0))};
  panel.x = {speed_label(config.units), 0.0,
             speed_scale(config.units) * speed(highest, config.ensemble.mass)};
  panel.y = fitted_axis("relative density", panel.curves, 0.0);
  panel.y.low = 0.0;
  return panel;
}

bool applies(const RunResult& result) {
  return std::holds_alternative<laws::RosenZener>(result.config.strokes->law.rates);
}

Figure draw(const RunResult& result) {
  Figure figure;
  figure.id = "fig-flips";
  figure.title = "Flip probability over the speeds that occur";
  const auto* law = std::get_if<laws::RosenZener>(&result.config.strokes->law.rates);
  if (law == nullptr || times(result).empty() || bin_edges(result).size() < 2) {
    figure.missing = "There are no speeds to draw.";
    return figure;
  }
  const double highest = highest_energy(result);
  figure.layout = Layout::beside;
  figure.panels = {probability_panel(result, *law, highest), speeds_panel(result, highest)};
  const std::size_t transitions = result.config.strokes->law.transitions.size();
  figure.caption = fmt::format(
      "The probability of Rosen and Zener that a passage at speed <i>v</i>, which lasts <i>τ</i> = "
      "<i>b</i>/<i>v</i>, flips "
      "the "
      "system: <i>P</i> = sin²(π<i>V</i><sub>0</sub><i>τ</i>/<i>ħ</i>) sech²(πΔ<i>E "
      "τ</i>/2<i>ħ</i>). Below, the density of "
      "the {} speeds, relative to its maximum. {}",
      result.has_particles ? "particles’" : "solution’s",
      transitions > 3
          ? fmt::format("Of {} transitions the first, one of the middle and the last.", transitions)
          : "");
  figure.reading =
      "Both rates carry the factor <i>P</i> at the mean of the speeds before and after a stroke. "
      "Slow particles are "
      "followed "
      "without a jump, fast ones are gone before anything happens; strokes are made where <i>P</i> "
      "and the density are both "
      "large.";
  return figure;
}

}  // namespace

const ReportFigure flip_figure{120, applies, draw};

}  // namespace powerstroke::report
