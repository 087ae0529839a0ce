#pragma once

#include <string>
#include <vector>

#include "powerstroke/study/paper/paper.hpp"

namespace powerstroke::report {

/// The page of the paper's claims.
struct PaperPage {
  std::string html;                               ///< self-contained, as a run's report
  std::vector<std::string> remarks;               ///< such as that gnuplot is missing
  std::vector<std::vector<std::string>> figures;  ///< ids, claim by claim
};

PaperPage paper_page(const study::Paper& paper);

}  // namespace powerstroke::report
