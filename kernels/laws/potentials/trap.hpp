#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/potentials/harmonic.hpp"

namespace powerstroke::laws {

/// A number that goes from one value to another at constant speed, between two times.
struct Ramp {
  double from, to, start = 0.0, end = 0.0;

  double at(double t) const {
    if (t <= start) return from;
    if (t >= end) return to;
    return from + (to - from) * (t - start) / (end - start);
  }
};

/// A harmonic trap that is moved and stiffened while time runs: v = k(t) (x - c(t))^2 / 2.
struct Trap {
  static constexpr const char* name = "trap";
  static constexpr const char* description =
      "a harmonic one that is moved and stiffened between two times, which does work";
  static constexpr std::array<Parameter, 4> parameters{
      {{"stiffness", "", "k before and after, energy over length squared.", Limit::positive, 2, 2,
        "two numbers > 0, [before, after]"},
       {"centre", "length", "c before and after; left out: 0.", Limit::none, 2, 2,
        "two numbers, [before, after]", 0.0},
       {"start", "time", "When it begins to change.", Limit::not_negative},
       {"end", "time", "When it has changed.", Limit::not_negative}}};

  Ramp stiffness, centre;

  static Trap from(const LawInput& input) {
    const auto ramp = [&](std::size_t k) {
      return Ramp{input.parameter[k][0], input.parameter[k][1], input.number(2), input.number(3)};
    };
    return {ramp(0), ramp(1)};
  }
  double energy(double x, double t) const { return at(t).energy(x, t); }
  double force(double x, double t) const { return at(t).force(x, t); }
  Interval confined(double level, double t) const { return at(t).confined(level, t); }
  double curvature() const { return std::max(stiffness.from, stiffness.to); }
  void validate(const std::string& where) const {
    require_positive(where + ".stiffness", stiffness.from);
    require_positive(where + ".stiffness", stiffness.to);
    require_finite(where + ".centre", centre.from);
    require_finite(where + ".centre", centre.to);
    for (const Ramp& ramp : {stiffness, centre}) {
      require_finite(where + ".start", ramp.start);
      if (!(std::isfinite(ramp.end) && ramp.end >= ramp.start))
        reject(where + ".end", ramp.end, "it must be finite and not before the start");
    }
  }
  std::string words(const Say& say) const {
    return "The potential is a harmonic trap whose stiffness goes from " + say(stiffness.from, "") +
           " to " + say(stiffness.to, "") + " and whose centre goes from " +
           say(centre.from, "length") + " to " + say(centre.to, "length") +
           " between *t* = " + say(stiffness.start, "time") + " and " + say(stiffness.end, "time") +
           ".";
  }

 private:
  Harmonic at(double t) const { return {stiffness.at(t), centre.at(t)}; }
};

}  // namespace powerstroke::laws
