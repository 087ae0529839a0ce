#include "sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "messages.hpp"
#include "powerstroke/io/config/sweep_plan.hpp"
#include "powerstroke/io/result/sweep_folder.hpp"
#include "powerstroke/report/report.hpp"
#include "powerstroke/report/sweep/page.hpp"
#include "powerstroke/study/result/result.hpp"
#include "powerstroke/study/sweep/sweep.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "tables.hpp"

namespace powerstroke::cli {
namespace {

/// Columns as wide as their widest cell, right-aligned.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      text += fmt::format("{}{:>{}}", i == 0 ? "" : "  ", row[i], widths[i]);
    text += '\n';
  }
  return text;
}

std::string cell(const study::MeasuredValue& measured) {
  return with_error(measured.value, measured.error);
}

std::string sweep_table(const study::Sweep& sweep) {
  std::vector<std::vector<std::string>> rows(1);
  for (const study::SweptPath& swept : sweep.over) rows.front().push_back(swept.path);
  for (const char* name : {"uptake rate", "w+ of the law", "release rate"})
    rows.front().emplace_back(name);
  study::for_each_quantity(&study::QuantityInfo::is_main, [&](const study::QuantityInfo& info) {
    rows.front().emplace_back(info.symbol.plain);
  });
  for (const char* name : {"strokes", "verdict"}) rows.front().emplace_back(name);
  for (const study::SweepRow& row : sweep.rows) {
    rows.push_back(row.values);
    const std::string law =
        std::isfinite(row.law_rate_up) ? fmt::format("{:.6g}", row.law_rate_up) : "-";
    for (const std::string& text : {cell(row.uptake_rate), law, cell(row.release_rate)})
      rows.back().push_back(text);
    for (const study::EndValue& end : row.ends) rows.back().push_back(cell(end.measured));
    rows.back().push_back(fmt::format("{}", row.uptakes + row.releases));
    rows.back().push_back(study::to_string(row.verdict));
  }
  std::string text = sweep.first.title.empty() ? "" : sweep.first.title + "\n\n";
  text += aligned(rows) + "\n";
  const study::Units& units = sweep.first.units;
  if (!units.reduced)
    text += fmt::format("Rates are in {}, energies in {}.\n", units.rate(), units.energy);
  text += report::seed_sentence(sweep) + "\n";
  for (const study::SweepFit& fit : sweep.fits)
    text += fmt::format("Fit of {}.\n", report::fit_sentence(fit));
  for (const std::string& note : sweep.notes) text += fmt::format("Note on {}.\n", note);
  return text;
}

study::Sweep computed(const study::SweepPlan& plan, const SweepRequest& request) {
  ProgressBar bar(request.quiet);
  return study::run_sweep(plan, request.keep,
                          [&](double fraction, std::uint64_t strokes) { bar(fraction, strokes); });
}

}  // namespace

bool make_sweep(const SweepRequest& request) {
  std::vector<study::SweptPath> over;
  for (const std::string& option : request.over) over.push_back(study::parse_over(option));
  const study::SweepPlan plan = io::plan_sweep(request.config, request.overrides, over);
  io::check_sweep_folder(request.folder, request.force);
  const study::Sweep sweep = computed(plan, request);
  const Wishes to_its_end;
  const report::SweepPage page = report::sweep_page(sweep, !sweep.results.empty());
  io::write_sweep(sweep, request.folder, request.force, page.html,
                  [](const study::RunResult& result) { return report::make_report(result).html; });
  print("{}", sweep_table(sweep));
  for (const std::string& remark : page.remarks) say("note: {}\n", remark);
  print("\nSweep: {}\n", (request.folder / "report.html").string());
  return std::none_of(sweep.rows.begin(), sweep.rows.end(), [](const study::SweepRow& row) {
    return row.verdict == study::Verdict::inconsistent;
  });
}

}  // namespace powerstroke::cli
