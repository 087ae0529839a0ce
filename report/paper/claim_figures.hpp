#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "powerstroke/report/figure.hpp"
#include "powerstroke/study/paper/runs.hpp"

/// The figures of the paper's claims, from the results that the claims rest on.
namespace powerstroke::report {

/// By a claim's id, what draws its figures; a claim that is not here has none.
using ClaimFigures =
    std::map<std::string, std::function<std::vector<Figure>(const study::PaperResults&)>>;

ClaimFigures conservation_figures();
ClaimFigures entropy_figures();
ClaimFigures stationary_figures();
ClaimFigures rate_figures();
ClaimFigures stroke_figures();
ClaimFigures second_law_figures();
ClaimFigures phase_claim_figures();

/// The figures of one claim, in the order of the page.
std::vector<Figure> claim_figures(const std::string& claim, const study::PaperResults& results);

}  // namespace powerstroke::report
