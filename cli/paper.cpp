#include "paper.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "messages.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/result/paper_folder.hpp"
#include "powerstroke/report/paper/page.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace powerstroke::cli {

std::string paper_table(const study::Paper& paper) {
  std::string text = fmt::format("{:>2}  {:<16} {:<13}  {}\n", "", "where", "verdict", "claim");
  for (std::size_t i = 0; i < paper.claims.size(); ++i) {
    const study::JudgedClaim& judged = paper.claims[i];
    const bool under = judged.outcome == study::Outcome::holds_when;
    text += fmt::format(
        "{:>2}  {:<16} {:<13}  {}{}{}\n", i + 1, judged.claim->equations, to_string(judged.outcome),
        judged.claim->title, under ? " - when " + judged.claim->condition : "",
        judged.as_expected() ? ""
                             : fmt::format("  [expected: {}]", to_string(judged.claim->expected)));
  }
  return text;
}

bool paper(const std::string& folder, bool force, bool quiet) {
  io::check_paper_folder(folder, force);
  study::Paper paper;
  {
    ProgressBar bar(quiet);
    const StopCheck still_going_on([&bar] {
      bar.tick();
      return false;
    });
    paper = study::run_paper(io::parse_config, [&](std::size_t done, std::size_t all) {
      bar.stage(fmt::format("run {} of {}", done + 1, all));
    });
  }
  const Wishes to_its_end;
  const report::PaperPage page = report::paper_page(paper);
  io::write_paper(paper, page.html, page.figures, folder, force);
  print("{}", paper_table(paper));
  for (const std::string& remark : page.remarks) say("note: {}\n", remark);
  print("\nPage: {}\n", (std::filesystem::path(folder) / io::paper_page_name).string());
  return paper.as_expected();
}

}  // namespace powerstroke::cli
