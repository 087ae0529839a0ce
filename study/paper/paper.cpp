#include "powerstroke/study/paper/paper.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/study/result/provenance.hpp"

namespace powerstroke::study {

bool Paper::as_expected() const {
  return std::all_of(claims.begin(), claims.end(),
                     [](const JudgedClaim& c) { return c.as_expected(); });
}

Paper run_paper(const Decoder& decode, const RunCounter& progress) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> names;
  for (const Claim& claim : paper_claims())
    names.insert(names.end(), claim.runs.begin(), claim.runs.end());
  Paper paper;
  paper.results = make_runs(decode, names, {}, progress);
  for (const Claim& claim : paper_claims()) {
    Findings findings = claim.examine(paper.results);
    const Outcome outcome = judge(findings.checks);
    paper.claims.push_back({&claim, std::move(findings), outcome});
  }
  paper.facts = {provenance(),
                 std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
                 parallel::threads()};
  return paper;
}

std::string verdict_in_words(const JudgedClaim& judged) {
  const std::string word = to_string(judged.outcome);
  return judged.outcome == Outcome::holds_when ? word + " " + judged.claim->condition : word;
}

}  // namespace powerstroke::study
