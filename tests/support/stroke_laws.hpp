#pragma once

#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace test_support {

/// One transition at constant rates, given or by (8).
inline powerstroke::laws::StrokeLaw single(const powerstroke::laws::Transition& transition,
                                           bool conserving) {
  using namespace powerstroke::laws;
  return {{transition}, Constant{}, conserving ? Balance{Conserving{}} : Balance{Given{}}};
}

}  // namespace test_support
