#include "powerstroke/study/paper/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <utility>

namespace powerstroke::study {
namespace {

bool all_of(const std::vector<Check>& checks, Role role) {
  return std::all_of(checks.begin(), checks.end(),
                     [&](const Check& c) { return c.role != role || c.passed(); });
}

bool any_of(const std::vector<Check>& checks, Role role) {
  return std::any_of(checks.begin(), checks.end(), [&](const Check& c) { return c.role == role; });
}

}  // namespace

bool Check::passed() const {
  switch (relation) {
    case Relation::at_most: return measured <= bound;
    case Relation::at_least: return measured >= bound;
    case Relation::within: break;
  }
  return std::abs(measured - reference) <= bound;
}

Check at_most(Role role, std::string what, double measured, double bound, std::string why) {
  Check check{role, std::move(what), measured, Check::Relation::at_most, bound};
  check.why = std::move(why);
  return check;
}

Check at_least(Role role, std::string what, double measured, double bound, std::string why) {
  Check check{role, std::move(what), measured, Check::Relation::at_least, bound};
  check.why = std::move(why);
  return check;
}

Check within(Role role, std::string what, double measured, double reference, double bound,
             std::string why) {
  return {role,  std::move(what), measured,      Check::Relation::within,
          bound, reference,       std::move(why)};
}

Check agrees(Role role, std::string what, double measured, double error, double reference) {
  return within(role, std::move(what), measured, reference, largest_deviate() * error,
                fmt::format("{:.2g} standard errors of {:.2g}", largest_deviate(), error));
}

double largest_deviate() {
  return boost::math::quantile(
      boost::math::complement(boost::math::normal(), 0.5 * false_alarm_rate));
}

Outcome judge(const std::vector<Check>& checks) {
  const bool numbers = std::all_of(checks.begin(), checks.end(), [](const Check& c) {
    return std::isfinite(c.measured) && !std::isnan(c.bound);
  });
  if (!numbers || !any_of(checks, Role::claim) || !all_of(checks, Role::witness))
    return Outcome::undecided;
  if (all_of(checks, Role::claim)) return Outcome::holds;
  return any_of(checks, Role::condition) && all_of(checks, Role::condition)
             ? Outcome::holds_when
             : Outcome::does_not_hold;
}

std::string to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds: return "holds";
    case Outcome::holds_when: return "holds when";
    case Outcome::does_not_hold: return "does not hold";
    case Outcome::undecided: break;
  }
  return "undecided";
}

std::string to_string(Role role) {
  switch (role) {
    case Role::claim: return "claim";
    case Role::condition: return "condition";
    case Role::witness: break;
  }
  return "witness";
}

std::string in_words(const Check& check) {
  switch (check.relation) {
    case Check::Relation::at_most:
      return fmt::format("{:.6g} (at most {:.3g})", check.measured, check.bound);
    case Check::Relation::at_least:
      return fmt::format("{:.6g} (at least {:.3g})", check.measured, check.bound);
    case Check::Relation::within: break;
  }
  return fmt::format("{:.6g} ({:.6g} within {:.2g})", check.measured, check.reference, check.bound);
}

}  // namespace powerstroke::study
