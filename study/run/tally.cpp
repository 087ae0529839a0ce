#include "powerstroke/study/run/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/study/result/tested.hpp"

namespace powerstroke::study {

std::vector<std::pair<std::size_t, std::size_t>> common_times(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (std::abs(a[i] - b[j]) <= 1e-9 * std::max(std::abs(a[i]), std::abs(b[j])))
      pairs.emplace_back(i++, j++);
    else if (a[i] < b[j])
      ++i;
    else
      ++j;
  }
  return pairs;
}

Scatter with_rounding(double error, double value) {
  const double rounding = 1e-13 * std::max(1.0, std::abs(value));
  return {std::hypot(error, rounding), error <= rounding};
}

void Tally::add(const std::string& quantity, double t, double statistic, double dof, double p_value) {
  if (std::isnan(p_value)) return;
  ++tests_;
  const auto row = std::find_if(worst_.begin(), worst_.end(), [&](const auto& known) { return known.quantity == quantity; });
  const ResultDifference found{quantity, t, statistic, dof, p_value};
  if (row == worst_.end())
    worst_.push_back(found);
  else if (p_value < row->p_value)
    *row = found;
}

void Tally::add_normal(const std::string& quantity, double t, double difference, Scatter scatter) {
  if (std::isnan(difference) || std::isnan(scatter.error)) return;
  if (t > 0.0) snapshots_.insert(t);
  constexpr double rounding_errors = 5.0;
  const bool nothing_scatters = scatter.is_rounding || scatter.error == 0.0;
  if (nothing_scatters && std::abs(difference) <= rounding_errors * scatter.error) {
    ++without_freedom_;
    return;
  }
  const double z = difference / scatter.error;
  add(quantity, t, z, 0.0, analysis::normal_p_value(z));
}

void Tally::add_chi_square(const std::string& quantity, double t, const analysis::ChiSquare& chi) {
  if (t > 0.0) snapshots_.insert(t);
  if (chi.dof == 0.0 && chi.p_value != 0.0) {  // p = 0: particles where none can be
    ++without_freedom_;
    return;
  }
  if (t > 0.0 && !std::isnan(chi.p_value)) distributions_.insert(t);
  add(quantity, t, chi.statistic, chi.dof, chi.p_value);
}

ResultComparison Tally::verdict() && {
  ResultComparison comparison;
  comparison.worst = std::move(worst_);
  comparison.false_alarm_rate = verdict_false_alarm_rate;
  if (tests_ == 0) {
    comparison.why =
        without_freedom_ > 0
            ? "no test had a degree of freedom: too few particles, or all alike"
            : "there is nothing to test that both results hold: no snapshot at the same time, or too few particles";
    return comparison;
  }
  const double limit = verdict_false_alarm_rate / static_cast<double>(tests_);
  const auto worst = std::min_element(comparison.worst.begin(), comparison.worst.end(),
                                      [](const auto& x, const auto& y) { return x.p_value < y.p_value; });
  const bool agree = worst->p_value >= limit;
  comparison.verdict = agree ? Verdict::consistent : Verdict::inconsistent;
  comparison.why = fmt::format("{} at t = {:g} has p = {:.2g}, the smallest of {} tests; the limit is {:.1e}",
                               worst->quantity, worst->t, worst->p_value, tests_, limit);
  if (agree && !snapshots_.empty())
    comparison.why = tested_words({distributions_.size(), snapshots_.size()}) + "; " + comparison.why;
  return comparison;
}

}  // namespace powerstroke::study
