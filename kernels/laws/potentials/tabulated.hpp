#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"

namespace powerstroke::laws {

/// v given at equidistant points and smooth between them: the cubic B-spline through the points
/// (Boost.Math), whose force is continuous with its derivative. Beyond the ends v goes on with the
/// end's force.
class Tabulated {
 public:
  static constexpr const char* name = "tabulated";
  static constexpr const char* description =
      "a smooth curve through points, straight on beyond them";
  static constexpr std::array<Parameter, 3> parameters{
      {{"low", "length", "Where the first energy holds.", Limit::none},
       {"spacing", "length", "Between the points."},
       {"energies", "energy", "V at the points.", Limit::none, 5, 1000000,
        "a list of at least 5 energies"}}};

  /// @param energies at low, low + spacing, ...; @throws ConfigError for fewer than 5, for what is
  ///        not finite, or for a spacing that is no positive number.
  Tabulated(double low, double spacing, std::vector<double> energies);
  static Tabulated from(const LawInput& input) {
    return {input.number(0), input.number(1), input.parameter[2]};
  }

  double energy(double x, double) const;
  double force(double x, double) const;
  Interval confined(double level, double) const;
  double curvature() const { return 0.0; }
  void validate(const std::string&) const {}  // its constructor has
  std::string words(const Say&) const {
    return "The potential is a smooth curve through given points.";
  }

 private:
  class Spline;
  std::shared_ptr<const Spline> spline_;  ///< never changed, shared by copies
};

}  // namespace powerstroke::laws
