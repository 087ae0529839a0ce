#include "powerstroke/io/config/quantity.hpp"

#include <fmt/format.h>
#include <udunits2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/library_lock.hpp"
#include "powerstroke/io/config/nearest_key.hpp"
#include "powerstroke/study/settings/constants.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

using Unit = std::unique_ptr<ut_unit, decltype(&ut_free)>;
using System = std::unique_ptr<ut_system, decltype(&ut_free_system)>;
using Converter = std::unique_ptr<cv_converter, decltype(&cv_free)>;

/// A kind of unit that measures a dimension, and what one of it is in the dimension's SI unit.
struct Form {
  const char* unit;
  double si;
};

struct Dimension {
  std::string name, phrase, examples;
  std::vector<Form> forms;
  std::vector<std::string> names;  ///< of units, for a misspelt one
};

std::vector<Dimension> make_dimensions() {
  const Constants k = codata_constants();
  const double hc = k.planck * k.light_speed, mole = 1.0 / k.avogadro;
  const std::vector<std::string> energies = {"cm^-1", "K",   "kJ/mol", "kcal/mol", "J/mol",
                                             "eV",    "meV", "J",      "hartree"};
  return {
      {"energy",
       "an energy",
       R"("200 cm^-1", "2.4 kJ/mol", "25 meV" or "300 K")",
       {{"J", 1.0}, {"m^-1", hc}, {"K", k.boltzmann}, {"J/mol", mole}},
       energies},
      {"temperature",
       "a temperature",
       R"("300 K", or k_B T as in "208.5 cm^-1")",
       {{"J", 1.0}, {"m^-1", hc}, {"K", k.boltzmann}, {"J/mol", mole}},
       energies},
      {"time",
       "a time",
       R"("5 ps", "100 fs" or "2 ns")",
       {{"s", 1.0}},
       {"ps", "fs", "ns", "us", "ms", "s"}},
      {"rate",
       "a rate",
       R"("1 ps^-1", "0.5 /ps" or "1e9 s^-1")",
       {{"s^-1", 1.0}},
       {"ps^-1", "1/ps", "fs^-1", "1/fs", "ns^-1", "1/ns", "us^-1", "1/us", "ms^-1", "1/ms", "s^-1",
        "1/s", "Hz"}},
      {"mass",
       "a mass",
       R"("28 u", "28 g/mol" or "4.65e-26 kg")",
       {{"kg", 1.0}, {"kg/mol", mole}},
       {"u", "Da", "g/mol", "kg", "amu"}},
      {"pressure",
       "a pressure",
       R"("1 bar", "100 kPa" or "760 Torr")",
       {{"Pa", 1.0}},
       {"bar", "mbar", "Pa", "kPa", "hPa", "MPa", "atm", "Torr"}},
      {"speed", "a speed", R"("500 m/s" or "0.5 km/s")", {{"m/s", 1.0}}, {"m/s", "km/s", "nm/ps"}},
      {"length",
       "a length",
       R"("0.3 nm", "3 angstrom" or "300 pm")",
       {{"m", 1.0}},
       {"nm", "angstrom", "pm", "um", "m"}},
      {"energy_time",
       "an action",
       R"("5.3 cm^-1 ps" or "1.05e-34 J s")",
       {{"J s", 1.0}, {"m^-1 s", hc}, {"K s", k.boltzmann}, {"J s/mol", mole}},
       {"cm^-1 ps", "J s", "eV fs"}},
  };
}

const std::vector<Dimension>& dimensions() {
  static const std::vector<Dimension> all = make_dimensions();
  return all;
}

const Dimension& dimension_of(const std::string& name) {
  const auto found = std::ranges::find(dimensions(), name, &Dimension::name);
  POWERSTROKE_EXPECT(found != dimensions().end());
  return *found;
}

/// To be held wherever UDUNITS is called: its parser, its status and its handler of messages are
/// one for the process. It prints messages unless told not to; ours go into exceptions, and whoever
/// else uses UDUNITS gets the handler back.
class UnitsSession {
 public:
  UnitsSession() : before_(ut_set_error_message_handler(ut_ignore)) {}
  UnitsSession(const UnitsSession&) = delete;
  UnitsSession& operator=(const UnitsSession&) = delete;
  ~UnitsSession() { ut_set_error_message_handler(before_); }

 private:
  parallel::LibraryLock lock_{parallel::Library::udunits};
  ut_error_message_handler before_;
};

System read_database() {
  System system(ut_read_xml(nullptr), ut_free_system);
  if (system == nullptr) {
    ut_status status = UT_SUCCESS;
    throw IoError(fmt::format(
        "cannot read the database of units '{}': install UDUNITS-2 (Debian: libudunits2-data)",
        ut_get_path_xml(nullptr, &status)));
  }
  return system;
}

/// The database as UDUNITS has it, but for units that rest on measured constants, where its values
/// are those of 1986, the calorie, which is the thermochemical one in "kcal/mol", and names that it
/// lacks.
class UnitSystem {
 public:
  UnitSystem() : system_(read_database()) {
    const Constants k = codata_constants();
    for (const char* name : {"eV", "electronvolt"}) rename(name, scaled(k.charge, "J"));
    for (const char* name : {"u", "Da", "amu", "dalton"}) rename(name, scaled(k.atomic_mass, "kg"));
    for (const char* name : {"hartree", "Eh"}) rename(name, scaled(k.hartree, "J"));
    for (const char* name : {"cal", "calorie"}) rename(name, parse("thermochemical_calorie"));
    rename("Torr", scaled(1.0 / 760.0, "atm"));
  }

  /// Null if UDUNITS does not know it.
  Unit parse(const std::string& text) const {
    return {ut_parse(system_.get(), text.c_str(), UT_UTF8), ut_free};
  }

  /// What one `unit` is in `other`; nothing if they measure different things. UDUNITS would also
  /// turn a unit into its inverse.
  std::optional<double> ratio(const Unit& unit, const char* other) const {
    const Unit reference = parse(other);
    POWERSTROKE_EXPECT(reference != nullptr);
    const Unit quotient(ut_divide(unit.get(), reference.get()), ut_free);
    if (quotient == nullptr || ut_is_dimensionless(quotient.get()) == 0) return {};
    const Converter convert(ut_get_converter(unit.get(), reference.get()), cv_free);
    if (convert == nullptr) return {};
    const double one = cv_convert_double(convert.get(), 1.0);
    // Degrees Celsius and logarithms have no meaning as a factor.
    if (cv_convert_double(convert.get(), 0.0) != 0.0 || !std::isfinite(one) || !(one > 0.0))
      return {};
    return one;
  }

 private:
  Unit scaled(double factor, const char* of) const {
    return {ut_scale(factor, parse(of).get()), ut_free};
  }

  /// As a symbol, so that prefixes of symbols ("meV", "kcal") go with it.
  void rename(const char* name, const Unit& unit) {
    POWERSTROKE_EXPECT(unit != nullptr);
    ut_unmap_name_to_unit(system_.get(), name, UT_ASCII);
    ut_unmap_symbol_to_unit(system_.get(), name, UT_ASCII);
    const ut_status status = ut_map_symbol_to_unit(name, UT_ASCII, unit.get());
    POWERSTROKE_EXPECT(status == UT_SUCCESS);
    static_cast<void>(status);
  }

  System system_;
};

const UnitSystem& unit_system() {
  static const UnitSystem system;
  return system;
}

std::optional<double> si_value(const Unit& unit, const Dimension& dimension) {
  for (const Form& form : dimension.forms) {
    if (const auto ratio = unit_system().ratio(unit, form.unit)) return *ratio * form.si;
  }
  return {};
}

/// "cm⁻¹" as "cm^-1".
std::string plain_exponents(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 12> raised = {{{"⁻", '-'},
                                                                         {"⁺", '+'},
                                                                         {"⁰", '0'},
                                                                         {"¹", '1'},
                                                                         {"²", '2'},
                                                                         {"³", '3'},
                                                                         {"⁴", '4'},
                                                                         {"⁵", '5'},
                                                                         {"⁶", '6'},
                                                                         {"⁷", '7'},
                                                                         {"⁸", '8'},
                                                                         {"⁹", '9'}}};
  std::string out;
  bool in_exponent = false;
  while (!text.empty()) {
    const auto found = std::ranges::find_if(
        raised, [&](const auto& entry) { return text.starts_with(entry.first); });
    if (found == raised.end()) {
      out += text.front();
      text.remove_prefix(1);
    } else {
      if (!in_exponent) out += '^';
      out += found->second;
      text.remove_prefix(found->first.size());
    }
    in_exponent = found != raised.end();
  }
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// No second number and no origin ("2 000 ps", "K @ 273.15"), which UDUNITS would multiply or add:
/// digits only as exponents.
bool is_product_of_names(std::string_view unit) {
  if (unit.starts_with("1/")) unit.remove_prefix(2);
  char before = ' ';
  for (const char c : unit) {
    const bool exponent = is_digit(c) || c == '-' || c == '+';
    if (exponent && !is_letter(before) && before != '^' && !is_digit(before) && before != '-' &&
        before != '+')
      return false;
    if (!exponent && !is_letter(c) && std::string_view("_ */.^").find(c) == std::string_view::npos)
      return false;
    before = c;
  }
  return true;
}

/// The unit that was most likely meant; empty if none is near.
std::string nearest_unit(const std::string& unit, const Dimension& dimension) {
  std::string nearest = nearest_key(unit, dimension.names);
  for (const Dimension& other : dimensions()) {
    if (nearest.empty()) nearest = nearest_key(unit, other.names);
  }
  return nearest;
}

std::string other_dimension(const Unit& unit, const Dimension& dimension) {
  for (const Dimension& other : dimensions()) {
    if (si_value(unit, other))
      return fmt::format(", which is {}, not {}", other.phrase, dimension.phrase);
  }
  return fmt::format(", which is not {}", dimension.phrase);
}

/// Whether radians are in it, which UDUNITS takes for 1: a rate of events has none.
bool counts_angles(const Unit& unit) {
  std::array<char, 256> text{};
  const int size = ut_format(unit.get(), text.data(), text.size() - 1, UT_ASCII | UT_DEFINITION);
  return size > 0 && std::string_view(text.data()).find("rad") != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string allowed_quantity(const std::string& dimension) {
  const Dimension& about = dimension_of(dimension);
  return fmt::format("{} with its unit, such as {}", about.phrase, about.examples);
}

Quantity parse_quantity(const std::string& text, const std::string& dimension) {
  const Dimension& about = dimension_of(dimension);
  const auto fail = [&](const std::string& problem, char end = ';') {
    throw ConfigError(fmt::format("{}{} allowed: {}", problem, end, allowed_quantity(dimension)));
  };
  const std::string_view all = trimmed(text);
  Quantity quantity;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), quantity.value);
  if (error == std::errc::result_out_of_range) fail(", a number beyond double precision");
  if (error != std::errc() || !std::isfinite(quantity.value))
    fail(", which does not begin with a number");
  const std::string_view rest = trimmed(all.substr(static_cast<std::size_t>(end - all.data())));
  if (rest.empty()) fail(", a number in quotes without a unit");
  quantity.unit = plain_exponents(rest);
  if (quantity.unit.front() == '/') quantity.unit.insert(0, "1");
  const UnitsSession session;
  const Unit unit = is_product_of_names(quantity.unit) ? unit_system().parse(quantity.unit)
                                                       : Unit(nullptr, ut_free);
  if (unit == nullptr) {
    const std::string problem = fmt::format(", whose unit '{}' is not known", quantity.unit);
    const std::string nearest = nearest_unit(quantity.unit, about);
    if (nearest.empty()) fail(problem);
    fail(fmt::format("{}, did you mean '{}'", problem, nearest), '?');
  }
  const std::optional<double> si = si_value(unit, about);
  if (!si) fail(other_dimension(unit, about));
  if (counts_angles(unit))
    fail(fmt::format(
        ", whose unit '{}' holds an angle: 2 pi is one turn there, and here one event is one",
        quantity.unit));
  quantity.si = *si;
  constexpr double largest_particle = 1e-9;  // kg: a grain of dust
  if (dimension == "mass" && quantity.value * quantity.si > largest_particle)
    fail(fmt::format(
             ", which is {:.3g} kg, and no particle's mass: is it that of a mole, '{:g} {}/mol'",
             quantity.value * quantity.si, quantity.value, quantity.unit),
         '?');
  return quantity;
}

}  // namespace powerstroke::io
