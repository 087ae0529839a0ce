#pragma once

#include <cstddef>
#include <string>

/// Checks of parameters that laws share. `name` is what a message calls the parameter, such as
/// "energy.mean".
namespace powerstroke::laws {

/// The shortest decimal text that reads back as x.
std::string shortest(double x);

/// "list[index]".
std::string element(const std::string& list, std::size_t index);

/// @throws ConfigError "<name> is <found>; <allowed>".
[[noreturn]] void reject(const std::string& name, double found, const std::string& allowed);

/// @throws ConfigError unless the value is finite.
void require_finite(const std::string& name, double value);

/// @throws ConfigError unless the value is finite and > 0.
void require_positive(const std::string& name, double value);

/// @throws ConfigError unless the value is finite and >= 0.
void require_energy(const std::string& name, double value);

/// @throws ConfigError unless a list has as many entries as there are things, such as "bins", that
/// need one each.
void require_one_each(const std::string& name, std::size_t entries, std::size_t wanted,
                      const std::string& things);

}  // namespace powerstroke::laws
