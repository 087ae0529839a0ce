#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/weighted_line.hpp"
#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::study {
namespace {

using analysis::WeightedPoint;

std::vector<std::string> runs_of(const std::string& prefix) {
  std::vector<std::string> names;
  for (const PaperRun& run : paper_runs())
    if (run.name.compare(0, prefix.size(), prefix) == 0 && run.name.size() > prefix.size() &&
        std::isdigit(static_cast<unsigned char>(run.name[prefix.size()])))
      names.push_back(run.name);
  return names;
}

/// ln of the measured uptake rate, which is the count over particles and time; its relative error is that of the count.
WeightedPoint measured_rate(const RunResult& run, double x) {
  const auto uptakes = static_cast<double>(run.series.strokes_up.back());
  const double exposure = static_cast<double>(run.config.ensemble.particles) * (run.series.t.back() - run.series.t.front());
  return {x, std::log(uptakes / exposure), 1.0 / std::sqrt(uptakes)};
}

double temperature(const RunResult& run) { return laws::temperature(run.config.strokes->law.balance); }
/// Of the pressure that its override sets.
double log_pressure(const std::string& name) { return std::log(std::stod(name.substr(name.find_first_of("0123456789")))); }

}  // namespace

RateLine arrhenius(const PaperResults& results, bool times_temperature) {
  RateLine line;
  for (const std::string& name : runs_of("gas_T")) {
    const RunResult& run = results[name];
    line.points.push_back(measured_rate(run, 1.0 / temperature(run)));
    if (times_temperature) line.points.back().y += std::log(temperature(run));
  }
  line.fit = analysis::weighted_line(line.points);
  return line;
}

RateLine pressure_line(const PaperResults& results, const std::string& prefix) {
  RateLine line;
  for (const std::string& name : runs_of(prefix)) line.points.push_back(measured_rate(results[name], log_pressure(name)));
  line.fit = analysis::weighted_line(line.points);
  return line;
}

namespace {

Check straight(const RateLine& line, const std::string& whose) {
  return at_least(Role::witness, whose + ": p-value of the points about the line", line.fit.p_value, false_alarm_rate,
                  "chance");
}

Findings rate_of_a_gas(const PaperResults& results) {
  const RateLine with_T = arrhenius(results, true), without_T = arrhenius(results, false),
                 order = pressure_line(results, "gas_p");
  const double delta_e = results["gas_T1.0"].config.strokes->delta_e();
  Findings out;
  out.checks = {
      agrees(Role::claim, "slope of ln(w+ T) against 1/T: delta_e", -with_T.fit.slope, with_T.fit.slope_error, delta_e),
      agrees(Role::claim, "slope of ln w+ against ln p: order in the pressure", order.fit.slope, order.fit.slope_error, 2.0),
      straight(with_T, "ln(w+ T) against 1/T"),
      straight(order, "ln w+ against ln p"),
      follows_equation(results["gas_T1.0"], "gas at T = 1"),
  };
  out.told = fmt::format(
      "Counted uptakes of {} runs at other temperatures give delta_e = {:.4f} +- {:.4f} back, put in as {:g}; {} runs at "
      "other "
      "pressures give the order {:.4f} +- {:.4f}. The factor beta of (12) needs ln(w+ T): ln w+ alone would give {:.3f}.",
      with_T.points.size(), -with_T.fit.slope, with_T.fit.slope_error, delta_e, order.points.size(), order.fit.slope,
      order.fit.slope_error, -without_T.fit.slope);
  return out;
}

Findings rate_of_an_impurity(const PaperResults& results) {
  const RateLine active = pressure_line(results, "gas_pa"), inert = pressure_line(results, "gas_pi");
  Findings out;
  out.checks = {
      agrees(Role::claim, "order of w+ in the impurity’s pressure", active.fit.slope, active.fit.slope_error, 1.0),
      agrees(Role::claim, "order of w+ in the inert gas’s pressure", inert.fit.slope, inert.fit.slope_error, 1.0),
      straight(active, "ln w+ against ln p_a"),
      straight(inert, "ln w+ against ln p_i"),
      follows_equation(results["gas_pa1.0"], "impurity at p_a = 1"),
  };
  out.told = fmt::format(
      "The order is {:.4f} +- {:.4f} in the pressure of the impurity and {:.4f} +- {:.4f} in that of the inert gas.",
      active.fit.slope, active.fit.slope_error, inert.fit.slope, inert.fit.slope_error);
  return out;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

std::vector<Claim> rate_claims() {
  return {
      {"gas", "(12)", "The uptake rate of a gas: beta exp(-beta delta_e) p^2",
       "Temperature shows the threshold, and the rate is of second order in the pressure.", "", Outcome::holds,
       joined(runs_of("gas_T"), runs_of("gas_p")), rate_of_a_gas},
      {"impurity", "(13)", "With an inert component: beta exp(-beta delta_e) p_i p_a",
       "Of an inert gas with an active impurity the rate is of first order in either pressure.", "", Outcome::holds,
       joined(runs_of("gas_pa"), runs_of("gas_pi")), rate_of_an_impurity},
  };
}

}  // namespace powerstroke::study
