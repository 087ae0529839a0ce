#pragma once

#include <stdexcept>
#include <string>

/// The few kinds of error. Each message is the problem, why it is one, what to do, and where.
namespace powerstroke {

/// The command line or a config asks for something that is not possible. Exit code 2.
struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A file could not be read or written. Exit code 4.
struct IoError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A computation left the range in which its result can be trusted.
struct NumericsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace powerstroke
