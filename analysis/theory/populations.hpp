#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/kernels/laws/energy_law.hpp"

/// The deterministic side of the ladder: E = spacing (offset + level), offset in (0, 1], level =
/// -1, 0, 1, ... A master equation whose delta_e are all multiples of the spacing moves probability
/// between levels and never between offsets, so a grid of offsets (quadrature nodes for what is
/// continuous, atoms for what is not) on which each has its own ladder invents no mixing.
namespace powerstroke::theory {

/// Numbers that a solution on a grid may hold, 256 MiB of them: the steps of an equation take some
/// ten times as many.
inline constexpr double most_grid_points = 0x1p25;

/// A stretch (low, high] of the offset on which the density is smooth: Gauss-Legendre nodes in u,
/// offset = low + (high - low) u^power. power > 1 at offset 0, where a density may go as E^(d/2-1)
/// and ln E enters the observables.
struct OffsetPanel {
  double low, high;
  int power;
  std::size_t first_node, nodes;  ///< into OffsetGrid::offset

  double offset(double u) const { return low + (high - low) * std::pow(u, power); }
  double slope(double u) const { return (high - low) * power * std::pow(u, power - 1); }
  /// The inverse of `offset`, kept within [0, 1].
  double u(double at) const {
    return std::pow(std::clamp((at - low) / (high - low), 0.0, 1.0), 1.0 / power);
  }
};

/// The offsets of a problem. The first `continuous` nodes are quadrature nodes, panel by panel,
/// ascending; the rest are atoms.
struct OffsetGrid {
  double spacing = 1.0;  ///< of the levels: the common divisor of all delta_e
  std::vector<double> offset;
  std::vector<double> width;  ///< energy that a quadrature node stands for (the spacing times its
                              ///< weight); 0 for an atom
  std::vector<OffsetPanel> panels;
  std::size_t continuous = 0;

  std::size_t nodes() const { return offset.size(); }
};

/// How finely a start is resolved.
struct Resolution {
  int nodes_per_panel = 24;  ///< at most; laws with hundreds of breakpoints get by with fewer
  double tail = 1e-14;  ///< probability above the top of the grid that may be left out at the start
  std::vector<double> cuts = {};  ///< further energies at which panels end, such as `rate_cuts`
  int usual_nodes = 512;  ///< of all panels: more are only spent where the law asks for them
  double precision =
      1e-12;  ///< of the probability of each half of each panel, and of int ln(offset)
};

/// Probability on the grid: mass[node * levels + (level + 1)]; a density is mass / width. It sums
/// to 1.
struct Populations {
  OffsetGrid grid;
  std::size_t levels = 0;  ///< how many, the lowest is -1
  std::vector<double> mass;

  std::span<const double> ladder(std::size_t node) const {
    return {mass.data() + node * levels, levels};
  }
};

/// The populations of a law of energy at the start, normalised to 1; panels end wherever the law's
/// breakpoints modulo the spacing do, and are cut further until the polynomial through their nodes
/// gives the law's probability of each half of each panel to the precision, and int ln(offset) as
/// well (breakpoints nearer than 1e-9 are taken as one).
/// @throws NumericsError if the grid would need more than `most_grid_points`, or the nodes miss the
///         law's probability by more than 1e-6 (or a hundred times the precision).
Populations initial_populations(const laws::EnergyLaw& law, double spacing,
                                const Resolution& resolution = {});

/// The same offsets with levels occupied geometrically, (1-q) q^n on n >= 0: the stationary state
/// of constant rates (sections 2 and 3 of the theory page). @param ratio q in [0, 1). The top is
/// where less than `tail` is left.
Populations geometric_populations(const Populations& start, double ratio, double tail = 1e-15);

/// Total variation distance to the exponential density exp(-E/mean)/mean, by the grid alone; 1 if
/// all is in atoms.
double total_variation_to_exponential(const Populations& populations, double mean);

/// What the polynomials through the nodes may miss of the density as it is now, in total variation,
/// or of its entropy, whichever is more: the last coefficients of the Legendre series of P and of
/// -P ln P, panel by panel and level by level, summed. An estimate; quadratures, exact to twice the
/// degree, miss less.
double resolution_error(const Populations& populations);

double total_mass(const Populations& populations);
double mean_energy(const Populations& populations);
/// <level>; level -1 counts as such.
double mean_level(const Populations& populations);
/// Prob(E > delta_e), strictly, of a transition that spans `stride` levels.
double phi(const Populations& populations, std::size_t stride = 1);
/// <ln E>; NaN if E = 0 has probability.
double mean_ln_energy(const Populations& populations);
/// (9): S_E = -int P ln P dE; NaN if there are atoms.
double energy_entropy(const Populations& populations);

/// Prob(level), [level + 1].
std::vector<double> level_probabilities(const Populations& populations);
/// Prob(edges[i] <= E < edges[i+1]), free of the grid: inside a panel the density is the polynomial
/// through its nodes. Ascending edges, the first 0. What lies above the last edge is 1 minus their
/// sum.
std::vector<double> bin_probabilities(const Populations& populations,
                                      std::span<const double> edges);
/// Density at E (atoms left out), from the polynomial through the nodes of the panel.
double density(const Populations& populations, double energy);

/// Prob(E in a bin and on a level), where not 0. `bin` = number of bins: above the last edge.
struct BinLevel {
  std::uint32_t bin, level_index;  ///< level + 1
  double probability;
};
std::vector<BinLevel> bin_level_probabilities(const Populations& populations,
                                              std::span<const double> edges);

/// Influence functions of the observables: by how much a particle at a place pulls the mean. 0
/// where a place is empty; NaN where it is undefined, as the ln of E = 0, and the entropy if there
/// are atoms.
struct Influence {
  std::vector<double> energy;     ///< E
  std::vector<double> phi;        ///< 1 where E > delta_e: on the levels from `stride` on
  std::vector<double> ln_energy;  ///< ln E
  std::vector<double> entropy;    ///< -ln P(E)
};
/// At each place, [node * levels + level + 1]. @param stride of the transition whose delta_e phi is
/// about, in levels.
Influence influence(const Populations& populations, std::size_t stride = 1);
/// Its mean over the offsets on each level, [level + 1].
Influence level_influence(const Populations& populations, std::size_t stride = 1);

/// Variances of the observables of one particle: over N, those of the means of N independent
/// particles of the law. NaN where an observable is undefined, as in `Influence`.
struct ObservableVariances {
  double energy, phi, ln_energy;
};
/// @param stride of the transition whose delta_e phi is about, in levels.
ObservableVariances observable_variances(const Populations& populations, std::size_t stride = 1);

/// Of -ln P(E) of one particle, whose mean is S_E: its variance, and its covariance with ln E. NaN
/// if there are atoms.
struct EntropyVariances {
  double entropy, with_ln_energy;
};
EntropyVariances entropy_variances(const Populations& populations);

}  // namespace powerstroke::theory
