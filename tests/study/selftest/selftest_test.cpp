#include "powerstroke/study/selftest/selftest.hpp"

#include <doctest/doctest.h>

#include "powerstroke/io/config/config.hpp"

using namespace powerstroke;

TEST_CASE("selftest: all of it passes, and says how often it would not by chance") {
  const std::vector<study::SelfCheck> checks = study::selftest(io::parse_config);
  double rate = 0.0;
  for (const study::SelfCheck& check : checks) {
    CAPTURE(check.what);
    CAPTURE(check.found);
    CHECK(check.passed);
    CHECK_FALSE(check.found.empty());
    rate += check.false_alarm_rate;
  }
  CHECK(checks.size() >= 16);
  CHECK(rate > 1e-4);
  CHECK(rate < 1e-2);
}
