#pragma once

#include <string>
#include <vector>

#include "powerstroke/report/figure.hpp"

namespace powerstroke::report {

/// The figures drawn: an inline `<svg>` for every panel, in the order of the figures and of their
/// panels.
struct Drawings {
  std::vector<std::vector<std::string>>
      svg;                  ///< [figure][panel]; an empty string where there is none
  std::string problem;      ///< why some or all are missing; empty if none is
  bool no_gnuplot = false;  ///< there is no gnuplot, and no figure
};

/// Draws all panels by one run of gnuplot. The SVG fits into a page: it scales with its column,
/// takes its colours and its font from the page, refers to nothing outside, and its ids are unique
/// over all panels.
Drawings draw(const std::vector<Figure>& figures);

/// The script for one panel: its drawing goes to standard output as one SVG document.
std::string gnuplot_script(const Panel& panel);

/// One SVG document of gnuplot turned into an element of a page. @param prefix of all its ids.
/// @param label for those who cannot see it.
/// @returns an empty string if the document is none.
std::string inline_svg(const std::string& document, const std::string& prefix,
                       const std::string& label);

}  // namespace powerstroke::report
