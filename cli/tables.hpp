#pragma once

#include <string>

#include "powerstroke/study/result/result.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/run/run.hpp"
#include "powerstroke/study/selftest/selftest.hpp"

/// What the commands print on standard output, as text.
namespace powerstroke::cli {

/// "3.50012(22)": the error in units of the last digits; without one where there is none.
std::string with_error(double value, double error);

/// A dozen snapshots of a result, then the verdict and what was remarked.
std::string result_table(const study::RunResult& result);
std::string comparison_table(const study::ResultComparison& comparison);
std::string meaning_table(const study::Config& config, const study::Meaning& meaning);

/// A line a check, and the false-alarm rate of all together.
std::string selftest_table(const std::vector<study::SelfCheck>& checks);

}  // namespace powerstroke::cli
