#include "sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "messages.hpp"
#include "powerstroke/io/result/result.hpp"
#include "powerstroke/io/sweep/folder.hpp"
#include "powerstroke/io/sweep/page.hpp"
#include "powerstroke/io/sweep/sweep.hpp"
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
    for (std::size_t i = 0; i < row.size(); ++i) text += fmt::format("{}{:>{}}", i == 0 ? "" : "  ", row[i], widths[i]);
    text += '\n';
  }
  return text;
}

std::string cell(const io::MeasuredValue& measured) { return with_error(measured.value, measured.error); }

std::string sweep_table(const io::Sweep& sweep) {
  std::vector<std::vector<std::string>> rows(1);
  for (const io::SweptPath& swept : sweep.over) rows.front().push_back(swept.path);
  for (const char* name :
       {"uptake rate", "w+ of the law", "release rate", "mean E", "phi", "S_E", "S^(1)", "strokes", "verdict"})
    rows.front().emplace_back(name);
  for (const io::SweepRow& row : sweep.rows) {
    rows.push_back(row.values);
    const std::string law = std::isfinite(row.law_rate_up) ? fmt::format("{:.6g}", row.law_rate_up) : "-";
    for (const std::string& text :
         {cell(row.uptake_rate), law, cell(row.release_rate), cell(row.mean_energy), cell(row.phi), cell(row.S_E),
          cell(row.S_1), fmt::format("{}", row.uptakes + row.releases), io::to_string(row.verdict)})
      rows.back().push_back(text);
  }
  std::string text = sweep.first.title.empty() ? "" : sweep.first.title + "\n\n";
  text += aligned(rows) + "\n";
  const io::Units& units = sweep.first.units;
  if (!units.reduced) text += fmt::format("Rates are in {}, energies in {}.\n", units.rate(), units.energy);
  text += io::seed_sentence(sweep) + "\n";
  for (const io::SweepFit& fit : sweep.fits) text += fmt::format("Fit of {}.\n", io::fit_sentence(fit));
  for (const std::string& note : sweep.notes) text += fmt::format("Note on {}.\n", note);
  return text;
}

io::Sweep computed(const io::SweepPlan& plan, const SweepRequest& request) {
  ProgressBar bar(request.quiet);
  return io::run_sweep(plan, request.keep, [&](double fraction, std::uint64_t strokes) { bar(fraction, strokes); });
}

}  // namespace

bool make_sweep(const SweepRequest& request) {
  std::vector<io::SweptPath> over;
  for (const std::string& option : request.over) over.push_back(io::parse_over(option));
  const io::SweepPlan plan = io::plan_sweep(request.config, request.overrides, over);
  io::check_sweep_folder(request.folder, request.force);
  const io::Sweep sweep = computed(plan, request);
  const Wishes to_its_end;
  const std::vector<std::string> remarks = io::write_sweep(sweep, request.folder, request.force);
  print("{}", sweep_table(sweep));
  for (const std::string& remark : remarks) say("note: {}\n", remark);
  print("\nSweep: {}\n", (request.folder / "report.html").string());
  return std::none_of(sweep.rows.begin(), sweep.rows.end(),
                      [](const io::SweepRow& row) { return row.verdict == io::Verdict::inconsistent; });
}

}  // namespace powerstroke::cli
