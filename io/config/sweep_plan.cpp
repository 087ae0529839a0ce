#include "powerstroke/io/config/sweep_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/config/quantity.hpp"
#include "powerstroke/io/config/source.hpp"
#include "powerstroke/io/files/durable_file.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

constexpr std::size_t most_runs = 10000;

void check_paths(const std::vector<Override>& overrides, const std::vector<SweptPath>& over) {
  if (over.empty()) throw ConfigError("a sweep needs --over path.to.key=VALUE,VALUE,...");
  std::size_t runs = 1;
  for (std::size_t i = 0; i < over.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (same_path(over[i].path, over[j].path))
        throw ConfigError(
            fmt::format("--over {}: this path is swept twice; put all its values into one --over",
                        over[i].path));
    }
    for (const Override& set : overrides) {
      if (same_path(over[i].path, set.path))
        throw ConfigError(
            fmt::format("--over {}: --set {} sets the same value; which one is meant?",
                        over[i].path, set.path));
    }
    runs *= over[i].values.size();
    if (runs > most_runs)
      throw ConfigError(fmt::format("--over {}: that makes {} runs and more; allowed: up to {}",
                                    over[i].path, runs, most_runs));
  }
}

std::vector<std::vector<std::string>> combinations(const std::vector<SweptPath>& over) {
  std::vector<std::vector<std::string>> rows(1);
  for (const SweptPath& swept : over) {
    std::vector<std::vector<std::string>> longer;
    for (const std::vector<std::string>& row : rows) {
      for (const std::string& value : swept.values) {
        longer.push_back(row);
        longer.back().push_back(value);
      }
    }
    rows = std::move(longer);
  }
  return rows;
}

/// Whether the config is wrong without any swept value.
bool fails_alone(const std::string& text, const std::string& origin,
                 const std::vector<Override>& overrides) {
  try {
    parse_config(text, origin, overrides);
  } catch (const ConfigError&) {
    return true;
  }
  return false;
}

/// The swept values of a run, each as an option of its own: "--over a=1", "--over b=2".
std::vector<Override> settings_of(const std::vector<SweptPath>& over,
                                  const std::vector<std::string>& values) {
  std::vector<Override> settings;
  for (std::size_t i = 0; i < over.size(); ++i)
    settings.push_back(
        {over[i].path, values[i], fmt::format("--over {}={}", over[i].path, values[i])});
  return settings;
}

std::string options(const std::vector<Override>& swept) {
  std::string all;
  for (const Override& set : swept) all += (all.empty() ? "" : " ") + set.option;
  return all;
}

/// One table has one set of units, and a plain number of the config, such as the prefactor of a
/// gas, one meaning.
void check_units(const Units& first, const Units& units, const std::string& which) {
  const auto same = [&](const char* kind, const std::string& a, const std::string& b) {
    if (a == b) return;
    throw ConfigError(
        fmt::format("{}: runs with this value compute {} in {}, those with the first in {}; give "
                    "all values in one unit",
                    which, kind, b, a));
  };
  same("energies", first.energy, units.energy);
  same("times", first.time, units.time);
  same("masses", first.mass, units.mass);
  same("pressures", first.pressure, units.pressure);
}

nlohmann::json json_of(const std::string& value) {
  return nlohmann::json::accept(value) ? nlohmann::json::parse(value) : nlohmann::json(value);
}

/// A pressure as the config has it, in the run's unit.
double pressure(const std::string& value, const Units& units) {
  const nlohmann::json json = json_of(value);
  if (json.is_number()) return json.get<double>();
  const Quantity quantity = parse_quantity(json.get<std::string>(), "pressure");
  return quantity.value * quantity.si / units.pressure_Pa;
}

std::vector<double> pressures(const std::vector<SweptPath>& over,
                              const std::vector<std::string>& values, const Units& units) {
  std::vector<double> all;
  for (std::size_t i = 0; i < over.size(); ++i)
    all.push_back(over[i].is_pressure() ? pressure(values[i], units)
                                        : std::numeric_limits<double>::quiet_NaN());
  return all;
}

/// Values on an axis: numbers, or quantities of one kind in the unit of the first; none if they are
/// neither.
void set_places(SweptPath& swept) {
  std::vector<double> numbers;
  for (const std::string& value : swept.values)
    if (const nlohmann::json json = json_of(value); json.is_number())
      numbers.push_back(json.get<double>());
  if (numbers.size() == swept.values.size()) {
    swept.places = numbers;
    return;
  }
  for (const char* dimension :
       {"energy", "time", "rate", "mass", "pressure", "speed", "length", "energy_time"}) {
    std::vector<double> found;
    std::string unit;
    double si = 0.0;
    try {
      for (const std::string& value : swept.values) {
        const nlohmann::json json = json_of(value);
        if (!json.is_string()) return;
        const Quantity quantity = parse_quantity(json.get<std::string>(), dimension);
        if (found.empty()) si = quantity.si, unit = quantity.unit;
        found.push_back(quantity.value * quantity.si / si);
      }
      swept.places = found;
      swept.unit = unit;
      return;
    } catch (const ConfigError&) {
      continue;  // not of this kind
    }
  }
}

}  // namespace

SweepPlan plan_sweep(const std::filesystem::path& file, const std::vector<Override>& overrides,
                     const std::vector<SweptPath>& over) {
  check_paths(overrides, over);
  const std::string text = read_bytes(file), origin = file.string();
  SweepPlan plan{over, {}};
  for (SweptPath& swept : plan.over) set_places(swept);
  for (std::vector<std::string>& values : combinations(over)) {
    const std::vector<Override> swept = settings_of(over, values);
    std::vector<Override> settings = overrides;
    settings.insert(settings.end(), swept.begin(), swept.end());
    try {
      Config config = parse_config(text, origin, settings);
      if (config.strokes && !config.strokes_are_counted())
        throw ConfigError(
            "strokes.timing: found \"snapshots\", which counts no strokes, and a sweep measures "
            "their rates; allowed: "
            "\"uniformization\" or \"waiting_times\"");
      std::vector<double> of_gas = pressures(over, values, config.units);
      plan.runs.push_back({std::move(values), std::move(config), std::move(of_gas)});
    } catch (const ConfigError& error) {
      const auto* const of_option = dynamic_cast<const OptionError*>(&error);
      const bool says_which = of_option != nullptr &&
                              std::ranges::count(swept, of_option->option, &Override::option) > 0;
      if (says_which || fails_alone(text, origin, overrides)) throw;
      throw ConfigError(fmt::format("with {}: {}", options(swept), error.what()));
    }
    check_units(plan.runs.front().config.units, plan.runs.back().config.units, options(swept));
  }
  return plan;
}

}  // namespace powerstroke::io
