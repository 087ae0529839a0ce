#pragma once

#include <functional>
#include <string>
#include <vector>

#include "powerstroke/study/paper/runs.hpp"
#include "powerstroke/study/paper/verdict.hpp"

/// The claims of the paper, each with the runs it rests on and a function from their results to
/// numbers.
namespace powerstroke::study {

struct Findings {
  std::vector<Check> checks;
  std::string told;  ///< what was found, as a terminal shows it
};

struct Claim {
  std::string id;         ///< of the section in the page and of the entry in paper.json
  std::string equations;  ///< the paper's numbers
  std::string title;      ///< one line of the table
  std::string text;       ///< what the paper says, in our words
  std::string condition;  ///< completes "holds when ..."; empty if there is none
  Outcome expected;
  std::vector<std::string> runs;
  std::function<Findings(const PaperResults&)> examine;
};

/// All of them, in the order of the page.
const std::vector<Claim>& paper_claims();

std::vector<Claim> conservation_claims();  ///< (7), (8)
std::vector<Claim> entropy_claims();       ///< (A.6), (10), (A.8)
std::vector<Claim> stationary_claims();    ///< (11)
std::vector<Claim> rate_claims();          ///< (12), (13)
std::vector<Claim> stroke_claims();        ///< (4), Figures 2 and 3
std::vector<Claim> second_law_claims();    ///< sections 1 and 5
std::vector<Claim> phase_claims();         ///< (1)-(3), (13)-(19), reference 1

}  // namespace powerstroke::study
