#include "powerstroke/kernels/laws/checks.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::laws {

std::string shortest(double x) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x).ptr};
}

std::string element(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

void reject(const std::string& name, double found, const std::string& allowed) {
  throw ConfigError(name + " is " + shortest(found) + "; " + allowed);
}

void require_finite(const std::string& name, double value) {
  if (!std::isfinite(value)) reject(name, value, "it must be a finite number");
}

void require_positive(const std::string& name, double value) {
  if (!(std::isfinite(value) && value > 0.0)) reject(name, value, "it must be a finite number > 0");
}

void require_energy(const std::string& name, double value) {
  if (!(std::isfinite(value) && value >= 0.0))
    reject(name, value, "it must be a finite energy >= 0");
}

void require_one_each(const std::string& name, std::size_t entries, std::size_t wanted,
                      const std::string& things) {
  if (entries != wanted)
    throw ConfigError(name + " has " + std::to_string(entries) + " entries; " +
                      std::to_string(wanted) + " " + things + " need one each");
}

}  // namespace powerstroke::laws
