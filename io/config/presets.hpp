#pragma once

namespace powerstroke::io {

class ConfigSource;

/// Puts the transitions of a named molecule or liquid (`strokes.preset`) in the place of its name.
/// A preset that is not complete stays, for the schema to complain of.
///
///   rigid_rotor                  lines 2B(J+1), J = 0 ... lines-1, of a rotor whose rotational
///   constant is B water_librations             300, 600 and 900 cm^-1: the ends and the middle of
///   the band of liquid water at 0 C water_hindered_translations  200 cm^-1, liquid water at 0 C
///
/// Source of the water lines: the ranges that J. Schlitter names ("Inelastic QM/MM interaction as a
/// source of entropy?", section 2).
/// @throws ConfigError if there are transitions, too.
void expand_preset(ConfigSource& source);

}  // namespace powerstroke::io
