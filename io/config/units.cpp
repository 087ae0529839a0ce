#include "powerstroke/io/config/units.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/check.hpp"
#include "powerstroke/io/config/quantity.hpp"
#include "powerstroke/io/config/source.hpp"
#include "powerstroke/study/settings/constants.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

struct Written {
  QuantityPlace place;
  Quantity quantity;
};

std::vector<Written> parse_all(const ConfigSource& source,
                               const std::vector<QuantityPlace>& texts) {
  std::vector<Written> all;
  all.reserve(texts.size());
  for (const QuantityPlace& place : texts) {
    try {
      all.push_back({place, parse_quantity(place.text, place.dimension)});
    } catch (const ConfigError& error) {
      source.fail(place.path, fmt::format("found {}{}", Json(place.text).dump(), error.what()));
    }
  }
  return all;
}

void refuse_mixture(const ConfigSource& source, const Quantities& quantities) {
  const QuantityPlace& text = quantities.texts.front();
  const std::string other =
      fmt::format("while {} is {} ({}); a config mixes the two nowhere", spelled(text.path),
                  Json(text.text).dump(), source.origin_of(text.path));
  if (quantities.number) {
    const QuantityPlace& number = *quantities.number;
    source.fail(number.path,
                fmt::format("found {} without a unit, {}; allowed: {}, or numbers alone",
                            number.text, other, allowed_quantity(number.dimension)));
  }
  if (quantities.left_out) {
    const QuantityPlace& missing = *quantities.left_out;
    KeyPath above = missing.path;
    above.pop_back();
    source.fail(
        above,
        fmt::format("the key '{}' is missing, and its default {} has no unit, {}; allowed: {}",
                    missing.path.back(), missing.text, other, allowed_quantity(missing.dimension)));
  }
}

/// The quantity whose unit a run takes: the one at a preferred path, else the first of these
/// dimensions, in their order.
Quantity leading(const std::vector<Written>& all, const KeyPath& preferred,
                 const std::vector<std::string>& dimensions, const std::string& otherwise) {
  for (const Written& entry : all) {
    if (entry.place.path == preferred) return entry.quantity;
  }
  for (const std::string& dimension : dimensions) {
    for (const Written& entry : all) {
      if (entry.place.dimension == dimension) return entry.quantity;
    }
  }
  return parse_quantity(otherwise, dimensions.front());
}

Units units_of(const std::vector<Written>& all) {
  const Quantity energy = leading(all, {"strokes", "transitions", "0", "delta_e"},
                                  {"energy", "temperature"}, "1 cm^-1");
  const Quantity time = leading(all, {"time", "end"}, {"time"}, "1 s");
  const Quantity mass = leading(all, {"ensemble", "mass"}, {"mass"}, "1 u");
  const Quantity pressure = leading(all, {}, {"pressure"}, "1 bar");
  Units units;
  units.reduced = false;
  units.energy = energy.unit;
  units.time = time.unit;
  units.mass = mass.unit;
  units.pressure = pressure.unit;
  units.energy_J = energy.si;
  units.time_s = time.si;
  units.mass_kg = mass.si;
  units.pressure_Pa = pressure.si;
  units.hbar = codata_constants().hbar / (energy.si * time.si);
  return units;
}

/// SI value of the run's unit of a dimension.
double unit_si(const Units& units, const std::string& dimension) {
  if (dimension == "energy" || dimension == "temperature") return units.energy_J;
  if (dimension == "time") return units.time_s;
  if (dimension == "rate") return 1.0 / units.time_s;
  if (dimension == "mass") return units.mass_kg;
  if (dimension == "pressure") return units.pressure_Pa;
  if (dimension == "speed") return units.speed_m_s();
  if (dimension == "length") return units.length_m();
  POWERSTROKE_EXPECT(dimension == "energy_time");
  return units.energy_J * units.time_s;
}

/// A decimal factor such as 1000, which may have come out an ulp or two beside it.
double decimal(double factor) {
  const double near = std::stod(fmt::format("{:.14e}", factor));
  return std::abs(near - factor) <= 4.0 * std::numeric_limits<double>::epsilon() * factor ? near
                                                                                          : factor;
}

/// A number of units of size `from` in units of size `to`: the same bits if they are equal, and
/// rounded but once between units that are powers of ten apart, so that a time.end of "1 ns" is not
/// less than "1000 ps".
double converted(double number, double from, double to) {
  return from < to ? number / decimal(to / from) : number * decimal(from / to);
}

}  // namespace

Units resolve_units(ConfigSource& source) {
  const Quantities quantities = quantities_of(source.document());
  if (quantities.texts.empty()) return {};
  const std::vector<Written> all = parse_all(source, quantities.texts);
  refuse_mixture(source, quantities);
  const Units units = units_of(all);
  std::vector<std::pair<KeyPath, double>> numbers;
  numbers.reserve(all.size());
  for (const auto& [place, quantity] : all) {
    const double number = converted(quantity.value, quantity.si, unit_si(units, place.dimension));
    if (!std::isfinite(number))
      source.fail(place.path,
                  fmt::format("found {}, which is beyond double precision", place.text));
    numbers.emplace_back(place.path, number);
  }
  source.convert(numbers, fmt::format(" (numbers are in {}, {}, {} and {})", units.energy,
                                      units.time, units.mass, units.pressure));
  return units;
}

}  // namespace powerstroke::io
