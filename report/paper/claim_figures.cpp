#include "powerstroke/report/paper/claim_figures.hpp"

namespace powerstroke::report {
namespace {

ClaimFigures all_figures() {
  ClaimFigures all;
  for (ClaimFigures (*some)() :
       {conservation_figures, entropy_figures, stationary_figures, rate_figures, stroke_figures,
        second_law_figures, phase_claim_figures})
    all.merge(some());
  return all;
}

}  // namespace

std::vector<Figure> claim_figures(const std::string& claim, const study::PaperResults& results) {
  static const ClaimFigures all = all_figures();
  const auto found = all.find(claim);
  return found == all.end() ? std::vector<Figure>{} : found->second(results);
}

}  // namespace powerstroke::report
