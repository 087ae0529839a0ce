#include "powerstroke/study/result/result.hpp"

namespace powerstroke::study {

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::consistent: return "consistent";
    case Verdict::inconsistent: return "inconsistent";
    case Verdict::not_comparable: break;
  }
  return "not_comparable";
}

std::string species_energy_key(std::size_t species) {
  return "kinetic_energy_of_species_" + std::to_string(species);
}

std::string axis_temperature_key(std::size_t axis) {
  return std::string("temperature_") + axis_names[axis];
}

}  // namespace powerstroke::study
