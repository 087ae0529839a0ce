#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace powerstroke::laws {

/// A wall within an extent that is taken out: as long as t < until, particles are at low <= x <= at
/// and are reflected there.
struct Partition {
  double at, until;
};

/// What bounds the positions along one axis.
struct Extent {
  enum class Sides { open, reflecting, periodic };

  Sides sides = Sides::open;
  double low = -std::numeric_limits<double>::infinity(),
         high = std::numeric_limits<double>::infinity();
  std::optional<Partition> partition{};  ///< between reflecting sides

  double length() const { return high - low; }
  /// What bounds the positions at time t.
  Extent at(double t) const {
    return {sides, low, partition && t < partition->until ? partition->at : high, {}};
  }
};

/// The room that particles move in; open without further word.
struct Box {
  std::array<Extent, 3> axis{};

  Box at(double t) const { return {{axis[0].at(t), axis[1].at(t), axis[2].at(t)}}; }
};

/// When partitions are taken out within (from, to), ascending.
std::vector<double> releases(const Box& box, double from, double to);

/// @throws ConfigError for sides without a finite range that ascends, and for a partition that is
///         not between reflecting sides or whose time is not finite.
void validate(const Box& box);

/// Where a particle is after a free flight, and how often it has come to a side.
struct Landing {
  double position;
  bool turned;       ///< the momentum along this axis changes its sign
  double crossings;  ///< of sides
};

/// The flight of a free particle along one axis, from inside the extent to `target`, as its sides
/// have it: specular reflection, or entry at the other side. Exact, however many sides it meets.
inline Landing land(const Extent& extent, double target) {
  if (extent.sides == Extent::Sides::open || (target >= extent.low && target <= extent.high))
    return {target, false, 0.0};
  const double length = extent.length(), cells = std::floor((target - extent.low) / length);
  double within = target - extent.low - cells * length;
  const bool turned =
      extent.sides == Extent::Sides::reflecting && std::fmod(std::abs(cells), 2.0) == 1.0;
  if (turned) within = length - within;
  // Rounding may leave it a breath outside.
  const double position = std::fmin(std::fmax(extent.low + within, extent.low), extent.high);
  return {position, turned, std::abs(cells)};
}

}  // namespace powerstroke::laws
