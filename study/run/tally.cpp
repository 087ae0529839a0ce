#include "powerstroke/study/run/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/study/judge/judge.hpp"
#include "powerstroke/study/result/tested.hpp"

namespace powerstroke::study {

std::vector<std::pair<std::size_t, std::size_t>> common_times(const std::vector<double>& a,
                                                              const std::vector<double>& b) {
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

void Tally::add(const std::string& quantity, double t, double statistic, double dof, double p_value,
                TestKind kind) {
  if (!std::isnan(p_value))
    tests_.push_back({"", quantity, statistic, dof, p_value, true, true, kind, t});
}

void Tally::add_normal(const std::string& quantity, double t, double difference, Scatter scatter) {
  if (std::isnan(difference) || std::isnan(scatter.error)) return;
  saw(t);
  constexpr double rounding_errors = 5.0;
  const bool nothing_scatters = scatter.is_rounding || scatter.error == 0.0;
  if (nothing_scatters && std::abs(difference) <= rounding_errors * scatter.error) {
    ++without_freedom_;
    return;
  }
  const double z = difference / scatter.error;
  add(quantity, t, z, 0.0, analysis::normal_p_value(z), TestKind::mean);
}

void Tally::add_bounded(const std::string& quantity, double t, double difference, bool is_within) {
  add(quantity, t, difference, 0.0, is_within ? 1.0 : 0.0, TestKind::mean);
}

void Tally::add_chi_square(const std::string& quantity, double t, const analysis::ChiSquare& chi) {
  saw(t);
  if (chi.dof == 0.0 && chi.p_value != 0.0) {  // p = 0: particles where none can be
    ++without_freedom_;
    return;
  }
  if (t > 0.0 && !std::isnan(chi.p_value)) distributions_.insert(t);
  add(quantity, t, chi.statistic, chi.dof, chi.p_value, TestKind::distribution);
}

ResultComparison Tally::verdict() && {
  ResultComparison comparison;
  comparison.false_alarm_rate = verdict_false_alarm_rate;
  if (tests_.empty()) {
    comparison.why = without_freedom_ > 0
                         ? "no test had a degree of freedom: too few particles, or all alike"
                         : "there is nothing to test that both results hold: no snapshot at the "
                           "same time, or too few particles";
    return comparison;
  }
  const Judgement judgement = judge(tests_, verdict_false_alarm_rate);
  const Test& worst = *judgement.worst;
  comparison.verdict = judgement.agrees() ? Verdict::consistent : Verdict::inconsistent;
  comparison.why =
      fmt::format("{} at t = {:g} has p = {:.2g}, the smallest of {} tests; the limit is {:.1e}",
                  worst.what, worst.t, worst.p_value, judgement.required, judgement.limit);
  if (judgement.agrees() && !snapshots_.empty() && distributions_.empty()) {
    comparison.verdict = Verdict::not_comparable;  // means and numbers of events alone do not make
                                                   // two results consistent
    comparison.why =
        "no distribution after the start could be tested: too few particles, other bins, or all "
        "are alike; " +
        comparison.why;
  } else if (judgement.agrees() && !snapshots_.empty())
    comparison.why =
        tested_words({distributions_.size(), snapshots_.size()}) + "; " + comparison.why;
  for (const Test& test : tests_) {
    const auto row = std::ranges::find(comparison.worst, test.what, &Test::what);
    if (row == comparison.worst.end())
      comparison.worst.push_back(test);
    else if (test.p_value < row->p_value)
      *row = test;
  }
  return comparison;
}

}  // namespace powerstroke::study
