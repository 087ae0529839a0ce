#pragma once

#include <string>
#include <vector>

#include "powerstroke/report/figure.hpp"
#include "powerstroke/study/result/result.hpp"

/// The course of a quantity: particles and solution against time, and below how far they are apart.
namespace powerstroke::report {

/// An equation that gives no number denies the particles' estimate its meaning, too.
bool is_defined(const study::Quantity& quantity);

/// The particles' values against time with their standard errors, at so many snapshots that bars
/// can be told apart.
/// @param name of the legend, HTML; @param x the axis of time.
Curve quantity_bars(const std::string& name, const study::Quantity& quantity,
                    const std::vector<double>& t, const Axis& x, Ink ink);

/// Adds the quantity against time, dots with standard errors beside the solution, and where there
/// are both a panel of (particles - solution) / standard error.
/// @param least_span the axis of values is never narrower, so that noise does not look like a
/// course of events.
/// @param check values of another estimate, as squares; may be nullptr.
void add_course(Figure& figure, const study::Quantity& quantity, const study::RunResult& result,
                double least_span, const std::vector<double>* check = nullptr);

/// A fiftieth of what the quantity is at the start, for `least_span`.
double span_of_course(const study::Quantity& quantity);

/// What `add_course` draws, to follow a symbol in a caption, with the full stop.
std::string course_words(const study::RunResult& result);

}  // namespace powerstroke::report
