#pragma once

#include <limits>
#include <string>
#include <vector>

/// Verdicts on claims, made of numbers and their bounds alone.
namespace powerstroke::study {

/// What a number speaks for.
enum class Role {
  claim,      ///< the claim as the paper states it
  condition,  ///< the claim under the condition that the verdict names
  witness     ///< that the numbers can be trusted: particles against equation, one way of computing
              ///< against another
};

/// A number compared with its bound.
struct Check {
  enum class Relation { at_most, at_least, within };

  Role role;
  std::string what;  ///< in words, as a terminal shows them
  double measured;
  Relation relation;
  double bound;  ///< of `within`: on |measured - reference|
  double reference = std::numeric_limits<double>::quiet_NaN();  ///< read by `within` alone
  std::string why{};                                            ///< where the bound comes from

  /// False for NaN.
  bool passed() const;
};

Check at_most(Role role, std::string what, double measured, double bound, std::string why);
Check at_least(Role role, std::string what, double measured, double bound, std::string why);
Check within(Role role, std::string what, double measured, double reference, double bound,
             std::string why);

/// Of a measurement with a normal error: |measured - reference| <= z * error, z of
/// `false_alarm_rate`.
Check agrees(Role role, std::string what, double measured, double error, double reference);

/// Of each statistical check: it fails by chance this often.
inline constexpr double false_alarm_rate = 1e-6;
/// The largest |z| of a normal deviate at that rate.
double largest_deviate();

enum class Outcome {
  holds,
  holds_when,
  does_not_hold,
  undecided  ///< a witness failed, a number does not exist, or nothing was checked
};

/// Holds if all checks of the claim pass; holds when, if they do not but those of the condition do.
/// No verdict rests on numbers whose witnesses fail.
Outcome judge(const std::vector<Check>& checks);

/// "holds", "holds when", "does not hold", "undecided".
std::string to_string(Outcome outcome);
/// "claim", "condition", "witness".
std::string to_string(Role role);

/// "5.29e-02, at most 1e-09", "0.998, 1 within 0.05".
std::string in_words(const Check& check);

}  // namespace powerstroke::study
