#include "powerstroke/study/run/in_place.hpp"

#include <fmt/format.h>

#include <cmath>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/study/run/conservation.hpp"

namespace powerstroke::study {
namespace {

StrokeKernel kernel_of(const StrokesConfig& strokes, std::uint64_t seed, const Ledger& so_far) {
  if (strokes.timing != Timing::uniformization)
    throw ConfigError(
        "strokes.timing: strokes in place have \"uniformization\" alone, the default");
  return stroke_kernel(strokes, seed, so_far);
}

}  // namespace

InPlaceStrokes::InPlaceStrokes(const StrokesConfig& strokes, std::uint64_t seed, std::uint64_t step,
                               const Ledger& so_far)
    : law_(strokes.law), kernel_(kernel_of(strokes, seed, so_far)), clock_(step), ledger_(so_far) {}

InPlaceStrokes InPlaceStrokes::anew(std::uint64_t step) const {
  POWERSTROKE_EXPECT(!laws::is<laws::Bath>(law_.balance));
  InPlaceStrokes strokes = *this;
  strokes.clock_ = StepClock(step);
  strokes.ledger_ = {};
  return strokes;
}

void InPlaceStrokes::advance(const MomentumView& momenta, double dt) {
  if (!(std::isfinite(dt) && dt >= 0.0))
    throw NumericsError(fmt::format("dt is {}; it must be a number >= 0", dt));
  if (dt > 0.0)
    std::visit([&](auto& kernel) { kernel.advance(momenta, 0.0, dt, clock_, ledger_); }, kernel_);
}

double InPlaceStrokes::energy() const { return energy_of(ledger_, law_).given; }

}  // namespace powerstroke::study
