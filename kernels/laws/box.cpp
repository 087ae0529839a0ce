#include "powerstroke/kernels/laws/box.hpp"

#include <algorithm>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::laws {
namespace {

std::string range(const Extent& extent) {
  return std::to_string(extent.low) + " to " + std::to_string(extent.high);
}

void validate(const Extent& extent) {
  const bool bounded =
      std::isfinite(extent.low) && std::isfinite(extent.high) && extent.low < extent.high;
  if (extent.sides != Extent::Sides::open && !bounded)
    throw ConfigError("box: the sides of an axis are at " + range(extent) +
                      "; they must be finite and ascend");
  if (!extent.partition) return;
  const Partition& wall = *extent.partition;
  if (extent.sides != Extent::Sides::reflecting)
    throw ConfigError("box: a partition needs reflecting sides");
  if (!(wall.at > extent.low && wall.at < extent.high))
    throw ConfigError("box: a partition is at " + std::to_string(wall.at) + "; it must be within " +
                      range(extent));
  if (!std::isfinite(wall.until))
    throw ConfigError("box: the time of a partition's release is not finite");
}

}  // namespace

std::vector<double> releases(const Box& box, double from, double to) {
  std::vector<double> times;
  for (const Extent& extent : box.axis)
    if (extent.partition && extent.partition->until > from && extent.partition->until < to)
      times.push_back(extent.partition->until);
  std::ranges::sort(times);
  return times;
}

void validate(const Box& box) {
  for (const Extent& extent : box.axis) validate(extent);
}

}  // namespace powerstroke::laws
