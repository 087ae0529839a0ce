#include "powerstroke/study/sweep/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <variant>

namespace powerstroke::study {
namespace {

/// Does every uptake that is attempted happen, so that their rate is w+?
bool uptakes_are_free(const laws::StrokeLaw& law, int dimension) {
  if (std::holds_alternative<laws::Constant>(law.rates)) return true;
  return std::holds_alternative<laws::Microreversible>(law.rates) &&
         dimension >= 2;  // shapes the releases alone
}

/// Why the uptake rates of a run measure no rate that the laws (12), (13) speak of; empty if they
/// do.
std::string obstacle(const Config& config) {
  if (!laws::is<laws::Thermal>(config.strokes->law.balance)) {
    return fmt::format(
        "under the balance {} the uptake rate is no function of temperature and pressure alone",
        laws::name(config.strokes->law.balance));
  }
  const laws::StrokeLaw& law = config.strokes->law;
  if (law.transitions.size() > 1) return "uptakes are counted for all transitions together";
  if (!uptakes_are_free(law, config.ensemble.dimension))
    return "these rates depend on the particle's energy";
  return {};
}

std::optional<SweepFit::Kind> kind_of(const SweptPath& swept, const Config& config) {
  if (swept.path == "strokes.temperature")
    return config.strokes->gas ? SweepFit::Kind::arrhenius_gas : SweepFit::Kind::arrhenius;
  if (swept.is_pressure()) return SweepFit::Kind::pressure;
  return {};
}

analysis::WeightedPoint point(SweepFit::Kind kind, const PlannedRun& run, const SweepRow& row,
                              std::size_t path) {
  const double y = std::log(row.uptake_rate.value),
               error = row.uptake_rate.error / row.uptake_rate.value;
  const double temperature = laws::temperature(run.config.strokes->law.balance);
  switch (kind) {
    case SweepFit::Kind::arrhenius: return {1.0 / temperature, y, error};
    case SweepFit::Kind::arrhenius_gas:
      return {1.0 / temperature, y + std::log(temperature), error};
    case SweepFit::Kind::pressure: break;
  }
  return {std::log(run.pressures[path]), y, error};
}

bool at_two_places(const std::vector<analysis::WeightedPoint>& points) {
  for (const analysis::WeightedPoint& p : points) {
    if (p.x != points.front().x) return true;
  }
  return false;
}

void draw_line(SweepFit& fit, const PlannedRun& run, std::string_view key) {
  fit.line = analysis::weighted_line(fit.points);
  const bool order = fit.kind == SweepFit::Kind::pressure;
  fit.value = order ? fit.line.slope : -fit.line.slope;
  fit.error = fit.line.slope_error;
  if (order) {
    fit.expected = key == "pressure" ? 2.0 : 1.0;
  } else {
    fit.expected = run.config.strokes->delta_e();
    fit.unit = run.config.units.after_energy();
  }
  fit.z = (fit.value - fit.expected) / fit.error;
}

/// Rows that differ in the values of one path alone, in the order of the table.
std::vector<std::vector<std::size_t>> groups(const SweepPlan& plan, std::size_t path) {
  std::map<std::vector<std::string>, std::size_t> known;
  std::vector<std::vector<std::size_t>> rows;
  for (std::size_t i = 0; i < plan.runs.size(); ++i) {
    std::vector<std::string> others = plan.runs[i].values;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(path));
    const auto [entry, fresh] = known.try_emplace(std::move(others), rows.size());
    if (fresh) rows.emplace_back();
    rows[entry->second].push_back(i);
  }
  return rows;
}

std::vector<std::pair<std::string, std::string>> other_values(const SweepPlan& plan,
                                                              std::size_t path, std::size_t row) {
  std::vector<std::pair<std::string, std::string>> others;
  for (std::size_t i = 0; i < plan.over.size(); ++i) {
    if (i != path) others.emplace_back(plan.over[i].path, plan.runs[row].values[i]);
  }
  return others;
}

class Fitter {
 public:
  Fitter(const SweepPlan& plan, const std::vector<SweepRow>& rows, std::vector<SweepFit>& fits,
         std::vector<std::string>& notes)
      : plan_(plan), rows_(rows), fits_(fits), notes_(notes) {}

  void over(std::size_t path) {
    for (const std::vector<std::size_t>& group : groups(plan_, path)) fit(path, group);
  }

 private:
  void fit(std::size_t path, const std::vector<std::size_t>& group) {
    const SweptPath& swept = plan_.over[path];
    const PlannedRun& first = plan_.runs[group.front()];
    const std::optional<SweepFit::Kind> kind = kind_of(swept, first.config);
    if (!kind) return;
    if (const std::string why = obstacle(first.config); !why.empty())
      return note(swept, "no fit: " + why);
    SweepFit fit;
    fit.kind = *kind;
    fit.path = swept.path;
    fit.at = other_values(plan_, path, group.front());
    for (const std::size_t row : group) {
      if (rows_[row].uptakes < least_uptakes) continue;
      fit.rows.push_back(row);
      fit.points.push_back(point(*kind, plan_.runs[row], rows_[row], path));
    }
    if (fit.points.size() < group.size()) {
      note(swept, fmt::format("rows with fewer than {} uptakes are left out of the fit: the "
                              "logarithm of such a count is not "
                              "normal",
                              least_uptakes));
    }
    if (!at_two_places(fit.points))
      return note(swept, "no fit: that takes two values at least with uptakes to count");
    draw_line(fit, first, swept.key());
    fits_.push_back(std::move(fit));
  }

  void note(const SweptPath& swept, const std::string& text) {
    const std::string whole = fmt::format("{}: {}", swept.path, text);
    if (std::find(notes_.begin(), notes_.end(), whole) == notes_.end()) notes_.push_back(whole);
  }

  const SweepPlan& plan_;
  const std::vector<SweepRow>& rows_;
  std::vector<SweepFit>& fits_;
  std::vector<std::string>& notes_;
};

}  // namespace

std::string law_of(SweepFit::Kind kind) {
  switch (kind) {
    case SweepFit::Kind::arrhenius: return "ln w+ against 1/T";
    case SweepFit::Kind::arrhenius_gas: return "ln(w+ T) against 1/T";
    case SweepFit::Kind::pressure: break;
  }
  return "ln w+ against ln p";
}

std::string quantity_of(SweepFit::Kind kind) {
  return kind == SweepFit::Kind::pressure ? "order in p" : "delta_e";
}

void fit_sweep(const SweepPlan& plan, const std::vector<SweepRow>& rows,
               std::vector<SweepFit>& fits, std::vector<std::string>& notes) {
  Fitter fitter(plan, rows, fits, notes);
  for (std::size_t path = 0; path < plan.over.size(); ++path) fitter.over(path);
}

}  // namespace powerstroke::study
