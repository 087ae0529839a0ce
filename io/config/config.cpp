#include "powerstroke/io/config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string_view>

#include "embedded_texts.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/check.hpp"
#include "powerstroke/io/config/source.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/kernels/laws/balance.hpp"

namespace powerstroke::io {
namespace {

/// Levels are 32-bit integers; this leaves them room to move.

/// Decodes what the schema has let through; what a schema cannot say, values against one another, is checked here.
class Decoder {
 public:
  explicit Decoder(const ConfigSource& source) : source_(source) {}

  Config config() const {
    const Json& root = source_.document();
    Config config;
    config.title = root.value("title", config.title);
    config.seed = root.value("seed", config.seed);
    config.ensemble = ensemble(root["ensemble"]);
    config.strokes = strokes(root["strokes"]);
    config.snapshots = snapshots(root["time"]);
    if (root.contains("comparison")) config.compare_stationary = root["comparison"].value("stationary", true);
    check_rates(config);
    check_levels(config);
    config.histogram = root.contains("histogram") ? histogram(root["histogram"]) : default_histogram(config);
    check_size(config);
    config.json = source_.written().dump(2);
    return config;
  }

 private:
  EnsembleConfig ensemble(const Json& json) const {
    EnsembleConfig ensemble;
    ensemble.particles = json["particles"].get<std::uint64_t>();
    ensemble.dimension = json.value("dimension", ensemble.dimension);
    ensemble.mass = json.value("mass", ensemble.mass);
    ensemble.energy = energy(json["energy"], {"ensemble", "energy"}, ensemble.dimension);
    if (json.contains("direction") && json["direction"].is_array()) {
      ensemble.direction = direction(json["direction"].get<std::vector<double>>(), ensemble.dimension);
    }
    return ensemble;
  }

  laws::EnergyLaw energy(const Json& json, const KeyPath& path, int dimension) const {
    const laws::EnergyLaw law = form(json, path, dimension);
    try {
      laws::validate(law);
    } catch (const ConfigError& error) {
      std::string message = error.what();
      const std::string_view own_name = "energy.";  // the path names it already
      if (const std::size_t at = message.find(own_name); at != std::string::npos) message.erase(at, own_name.size());
      source_.fail(path, message);
    }
    return law;
  }

  laws::EnergyLaw form(const Json& json, const KeyPath& path, int dimension) const {
    const auto number = [&json](const char* key) { return json[key].get<double>(); };
    const std::string kind = json["distribution"].get<std::string>();
    if (kind == "delta") return {laws::DeltaEnergy{number("value")}};
    if (kind == "uniform") return {laws::UniformEnergy{number("low"), number("high")}};
    if (kind == "normal") return {laws::NormalEnergy{number("mean"), number("sigma")}};
    if (kind == "exponential") return {laws::ExponentialEnergy{number("mean")}};
    if (kind == "maxwell_boltzmann") return {laws::MaxwellBoltzmannEnergy{number("temperature"), dimension}};
    if (kind == "histogram") {
      return {laws::HistogramEnergy{json["edges"].get<std::vector<double>>(), json["weights"].get<std::vector<double>>()}};
    }
    laws::MixtureEnergy mixture;
    for (const Json& part : json["parts"]) {
      KeyPath there = path;
      there.insert(there.end(), {"parts", std::to_string(mixture.parts.size())});
      mixture.parts.push_back(energy(part, there, dimension));
      mixture.weights.push_back(part["weight"].get<double>());
    }
    return {mixture};
  }

  std::vector<double> direction(std::vector<double> vector, int dimension) const {
    const auto size = [](double a, double b) { return std::abs(a) < std::abs(b); };
    const double largest = std::abs(*std::ranges::max_element(vector, size));
    if (vector.size() != static_cast<std::size_t>(dimension) || largest == 0.0) {
      source_.fail(
          {"ensemble", "direction"},
          fmt::format("found {}; allowed: \"isotropic\", or {} number{}, not all zero, as ensemble.dimension is {}",
                      source_.document()["ensemble"]["direction"].dump(), dimension, dimension == 1 ? "" : "s", dimension));
    }
    double squares = 0.0;
    for (double& component : vector) component /= largest;  // no square over- or underflows
    for (const double component : vector) squares += component * component;
    for (double& component : vector) component /= std::sqrt(squares);
    return vector;
  }

  StrokesConfig strokes(const Json& json) const {
    StrokesConfig strokes;
    const Json& transition = json["transitions"][0];
    strokes.delta_e = transition["delta_e"].get<double>();
    strokes.rate_down = transition["rate_down"].get<double>();
    const std::string balance = json["balance"].get<std::string>();
    if (balance == "fixed") {
      strokes.balance = Balance::fixed;
      strokes.rate_up = transition["rate_up"].get<double>();
    } else if (balance == "thermal") {
      strokes.balance = Balance::thermal;
      strokes.temperature = json["temperature"].get<double>();
      strokes.rate_up = laws::thermal_rate_up(strokes.rate_down, strokes.delta_e, strokes.temperature);
    }
    if (json.value("timing", "uniformization") == "waiting_times") strokes.timing = Timing::waiting_times;
    return strokes;
  }

  std::vector<double> snapshots(const Json& json) const {
    const Json& asked = json["snapshots"];
    const double end = json.value("end", std::numeric_limits<double>::infinity());  // may be left out with a list only
    const std::vector<double> times =
        asked.is_array() ? asked.get<std::vector<double>>() : spaced(asked.get<std::size_t>(), end);
    if (const auto pair = std::ranges::adjacent_find(times, std::greater_equal<>()); pair != times.end()) {
      source_.fail({"time", "snapshots"},
                   fmt::format("found {} after {}; allowed: times that ascend, none twice", pair[1], pair[0]));
    }
    if (end < times.back()) {
      source_.fail({"time", "end"},
                   fmt::format("found {}; allowed: a number >= {}, the last of time.snapshots, or no 'end' at all", end,
                               times.back()));
    }
    return times;
  }

  static std::vector<double> spaced(std::size_t count, double end) {
    std::vector<double> times(count, end);  // the last is exactly the end, whatever the division does
    for (std::size_t k = 0; k + 1 < count; ++k) times[k] = end * static_cast<double>(k) / static_cast<double>(count - 1);
    return times;
  }

  void check_rates(const Config& config) const {
    const StrokesConfig& strokes = config.strokes;
    if (!config.compare_stationary || strokes.balance == Balance::energy_conserving || strokes.rate_up < strokes.rate_down)
      return;
    const char* way_out =
        "no stationary state exists to compare with; to run it all the same, set \"comparison\": { \"stationary\": false }";
    if (strokes.balance == Balance::fixed) {
      source_.fail({"strokes", "transitions", "0", "rate_up"},
                   fmt::format("found {}; allowed: a number < rate_down, which is {}, or {}", strokes.rate_up,
                               strokes.rate_down, way_out));
    }
    source_.fail({"strokes", "temperature"},
                 fmt::format("found {}, with which rate_up = rate_down exp(-delta_e/T) = {} is not below rate_down = {}: {}",
                             strokes.temperature, strokes.rate_up, strokes.rate_down, way_out));
  }

  /// @throws ConfigError if the start reaches too many levels for the equation, or the run is too long for 32-bit levels.
  void check_levels(const Config& config) const {
    const StrokesConfig& strokes = config.strokes;
    const double start = laws::upper_energy(config.ensemble.energy, 1e-15) / strokes.delta_e;
    // Laws that reach so far above delta_e are as good as continuous on the ladder, and cost the equation hours.
    constexpr double most_levels = 20000.0;
    if (!(start < most_levels)) {
      source_.fail({"strokes", "transitions", "0", "delta_e"},
                   fmt::format("found {}, and initial energies reach {:.3g} times that; allowed: up to {:g} times",
                               strokes.delta_e, start, most_levels));
    }
    const double rate_up = strokes.balance == Balance::energy_conserving ? strokes.rate_down : strokes.rate_up;
    const double attempts = (rate_up + strokes.rate_down) * config.snapshots.back();
    constexpr double most_attempts = 1e9;  // keeps the levels in 32 bits, too
    if (!(attempts < most_attempts)) {
      const bool has_end = source_.document()["time"].contains("end");
      source_.fail(
          {"time", has_end ? "end" : "snapshots"},
          fmt::format("found up to {:.3g} attempted strokes a particle; allowed: fewer than {:g}", attempts, most_attempts));
    }
  }

  static HistogramConfig histogram(const Json& json) {
    return {json["max"].get<double>(), json["bins"].get<std::uint32_t>()};
  }

  /// Bins of delta_e / 20 (wider ones beyond 500 levels) up to where less than one particle in a million is expected. A
  /// ladder at constant rates lies below its start plus its stationary law, which is geometric: q^n < 1e-6 above n levels.
  static HistogramConfig default_histogram(const Config& config) {
    constexpr double rare = 1e-6, most_bins = 10000.0, finest = 20.0;
    const StrokesConfig& strokes = config.strokes;
    const double start = laws::upper_energy(config.ensemble.energy, rare) / strokes.delta_e;
    const double ratio = strokes.balance == Balance::energy_conserving
                             ? laws::geometric_ratio(laws::mean(config.ensemble.energy) / strokes.delta_e)
                             : strokes.rate_up / strokes.rate_down;
    const double time = config.snapshots.back();
    const double drift = (strokes.rate_up - strokes.rate_down) * time;
    const double spread = 5.0 * std::sqrt((strokes.rate_up + strokes.rate_down) * time);
    const double climb = ratio < 1.0 ? (ratio > 0.0 ? std::log(rare) / std::log(ratio) : 0.0) : drift + spread;
    const double levels = std::max(2.0, std::ceil(start + climb));
    const double fineness = std::clamp(std::floor(most_bins / levels), 1.0, finest);
    return {levels * strokes.delta_e, static_cast<std::uint32_t>(std::min(levels * fineness, most_bins))};
  }

  void check_size(const Config& config) const {
    constexpr std::uint64_t most = std::uint64_t{1} << 28U;
    const std::uint64_t counts = config.snapshots.size() * std::uint64_t{config.histogram.bins};
    if (counts > most) {
      source_.fail({"time", "snapshots"}, fmt::format("{} snapshots of {} bins are {} counts; allowed: at most {} (2 GiB)",
                                                      config.snapshots.size(), config.histogram.bins, counts, most));
    }
  }

  const ConfigSource& source_;
};

/// Where the schema marks a quantity, a text with a unit may stand for the number; it is one no more when the config is checked.
void admit_texts(Json& schema) {
  if (!schema.is_structured()) return;
  if (schema.is_object() && schema.contains("x-quantity")) schema["type"] = {"number", "string"};
  for (Json& part : schema) admit_texts(part);
}

}  // namespace

Config parse_config(const std::string& text, const std::string& origin, const std::vector<Override>& overrides) {
  ConfigSource source(text, origin);
  for (const Override& override : overrides) source.set(override);
  const Units units = resolve_units(source);
  check_against_schema(source);
  Config config = Decoder(source).config();
  config.units = units;
  return config;
}

Config read_config(const std::filesystem::path& file, const std::vector<Override>& overrides) {
  return parse_config(read_bytes(file), file.string(), overrides);
}

std::string config_schema() {
  Json schema = Json::parse(embedded::config_schema);
  admit_texts(schema);
  return schema.dump(2) + '\n';
}

std::string config_template() { return embedded::config_template; }

std::string to_string(Balance balance) {
  switch (balance) {
    case Balance::fixed: return "fixed";
    case Balance::thermal: return "thermal";
    case Balance::energy_conserving: break;
  }
  return "energy_conserving";
}

}  // namespace powerstroke::io
