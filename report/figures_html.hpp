#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "powerstroke/report/figure_drawing.hpp"

namespace powerstroke::report {

/// A figure with its legend and caption. @param svg its panels, drawn.
std::string figure_html(const Figure& figure, std::size_t number,
                        const std::vector<std::string>& svg);

/// The page's section of figures: drawings with their legends and captions, numbered.
/// @param remark shown in place of figures that are missing; empty if none is.
std::string figures_html(const std::vector<Figure>& figures, const Drawings& drawings,
                         const std::string& remark);

}  // namespace powerstroke::report
