#include "powerstroke/io/paper/paper.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/provenance.hpp"
#include "powerstroke/io/result/whole_folder.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;
constexpr const char* kPage = "paper.html";
constexpr const char* kNumbers = "paper.json";

FolderKind paper_folder() {
  return {"paper", {kPage, kNumbers}, [](const fs::path& entry) {
            return entry.filename() == kPage || entry.filename() == kNumbers;
          }};
}

}  // namespace

bool Paper::as_expected() const {
  return std::all_of(claims.begin(), claims.end(), [](const JudgedClaim& c) { return c.as_expected(); });
}

Paper run_paper(const RunCounter& progress) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> names;
  for (const Claim& claim : paper_claims()) names.insert(names.end(), claim.runs.begin(), claim.runs.end());
  Paper paper;
  paper.results = make_runs(names, {}, progress);
  for (const Claim& claim : paper_claims()) {
    Findings findings = claim.examine(paper.results);
    const Outcome outcome = judge(findings.checks);
    paper.claims.push_back({&claim, std::move(findings), outcome});
  }
  paper.facts = {provenance(), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
                 parallel::threads()};
  return paper;
}

std::string verdict_in_words(const JudgedClaim& judged) {
  const std::string word = to_string(judged.outcome);
  return judged.outcome == Outcome::holds_when ? word + " " + judged.claim->condition : word;
}

void check_paper_folder(const fs::path& folder, bool force) { check_whole_folder(folder, force, paper_folder()); }

std::vector<std::string> write_paper(const Paper& paper, const fs::path& folder, bool force) {
  PaperPage page = paper_page(paper);
  write_whole_folder(folder, force, paper_folder(), [&](const fs::path& fresh) {
    write_durably(fresh / kNumbers, paper_json(paper));
    write_durably(fresh / kPage, page.html);
  });
  return std::move(page.remarks);
}

}  // namespace powerstroke::io
