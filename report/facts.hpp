#pragma once

#include <string>
#include <vector>

#include "powerstroke/study/result/result.hpp"

/// What may be said of a run: which laws hold for its balance, rates and transitions. Figures,
/// tables and text ask here, so that all of them say the same.
namespace powerstroke::report {

/// An equation was solved: there are a solution and differences to it.
bool has_solution(const study::RunResult& result);

/// The delta_e share a ladder, or there is but one.
bool on_ladder(const study::Config& config);

bool has_several_transitions(const study::Config& config);

/// Rates do not depend on a particle's energy: the paper's, and microreversible ones in d = 2.
bool has_constant_rates(const study::Config& config);

/// The entropy whose rate of change is production - exchange; the other one may fall where this one
/// cannot.
enum class BalancedEntropy { of_energy, of_momenta };
BalancedEntropy balanced_entropy(const study::Config& config);

/// S_E + s <ln E>, s the exponent of the density of states, up to a constant: the balanced entropy.
const study::Quantity& balanced_quantity(const study::RunResult& result);

/// "<i>S</i><sub>E</sub>" or "<i>S</i><sup>(1)</sup>".
std::string balanced_name(const study::Config& config);

/// (A.6) as it stands: one transition, constant rates, no exchange with surroundings.
bool is_appendix_case(const study::Config& config);

/// Stroke energies and the rung of the ladder they move a particle by.
std::vector<double> thresholds(const study::Config& config);
/// g; the only delta_e, where there is one; 0 without a ladder.
double ladder_step(const study::Config& config);

}  // namespace powerstroke::report
