#include "powerstroke/study/judge/judge.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/binomial.hpp>
#include <cstdint>
#include <random>
#include <vector>

#include "support/bounds.hpp"

using namespace powerstroke::study;

namespace {

Test with(double p_value, bool required = true, bool decides = true) {
  Test test;
  test.p_value = p_value;
  test.required = required;
  test.decides = decides;
  return test;
}

}  // namespace

TEST_CASE(
    "judge: the smallest p-value of the required tests, against the rate over the number of those "
    "that decide") {
  const std::vector<Test> tests = {with(0.4), with(1e-9, false), with(3e-4),
                                   with(1e-30, false, false), with(3e-4)};
  const Judgement judgement = judge(tests, 2e-3);
  CHECK(judgement.required == 3);
  CHECK(judgement.limit == 2e-3 / 4.0);  // one decides nothing
  CHECK(judgement.worst == &tests[2]);   // the first of equals
  CHECK_FALSE(judgement.agrees());
  CHECK(judge(tests, 1e-3).agrees());
}

TEST_CASE("judge: nothing required agrees, and nobody is the worst") {
  const std::vector<Test> informative = {with(1e-9, false)};
  CHECK(judge(informative, 1e-3).worst == nullptr);
  CHECK(judge(informative, 1e-3).agrees());
  CHECK(judge({}, 1e-3).limit == 1e-3);
}

TEST_CASE(
    "judge: honest verdicts fail as often as stated, at most, however the tests hang together") {
  constexpr int verdicts = 20'000, tests = 12;
  constexpr double rate = 0.02;
  std::mt19937_64 generator(3);
  std::uniform_real_distribution<double> uniform;
  for (const bool alike : {false, true}) {
    int failed = 0;
    for (int v = 0; v < verdicts; ++v) {
      std::vector<Test> all;
      const double common = uniform(generator);
      for (int k = 0; k < tests; ++k) all.push_back(with(alike ? common : uniform(generator)));
      failed += judge(all, rate).agrees() ? 0 : 1;
    }
    // Independent ones fail at 1 - (1 - rate/n)^n, all alike at rate/n.
    const double expected = alike ? rate / tests : 1.0 - std::pow(1.0 - rate / tests, tests);
    const boost::math::binomial law(verdicts, expected);
    CHECK(failed <= boost::math::quantile(
                        boost::math::complement(law, 0.25 * test_support::false_alarm_rate)));
    CHECK(failed >= boost::math::quantile(law, 0.25 * test_support::false_alarm_rate));
  }
}
