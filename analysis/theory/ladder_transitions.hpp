#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// How many rungs each transition spans on a ladder of a spacing: delta_e / spacing.
/// @throws NumericsError if one is no whole number >= 1.
std::vector<std::size_t> strides(const laws::StrokeLaw& law, double spacing);

/// The transitions of a stroke law on a grid of offsets with so many levels: the factors u and r of
/// the rates law at every place, and the flows that they make. A release needs level >= stride;
/// level -1 (E = 0) gets none, and the top reflects: no uptake leads beyond it. Whatever leaves a
/// level is the same rounded number that enters the other, so that mass is kept.
class LadderTransitions {
 public:
  LadderTransitions(const OffsetGrid& grid, std::size_t levels, const laws::StrokeLaw& law);

  std::size_t size() const { return transitions_.size(); }
  std::size_t levels() const { return levels_; }
  std::size_t stride(std::size_t k) const { return transitions_[k].stride; }
  std::size_t longest_stride() const { return longest_stride_; }
  /// What neither factor of a transition exceeds, by the rates law.
  double bound(std::size_t k) const { return transitions_[k].bound; }
  /// All factors are 1: constant rates.
  bool constant() const { return constant_; }

  /// u at a node's [level + 1]; 0 where there is no place, below E = 0.
  double uptake(std::size_t k, std::size_t node, std::size_t index) const;
  /// r there; 0 where a release is blocked.
  double release(std::size_t k, std::size_t node, std::size_t index) const;

  /// out = base * ladder + the flows of one node, ladders as [level + 1]. Only with more levels
  /// than twice the longest stride.
  void apply(std::size_t node, const double* ladder, double* out, double base,
             std::span<const laws::RatePair> rates) const;

  /// Sums of P u and P r, by transition, over one node. With constant rates uptake is the node's
  /// mass.
  void add_factors(std::size_t node, std::span<const double> ladder, double weight,
                   std::span<laws::MeanFactors> sums) const;

  /// <u> and <r>, by transition, of masses [node * levels + level + 1] that sum to 1; <u> = 1 with
  /// constant rates.
  std::vector<laws::MeanFactors> mean_factors(std::span<const double> mass) const;

 private:
  struct Transition {
    std::size_t stride;
    double bound;
    std::vector<double> uptake,
        release;  ///< [node * levels + level + 1]; empty if all rates are constant
  };

  void fill(const OffsetGrid& grid, const laws::StrokeLaw& law, double delta_e,
            Transition& transition) const;

  std::size_t levels_, longest_stride_ = 0;
  bool constant_;
  std::vector<Transition> transitions_;
};

}  // namespace powerstroke::theory
