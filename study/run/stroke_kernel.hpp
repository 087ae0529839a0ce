#pragma once

#include <cstdint>
#include <variant>

#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/kernels/pair_strokes.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// Strokes by uniformization, of whatever balance: in energy space, in phase space and in place.
using StrokeKernel = std::variant<PoissonStrokes, ConservingStrokes, ExchangeStrokes, BathStrokes>;

/// The kernel of a balance.
/// @param so_far what these strokes have booked already, where a run goes on: a bath's systems
/// know.
/// @throws ConfigError if the law is none that the kernel takes; NumericsError if `so_far` is none
///         of this bath.
StrokeKernel stroke_kernel(const StrokesConfig& strokes, std::uint64_t seed, const Ledger& so_far);

}  // namespace powerstroke::study
