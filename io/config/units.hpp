#pragma once

#include "powerstroke/study/settings/units.hpp"

namespace powerstroke::io {

class ConfigSource;

/// Turns the quantities of a config that are texts ("200 cm^-1", where the schema has "x-quantity")
/// into numbers in the run's units: energy as in the first transition's delta_e, time as in
/// time.end, else as in the first text of that kind; mass in u and pressure in bar if none is
/// given.
/// @throws ConfigError for a text that is no such quantity, and for a config that mixes quantities
/// with and without units.
study::Units resolve_units(ConfigSource& source);

}  // namespace powerstroke::io
