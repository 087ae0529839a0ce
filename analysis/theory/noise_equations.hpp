#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/analysis/theory/linear_noise.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// Averages over the offsets of the factors of a transition on each level, [level + 1]; what lies
/// beyond is taken as the last entry. With constant rates both are 1 throughout.
struct LevelFactors {
  std::vector<double> uptake;
  std::vector<double> release;  ///< counts where level >= stride alone
};

/// How fast an ensemble may change, per unit of time: attempts of a particle; a bath of few systems
/// changes as much faster as it is smaller.
double fastest_rate(const laws::StrokeLaw& law);

/// dy/dt and dX/dt of `MeanFieldNoise`, whose comment has the equations, on a ladder of fixed
/// length: what would leave it at the top stays. y are the excited systems per particle of each
/// transition, under laws::Bath alone, the uptakes and the releases per particle so far of each,
/// then the levels.
class NoiseEquations {
 public:
  /// y, then X row by row. Where rates are given, where X is 0 between levels, the rows of the
  /// numbers of strokes alone.
  using State = std::vector<double>;

  NoiseEquations(const laws::StrokeLaw& law, const std::vector<std::int32_t>& strides,
                 const std::vector<LevelFactors>& factors, std::size_t levels);

  /// How many rows of X a state has.
  std::size_t rows() const { return laws::has_given_rates(balance_) ? leading_ : coordinates_; }

  /// X has to be symmetric, and its change is so to the last bit.
  void operator()(const State& state, State& change, double time);

  /// dy/dt alone.
  State drift(std::span<const double> y);
  /// The equations of all coordinates with the coefficients that they have at y.
  LinearNoise linearised(std::span<const double> y);
  /// Sets the coefficients of `apply` and `sources` to those at y.
  void set_coefficients(std::span<const double> y);
  /// out = J x of all coordinates.
  void apply(const double* x, double* out) const;
  /// The noise at y is the sum of along with^T + with along^T over what the particles share and
  /// over the numbers of strokes.
  struct Source {
    State along, with;
  };
  std::vector<Source> shared_sources(std::span<const double> y) const;
  /// Of these `along` is one axis.
  struct CountSource {
    std::size_t axis;
    State with;
  };
  std::vector<CountSource> count_sources(std::span<const double> y) const;
  /// Operations of an evaluation for each entry of a state's X.
  double operations_an_entry() const;

 private:
  /// A transition with its factors on this ladder, that of a release 0 where E <= dE.
  struct Channel {
    laws::Transition transition;
    std::size_t stride;
    std::vector<double> uptake, release;
  };
  /// One diagonal of L: d(y_i)/dt = from[i] y_{i+offset} + ...
  struct Diagonal {
    std::ptrdiff_t offset;
    State from;
  };
  /// J gains g b^T, the noise g d^T + d g^T.
  struct Term {
    State g, b, d;
  };

  void set_coefficients(std::span<const double> y, double* change);
  void add_transition(std::size_t k, std::span<const double> y, double* change);
  /// A term whose g is one axis.
  struct Count {
    std::size_t axis;
    State b, d;
  };

  void add_counts(std::size_t k, laws::MeanFactors mean, laws::RatePair w, const State& uptake_flow,
                  const State& release_flow);
  void add_terms(std::size_t k, laws::MeanFactors mean, laws::RatePair w, State uptake_flow,
                 State release_flow);
  /// on + c x as coordinates, x a function of the level.
  void add_levels(State& on, double c, const std::vector<double>& x) const;
  /// Sigma0 b + d.
  State paired_with_levels(const State& b, const State& d, const double* y) const;
  /// (Sigma0 + X) b + d.
  State paired_with(const State& b, const State& d, const double* y, const double* excess) const;
  void excess_change(const double* y, const double* excess, double* change);

  laws::Balance balance_;
  double systems_per_particle_;
  std::size_t levels_, baths_;
  std::size_t leading_;  ///< baths and counters: the levels come behind them
  std::size_t coordinates_;
  std::vector<Channel> channels_;
  // What an evaluation leaves behind is overwritten by the next.
  std::vector<Diagonal>
      generator_;  ///< the main diagonal, then uptakes and releases of each transition
  std::vector<Term> terms_;
  std::vector<Count> counts_;
};

}  // namespace powerstroke::theory
