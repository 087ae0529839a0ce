#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/result/result.hpp"

namespace test_support {

inline const char* const small_config = R"({
  "format": "powerstroke/1", "title": "Small \u00e9", "seed": 18446744073709551615,
  "ensemble": { "particles": 10, "energy": { "distribution": "delta", "value": 0.1 } },
  "strokes": { "transitions": [ { "delta_e": 0.3, "rate_down": 1 } ], "balance": "energy_conserving" },
  "time": { "end": 0.1, "snapshots": 3 }, "histogram": { "max": 1.5, "bins": 4 } })";

/// A result in which no two numbers are equal, and among them are those that writers lose: NaN,
/// infinities, -0, denormals.
class SampleResult {
 public:
  static powerstroke::study::RunResult make(bool has_particles = true) {
    return SampleResult().result(has_particles);
  }

 private:
  double number() {
    ++count_;
    switch (count_ % 11) {
      case 3: return std::numeric_limits<double>::quiet_NaN();
      case 5: return -0.0;
      case 7: return std::numeric_limits<double>::infinity();
      case 9: return std::numeric_limits<double>::denorm_min() * count_;
      default: return 1.0 / 3.0 + count_;
    }
  }
  std::vector<double> numbers(std::size_t size) {
    std::vector<double> values(size);
    for (double& value : values) value = number();
    return values;
  }
  std::uint64_t integer() {
    return (std::uint64_t{1} << 63U) + static_cast<std::uint64_t>(++count_);
  }
  std::vector<std::uint64_t> integers(std::size_t size) {
    std::vector<std::uint64_t> values(size);
    for (std::uint64_t& value : values) value = integer();
    return values;
  }
  powerstroke::study::Fit fit() {
    return {number(), number(), number(), number(), number(), number()};
  }

  powerstroke::study::RunResult result(bool has_particles) {
    powerstroke::study::RunResult r;
    r.config = powerstroke::io::parse_config(small_config, "small.json");
    r.provenance = {"0.1.0", "Compiler 1", "Release", "abc-dirty", "2025-01-01T00:00:00Z"};
    r.performance = {integer(), number(), number(), 7, integer(), integer(), integer()};
    r.has_particles = has_particles;
    if (has_particles) {
      auto& s = r.series;
      s.t = numbers(3);
      for (auto* column : {&s.strokes_up, &s.strokes_down, &s.blocked}) *column = integers(3);
      r.histograms = {{0.0, 0.5, 1.0, 1.25, 1.5},
                      {{1, 2, 3, 4}, {0, 0, 0, 0}, {5, 0, 3, 1}},
                      {0, 0, 1},
                      {{1, 2}, {3, 4}, {5, 6}}};
    }
    auto& e = r.solution;
    e.t = numbers(3);
    for (const powerstroke::study::QuantityInfo& info : powerstroke::study::followed_quantities()) {
      using powerstroke::study::Followed;
      powerstroke::study::Quantity& quantity = r.quantity(info.key);
      if (has_particles && info.followed != Followed::by_equation)
        quantity.values = numbers(3), quantity.errors = numbers(3);
      if (info.followed != Followed::by_particles) quantity.solution = numbers(3);
    }
    e.bin_probability = {numbers(4), numbers(4), numbers(4)};
    e.mass_error = number();
    e.error_estimate = number();
    e.nodes = 17;
    e.levels = 23;
    auto& c = r.comparison;
    c.master_equation = {fit(), fit(), fit()};
    c.levels = {fit(), fit(), fit()};
    c.counts = {{"attempted releases", number(), number(), number(), number()},
                {"uptakes", number(), number(), number(), number()}};
    c.tests = 8;
    c.p_limit = number();
    auto& law = c.stationary;
    law.law = "geometric ladder \"q\"\n\u00fcber alles";
    law.exists = true;
    law.reached = true;
    for (double* value :
         {&law.ratio, &law.ks, &law.chi2, &law.dof, &law.p_value, &law.kl_divergence,
          &law.total_variation, &law.solution_total_variation, &law.exponential_total_variation}) {
      *value = number();
    }
    law.bin_probability = numbers(4);
    law.exponential_bin_probability = numbers(4);
    c.false_alarm_rate = number();
    c.verdict = powerstroke::study::Verdict::inconsistent;
    c.why = powerstroke::study::as_written("because");
    c.remarks = {powerstroke::study::as_written("one"), powerstroke::study::as_written(""),
                 powerstroke::study::as_written("three")};
    return r;
  }

  int count_ = 0;
};

}  // namespace test_support
