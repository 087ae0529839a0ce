#pragma once

#include <cstddef>
#include <vector>

namespace powerstroke::laws {

/// Prob(level m at t | level n at 0) of one particle whose strokes have constant rates, from rest
/// on: levels -1, 0, ..., highest, of which -1 is left by an uptake and never met again. As a
/// square matrix, [n + 1][m + 1], rows normalised.
///
/// An uptake from `highest` is left out, so rows hold where that level is hardly ever reached: see
/// `highest_level_met`. By uniformization over a part of the time and repeated squaring of what
/// comes out: sums and products of numbers >= 0 alone, so that each entry is right to about 1e-14
/// of itself or is below 1e-30.
/// @param rate_up, rate_down w+ and w- per unit time, >= 0 and finite; @param t >= 0.
std::vector<double> ladder_transition(double rate_up, double rate_down, double t,
                                      std::size_t highest);

/// The level that a particle from level `start` stands above at time t with a probability below
/// 2^-64; the number is capped at `limit`. By the smaller of two bounds: of the Poisson number of
/// uptakes, and, where w+ < w-, of the stationary law's tail.
std::size_t highest_level_met(double rate_up, double rate_down, double t, std::size_t start,
                              std::size_t limit);

}  // namespace powerstroke::laws
