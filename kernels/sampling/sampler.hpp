#pragma once

#include <span>

#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/sampling/hops.hpp"

namespace powerstroke {

/// How the strokes of one step are drawn at rates w+ and w- that stay as they are over it. All are
/// exact in time.
enum class Sampler {
  uniformized,  ///< `UniformizedStep`: the fastest, for one transition at constant rates on its own
                ///< ladder
  shaped,  ///< `ShapedStep`: any rates law, any number of transitions, with or without a ladder
  sparse   ///< `SparseStep`: momenta of which few have a candidate; its cost goes with the
           ///< candidates
};

/// Which sampler makes the strokes of particles that are taken side by side: `uniformized` for one
/// transition at constant rates whose stroke is one level of the ladder, where no path through the
/// levels is recorded; else `shaped`.
/// @param hops of the law on the ensemble's ladder.
/// @param records_paths whether each stroke is booked in the particle's path, which
/// `UniformizedStep` does not.
Sampler choose_sampler(const laws::StrokeLaw& law, std::span<const Hop> hops,
                       bool records_paths = false);

/// Which sampler makes the strokes of momenta: `sparse` where a particle has no more than
/// `SparseStep::most_candidates` candidates in the step on average; with more, particles side by
/// side cost less each, and `choose_sampler` decides.
/// @param candidates expected per particle and step.
Sampler choose_momentum_sampler(const laws::StrokeLaw& law, std::span<const Hop> hops,
                                double candidates);

}  // namespace powerstroke
