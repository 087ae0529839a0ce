#include "powerstroke/analysis/theory/uniformization.hpp"

#include <algorithm>
#include <boost/math/distributions/poisson.hpp>

#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/parallel/tasks.hpp"

namespace powerstroke::theory {
namespace {

constexpr double most_candidates = 256.0;  // of a stretch: exp(-256) is far from underflow
constexpr double candidates_per_stroke =
    1.02;  // a level keeps 2% of its mass in U, far more than rounding could take away

/// Poisson(k; mean) for k = 0, 1 ... and Prob(more than k), up to where the latter is <= tail; what
/// is left is given to the last.
struct PoissonWeights {
  std::vector<double> weight, above;

  PoissonWeights(double mean, double tail) {
    const boost::math::poisson candidates(mean);
    double sum = 0.0;
    do {
      const auto k = static_cast<double>(weight.size());
      weight.push_back(boost::math::pdf(candidates, k));
      above.push_back(boost::math::cdf(boost::math::complement(candidates, k)));
      sum += weight.back();
    } while (above.back() > tail);
    weight.back() += above.back();
    for (double& w : weight) w /= sum + above.back();
  }
};

/// The rate of uptakes that no particle exceeds.
double uptake_bound(const LadderTransitions& transitions, std::span<const laws::RatePair> rates) {
  double sum = 0.0;
  for (std::size_t k = 0; k < rates.size(); ++k) sum += rates[k].up * transitions.bound(k);
  return sum;
}

}  // namespace

double candidate_rate(const LadderTransitions& transitions, std::span<const laws::RatePair> rates) {
  double sum = 0.0;
  for (std::size_t k = 0; k < rates.size(); ++k)
    sum += (rates[k].up + rates[k].down) * transitions.bound(k);
  return candidates_per_stroke * sum;
}

double longest_stretch(double candidate_rate) { return most_candidates / candidate_rate; }

Uniformized uniformize(const Populations& start, const LadderTransitions& transitions,
                       std::span<const laws::RatePair> rates, double h, double tail) {
  const double rate = candidate_rate(transitions, rates);
  const PoissonWeights poisson(rate * h, tail);
  std::vector<laws::RatePair> chances;  // of a candidate
  for (const auto& [up, down] : rates) chances.push_back({up / rate, down / rate});
  Uniformized result{std::vector<double>(start.mass.size(), 0.0),
                     {},
                     0.0,
                     poisson.above.back(),
                     poisson.weight.size()};
  result.time.resize(rates.size(), {0.0, 0.0});
  // Node by node, on any thread; their sums are added in the order of the nodes.
  struct OfNode {
    std::vector<laws::MeanFactors> time;
    double near_top = 0.0;
  };
  std::vector<OfNode> of_node(start.grid.nodes());
  parallel::for_each_task(
      of_node.size(), parallel::tasks_at_once(of_node.size(), 1), [&](std::size_t node) {
        OfNode& sums = of_node[node];
        sums.time.resize(rates.size(), {0.0, 0.0});
        const auto ladder = start.ladder(node);
        std::vector<double> now(ladder.begin(), ladder.end()), next(ladder.size());
        double* out = result.mass.data() + node * start.levels;
        StopPacer pace;
        for (std::size_t k = 0; k < poisson.weight.size(); ++k) {
          pace(now.size());
          transitions.add_factors(node, now, poisson.above[k] / rate, sums.time);
          for (std::size_t i = now.size() - transitions.longest_stride(); i < now.size(); ++i)
            sums.near_top += poisson.above[k] * now[i];
          for (std::size_t i = 0; i < now.size(); ++i) out[i] += poisson.weight[k] * now[i];
          transitions.apply(node, now.data(), next.data(), 1.0, chances);
          now.swap(next);
        }
      });
  double near_top = 0.0;
  for (const OfNode& sums : of_node) {
    near_top += sums.near_top;
    for (std::size_t k = 0; k < rates.size(); ++k) {
      result.time[k].uptake += sums.time[k].uptake;
      result.time[k].release += sums.time[k].release;
    }
  }
  result.reflected = uptake_bound(transitions, chances) * near_top;
  if (transitions.constant())
    for (laws::MeanFactors& time : result.time) time.uptake = h;
  return result;
}

}  // namespace powerstroke::theory
