#pragma once

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>

/// Bounds of statistical tests, computed from the rate of false alarms that a test is allowed.
namespace test_support {

/// Of one test case, all of its checks together.
inline constexpr double false_alarm_rate = 1e-6;

/// The largest |z| that `checks` standard normal deviates may show together, any correlation among
/// them (Bonferroni).
inline double largest_deviate(int checks, double rate = false_alarm_rate) {
  return boost::math::quantile(
      boost::math::complement(boost::math::normal(), rate / (2.0 * checks)));
}

/// The most events that may be seen in `trials` of probability `p` each.
inline int most_events(int trials, double p, double rate = false_alarm_rate) {
  int events = 0;
  while (boost::math::cdf(boost::math::complement(boost::math::binomial(trials, p), events)) > rate)
    ++events;
  return events;
}

}  // namespace test_support
