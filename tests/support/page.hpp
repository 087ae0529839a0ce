#pragma once

#include <string>

#include "powerstroke/report/report.hpp"

namespace test_support {

/// The page of a result, as the program writes it.
inline std::string page(const powerstroke::study::RunResult& result) {
  return powerstroke::report::make_report(result).html;
}

}  // namespace test_support
