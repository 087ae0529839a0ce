#include "powerstroke/io/config/quantity.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/study/settings/constants.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;

namespace {

/// A quantity in another unit of its dimension.
double converted(const std::string& text, const std::string& unit, const std::string& dimension) {
  const Quantity from = parse_quantity(text, dimension),
                 to = parse_quantity("1e-12 " + unit, dimension);
  return from.value * from.si / to.si;
}

std::string complaint(const std::string& text, const std::string& dimension) {
  try {
    (void)parse_quantity(text, dimension);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

double apart(double a, double b) { return std::abs(a / b - 1.0); }

}  // namespace

TEST_CASE(
    "constants are those of the SI of 2019, as far as the editions of CODATA that Boost has go") {
  // Exact by definition since 2019; m_u and E_h as CODATA recommended in 2018, to 3e-10 and 2e-12.
  // Boost 1.74: h of 2006 is 1.9e-7 off, e 9.2e-8, k_B of 2014 3.5e-7, N_A 1.3e-8, m_u 1.6e-8, E_h
  // of 2006 7.5e-8.
  constexpr double edition = 4e-7;
  const Constants k = codata_constants();
  CHECK(k.light_speed == 299792458.0);
  CHECK(apart(k.planck, 6.62607015e-34) < edition);
  CHECK(apart(k.hbar, 6.62607015e-34 / (2.0 * 3.14159265358979324)) < edition);
  CHECK(apart(k.boltzmann, 1.380649e-23) < edition);
  CHECK(apart(k.avogadro, 6.02214076e23) < edition);
  CHECK(apart(k.charge, 1.602176634e-19) < edition);
  CHECK(apart(k.atomic_mass, 1.66053906660e-27) < edition);
  CHECK(apart(k.hartree, 4.3597447222071e-18) < edition);
}

TEST_CASE("a rate of turns is no rate of events, and a mass of grams no particle's") {
  CHECK(complaint("1 rpm", "rate")
            .starts_with(
                ", whose unit 'rpm' holds an angle: 2 pi is one turn there, and here one event"));
  for (const char* text : {"1 rad/s", "30 degree/s", "1 rps"}) {
    CAPTURE(text);
    CHECK(complaint(text, "rate").find("allowed: a rate with its unit") != std::string::npos);
  }
  CHECK(complaint("1 Hz", "rate") == "no error");
  CHECK(complaint("28 g", "mass") ==
        ", which is 0.028 kg, and no particle's mass: is it that of a mole, '28 g/mol'? allowed: a "
        "mass "
        "with its unit, such as \"28 u\", \"28 g/mol\" or \"4.65e-26 kg\"");
  CHECK(complaint("1 ug", "mass") == "no error");  // a grain of dust
  CHECK(complaint("28 g/mol", "mass") == "no error");
  CHECK(complaint("28 kg/mol", "mass") == "no error");
}

TEST_CASE("units convert to the numbers of the literature, to their last digit") {
  struct Known {
    const char *text, *unit, *dimension;
    double number, half_digit;
  };
  const std::vector<Known> table = {
      {"1 eV", "cm^-1", "energy", 8065.54, 0.005},
      {"300 K", "cm^-1", "energy", 208.51, 0.005},
      {"300 K", "cm^-1", "temperature", 208.51, 0.005},
      {"1 kJ/mol", "cm^-1", "energy", 83.5935, 5e-5},
      {"1 kJ/mol", "K", "energy", 120.272, 5e-4},
      {"1 kcal/mol", "kJ/mol", "energy", 4.184, 1e-12},
      {"1 hartree", "eV", "energy", 27.2114, 5e-5},
      {"1 hartree", "kcal/mol", "energy", 627.51, 0.005},
      {"1 hartree", "cm^-1", "energy", 219474.6, 0.05},
      {"1 eV", "J", "energy", 1.60218e-19, 5e-25},
      {"25.852 meV", "K", "temperature", 300.0, 0.01},
      {"1 atm", "bar", "pressure", 1.01325, 1e-12},
      {"760 Torr", "atm", "pressure", 1.0, 1e-12},
      {"750.062 Torr", "bar", "pressure", 1.0, 1e-6},
      {"1 mbar", "Pa", "pressure", 100.0, 1e-10},
      {"1 kPa", "mbar", "pressure", 10.0, 1e-12},
      {"1 u", "kg", "mass", 1.66054e-27, 5e-33},
      {"1 Da", "u", "mass", 1.0, 0.0},
      {"28 g/mol", "u", "mass", 28.0, 1e-6},
      {"1 ns", "ps", "time", 1000.0, 1e-9},
      {"1 us", "fs", "time", 1e9, 1e-3},
      {"1e9 s^-1", "ns^-1", "rate", 1.0, 1e-12},
      {"1 GHz", "1/ns", "rate", 1.0, 1e-12},
      {"1 km/s", "m/s", "speed", 1000.0, 1e-9},
      {"1 nm/ps", "m/s", "speed", 1000.0, 1e-9},
      {"1 angstrom", "pm", "length", 100.0, 1e-10},
      {"1 Å", "nm", "length", 0.1, 1e-13},
      {"1.054572e-34 J s", "cm^-1 ps", "energy_time", 5.30884, 5e-6},
  };
  for (const Known& known : table) {
    CAPTURE(known.text);
    CAPTURE(known.unit);
    CHECK(std::abs(converted(known.text, known.unit, known.dimension) - known.number) <=
          known.half_digit);
  }
}

TEST_CASE("one unit has several spellings") {
  for (const char* text :
       {"200 cm^-1", "200cm^-1", " 200  cm^-1 ", "2e2 cm⁻¹", "200 1/cm", "200 /cm", "200 cm-1"}) {
    CAPTURE(text);
    CHECK(converted(text, "cm^-1", "energy") == 200.0);
  }
  CHECK(parse_quantity("200 cm⁻¹", "energy").unit == "cm^-1");
  CHECK(parse_quantity("0.5 /ps", "rate").unit == "1/ps");
  CHECK(converted("1 ps^-1", "1/ps", "rate") == 1.0);
  CHECK(converted("4 kJ mol^-1", "kJ/mol", "energy") == doctest::Approx(4.0).epsilon(1e-14));
}

TEST_CASE("what is no quantity of the dimension gets a message: what is wrong, what is allowed") {
  struct Wrong {
    const char *text, *dimension, *message;
  };
  const std::string energies =
      R"( allowed: an energy with its unit, such as "200 cm^-1", "2.4 kJ/mol", "25 meV" or "300 K")";
  const std::string times = R"( allowed: a time with its unit, such as "5 ps", "100 fs" or "2 ns")";
  const std::vector<std::pair<Wrong, std::string>> table = {
      {{"5 ps", "energy", ", which is a time, not an energy;"}, energies},
      {{"5 nm", "energy", ", which is a length, not an energy;"}, energies},
      {{"5 THz", "energy", ", which is a rate, not an energy;"}, energies},
      {{"1 bar", "energy", ", which is a pressure, not an energy;"}, energies},
      {{"1 m^3", "energy", ", which is not an energy;"}, energies},
      {{"25 °C", "energy", ", which is not an energy;"}, energies},
      {{"200 K", "time", ", which is an energy, not a time;"}, times},
      {{"1 ps^-1", "time", ", which is a rate, not a time;"}, times},
      {{"2 kj/mol", "energy", ", whose unit 'kj/mol' is not known, did you mean 'kJ/mol'?"},
       energies},
      {{"2 hartre", "energy", ", whose unit 'hartre' is not known, did you mean 'hartree'?"},
       energies},
      {{"2 kcal/moll", "energy", ", whose unit 'kcal/moll' is not known, did you mean 'kcal/mol'?"},
       energies},
      {{"2 foo", "energy", ", whose unit 'foo' is not known;"}, energies},
      {{"2 000 K", "energy", ", whose unit '000 K' is not known;"}, energies},
      {{"2,5 ps", "time", ", whose unit ',5 ps' is not known;"}, times},
      {{"5 ps @ 3", "time", ", whose unit 'ps @ 3' is not known;"}, times},
      {{"5 s since 2000-01-01", "time", ", whose unit 's since 2000-01-01' is not known;"}, times},
      {{"5", "time", ", a number in quotes without a unit;"}, times},
      {{"ps", "time", ", which does not begin with a number;"}, times},
      {{"", "time", ", which does not begin with a number;"}, times},
      {{"inf ps", "time", ", which does not begin with a number;"}, times},
      {{"nan ps", "time", ", which does not begin with a number;"}, times},
      {{"1e999 ps", "time", ", a number beyond double precision;"}, times},
  };
  for (const auto& [wrong, allowed] : table)
    CHECK(complaint(wrong.text, wrong.dimension) == wrong.message + allowed);
}
