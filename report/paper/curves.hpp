#pragma once

#include <string>
#include <vector>

#include "powerstroke/report/figure.hpp"

/// Curves and figures as the figures of the claims have them.
namespace powerstroke::report {

/// Values against time. @param errors empty, or one a value, for `Mark::bars`.
Curve curve(std::string name, Mark mark, Ink ink, const std::vector<double>& x,
            const std::vector<double>& y, const std::vector<double>& errors = {});
/// Densities over bins from their probabilities, as steps.
Curve density_curve(std::string name, Mark mark, Ink ink, const std::vector<double>& edges,
                    const std::vector<double>& probability);

/// A figure of one panel with its caption beside it.
Figure single_figure(std::string id, std::string title, Panel panel, std::string caption,
                     std::string reading);

}  // namespace powerstroke::report
