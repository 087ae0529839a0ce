#include "powerstroke/study/sweep/row.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace powerstroke::study {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// No event says less than that the rate is 0: its error is then that of one event.
MeasuredValue rate(std::uint64_t strokes, double exposure) {
  if (!(exposure > 0.0)) return {not_a_number, not_a_number};
  const auto count = static_cast<double>(strokes);
  return {count / exposure, std::sqrt(std::max(count, 1.0)) / exposure};
}

double law_rate_up(const RunResult& result) {
  if (!result.config.strokes) return 0.0;
  const laws::StrokeLaw& law = result.config.strokes->law;
  if (!std::holds_alternative<laws::Constant>(law.rates))
    return not_a_number;  // each energy has its own
  if (laws::is<laws::Conserving>(law.balance)) {
    const std::vector<double>& t = result.solution.t;
    const bool known = laws::is_plain(law) && !t.empty() && t.front() == 0.0;
    return known ? law.transitions.front().rate_down * result.quantity("phi").solution.front()
                 : not_a_number;
  }
  if (!laws::has_given_rates(law.balance)) return not_a_number;
  double sum = 0.0;
  for (const laws::Transition& transition : law.transitions) sum += transition.rate_up;
  return sum;
}

}  // namespace

MeasuredValue SweepRow::end(std::string_view key) const {
  for (const EndValue& end : ends)
    if (end.info->key == key) return end.measured;
  throw std::out_of_range("a row of a sweep has no such quantity: " + std::string(key));
}

SweepRow sweep_row(std::vector<std::string> values, const RunResult& result) {
  const Series& series = result.series;
  SweepRow row;
  row.values = std::move(values);
  row.time = series.t.back();
  row.particles = result.config.ensemble.particles;
  row.uptakes = series.strokes_up.back();
  row.releases = series.strokes_down.back();
  row.blocked = series.blocked.back();
  const double exposure = static_cast<double>(row.particles) * row.time;
  row.uptake_rate = rate(row.uptakes, exposure);
  row.release_rate = rate(row.releases, exposure);
  row.law_rate_up = law_rate_up(result);
  for_each_quantity(&QuantityInfo::is_main, [&](const QuantityInfo& info) {
    const Quantity& quantity = result.quantity(info.key);
    row.ends.push_back({&info, {quantity.values.back(), quantity.errors.back()}});
  });
  row.verdict = result.comparison.verdict;
  row.why = clause(result.comparison.why);
  return row;
}

}  // namespace powerstroke::study
