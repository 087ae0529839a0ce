#include "powerstroke/study/settings/units.hpp"

#include <fmt/format.h>

#include <cmath>

namespace powerstroke::study {
namespace {

std::string after(const std::string& unit) { return unit.empty() ? "" : " " + unit; }

}  // namespace

std::string Units::rate() const {
  const bool one_name = time.find_first_of("*/^ .") == std::string::npos;
  return one_name ? time + "^-1" : fmt::format("1/({})", time);
}
std::string Units::momentum() const { return fmt::format("sqrt({} {})", mass, energy); }
double Units::speed_m_s() const { return std::sqrt(energy_J / mass_kg); }
double Units::length_m() const { return speed_m_s() * time_s; }
std::string Units::after_energy() const { return after(energy); }
std::string Units::after_time() const { return after(time); }
std::string Units::after_rate() const { return reduced ? "" : after(rate()); }
std::string Units::after_mass() const { return after(mass); }

bool same_units(const Units& a, const Units& b) {
  const auto same = [](double x, double y) { return std::abs(x - y) <= 1e-12 * y; };
  return a.reduced == b.reduced && same(a.energy_J, b.energy_J) && same(a.time_s, b.time_s) &&
         same(a.mass_kg, b.mass_kg);
}

}  // namespace powerstroke::study
