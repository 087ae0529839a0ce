#include "powerstroke/io/config/presets.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "powerstroke/io/config/source.hpp"

namespace powerstroke::io {
namespace {

const std::vector<std::pair<std::string, std::vector<std::string>>> lines_of_water = {
    {"water_librations", {"300 cm^-1", "600 cm^-1", "900 cm^-1"}},
    {"water_hindered_translations", {"200 cm^-1"}}};

/// So many times a quantity, whether it is a number or a text that begins with one; null if it is
/// neither.
Json times(int factor, const Json& quantity) {
  if (quantity.is_number()) return factor * quantity.get<double>();
  if (!quantity.is_string()) return {};
  const std::string text = quantity.get<std::string>();
  double number = 0.0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return {};
  return fmt::format("{}{}", factor * number, std::string(rest, text.data() + text.size()));
}

std::vector<Json> energies(const Json& preset) {
  if (!preset.contains("name") || !preset["name"].is_string()) return {};  // the schema's to refuse
  const std::string name = preset["name"].get<std::string>();
  for (const auto& [liquid, lines] : lines_of_water)
    if (liquid == name) return {lines.begin(), lines.end()};
  std::vector<Json> result;
  if (name != "rigid_rotor" || !preset.contains("rotational_constant") || !preset.contains("lines"))
    return result;
  const Json& count = preset["lines"];
  if (!count.is_number_unsigned() || count.get<std::uint64_t>() > 64) return result;
  for (int j = 0; j < count.get<int>(); ++j)
    result.push_back(times(2 * (j + 1), preset["rotational_constant"]));
  return result;
}

}  // namespace

void expand_preset(ConfigSource& source) {
  const Json& whole = source.document();
  if (whole.is_object() && whole.contains("strokes") && whole["strokes"].is_object() &&
      whole["strokes"].contains("preset") && whole["strokes"].contains("transitions"))
    source.fail({"strokes", "preset"},
                "there are transitions, too; allowed: either transitions or a preset");
  source.edit([](Json& document) {
    if (!document.is_object() || !document.contains("strokes") || !document["strokes"].is_object())
      return;
    Json& strokes = document["strokes"];
    if (!strokes.contains("preset") || strokes.contains("transitions") ||
        !strokes["preset"].is_object())
      return;
    const Json preset = strokes["preset"];
    Json transitions = Json::array();
    for (const Json& energy : energies(preset)) {
      Json transition = {{"delta_e", energy}};
      for (const char* rate : {"rate_down", "rate_up"})
        if (preset.contains(rate)) transition[rate] = preset[rate];
      transitions.push_back(transition);
    }
    if (transitions.empty() || transitions.front()["delta_e"].is_null()) return;
    strokes.erase("preset");
    strokes["transitions"] = transitions;
  });
}

}  // namespace powerstroke::io
