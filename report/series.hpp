#pragma once

#include <cstddef>
#include <vector>

#include "powerstroke/report/figure.hpp"
#include "powerstroke/study/result/result.hpp"

/// Choices that the report's figures and tables share: which snapshots, which part of an axis.
namespace powerstroke::report {

/// values[i], NaN beyond the end: an estimator that was not evaluated leaves its series short or
/// empty.
double at(const std::vector<double>& values, std::size_t i);

/// The snapshots' times: the particles', after `solve` the solution's.
const std::vector<double>& times(const study::RunResult& result);

/// Edges of the histogram's bins; from the config where there are no particles.
std::vector<double> bin_edges(const study::RunResult& result);

/// Counts, or probabilities of the solution, of a snapshot as probabilities of the bins; empty
/// where there are none.
std::vector<double> particle_probabilities(const study::RunResult& result, std::size_t snapshot);
std::vector<double> solution_probabilities(const study::RunResult& result, std::size_t snapshot);

/// At most `count` snapshots, first and last among them, between which P(E) changes by about the
/// same total variation, as far as snapshots allow: after a large change from one to the next, the
/// rest is shared out anew.
std::vector<std::size_t> telling_snapshots(const study::RunResult& result, std::size_t count);

/// Linear, or logarithmic when most snapshots lie in the first tenth of the time.
Axis time_axis(const std::vector<double>& t, const study::Units& units = {});

/// At most about `slots` snapshots, spread evenly over the axis, so that their error bars can be
/// told apart; the last is one of them.
std::vector<std::size_t> spread_snapshots(const std::vector<double>& t, const Axis& axis,
                                          std::size_t slots);

/// The solution's values against time, as a line; as circles where there are too few snapshots to
/// make one.
Curve solution_curve(const std::string& name, const std::vector<double>& values,
                     const std::vector<double>& t, const Axis& x);

bool any_finite(const std::vector<double>& values);

inline constexpr const char* no_entropy =
    "The entropy is not defined for a start with atoms: a density with delta functions has none.";
inline constexpr const char* no_particle_entropy =
    "The particles give no entropy: they start with atoms of the density, or the bins do not "
    "resolve it.";

/// An axis that holds all points of the curves with their bars and is never narrower than
/// `least_span`.
Axis fitted_axis(const std::string& label, const std::vector<Curve>& curves, double least_span);

/// Writes small values over a power of ten, which goes into the unit of the upright axis, so that
/// its numbers stay short. For linear axes whose label ends with a unit in parentheses.
void shorten_numbers(Panel& panel);

}  // namespace powerstroke::report
