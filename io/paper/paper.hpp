#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/io/paper/claims.hpp"
#include "powerstroke/io/result/result.hpp"

/// The paper, claim by claim: `powerstroke paper`.
namespace powerstroke::io {

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
Paper run_paper(const RunCounter& progress = {});

/// A verdict in words: "holds", "holds when rates are microreversible, or in d = 2", "does not hold".
std::string verdict_in_words(const JudgedClaim& judged);

/// The page, and remarks such as that gnuplot is missing.
struct PaperPage {
  std::string html;
  std::vector<std::string> remarks;
};
PaperPage paper_page(const Paper& paper);

std::string paper_json(const Paper& paper);

/// @throws as `check_whole_folder`.
void check_paper_folder(const std::filesystem::path& folder, bool force);

/// Writes paper.html and paper.json; the folder is complete or not there, see `write_whole_folder`.
/// @returns the page's remarks.
std::vector<std::string> write_paper(const Paper& paper, const std::filesystem::path& folder, bool force);

}  // namespace powerstroke::io
