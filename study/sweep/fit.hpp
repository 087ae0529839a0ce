#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/weighted_line.hpp"
#include "powerstroke/study/sweep/plan.hpp"
#include "powerstroke/study/sweep/row.hpp"

namespace powerstroke::study {

/// A law of the rates tested by a line through the measured uptake rates of a sweep.
struct SweepFit {
  enum class Kind {
    arrhenius,      ///< ln w+ against 1/T: slope -delta_e where w- does not depend on T
    arrhenius_gas,  ///< (12): ln(w+ T) against 1/T: slope -delta_e, as w+ is proportional to
                    ///< exp(-delta_e/T)/T
    pressure        ///< (12), (13): ln w+ against ln p: the order of the rate in p
  };
  Kind kind = Kind::arrhenius;
  std::string path;                                     ///< that is swept
  std::vector<std::pair<std::string, std::string>> at;  ///< values of the other swept paths
  std::vector<std::size_t> rows;                        ///< of the table, one a point
  std::vector<analysis::WeightedPoint> points;
  analysis::WeightedLine line;
  double value = 0.0, error = 0.0;  ///< delta_e, or the order in p; standard error
  double expected = 0.0;            ///< by the config
  std::string unit;  ///< " cm^-1": what follows the three; empty in reduced units and for an order
  double z = 0.0;    ///< (value - expected)/error
};

/// "ln(w+ T) against 1/T"
std::string law_of(SweepFit::Kind kind);
/// What is fitted: "delta_e", "order in p".
std::string quantity_of(SweepFit::Kind kind);

/// Fewer uptakes than this and a point is left out: its logarithm is not normal.
inline constexpr std::uint64_t least_uptakes = 20;

/// The fits that a sweep allows, one for each combination of the values of other paths. Where a
/// temperature or a pressure is swept and there is no fit, or not of all rows, a note says why.
void fit_sweep(const SweepPlan& plan, const std::vector<SweepRow>& rows,
               std::vector<SweepFit>& fits, std::vector<std::string>& notes);

}  // namespace powerstroke::study
