#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// Answers that need no solver.
namespace powerstroke::theory {

/// Prob(n at t | n0 at 0) of the M/M/1 queue: up at rate_up, down at rate_down where n >= 1 (W.
/// Feller; L. Takacs, "Introduction to the Theory of Queues", 1962), by modified Bessel functions:
/// P_n(t) = e^{-(w+ + w-) t} [r^((n-n0)/2) I_{n-n0}(a) + r^((n-n0-1)/2) I_{n+n0+1}(a) + (1-r) r^n
/// sum_{j >= n+n0+2} r^(-j/2) I_j(a)], r = w+/w-, a = 2 w- t sqrt(r).
/// @throws NumericsError if a > 600, where the functions overflow before the exponential tames
/// them.
double transient_level_probability(unsigned n, unsigned n0, double t, double rate_up,
                                   double rate_down);

/// Slowest decay rate of the fixed-rate ladder towards its stationary state: (sqrt(w-) -
/// sqrt(w+))^2, for w+ < w-.
double slowest_decay_rate(double rate_up, double rate_down);

/// The stationary law of a particle's level, [n] for n = 0 ... quanta, among N particles that pass
/// quanta on at constant rates, laws::Exchange: all ways to share Q quanta are equally likely, so
/// P(n) = C(N-2+Q-n, N-2) / C(N-1+Q, N-1). As N grows at Q/N fixed it becomes geometric.
/// @param particles N >= 1.
std::vector<double> exchange_level_law(std::size_t particles, std::size_t quanta);

/// The exponential (11) of a mean energy over bins: exp(-a/mean) - exp(-b/mean).
std::vector<double> exponential_bin_probabilities(double mean, std::span<const double> edges);

}  // namespace powerstroke::theory
