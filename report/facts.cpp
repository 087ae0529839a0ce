#include "powerstroke/report/facts.hpp"

#include <cmath>
#include <limits>

#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::report {

using namespace study;

bool has_solution(const RunResult& result) { return !result.solution.t.empty(); }

bool on_ladder(const Config& config) {
  return config.strokes->on_ladder() || config.strokes->law.transitions.size() <= 1;
}

bool has_several_transitions(const Config& config) {
  return config.strokes->law.transitions.size() > 1;
}

bool has_constant_rates(const Config& config) {
  const laws::AnyRates& rates = config.strokes->law.rates;
  if (std::holds_alternative<laws::Constant>(rates)) return true;
  return std::holds_alternative<laws::Microreversible>(rates) && config.ensemble.dimension == 2;
}

BalancedEntropy balanced_entropy(const Config& config) {
  return laws::state_exponent(config.strokes->law.rates) == 0.0 ? BalancedEntropy::of_energy
                                                                : BalancedEntropy::of_momenta;
}

const Quantity& balanced_quantity(const RunResult& result) {
  return result.quantity(balanced_entropy(result.config) == BalancedEntropy::of_energy ? "S_E"
                                                                                       : "S_1");
}

std::string balanced_name(const Config& config) {
  return balanced_entropy(config) == BalancedEntropy::of_energy ? "<i>S</i><sub>E</sub>"
                                                                : "<i>S</i><sup>(1)</sup>";
}

bool is_appendix_case(const Config& config) {
  return study::keeps_energy(config) && has_constant_rates(config) &&
         !has_several_transitions(config);
}

std::vector<double> thresholds(const Config& config) {
  std::vector<double> energies;
  for (const laws::Transition& transition : config.strokes->law.transitions)
    energies.push_back(transition.delta_e);
  return energies;
}

double ladder_step(const Config& config) {
  if (config.strokes->on_ladder()) return config.strokes->spacing;
  const std::vector<double> energies = thresholds(config);
  return energies.size() == 1 ? energies.front() : 0.0;
}

}  // namespace powerstroke::report
