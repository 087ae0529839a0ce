#pragma once

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

/// How rarely a right program is found wrong.
///
/// A statistic over the first seeds of a config whose p-value is below `screening` is looked at
/// again over fresh seeds, several times as many, and is a finding below `confirmation` there.
/// Fresh seeds know nothing of the first: with at most `most_tests` statistics a config and
/// `configs` of them all alarms together have the rate `false_alarm_rate`, whatever the
/// correlations between statistics (Bonferroni).
namespace calibration {

inline constexpr double false_alarm_rate = 1e-6;
inline constexpr double screening = 2e-4;
inline constexpr double most_tests = 200.0, configs = 10'000.0;
inline constexpr double confirmation = false_alarm_rate / (configs * most_tests * screening);

/// Two-sided, of a normal deviate.
inline double normal_p(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

inline double chi_square_above(double statistic, double dof) {
  return boost::math::gamma_q(0.5 * dof, 0.5 * statistic);
}
inline double chi_square_below(double statistic, double dof) {
  return boost::math::gamma_p(0.5 * dof, 0.5 * statistic);
}

/// Two-sided.
inline double students_p(double t, double dof) {
  return 2.0 * boost::math::cdf(boost::math::complement(boost::math::students_t(dof), std::abs(t)));
}

/// Of `events` or more in `trials`.
inline double binomial_p(double trials, double p, double events) {
  if (events <= 0.0) return 1.0;
  return boost::math::cdf(boost::math::complement(boost::math::binomial(trials, p), events - 1.0));
}

}  // namespace calibration
