#pragma once

#include <string>
#include <vector>

#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/result/result.hpp"

/// The paper, claim by claim: `powerstroke paper`.
namespace powerstroke::study {

struct JudgedClaim {
  const Claim* claim;
  Findings findings;
  Outcome outcome;

  bool as_expected() const { return outcome == claim->expected; }
};

/// How a run of the paper was made.
struct PaperFacts {
  Provenance provenance;
  double wall_s = 0.0;
  int threads = 1;
};

struct Paper {
  std::vector<JudgedClaim> claims;
  PaperResults results;
  PaperFacts facts;

  bool as_expected() const;
};

/// Makes all runs and judges all claims.
/// @param decode what turns the configs of its runs into settings.
Paper run_paper(const Decoder& decode, const RunCounter& progress = {});

/// A verdict in words: "holds", "holds when rates are microreversible, or in d = 2", "does not
/// hold".
std::string verdict_in_words(const JudgedClaim& judged);

}  // namespace powerstroke::study
