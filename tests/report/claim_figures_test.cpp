#include "powerstroke/report/paper/claim_figures.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "powerstroke/study/paper/claims.hpp"

using namespace powerstroke;

TEST_CASE("report: every figure of the paper's page belongs to a claim") {
  const std::vector<study::Claim>& claims = study::paper_claims();
  std::size_t with_figures = 0;
  for (report::ClaimFigures (*some)() :
       {report::conservation_figures, report::entropy_figures, report::stationary_figures,
        report::rate_figures, report::stroke_figures, report::second_law_figures,
        report::phase_claim_figures}) {
    for (const auto& [id, draws] : some()) {
      CAPTURE(id);
      CHECK(std::ranges::count(claims, id, &study::Claim::id) == 1);
      ++with_figures;
    }
  }
  CHECK(with_figures == 23);
}
