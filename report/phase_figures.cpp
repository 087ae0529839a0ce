#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "powerstroke/report/course.hpp"
#include "powerstroke/report/phase_report.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr std::array<Ink, 4> kInks = {Ink::particles, Ink::solution, Ink::check, Ink::surroundings};

/// The density of particles in a bin, with its standard error. @param share of them in it, out of
/// n.
Point density_point(double middle, double width, double share, double n) {
  return {middle, share / width, std::sqrt(share * (1.0 - share) / n) / width};
}

/// One quantity of all ensembles that have it.
Panel sides_panel(const RunResult& result, const std::string& quantity, const std::string& label,
                  double least_span) {
  Panel panel;
  panel.x = time_axis(result.series.t, result.config.units);
  const auto& sides = result.phase_space->sides;
  for (std::size_t k = 0; k < sides.size(); ++k)
    if (const Quantity* followed = sides[k].quantity(quantity))
      panel.curves.push_back(quantity_bars(escape_html(name_words(sides[k].name)), *followed,
                                           result.series.t, panel.x, kInks[k % kInks.size()]));
  panel.y = fitted_axis(label, panel.curves, least_span);
  return panel;
}

std::string energy_label(const RunResult& result, const std::string& what) {
  return what + "  (" + axis_unit(result.config.units.energy, "units of the config") + ")";
}

bool has(const RunResult& result, const std::string& quantity) {
  return result.phase_space->sides.front().quantity(quantity) != nullptr;
}

/// A tenth of the largest value: noise must not look like a course of events.
double span_of(const RunResult& result, const std::string& quantity) {
  double largest = 0.0;
  for (const PhaseSide& side : result.phase_space->sides)
    if (const Quantity* followed = side.quantity(quantity))
      for (const double value : followed->values)
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  return 0.1 * std::max(largest, 1e-12);
}

Figure energies_figure(const RunResult& result) {
  Figure figure;
  figure.id = "fig-energies";
  figure.title = "Mean energies";
  figure.panels.push_back(sides_panel(result, "kinetic_energy",
                                      energy_label(result, "⟨{/:Italic p}²/2{/:Italic m}⟩"),
                                      span_of(result, "kinetic_energy")));
  if (has(result, "potential_energy"))
    figure.panels.push_back(sides_panel(result, "potential_energy",
                                        energy_label(result, "⟨{/:Italic V}⟩"),
                                        span_of(result, "potential_energy")));
  for (Panel& panel : figure.panels) panel.size = PanelSize::small;
  figure.caption =
      "Mean kinetic energy, and mean potential energy where there is a potential, with standard "
      "errors.";
  figure.reading =
      result.phase_space->sides.size() > 1
          ? "All ensembles start alike; what acts on each is said in the table of numbers."
          : "";
  return figure;
}

Figure one_panel(const RunResult& result, const std::string& id, const std::string& title,
                 const std::string& quantity, const std::string& label,
                 const std::string& caption) {
  Figure figure;
  figure.id = id;
  figure.title = title;
  figure.layout = Layout::beside;
  figure.panels = {sides_panel(result, quantity, label, 0.05)};
  figure.caption = caption;
  return figure;
}

Figure cells_figure(const RunResult& result) {
  const PhaseGridConfig& grid = *result.config.phase_space->grid;
  Figure figure = one_panel(result, "fig-cells", "Entropy in phase space", "entropy_of_cells",
                            "{/:Italic S} of the cells  (k_B)",
                            fmt::format("Entropy of (<i>x</i>, <i>p</i>) from a histogram: cells "
                                        "of {} by {}, with standard errors.",
                                        number_html((grid.x_high - grid.x_low) / grid.x_cells),
                                        number_html((grid.p_high - grid.p_low) / grid.p_cells)));
  figure.reading =
      "Motion in a potential keeps the entropy of the density itself, (1)–(3); that of the density "
      "averaged over cells "
      "rises "
      "when filaments become thinner than they are, and comes back when all momenta are reversed. "
      "What strokes produce does "
      "not.";
  if (result.config.phase_space->reverse_at) {
    const double when = *result.config.phase_space->reverse_at;
    Panel& panel = figure.panels.front();
    panel.curves.push_back({"momenta reversed",
                            Mark::dotted,
                            Ink::muted,
                            {{when, panel.y.low}, {when, panel.y.high}}});
  }
  return figure;
}

Figure clouds_figure(const RunResult& result) {
  Figure figure;
  figure.id = "fig-clouds";
  figure.title = "Particles in phase space";
  figure.layout = Layout::full;
  const PhaseSide& side = result.phase_space->sides.front();
  Axis x{"{/:Italic x}", 0.0, 0.0}, p{"{/:Italic p}", 0.0, 0.0};
  const auto widen = [](Axis& axis, const std::vector<double>& values) {
    for (const double value : values) {
      axis.low = std::min(axis.low, 1.05 * value);
      axis.high = std::max(axis.high, 1.05 * value);
    }
  };
  for (const Cloud& cloud : side.clouds) {
    widen(x, cloud.x);
    widen(p, cloud.p);
  }
  if (!(x.high > x.low)) x.high = x.low + 1.0;
  if (!(p.high > p.low)) p.high = p.low + 1.0;
  for (const Cloud& cloud : side.clouds) {
    Panel panel;
    panel.heading = "<i>t</i> = " + number_html(cloud.t) + time_unit_html(result.config.units);
    panel.size = PanelSize::small;
    panel.x = x;
    panel.y = p;
    Curve dots{"", Mark::points, Ink::particles, {}};
    for (std::size_t i = 0; i < cloud.x.size(); ++i)
      dots.points.push_back({cloud.x[i], cloud.p[i]});
    panel.curves = {std::move(dots)};
    figure.panels.push_back(std::move(panel));
  }
  figure.caption = fmt::format("First components of <i>x</i> and <i>p</i> of {} particles.",
                               side.clouds.empty() ? 0 : side.clouds.front().x.size());
  return figure;
}

Figure ends_figure(const RunResult& result) {
  Figure figure;
  figure.id = "fig-ends";
  figure.title = "Coordinates at the end";
  const auto& sides = result.phase_space->sides;
  for (std::size_t m = 0; m < sides.front().marginals.size(); ++m) {
    Panel panel;
    panel.size = PanelSize::small;
    double highest = 0.0;
    for (std::size_t k = 0; k < sides.size(); ++k) {
      const Marginal& marginal = sides[k].marginals[m];
      const auto n = static_cast<double>(marginal.total);
      Curve curve{escape_html(name_words(sides[k].name)), Mark::bars, kInks[k % kInks.size()], {}};
      Curve law{k == 0 ? "Boltzmann’s law" : "", Mark::line, Ink::law, {}};
      for (std::size_t i = 0; i < marginal.counts.size(); ++i) {
        const double width = marginal.edges[i + 1] - marginal.edges[i],
                     middle = marginal.edges[i] + 0.5 * width;
        const double share = static_cast<double>(marginal.counts[i]) / n;
        curve.points.push_back(density_point(middle, width, share, n));
        highest = std::max(highest, 1.1 * share / width);
        if (!marginal.probability.empty())
          law.points.push_back({middle, marginal.probability[i] / width});
      }
      if (k == 0 && !law.points.empty()) panel.curves.push_back(std::move(law));
      panel.curves.push_back(std::move(curve));
    }
    const Marginal& first = sides.front().marginals[m];
    panel.x = {"{/:Italic " + first.name + "}", first.edges.front(), first.edges.back()};
    panel.y = {"density", 0.0, highest > 0.0 ? highest : 1.0};
    figure.panels.push_back(std::move(panel));
  }
  figure.caption =
      "Densities of the first components of <i>x</i> and <i>p</i>, and of the kinetic energy, at "
      "the end, with standard "
      "errors; "
      "the line is Boltzmann’s law at the temperature that acts on the run.";
  return figure;
}

/// Densities of W, and of -W on the way back.
Figure work_figure(const RunResult& result) {
  Figure figure;
  figure.id = "fig-work";
  figure.title = "Work";
  figure.layout = Layout::beside;
  const PhaseSide &forward = result.phase_space->sides.front(),
                  &reverse = result.phase_space->sides.back();
  const auto [f_low, f_high] = std::ranges::minmax(forward.work);
  const auto [r_low, r_high] = std::ranges::minmax(reverse.work);
  const double low = std::min(f_low, -r_high), high = std::max(f_high, -r_low);
  constexpr std::size_t bins = 60;
  const double width = std::max((high - low) / bins, 1e-12);
  const auto curve = [&](const std::string& name, const std::vector<double>& work, double sign,
                         Ink ink) {
    std::vector<std::uint64_t> counts(bins, 0);
    for (const double w : work)
      ++counts[std::min(bins - 1,
                        static_cast<std::size_t>(std::max(0.0, (sign * w - low) / width)))];
    Curve drawn{name, Mark::bars, ink, {}};
    const auto n = static_cast<double>(work.size());
    for (std::size_t i = 0; i < bins; ++i) {
      const double share = static_cast<double>(counts[i]) / n;
      if (counts[i] > 0)
        drawn.points.push_back(
            density_point(low + (static_cast<double>(i) + 0.5) * width, width, share, n));
    }
    return drawn;
  };
  Panel panel;
  panel.curves = {curve("<i>W</i>", forward.work, 1.0, Ink::particles),
                  curve("−<i>W</i> of the reversed protocol", reverse.work, -1.0, Ink::solution)};
  panel.x = {energy_label(result, "{/:Italic W}"), low, high};
  panel.y = fitted_axis("density", panel.curves, 0.01);
  figure.panels = {std::move(panel)};
  figure.caption =
      "Densities of the work <i>W</i> on a particle and of −<i>W</i> when the protocol runs back.";
  figure.reading =
      "Where Boltzmann’s law is stationary the two cross at Δ<i>F</i>, and the logarithm of their "
      "ratio is (<i>W</i> − "
      "Δ<i>F</i>)/<i>T</i> (Crooks); ⟨exp(−<i>W</i>/<i>T</i>)⟩ = exp(−Δ<i>F</i>/<i>T</i>) "
      "(Jarzynski). The numbers are "
      "among the "
      "remarks.";
  return figure;
}

/// Several quantities of the run itself in one panel.
Figure together_figure(const RunResult& result, const std::string& id, const std::string& title,
                       const std::vector<std::string>& keys, const std::string& label,
                       const std::string& caption) {
  Figure figure;
  figure.id = id;
  figure.title = title;
  figure.caption = caption;
  figure.layout = Layout::beside;
  Panel panel;
  panel.x = time_axis(result.series.t, result.config.units);
  for (const std::string& key : keys) {
    const Quantity& followed = *result.phase_space->sides.front().quantity(key);
    panel.curves.push_back(quantity_bars(escape_html(followed.description), followed,
                                         result.series.t, panel.x,
                                         kInks[panel.curves.size() % kInks.size()]));
  }
  panel.y = fitted_axis(label, panel.curves, span_of(result, "kinetic_energy"));
  figure.panels = {std::move(panel)};
  return figure;
}

/// Those of the first keys that the run itself has followed.
std::vector<std::string> followed_keys(const RunResult& result, std::size_t most,
                                       std::string (*key)(std::size_t)) {
  std::vector<std::string> keys;
  for (std::size_t k = 0; k < most && has(result, key(k)); ++k) keys.push_back(key(k));
  return keys;
}

}  // namespace

std::vector<Figure> phase_figures(const RunResult& result) {
  std::vector<Figure> figures = {energies_figure(result)};
  const std::size_t quantities = result.phase_space->sides.front().quantities.size();
  const std::vector<std::string> species = followed_keys(result, quantities, species_energy_key),
                                 axes =
                                     followed_keys(result, axis_names.size(), axis_temperature_key);
  if (!species.empty())
    figures.push_back(together_figure(result, "fig-species", "Kinetic energy of each species",
                                      species,
                                      energy_label(result, "⟨{/:Italic p}²/2{/:Italic m}⟩"),
                                      "Mean kinetic energies with standard errors."));
  if (!axes.empty())
    figures.push_back(together_figure(result, "fig-axes", "Along the axes", axes,
                                      energy_label(result, "⟨{/:Italic p}²/{/:Italic m}⟩"),
                                      "Mean of <i>p</i>²/<i>m</i> of each component: equal, and "
                                      "the temperature, in equilibrium."));
  if (has(result, "S_1"))
    figures.push_back(one_panel(result, "fig-s1", "One-particle entropy of the momenta", "S_1",
                                "{/:Italic S}^{(1)}  (k_B)",
                                "<i>S</i><sup>(1)</sup> (10), from the kinetic energies: that of "
                                "the momenta if they are isotropic."));
  if (has(result, "entropy_of_cells")) figures.push_back(cells_figure(result));
  figures.push_back(clouds_figure(result));
  figures.push_back(ends_figure(result));
  if (!result.phase_space->sides.front().work.empty()) figures.push_back(work_figure(result));
  return figures;
}

}  // namespace powerstroke::report
