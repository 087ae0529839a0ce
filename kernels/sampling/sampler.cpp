#include "powerstroke/kernels/sampling/sampler.hpp"

#include "powerstroke/kernels/sampling/sparse_step.hpp"

namespace powerstroke {

Sampler choose_sampler(const laws::StrokeLaw& law, std::span<const Hop> hops, bool records_paths) {
  return laws::is_plain(law) && hops.front().stride == 1 && !records_paths ? Sampler::uniformized
                                                                           : Sampler::shaped;
}

Sampler choose_momentum_sampler(const laws::StrokeLaw& law, std::span<const Hop> hops,
                                double candidates) {
  // As a test that not-a-number passes: a step of rates that overflow is refused elsewhere.
  return candidates > SparseStep::most_candidates ? choose_sampler(law, hops) : Sampler::sparse;
}

}  // namespace powerstroke
