#pragma once

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "support/bounds.hpp"

namespace test_support {

/// A number measured in independent runs: its mean, and the standard error that their scatter
/// shows.
class Replicas {
 public:
  void add(double value) {
    ++count_;
    const double step = value - mean_;
    mean_ += step / count_;
    squares_ += step * (value - mean_);
  }
  double mean() const { return mean_; }
  double variance() const { return squares_ / (count_ - 1.0); }
  double error() const { return std::sqrt(variance() / count_); }
  double runs() const { return count_; }
  double deviate(double expected) const { return (mean_ - expected) / error(); }

 private:
  double count_ = 0.0, mean_ = 0.0, squares_ = 0.0;
};

/// The largest |deviate| that `checks` means over so many runs may show together (Student's t,
/// Bonferroni).
inline double largest_student(double runs, int checks, double rate = false_alarm_rate) {
  return boost::math::quantile(
      boost::math::complement(boost::math::students_t(runs - 1.0), rate / (2.0 * checks)));
}

}  // namespace test_support
