#include "paper.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "messages.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace powerstroke::cli {

std::string paper_table(const io::Paper& paper) {
  std::string text = fmt::format("{:>2}  {:<16} {:<13}  {}\n", "", "where", "verdict", "claim");
  for (std::size_t i = 0; i < paper.claims.size(); ++i) {
    const io::JudgedClaim& judged = paper.claims[i];
    const bool under = judged.outcome == io::Outcome::holds_when;
    text += fmt::format("{:>2}  {:<16} {:<13}  {}{}{}\n", i + 1, judged.claim->equations, to_string(judged.outcome),
                        judged.claim->title, under ? " - when " + judged.claim->condition : "",
                        judged.as_expected() ? "" : fmt::format("  [expected: {}]", to_string(judged.claim->expected)));
  }
  return text;
}

bool paper(const std::string& folder, bool force, bool quiet) {
  io::check_paper_folder(folder, force);
  io::Paper paper;
  {
    ProgressBar bar(quiet);
    paper =
        io::run_paper([&](std::size_t done, std::size_t all) { bar.stage(fmt::format("run {} of {} ...", done + 1, all)); });
  }
  const Wishes to_its_end;
  const std::vector<std::string> remarks = io::write_paper(paper, folder, force);
  print("{}", paper_table(paper));
  for (const std::string& remark : remarks) say("note: {}\n", remark);
  print("\nPage: {}\n", (std::filesystem::path(folder) / "paper.html").string());
  return paper.as_expected();
}

}  // namespace powerstroke::cli
