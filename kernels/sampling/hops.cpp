#include "powerstroke/kernels/sampling/hops.hpp"

#include <optional>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/laws/common_ladder.hpp"

namespace powerstroke {
namespace {

/// So many steps that levels would leave 32 bits within a thousand strokes are refused, too.
constexpr std::int32_t longest_stride = 1'000'000;

std::int32_t stride_of(double delta_e, double spacing) {
  const std::optional<std::int32_t> stride = laws::stride(delta_e, spacing);
  if (!stride || *stride > longest_stride)
    throw NumericsError("the ensemble's ladder has the spacing " + std::to_string(spacing) +
                        ", of which delta_e " + std::to_string(delta_e) + " is no whole multiple");
  return *stride;
}

}  // namespace

std::vector<Hop> hops(const laws::StrokeLaw& law, double spacing) {
  std::vector<Hop> result;
  for (const laws::Transition& transition : law.transitions)
    result.push_back({transition.delta_e,
                      spacing > 0.0 ? stride_of(transition.delta_e, spacing) : 0, result.size()});
  return result;
}

double common_spacing(const laws::StrokeLaw& law) {
  std::vector<double> delta_e;
  for (const laws::Transition& transition : law.transitions) delta_e.push_back(transition.delta_e);
  const auto ladder = laws::common_ladder(delta_e);
  return ladder ? ladder->spacing : 0.0;
}

}  // namespace powerstroke
