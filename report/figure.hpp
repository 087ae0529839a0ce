#pragma once

#include <string>
#include <vector>

/// A figure as data: what is drawn, in which role, with which words. Knows neither where the
/// numbers come from nor the program that draws them.
namespace powerstroke::report {

/// The role of a curve sets its colour, the same one in every figure and in both themes of the
/// page.
enum class Ink { particles, solution, law, exponential, surroundings, check, muted };

enum class Mark {
  area,     ///< steps, filled down to 0; a point is (lower edge of a bin, value), the last one ends
            ///< the last bin
  bars,     ///< dots with error bars
  dots,     ///< small open circles
  squares,  ///< open squares
  points,   ///< as small as can be seen, for clouds
  line,
  dashed,
  dotted
};

struct Point {
  double x, y;
  double error = 0.0;  ///< half length of the bar
};

struct Curve {
  std::string name;  ///< of the legend, HTML; empty keeps it out
  Mark mark;
  Ink ink;
  std::vector<Point>
      points;  ///< what is not finite, or not positive on a logarithmic axis, is left out
};

struct Axis {
  std::string label;  ///< in gnuplot's enhanced notation
  double low, high;
  bool logarithmic = false;
};

enum class PanelSize { small, wide, low };

struct Panel {
  std::string heading;  ///< HTML, above the drawing; may be empty
  Axis x, y;
  std::vector<Curve> curves;
  PanelSize size = PanelSize::wide;
};

enum class Layout {
  full,     ///< the page's width, panels row by row
  columns,  ///< the page's width, every two panels one above the other
  half,     ///< half the width, panels one above the other
  beside    ///< the page's width, the caption beside the panel
};

struct Figure {
  std::string id;       ///< of the element in the page
  std::string title;    ///< HTML, as the rest
  std::string caption;  ///< what is drawn
  std::string reading;  ///< what to see
  Layout layout = Layout::full;
  std::vector<Panel> panels;
  std::string missing;  ///< why there is nothing to draw, or not all; may be empty
};

/// Does a panel have anything to show?
bool drawable(const Panel& panel);

/// "particles", "solution", ...: the name of the colour in the page's style sheet.
std::string css_name(Ink ink);

}  // namespace powerstroke::report
