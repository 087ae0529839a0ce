#include "powerstroke/study/paper/verdict.hpp"

#include <doctest/doctest.h>

#include <boost/math/special_functions/erf.hpp>
#include <cmath>

#include "powerstroke/study/paper/measures.hpp"

using namespace powerstroke::study;

namespace {

Check passing(Role role) { return at_most(role, "small", 0.5, 1.0, ""); }
Check failing(Role role) { return at_most(role, "large", 2.0, 1.0, ""); }

}  // namespace

TEST_CASE("verdict: a number keeps its bound, and what is no number does not") {
  CHECK(at_most(Role::claim, "", 1.0, 1.0, "").passed());
  CHECK(!at_most(Role::claim, "", 1.1, 1.0, "").passed());
  CHECK(at_least(Role::claim, "", 1.0, 1.0, "").passed());
  CHECK(!at_least(Role::claim, "", 0.9, 1.0, "").passed());
  CHECK(within(Role::claim, "", 2.0, 1.5, 0.5, "").passed());
  CHECK(!within(Role::claim, "", 2.0, 1.4, 0.5, "").passed());
  for (const Check& check : {at_most(Role::claim, "", std::nan(""), 1.0, ""),
                             at_least(Role::claim, "", std::nan(""), 1.0, ""),
                             within(Role::claim, "", std::nan(""), 1.0, 1.0, ""),
                             agrees(Role::claim, "", 1.0, std::nan(""), 1.0)})
    CHECK(!check.passed());
}

TEST_CASE("verdict: statistical bounds follow from the rate of false alarms") {
  CHECK(boost::math::erfc(largest_deviate() / std::sqrt(2.0)) ==
        doctest::Approx(false_alarm_rate).epsilon(1e-9));
  CHECK(agrees(Role::claim, "", 1.0 + 0.99 * largest_deviate(), 1.0, 1.0).passed());
  CHECK(!agrees(Role::claim, "", 1.0 + 1.01 * largest_deviate(), 1.0, 1.0).passed());
}

TEST_CASE("verdict: claims, conditions and witnesses make four outcomes") {
  const Check c = passing(Role::claim), no_c = failing(Role::claim), w = passing(Role::witness),
              no_w = failing(Role::witness), k = passing(Role::condition),
              no_k = failing(Role::condition);
  CHECK(judge({c, w}) == Outcome::holds);
  CHECK(judge({c, k, w}) == Outcome::holds);
  CHECK(judge({c, no_c, k, w}) == Outcome::holds_when);
  CHECK(judge({no_c, k, no_k, w}) == Outcome::does_not_hold);
  CHECK(judge({no_c, w}) == Outcome::does_not_hold);
  CHECK(judge({c, no_w}) == Outcome::undecided);
  CHECK(judge({no_c, k, w, no_w}) == Outcome::undecided);
  CHECK(judge({}) == Outcome::undecided);
  CHECK(judge({w}) == Outcome::undecided);
  CHECK(judge({at_most(Role::claim, "", std::nan(""), 1.0, ""), w}) == Outcome::undecided);
}

TEST_CASE("verdict: the worst of several numbers is none where one of them is none") {
  const double none = std::nan("");
  CHECK(larger(1.0, 2.0) == 2.0);
  CHECK(larger(2.0, 1.0) == 2.0);
  CHECK(std::isnan(larger(larger(0.0, none), 3.0)));
  CHECK(std::isnan(larger(1.0, none)));
}
