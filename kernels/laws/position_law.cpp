#include "powerstroke/kernels/laws/position_law.hpp"

#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::laws {
namespace {

void require(bool fine, const char* what, double value, const char* allowed) {
  if (!fine)
    throw ConfigError("position." + std::string(what) + " is " + std::to_string(value) +
                      "; it must be " + allowed);
}

void finite(const char* what, double value) {
  require(std::isfinite(value), what, value, "a finite number");
}
void positive(const char* what, double value) {
  require(std::isfinite(value) && value > 0.0, what, value, "a positive number");
}

void check(const PointPosition& law) { finite("value", law.value); }
void check(const UniformPosition& law) {
  finite("low", law.low);
  require(std::isfinite(law.high) && law.high > law.low, "high", law.high, "finite and above low");
}
void check(const NormalPosition& law) {
  finite("mean", law.mean);
  positive("sigma", law.sigma);
}
void check(const BoltzmannPosition& law) { positive("temperature", law.temperature); }

}  // namespace

void validate(const PositionLaw& law) {
  std::visit([](const auto& form) { check(form); }, law);
}

}  // namespace powerstroke::laws
