#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/weighted_line.hpp"
#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::study {
namespace {

using analysis::WeightedPoint;

constexpr const char *over_temperature = "strokes.temperature",
                     *over_pressure = "strokes.gas.pressure",
                     *over_active_pressure = "strokes.gas.active_pressure",
                     *over_inert_pressure = "strokes.gas.inert_pressure";

/// One of the runs that differ in one value of the config.
struct Varied {
  std::string name;
  double value;
};

std::vector<Varied> runs_over(const std::string& path) {
  std::vector<Varied> found;
  for (const PaperRun& run : paper_runs())
    for (const Override& change : run.overrides)
      if (change.path == path) found.push_back({run.name, std::stod(change.value)});
  return found;
}

/// ln of the measured uptake rate, which is the count over particles and time; its relative error
/// is that of the count.
WeightedPoint measured_rate(const RunResult& run, double x) {
  const auto uptakes = static_cast<double>(run.series.strokes_up.back());
  const double exposure = static_cast<double>(run.config.ensemble.particles) *
                          (run.series.t.back() - run.series.t.front());
  return {x, std::log(uptakes / exposure), 1.0 / std::sqrt(uptakes)};
}

double temperature(const RunResult& run) {
  return laws::temperature(run.config.strokes->law.balance);
}

}  // namespace

RateLine arrhenius(const PaperResults& results, bool times_temperature) {
  RateLine line;
  for (const Varied& varied : runs_over(over_temperature)) {
    const RunResult& run = results[varied.name];
    line.points.push_back(measured_rate(run, 1.0 / temperature(run)));
    if (times_temperature) line.points.back().y += std::log(temperature(run));
  }
  line.fit = analysis::weighted_line(line.points);
  return line;
}

RateLine pressure_line(const PaperResults& results, const std::string& path) {
  RateLine line;
  for (const Varied& varied : runs_over(path))
    line.points.push_back(measured_rate(results[varied.name], std::log(varied.value)));
  line.fit = analysis::weighted_line(line.points);
  return line;
}

namespace {

Check straight(const RateLine& line, const std::string& whose) {
  return at_least(Role::witness, whose + ": p-value of the points about the line", line.fit.p_value,
                  false_alarm_rate, "chance");
}

Findings rate_of_a_gas(const PaperResults& results) {
  const RateLine with_T = arrhenius(results, true), without_T = arrhenius(results, false),
                 order = pressure_line(results, over_pressure);
  const double delta_e = results["gas_T1.0"].config.strokes->delta_e();
  Findings out;
  out.checks = {
      agrees(Role::claim, "slope of ln(w+ T) against 1/T: delta_e", -with_T.fit.slope,
             with_T.fit.slope_error, delta_e),
      agrees(Role::claim, "slope of ln w+ against ln p: order in the pressure", order.fit.slope,
             order.fit.slope_error, 2.0),
      straight(with_T, "ln(w+ T) against 1/T"),
      straight(order, "ln w+ against ln p"),
      follows_equation(results["gas_T1.0"], "gas at T = 1"),
  };
  out.told = fmt::format(
      "Counted uptakes of {} runs at other temperatures give delta_e = {:.4f} +- {:.4f} back, put "
      "in as {:g}; {} runs at "
      "other "
      "pressures give the order {:.4f} +- {:.4f}. The factor beta of (12) needs ln(w+ T): ln w+ "
      "alone would give {:.3f}.",
      with_T.points.size(), -with_T.fit.slope, with_T.fit.slope_error, delta_e, order.points.size(),
      order.fit.slope, order.fit.slope_error, -without_T.fit.slope);
  return out;
}

Findings rate_of_an_impurity(const PaperResults& results) {
  const RateLine active = pressure_line(results, over_active_pressure),
                 inert = pressure_line(results, over_inert_pressure);
  Findings out;
  out.checks = {
      agrees(Role::claim, "order of w+ in the impurity’s pressure", active.fit.slope,
             active.fit.slope_error, 1.0),
      agrees(Role::claim, "order of w+ in the inert gas’s pressure", inert.fit.slope,
             inert.fit.slope_error, 1.0),
      straight(active, "ln w+ against ln p_a"),
      straight(inert, "ln w+ against ln p_i"),
      follows_equation(results["gas_pa1.0"], "impurity at p_a = 1"),
  };
  out.told = fmt::format(
      "The order is {:.4f} +- {:.4f} in the pressure of the impurity and {:.4f} +- {:.4f} in that "
      "of the inert gas.",
      active.fit.slope, active.fit.slope_error, inert.fit.slope, inert.fit.slope_error);
  return out;
}

std::vector<std::string> names_of_runs_over(const std::string& path, const std::string& other) {
  std::vector<std::string> names;
  for (const std::string& each : {path, other})
    for (const Varied& varied : runs_over(each)) names.push_back(varied.name);
  return names;
}

}  // namespace

std::vector<Claim> rate_claims() {
  return {
      {"gas", "(12)", "The uptake rate of a gas: beta exp(-beta delta_e) p^2",
       "Temperature shows the threshold, and the rate is of second order in the pressure.", "",
       Outcome::holds, names_of_runs_over(over_temperature, over_pressure), rate_of_a_gas},
      {"impurity", "(13)", "With an inert component: beta exp(-beta delta_e) p_i p_a",
       "Of an inert gas with an active impurity the rate is of first order in either pressure.", "",
       Outcome::holds, names_of_runs_over(over_active_pressure, over_inert_pressure),
       rate_of_an_impurity},
  };
}

}  // namespace powerstroke::study
