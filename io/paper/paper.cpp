#include "powerstroke/io/paper/paper.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/provenance.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;
constexpr const char* kPage = "paper.html";
constexpr const char* kNumbers = "paper.json";

/// The file appears whole or not at all.
void write_by_rename(const fs::path& file, const std::string& bytes) {
  const fs::path fresh = file.parent_path() / fmt::format(".{}.{}", file.filename().string(), ::getpid());
  std::error_code error;
  try {
    write_durably(fresh, bytes);
  } catch (...) {
    fs::remove(fresh, error);
    throw;
  }
  fs::rename(fresh, file, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(fresh, ignored);
  throw IoError(fmt::format("{}: cannot be written: {}", file.string(), error.message()));
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

void check_paper_folder(const fs::path& folder, bool force) {
  for (const char* name : {kPage, kNumbers}) {
    std::error_code ignored;
    if (!force && fs::exists(folder / name, ignored))
      throw ConfigError(fmt::format("{} is there already; --force replaces it", (folder / name).string()));
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw IoError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
}

std::vector<std::string> write_paper(const Paper& paper, const fs::path& folder, bool force) {
  check_paper_folder(folder, force);
  PaperPage page = paper_page(paper);
  write_by_rename(folder / kNumbers, paper_json(paper));
  write_by_rename(folder / kPage, page.html);
  sync_folder(folder);
  return std::move(page.remarks);
}

}  // namespace powerstroke::io
