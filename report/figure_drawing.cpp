#include "powerstroke/report/figure_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "powerstroke/report/gnuplot.hpp"

namespace powerstroke::report {
namespace {

/// Okabe and Ito's colours where they serve: told apart with any kind of colour vision, and by
/// their dashes in print.
struct Colour {
  unsigned red, green, blue;
  std::string_view name;
};
constexpr Colour kAxes = {0x8A, 0x94, 0x9E, "axes"};
constexpr Colour kText = {0x4A, 0x55, 0x61, "soft-ink"};

Colour colour(Ink ink) {
  switch (ink) {
    case Ink::particles: return {0x00, 0x72, 0xB2, "particles"};
    case Ink::solution: return {0xD5, 0x5E, 0x00, "solution"};
    case Ink::law: return {0x00, 0x9E, 0x73, "law"};
    case Ink::exponential: return {0xA3, 0x54, 0x8A, "exponential"};
    case Ink::surroundings: return {0x8A, 0x6D, 0x1B, "surroundings"};
    case Ink::check: return {0x2B, 0x2F, 0x36, "check"};
    case Ink::muted: break;
  }
  return {0x9A, 0xA3, 0xAD, "muted"};
}

std::string hex(const Colour& c) {
  return fmt::format("'#{:02X}{:02X}{:02X}'", c.red, c.green, c.blue);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// Cuts everything from `from` to the end of `to`, as often as it occurs.
void cut_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    const std::size_t end = text.find(to, at + from.size());
    if (end == std::string::npos) return;
    text.erase(at, end + to.size() - at);
  }
}

/// gnuplot writes a colour in two spellings.
void name_colour(std::string& svg, const Colour& c) {
  const std::string variable = fmt::format("var(--{})", c.name);
  replace_all(svg, fmt::format("rgb({:3}, {:3}, {:3})", c.red, c.green, c.blue), variable);
  replace_all(svg, fmt::format("rgb({},{},{})", c.red, c.green, c.blue), variable);
}

/// gnuplot opens a group for every change of its pen, most of them empty.
void drop_empty_groups(std::string& svg) {
  constexpr std::string_view end = ">\n</g>\n";
  for (std::size_t at = svg.find(end); at != std::string::npos; at = svg.find(end, at)) {
    const std::size_t start = svg.rfind('<', at);
    if (start != std::string::npos && svg.compare(start, 3, "<g ") == 0) {
      svg.erase(start, at + end.size() - start);
      at = start;
    } else {
      ++at;
    }
  }
}

/// gnuplot lays a white disc under every dot of a bar, which would hide the bar, and is no white in
/// a dark page.
void drop_halos(std::string& svg) {
  for (std::size_t at = svg.find("color='white'/>"); at != std::string::npos;
       at = svg.find("color='white'/>", at)) {
    const std::size_t start = svg.rfind("<use", at);
    const std::size_t line_end = svg.find('\n', at);
    if (start == std::string::npos || line_end == std::string::npos) return;
    const std::size_t line_start = svg.rfind('\n', start) + 1;
    svg.erase(line_start, line_end + 1 - line_start);
    at = line_start;
  }
}

bool visible(const Point& p, const Axis& x, const Axis& y) {
  if (!std::isfinite(p.x) || !std::isfinite(p.y)) return false;
  return !(x.logarithmic && p.x <= 0.0) && !(y.logarithmic && p.y <= 0.0);
}

/// A bar may end below what a logarithmic axis can show: it then ends at the axis.
double lower_end(const Point& p, const Axis& y) {
  const double end = p.y - p.error;
  return y.logarithmic ? std::max(end, y.low) : end;
}

std::string data_block(const std::string& name, const Curve& curve, const Panel& panel) {
  std::string out = fmt::format("{} << EOD\n", name);
  for (const Point& p : curve.points) {
    if (!visible(p, panel.x, panel.y)) continue;
    if (curve.mark == Mark::area && &p != &curve.points.back()) {
      // Drawn as one outline: gnuplot's own steps are a polygon for each bin, with seams between
      // them.
      out += fmt::format("{0:.6g} {1:.6g}\n{2:.6g} {1:.6g}\n", p.x, p.y, (&p + 1)->x);
    } else if (curve.mark == Mark::bars) {
      out += fmt::format("{:.6g} {:.6g} {:.6g} {:.6g}\n", p.x, p.y, lower_end(p, panel.y),
                         p.y + p.error);
    } else {
      out += fmt::format("{:.6g} {:.6g}\n", p.x, p.y);
    }
  }
  return out + "EOD\n";
}

std::string style(Mark mark) {
  switch (mark) {
    case Mark::area: return "with filledcurves y=0 fs transparent solid 0.22 noborder fc rgb";
    case Mark::bars: return "using 1:2:3:4 with yerrorbars pt 7 ps 0.38 lw 1.2 lc rgb";
    case Mark::points: return "with points pt 7 ps 0.16 lc rgb";
    case Mark::dots: return "with points pt 6 ps 0.62 lw 1.7 lc rgb";
    case Mark::squares: return "with points pt 4 ps 0.62 lw 1.4 lc rgb";
    case Mark::line: return "with lines lw 1.6 lc rgb";
    case Mark::dashed: return "with lines lw 1.9 dt (7,4) lc rgb";
    case Mark::dotted: break;
  }
  return "with lines lw 1.9 dt (2,3) lc rgb";
}

bool drawable(const Curve& curve, const Panel& panel) {
  return std::any_of(curve.points.begin(), curve.points.end(),
                     [&](const Point& p) { return visible(p, panel.x, panel.y); });
}

/// A label on every decade, or on every second, third ... of them, 1 among them: about six in all.
std::string decade_tics(char name, const Axis& a) {
  const double decades = std::log10(a.high / a.low);
  const int step = std::max(1, static_cast<int>(std::ceil(decades / 6.0)));
  const int first = step * static_cast<int>(std::floor(std::log10(a.low) / step));
  return fmt::format(
      "set logscale {0} 10\nset format {0} '10^{{%L}}'\nset {0}tics 1e{1},1e{2}\nset m{0}tics "
      "{3}\n",
      name, first, step, step == 1 ? 10 : 1);
}

/// gnuplot sets its own steps without regard to how long the numbers are: along x those of four
/// digits and more would touch.
std::string even_tics(char name, const Axis& a) {
  const std::string format =
      fmt::format("unset logscale {0}\nset format {0} '%g'\nunset m{0}tics\n", name);
  if (name != 'x' || std::max(std::abs(a.low), std::abs(a.high)) < 1000.0)
    return format + fmt::format("set {}tics autofreq\n", name);
  const double raw = (a.high - a.low) / 4.0, decade = std::pow(10.0, std::floor(std::log10(raw)));
  const double step = decade * (raw < 1.5 * decade   ? 1.0
                                : raw < 3.5 * decade ? 2.0
                                : raw < 7.5 * decade ? 5.0
                                                     : 10.0);
  return format + fmt::format("set {}tics {:.6g}\n", name, step);
}

std::string axis(char name, const Axis& a) {
  const std::string scale = a.logarithmic ? decade_tics(name, a) : even_tics(name, a);
  // gnuplot would push the label of the upright axis out of the drawing to make room for long
  // numbers.
  const std::string label =
      name == 'x'
          ? fmt::format("set xlabel '{}' offset 0,0.3", a.label)
          : fmt::format("set label 1 '{}' at screen 0.03, graph 0.5 rotate by 90 center", a.label);
  return fmt::format("{}set {}range [{:.8g}:{:.8g}]\n{} textcolor rgb {}\n", scale, name, a.low,
                     a.high, label, hex(kText));
}

/// Width and height; the letters are the same on each, so that it sets how large they are in a
/// column of the page.
std::string canvas(PanelSize size) {
  switch (size) {
    case PanelSize::small: return "340,250";
    case PanelSize::low: return "470,200";
    case PanelSize::wide: break;
  }
  return "470,310";
}

/// The same for all panels of a size: their axes stand one above the other.
double left_margin(PanelSize size) { return size == PanelSize::small ? 0.2 : 0.165; }

/// Text of a piece of HTML, for an attribute.
std::string without_tags(const std::string& html) {
  std::string text = html;
  cut_all(text, "<", ">");
  return text;
}

}  // namespace

std::string css_name(Ink ink) { return std::string(colour(ink).name); }

bool drawable(const Panel& panel) {
  return std::any_of(panel.curves.begin(), panel.curves.end(),
                     [&](const Curve& c) { return drawable(c, panel); });
}

std::string gnuplot_script(const Panel& panel) {
  std::string data, plot;
  for (const Curve& curve : panel.curves) {
    if (!drawable(curve, panel)) continue;
    const std::string name = fmt::format("$curve{}", &curve - panel.curves.data());
    data += data_block(name, curve, panel);
    plot += fmt::format("{}{} {} {} notitle", plot.empty() ? "plot " : ", ", name,
                        style(curve.mark), hex(colour(curve.ink)));
  }
  return fmt::format(
      "reset\nset encoding utf8\nset minussign\nset clip two\n"
      "set terminal svg size {} dynamic enhanced font 'sans,12' rounded\nset output\nunset key\n"
      "set border 3 lw 0.8 lc rgb {}\nset tics nomirror out scale 0.6,0.3 textcolor rgb {}\nset "
      "bars 0\n"
      "set tmargin 0.6\nset rmargin 1.6\nset lmargin at screen {}\n{}{}{}{}\nset output\n",
      canvas(panel.size), hex(kAxes), hex(kText), left_margin(panel.size), axis('x', panel.x),
      axis('y', panel.y), data, plot);
}

std::string inline_svg(const std::string& document, const std::string& prefix,
                       const std::string& label) {
  const std::size_t start = document.find("<svg");
  const std::size_t box = document.find("viewBox=\"", start);
  const std::size_t body = document.find('>', box);
  if (start == std::string::npos || box == std::string::npos || body == std::string::npos)
    return {};
  const std::string view = document.substr(box + 9, document.find('"', box + 9) - box - 9);
  std::string svg = document.substr(body + 1);
  cut_all(svg, "<title>", "</title>");
  cut_all(svg, "<desc>", "</desc>");
  cut_all(svg, "<filter", "</filter>");
  drop_halos(svg);
  drop_empty_groups(svg);
  replace_all(svg, "xlink:href='#", fmt::format("href='#{}-", prefix));
  replace_all(svg, " id='", fmt::format(" id='{}-", prefix));
  replace_all(svg, " id=\"", fmt::format(" id=\"{}-", prefix));
  replace_all(svg, " font-family=\"sans\"", "");
  for (const Ink ink : {Ink::particles, Ink::solution, Ink::law, Ink::exponential,
                        Ink::surroundings, Ink::check, Ink::muted}) {
    name_colour(svg, colour(ink));
  }
  name_colour(svg, kAxes);
  name_colour(svg, kText);
  return fmt::format("<svg viewBox=\"{}\" role=\"img\" aria-label=\"{}\">{}", view,
                     without_tags(label), svg);
}

Drawings draw(const std::vector<Figure>& figures) {
  std::string script;
  Drawings drawings;
  for (const Figure& figure : figures) {
    drawings.svg.emplace_back(figure.panels.size());
    for (const Panel& panel : figure.panels) {
      if (drawable(panel)) script += gnuplot_script(panel);
    }
  }
  if (script.empty()) return drawings;
  const GnuplotOutput output = run_gnuplot(script);
  drawings.problem = output.problem;
  drawings.no_gnuplot = output.is_missing;

  // The documents come in the order of the panels; a gnuplot that stopped early leaves the last
  // ones out.
  constexpr std::string_view end = "</svg>";
  std::size_t at = 0;
  for (std::size_t f = 0; f < figures.size(); ++f) {
    for (std::size_t p = 0; p < figures[f].panels.size(); ++p) {
      const Panel& panel = figures[f].panels[p];
      if (!drawable(panel)) continue;
      const std::size_t next = std::min(output.text.find(end, at), output.text.size());
      drawings.svg[f][p] =
          inline_svg(output.text.substr(at, next + end.size() - at),
                     fmt::format("{}-{}", figures[f].id, p + 1),
                     figures[f].title + (panel.heading.empty() ? "" : ": " + panel.heading));
      if (drawings.svg[f][p].empty() && drawings.problem.empty())
        drawings.problem = "gnuplot drew less than it was asked for";
      at = std::min(next + end.size(), output.text.size());
    }
  }
  return drawings;
}

}  // namespace powerstroke::report
