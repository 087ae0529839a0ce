#pragma once

#include <cstdint>
#include <span>
#include <vector>

/// Two sets of numbers compared with each other; knows no physics.
namespace powerstroke::analysis {

struct ChiSquare {
  double statistic = 0.0, dof = 0.0, p_value = 1.0;
};

/// Scatter beyond that of independent draws, common to all: counts/N has the covariance (diag p - p
/// p^T + B X B^T)/N with B[class][mode] = Prob(class | mode) = joint / Prob(mode), X symmetric with
/// zero row sums.
struct SharedNoise {
  struct Joint {
    std::uint32_t index, mode;  ///< class, mode
    double probability;         ///< of both
  };
  std::vector<Joint> joint;        ///< sparse
  std::vector<double> mode;        ///< Prob(mode); sets how many modes there are
  std::span<const double> excess;  ///< X, row-major
};

/// Expected counts below this are merged with their neighbours.
inline constexpr double least_expected = 20.0;

/// Pearson's chi-square of counts against probabilities; neighbouring classes are merged until each
/// expects `least_expected`. What the probabilities lack to 1 and the counts lack to `total` is one
/// more class (`noise` may name it, too: any index past the probabilities). dof = classes - 1 (0
/// with p = 1 if one is left, unless something lies in a class of probability 0: p = 0). In other
/// cases such an impossible class is merged like any other: kullback_leibler is infinite then. With
/// `noise` the generalised chi-square with that covariance, same dof, by the Woodbury identity.
ChiSquare chi_square(std::span<const std::uint64_t> counts, std::span<const double> probabilities,
                     std::uint64_t total, const SharedNoise* noise = nullptr);

/// Two samples of the same law? Neighbouring classes merged until each expects `least_expected` in
/// the smaller sample. `noise`: modes and excess as above, for each sample its own N.
ChiSquare chi_square_two_samples(std::span<const std::uint64_t> a, std::uint64_t total_a,
                                 std::span<const std::uint64_t> b, std::uint64_t total_b,
                                 const SharedNoise* noise = nullptr);

/// sum f ln(f/p), f = counts/total, with the class of what is lacking; infinite if something lies
/// where p = 0.
double kullback_leibler(std::span<const std::uint64_t> counts,
                        std::span<const double> probabilities, std::uint64_t total);

/// 1/2 sum |f - p|, with the class of what is lacking.
double total_variation(std::span<const std::uint64_t> counts, std::span<const double> probabilities,
                       std::uint64_t total);
double total_variation(std::span<const double> a, std::span<const double> b);

/// Largest distance of the distribution functions at the edges of the classes.
double kolmogorov_smirnov(std::span<const std::uint64_t> counts,
                          std::span<const double> probabilities, std::uint64_t total);

/// Two-sided probability of a standard normal deviate at least |z|.
double normal_p_value(double z);

}  // namespace powerstroke::analysis
