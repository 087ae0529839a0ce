#pragma once

#include "powerstroke/engine/run/ledger.hpp"
#include "powerstroke/kernels/counts/collision_counts.hpp"
#include "powerstroke/kernels/counts/stroke_counts.hpp"
#include "powerstroke/kernels/counts/wall_counts.hpp"

namespace powerstroke {

/// What the kernels of the tree book: a part for each kind of process.
using Ledger = LedgerOf<StepCounts, StrokeCounts, CollisionCounts, WallCounts>;

}  // namespace powerstroke
