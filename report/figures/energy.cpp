#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr std::size_t kPanels = 6;
constexpr std::size_t kBars = 60;
/// Probability that may lie outside the drawn energies, on either side.
constexpr double kTail = 0.002;

/// The bins [first, last) that are drawn, the same in all panels.
struct BinRange {
  std::size_t first, last;
};

void widen(BinRange& range, const std::vector<double>& probabilities) {
  double below = 0.0, above = 0.0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    below += probabilities[i];
    if (below <= kTail) continue;
    range.first = std::min(range.first, i);
    break;
  }
  for (std::size_t i = probabilities.size(); i-- > 0;) {
    above += probabilities[i];
    if (above <= kTail) continue;
    range.last = std::max(range.last, i + 1);
    break;
  }
}

BinRange drawn_bins(const RunResult& result, const std::vector<std::size_t>& snapshots,
                    std::size_t bins) {
  BinRange range{bins, 0};
  for (const std::size_t k : snapshots) {
    widen(range, particle_probabilities(result, k));
    widen(range, solution_probabilities(result, k));
  }
  widen(range, result.comparison.stationary.bin_probability);
  if (range.first >= range.last) return {0, bins};
  if (range.first < range.last / 4) range.first = 0;
  const std::size_t margin = (range.last - range.first) / 20 + 1;
  return {range.first > margin ? range.first - margin : 0, std::min(bins, range.last + margin)};
}

/// Every how many bins a bar is drawn: few enough to be told apart, and no common divisor with the
/// bins of a step, or all bars would sit at the same offsets of the ladder.
std::size_t bar_stride(std::size_t bins, std::size_t bins_per_rung) {
  std::size_t stride = (bins + kBars - 1) / kBars;
  if (stride <= 1 || bins_per_rung <= 1) return std::max<std::size_t>(stride, 1);
  while (std::gcd(stride, bins_per_rung) != 1) ++stride;
  return stride;
}

class DensityPanels {
 public:
  DensityPanels(const RunResult& result, std::vector<std::size_t> snapshots)
      : result_(result),
        snapshots_(std::move(snapshots)),
        edges_(bin_edges(result)),
        range_(drawn_bins(result, snapshots_, edges_.size() - 1)) {}

  Panel panel(std::size_t snapshot, bool last) const {
    Panel panel;
    panel.size = snapshots_.size() > 2 ? PanelSize::small : PanelSize::wide;
    panel.heading = fmt::format("<i>t</i> = {}{}", number_html(times(result_)[snapshot]),
                                time_unit_html(result_.config.units));
    const std::vector<double> particles = particle_probabilities(result_, snapshot);
    if (fits(particles)) panel.curves.push_back(steps(particles));
    const StationaryFit& law = result_.comparison.stationary;
    if (last && fits(law.exponential_bin_probability)) {
      panel.curves.push_back(line("the paper’s exponential (11)", Mark::dotted, Ink::exponential,
                                  law.exponential_bin_probability));
    }
    const std::vector<double> solution = solution_probabilities(result_, snapshot);
    if (fits(solution))
      panel.curves.push_back(line("solution of (7)", Mark::line, Ink::solution, solution));
    if (last && fits(law.bin_probability)) {
      panel.curves.push_back(line("stationary law", Mark::dashed, Ink::law, law.bin_probability));
    }
    if (fits(particles)) panel.curves.push_back(bars(particles));
    const std::string& unit = result_.config.units.energy;
    panel.x = {fmt::format("energy {{/:Italic E}}  ({})", axis_unit(unit, "unit of the config")),
               edges_[range_.first], edges_[range_.last]};
    panel.y = fitted_axis(
        fmt::format("{{/:Italic P}}({{/:Italic E}})  (1 / {})", axis_unit(unit, "unit of energy")),
        panel.curves, 0.0);
    panel.y.low = 0.0;
    shorten_numbers(panel);
    return panel;
  }

 private:
  bool fits(const std::vector<double>& probabilities) const {
    return probabilities.size() + 1 == edges_.size();
  }
  double width(std::size_t i) const { return edges_[i + 1] - edges_[i]; }

  Curve steps(const std::vector<double>& p) const {
    Curve curve{"histogram of the particles", Mark::area, Ink::particles, {}};
    for (std::size_t i = range_.first; i < range_.last; ++i)
      curve.points.push_back({edges_[i], p[i] / width(i)});
    curve.points.push_back({edges_[range_.last], 0.0});
    return curve;
  }

  Curve line(const char* name, Mark mark, Ink ink, const std::vector<double>& p) const {
    Curve curve{name, mark, ink, {}};
    for (std::size_t i = range_.first; i < range_.last; ++i) {
      curve.points.push_back({0.5 * (edges_[i] + edges_[i + 1]), p[i] / width(i)});
    }
    return curve;
  }

  /// Bars over the stretch of bins that can be seen in this panel.
  Curve bars(const std::vector<double>& p) const {
    const double visible = 0.003 * *std::max_element(p.begin(), p.end());
    std::size_t first = range_.first, last = range_.last;
    while (first < last && p[first] < visible) ++first;
    while (last > first && p[last - 1] < visible) --last;
    const double period = ladder_step(result_.config) / width(first < last ? first : 0);
    const std::size_t stride =
        bar_stride(last - first, period < 1e6 ? static_cast<std::size_t>(std::lround(period)) : 1);
    const auto n = static_cast<double>(result_.config.ensemble.particles);
    Curve curve{"particles ± standard error", Mark::bars, Ink::particles, {}};
    for (std::size_t i = first; i < last; i += stride) {
      curve.points.push_back({0.5 * (edges_[i] + edges_[i + 1]), p[i] / width(i),
                              std::sqrt(p[i] * (1.0 - p[i]) / n) / width(i)});
    }
    return curve;
  }

  const RunResult& result_;
  std::vector<std::size_t> snapshots_;
  std::vector<double> edges_;
  BinRange range_;
};

/// What becomes of a start that is narrow between two levels.
std::string mixing_words(const Config& config) {
  if (!on_ladder(config))
    return "Incommensurate strokes lead from any energy close to any other: what structure the "
           "start had is smoothed "
           "away.";
  const std::string step = has_several_transitions(config)
                               ? number_html(ladder_step(config)) + energy_unit_html(config.units)
                               : "Δ<i>E</i>";
  if (has_constant_rates(config))
    return "A narrow start keeps its shape within every step of " + step + ", since " +
           (has_several_transitions(config)
                ? "every stroke moves a particle by a whole number of them"
                : "a stroke moves a particle by exactly Δ<i>E</i>") +
           ": only the occupation of the levels relaxes.";
  return "<i>E</i> modulo " + step +
         " is kept by every stroke: a narrow start stays a comb. What relaxes is the occupation of "
         "the levels, for each "
         "place "
         "between them by itself.";
}

std::string reading(const RunResult& result) {
  const StationaryFit& law = result.comparison.stationary;
  std::string text;
  if (has_solution(result)) {
    text = result.has_particles
               ? "The line should run through the bars: two of three bars touch it, in no pattern. "
               : "The density moves by whole strokes Δ<i>E</i>. ";
  }
  text += mixing_words(result.config);
  if (std::isfinite(law.exponential_total_variation) && law.exponential_total_variation > 1e-6) {
    text += fmt::format(
        " The exponential of the same {} lies at a total variation of {} from the law that holds "
        "here.",
        keeps_energy(result.config) ? "mean" : "temperature",
        number_html(law.exponential_total_variation, 3));
  }
  return text;
}

Figure draw(const RunResult& result) {
  Figure figure;
  figure.id = "fig-energy";
  figure.title = "Density of the kinetic energy";
  const std::vector<std::size_t> snapshots = telling_snapshots(result, kPanels);
  if (snapshots.empty() || bin_edges(result).size() < 2) {
    figure.missing = "There is no histogram to draw.";
    return figure;
  }
  const DensityPanels panels(result, snapshots);
  for (const std::size_t k : snapshots)
    figure.panels.push_back(panels.panel(k, k == snapshots.back()));

  figure.caption = fmt::format(
      "<i>P</i>(<i>E</i>) at {} times{}{}. Same energies in all panels, each with its own scale of "
      "density.{}",
      snapshots.size(),
      result.has_particles ? ": the particles’ histogram, standard errors "
                             "√(<i>p</i>(1−<i>p</i>)/<i>N</i>) per bin width on some of its bins"
                           : "",
      result.solution.bin_probability.empty()
          ? ""
          : ", and the solution of the master equation (7), averaged over the same bins",
      snapshots.size() < times(result).size()
          ? " The times are chosen so that <i>P</i> changes about equally from panel to panel."
          : "");
  figure.reading = reading(result);
  return figure;
}

}  // namespace

const ReportFigure energy_figure{10, always, draw};

}  // namespace powerstroke::report
