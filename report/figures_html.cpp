#include "powerstroke/report/figures_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "powerstroke/report/text.hpp"

namespace powerstroke::report {
namespace {

/// A drawing of a mark, for the legend.
std::string swatch(Mark mark, Ink ink) {
  const std::string colour = fmt::format("var(--{})", css_name(ink));
  const auto line = [&](const char* dashes) {
    return fmt::format("<path d=\"M1 7h28\" stroke=\"{}\" stroke-width=\"2.2\"{}/>", colour,
                       dashes);
  };
  std::string shape;
  switch (mark) {
    case Mark::area:
      shape = fmt::format("<path d=\"M3 14V6h8V2h8v7h8v5z\" fill=\"{}\" fill-opacity=\"0.25\"/>",
                          colour);
      break;
    case Mark::bars:
      shape = fmt::format(
          "<path d=\"M15 0v14\" stroke=\"{0}\" stroke-width=\"1.4\"/><circle cx=\"15\" cy=\"7\" "
          "r=\"2.6\" fill=\"{0}\"/>",
          colour);
      break;
    case Mark::points:
      shape = fmt::format("<circle cx=\"15\" cy=\"7\" r=\"1.4\" fill=\"{}\"/>", colour);
      break;
    case Mark::dots:
      shape = fmt::format(
          "<circle cx=\"15\" cy=\"7\" r=\"3.4\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>",
          colour);
      break;
    case Mark::squares:
      shape = fmt::format(
          "<rect x=\"11.5\" y=\"3.5\" width=\"7\" height=\"7\" fill=\"none\" stroke=\"{}\" "
          "stroke-width=\"1.4\"/>",
          colour);
      break;
    case Mark::line: shape = line(""); break;
    case Mark::dashed: shape = line(" stroke-dasharray=\"7 4\""); break;
    case Mark::dotted: shape = line(" stroke-dasharray=\"2 3\""); break;
  }
  return fmt::format("<svg viewBox=\"0 0 30 14\" aria-hidden=\"true\">{}</svg>", shape);
}

std::string legend(const Figure& figure) {
  std::vector<std::string> named;
  std::string items;
  for (const Panel& panel : figure.panels) {
    for (const Curve& curve : panel.curves) {
      if (curve.name.empty() || std::find(named.begin(), named.end(), curve.name) != named.end())
        continue;
      if (!drawable({"", panel.x, panel.y, {curve}, panel.size})) continue;
      named.push_back(curve.name);
      items +=
          fmt::format("<li>{}<span>{}</span></li>\n", swatch(curve.mark, curve.ink), curve.name);
    }
  }
  return items.empty() ? "" : "<ul class=\"legend\">\n" + items + "</ul>\n";
}

std::string layout_name(Layout layout) {
  constexpr std::array<const char*, 4> names = {"full", "columns", "half", "beside"};
  return names[static_cast<std::size_t>(layout)];
}

}  // namespace

std::string figure_html(const Figure& figure, std::size_t number,
                        const std::vector<std::string>& svg) {
  std::string panels;
  for (std::size_t p = 0; p < svg.size(); ++p) {
    if (svg[p].empty()) continue;
    const std::string& heading = figure.panels[p].heading;
    panels += fmt::format("<div class=\"panel\">{}\n{}\n</div>\n",
                          heading.empty() ? "" : "<h4>" + heading + "</h4>", svg[p]);
  }
  std::string out =
      fmt::format("<figure id=\"{}\" class=\"{}\">\n<h3><span>Figure {}</span>{}</h3>\n", figure.id,
                  layout_name(figure.layout), number, figure.title);
  if (!panels.empty())
    out += fmt::format("{}<div class=\"panels\">\n{}</div>\n", legend(figure), panels);
  out += "<figcaption>";
  if (!figure.missing.empty()) out += fmt::format("<p class=\"missing\">{}</p>", figure.missing);
  if (!panels.empty()) out += fmt::format("<p>{}</p>", figure.caption);
  if (!panels.empty() && !figure.reading.empty())
    out += fmt::format("\n<p><b>How to read it.</b> {}</p>", figure.reading);
  return out + "</figcaption>\n</figure>\n";
}

std::string figures_html(const std::vector<Figure>& figures, const Drawings& drawings,
                         const std::string& remark) {
  std::string out = "<section id=\"figures\">\n<h2>Figures</h2>\n";
  if (!remark.empty()) out += fmt::format("<p class=\"notice\">{}</p>\n", words_html(remark));
  std::string drawn;
  for (std::size_t f = 0; f < figures.size(); ++f) {
    const std::vector<std::string>& svg = drawings.svg[f];
    const bool wanted = !figures[f].panels.empty();
    const bool there =
        std::any_of(svg.begin(), svg.end(), [](const std::string& s) { return !s.empty(); });
    // A figure that could not be drawn is covered by the remark; one that has nothing to draw says
    // why itself.
    if (there || !wanted) drawn += figure_html(figures[f], f + 1, svg);
  }
  return out + (drawn.empty() ? "" : "<div class=\"figures\">\n" + drawn + "</div>\n") +
         "</section>\n";
}

}  // namespace powerstroke::report
