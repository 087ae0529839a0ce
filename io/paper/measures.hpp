#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "powerstroke/io/paper/verdict.hpp"
#include "powerstroke/io/report/figure.hpp"
#include "powerstroke/io/result/result.hpp"

/// Numbers and curves that several claims read off their results.
namespace powerstroke::io {

/// How far a series has fallen below the largest of its earlier values; 0 if it never falls. NaN if any value is.
double largest_fall(const std::vector<double>& values);
/// The least rise from one value to the next, < 0 if there is a fall.
double least_rise(const std::vector<double>& values);
/// Largest |value - first|.
double largest_change(const std::vector<double>& values);

/// The snapshot at a time.
/// @throws ConfigError if there is none within 1e-9.
std::size_t snapshot_at(const std::vector<double>& times, double t);

/// Sum of all particles' levels at a snapshot: their quanta, less one constant.
std::int64_t quanta(const Histograms& histograms, std::size_t snapshot);

/// Counts of a snapshot over N.
std::vector<double> shares(const RunResult& result, std::size_t snapshot);

/// The witness that a run's particles follow its equation: the smallest p-value of all its tests.
Check follows_equation(const RunResult& result, const std::string& whose);

/// Values against time. @param errors empty, or one a value, for `Mark::bars`.
Curve curve(std::string name, Mark mark, Ink ink, const std::vector<double>& x, const std::vector<double>& y,
            const std::vector<double>& errors = {});
/// Densities over bins from their probabilities, as steps.
Curve density_curve(std::string name, Mark mark, Ink ink, const std::vector<double>& edges,
                    const std::vector<double>& probability);

/// A figure of one panel with its caption beside it.
Figure single_figure(std::string id, std::string title, Panel panel, std::string caption, std::string reading);

}  // namespace powerstroke::io
