#include "powerstroke/kernels/laws/box.hpp"

#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::laws {

void validate(const Box& box) {
  for (const Extent& extent : box.axis) {
    if (extent.sides == Extent::Sides::open) continue;
    if (!(std::isfinite(extent.low) && std::isfinite(extent.high) && extent.low < extent.high))
      throw ConfigError("a box reaches from " + std::to_string(extent.low) + " to " + std::to_string(extent.high) +
                        "; both must be finite, and the first below the second");
  }
}

}  // namespace powerstroke::laws
