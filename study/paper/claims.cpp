#include "powerstroke/study/paper/claims.hpp"

#include <iterator>
#include <utility>

namespace powerstroke::study {

const std::vector<Claim>& paper_claims() {
  static const std::vector<Claim> claims = [] {
    std::vector<Claim> all;
    for (std::vector<Claim> group :
         {conservation_claims(), entropy_claims(), stationary_claims(), rate_claims(),
          stroke_claims(), second_law_claims(), phase_claims()})
      std::move(group.begin(), group.end(), std::back_inserter(all));
    return all;
  }();
  return claims;
}

}  // namespace powerstroke::study
