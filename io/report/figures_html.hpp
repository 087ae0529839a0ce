#pragma once

#include <string>
#include <vector>

#include "powerstroke/io/report/figure_drawing.hpp"

namespace powerstroke::io {

/// The page's section of figures: drawings with their legends and captions, numbered.
/// @param remark shown in place of figures that are missing; empty if none is.
std::string figures_html(const std::vector<Figure>& figures, const Drawings& drawings, const std::string& remark);

}  // namespace powerstroke::io
