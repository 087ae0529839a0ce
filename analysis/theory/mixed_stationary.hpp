#pragma once

#include <span>
#include <vector>

#include "powerstroke/analysis/theory/stationary.hpp"

namespace powerstroke::theory {

/// Where incommensurate strokes lead, which mix all energies: the density E^s exp(-beta E), s the
/// exponent of the rates law's density of states. With s = d/2 - 1 that is Maxwell-Boltzmann; with
/// s = 0 the paper's exponential (11).
///
/// beta follows from the rates if they are given, from the mean energy of the start if they
/// conserve it, and under `bath` from what particles and two-level systems have together. Whether
/// strokes can happen at all is not looked at.
StationaryLaw mixed_stationary_law(double mean_energy, const laws::StrokeLaw& law);

/// Its probabilities of bins: differences of the incomplete gamma function P(s + 1, beta E).
/// @param edges ascending, >= 0.
std::vector<double> boltzmann_bin_probabilities(double state_exponent, double beta,
                                                std::span<const double> edges);

}  // namespace powerstroke::theory
