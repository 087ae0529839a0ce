#include "powerstroke/io/config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "embedded_texts.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/whole_number.hpp"
#include "powerstroke/io/config/check.hpp"
#include "powerstroke/io/config/ensemble_decoder.hpp"
#include "powerstroke/io/config/law_names.hpp"
#include "powerstroke/io/config/phase_decoder.hpp"
#include "powerstroke/io/config/presets.hpp"
#include "powerstroke/io/config/schema.hpp"
#include "powerstroke/io/config/source.hpp"
#include "powerstroke/io/config/units.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/kernels/laws/common_ladder.hpp"
#include "powerstroke/kernels/laws/gas_rate.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

/// As a message has it; keys in the order of the alphabet.
std::string energy_as_written(const Json& root) {
  const std::string text = nlohmann::json(root.at("ensemble").value("energy", Json())).dump();
  constexpr std::size_t longest = 200;
  return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

/// Decodes what the schema has let through; what a schema cannot say, values against one another,
/// is checked here.
class ConfigDecoder {
 public:
  ConfigDecoder(const ConfigSource& source, const Units& units) : source_(source), units_(units) {}

  Config config() const {
    const Json& root = source_.document();
    Config config;
    config.title = root.value("title", config.title);
    config.seed = root.value("seed", config.seed);
    config.ensemble = ensemble(root["ensemble"]);
    config.snapshots = snapshots(root["time"]);
    config.strokes.reset();
    if (root.contains("strokes")) config.strokes = strokes(root["strokes"], config.ensemble);
    if (root.contains("phase_space")) config.phase_space = decode_phase_space(source_, config);
    if (root.contains("comparison"))
      config.compare_stationary = root["comparison"].value("stationary", true);
    if (root.contains("analysis")) config.analysis = analysis(root["analysis"], config.strokes);
    if (config.strokes && config.strokes->timing == Timing::snapshots &&
        config.analysis.path_entropy)
      source_.fail(
          {"analysis", "path_entropy"},
          "found true with strokes.timing \"snapshots\", which makes no strokes; allowed: false");
    if (config.strokes) {
      check_rates(config);
      check_levels(config);
    }
    config.histogram =
        root.contains("histogram") ? histogram(root["histogram"]) : default_histogram(config);
    if (config.phase_space) check_analysis(config);
    check_size(config);
    config.units = units_;
    config.json = source_.written().dump(2);
    config.ensemble.energy_as_written = energy_as_written(source_.written());
    return config;
  }

 private:
  EnsembleConfig ensemble(const Json& json) const {
    EnsembleConfig ensemble;
    ensemble.particles = json["particles"].get<std::uint64_t>();
    ensemble.dimension = json.value("dimension", ensemble.dimension);
    ensemble.mass = json.value("mass", ensemble.mass);
    ensemble.energy =
        decode_energy(source_, json["energy"], {"ensemble", "energy"}, ensemble.dimension);
    if (json.contains("direction"))
      ensemble.direction = decode_direction(source_, json["direction"], {"ensemble", "direction"},
                                            ensemble.dimension, ensemble.energy);
    return ensemble;
  }

  StrokesConfig strokes(const Json& json, const EnsembleConfig& ensemble) const {
    StrokesConfig strokes;
    strokes.law.transitions.clear();
    for (std::size_t k = 0; k < json["transitions"].size(); ++k)
      check_energy_range(source_, {"strokes", "transitions", std::to_string(k), "delta_e"},
                         json["transitions"][k]["delta_e"].get<double>());
    std::vector<double> delta_e;
    for (const Json& transition : json["transitions"]) {
      strokes.law.transitions.push_back(this->transition(json, transition));
      delta_e.push_back(strokes.law.transitions.back().delta_e);
    }
    const auto ladder = laws::common_ladder(delta_e);
    strokes.spacing = ladder ? ladder->spacing : 0.0;
    strokes.law.rates = rates(json, ensemble);
    strokes.gas = json.contains("gas");
    if (json.contains("bath")) {
      strokes.bath.systems = json["bath"]["systems"].get<std::uint64_t>();
      strokes.bath.fraction = json["bath"]["excited"].get<double>();
      strokes.bath.excited = excited_systems(strokes.bath.fraction, strokes.bath.systems);
    }
    strokes.law.balance = balance(json, strokes.bath, static_cast<double>(ensemble.particles));
    strokes.law = laws::balanced(std::move(strokes.law));
    if (laws::is<laws::Exchange>(strokes.law.balance) && ensemble.particles < 2)
      source_.fail({"strokes", "balance"},
                   "an exchange takes two particles, and ensemble.particles is 1; allowed: more");
    strokes.timing = timing(json.value("timing", "uniformization"), strokes.law);
    return strokes;
  }

  /// @throws ConfigError where so many whole systems are another fraction than the one that was
  /// asked for.
  std::uint64_t excited_systems(double fraction, std::uint64_t systems) const {
    const double all = static_cast<double>(systems), asked = fraction * all,
                 nearest = std::round(asked);
    constexpr double nearly = 0.01;  // of all systems, and of those that are asked for
    const bool is_same = std::abs(nearest - asked) <= nearly * all &&
                         (nearest > 0.0) == (asked > 0.0) && (nearest < all) == (asked < all);
    if (!is_same)
      source_.fail(
          {"strokes", "bath", "excited"},
          fmt::format("found {}, which of {} systems is {:.4g}; allowed: a fraction that whole "
                      "systems have, such as {:.6g} or "
                      "{:.6g}, or more systems",
                      fraction, systems, asked, std::floor(asked) / all, std::ceil(asked) / all));
    return whole_number<std::uint64_t>(nearest);
  }

  Timing timing(const std::string& name, const laws::StrokeLaw& law) const {
    if (name == "waiting_times") return Timing::waiting_times;
    if (name != "snapshots") return Timing::uniformization;
    if (!laws::is_plain(law))
      source_.fail(
          {"strokes", "timing"},
          fmt::format("found \"snapshots\" with {}; allowed: with one transition at constant rates",
                      law.transitions.size() > 1
                          ? fmt::format("{} transitions", law.transitions.size())
                          : fmt::format("{} rates", laws::name(law.rates))));
    return Timing::snapshots;
  }

  static laws::Balance balance(const Json& json, const BathConfig& bath, double particles) {
    const std::string name = json["balance"].get<std::string>();
    if (name == laws::Given::name) return laws::Given{};
    if (name == laws::Thermal::name) return laws::Thermal{json["temperature"].get<double>()};
    if (name == laws::Conserving::name) return laws::Conserving{};
    if (name == laws::Exchange::name) return laws::Exchange{};
    const double systems = static_cast<double>(bath.systems);
    return laws::Bath{systems / particles, static_cast<double>(bath.excited) / systems};
  }

  static laws::Transition transition(const Json& strokes_json, const Json& json) {
    laws::Transition transition{json["delta_e"].get<double>(), json.value("rate_up", 0.0),
                                json.value("rate_down", 0.0)};
    if (strokes_json.contains("gas")) {
      const Json& gas = strokes_json["gas"];
      const double first = gas.contains("pressure") ? gas["pressure"].get<double>()
                                                    : gas["active_pressure"].get<double>();
      const double second = gas.contains("pressure") ? first : gas["inert_pressure"].get<double>();
      transition.rate_down = laws::gas_rate_down(
          gas["prefactor"].get<double>(), strokes_json["temperature"].get<double>(), first, second);
    }
    return transition;
  }

  laws::AnyRates rates(const Json& json, const EnsembleConfig& ensemble) const {
    const std::string name = json.value("rates", "constant");
    laws::RatesInput input{ensemble.dimension, ensemble.mass, units_.hbar, {}};
    std::vector<double> parameters;
    for (const RatesName& law : rates_names()) {
      if (law.name != name) continue;
      for (const laws::Parameter& parameter : law.parameters)
        parameters.push_back(json[name][parameter.name].get<double>());
      input.parameter = parameters;
      return law.make(input);
    }
    return laws::Constant{};
  }

  AnalysisConfig analysis(const Json& json, const std::optional<StrokesConfig>& strokes) const {
    const AnalysisConfig analysis{json.value("path_entropy", false),
                                  json.value("information", false)};
    if (!strokes) return analysis;
    if (analysis.path_entropy && !laws::has_given_rates(strokes->law.balance))
      source_.fail({"analysis", "path_entropy"},
                   fmt::format("found true with balance \"{}\"; allowed: true with \"fixed\" or "
                               "\"thermal\", whose rates "
                               "do not depend on the other particles",
                               laws::name(strokes->law.balance)));
    for (const char* key : {"path_entropy", "information"})
      if (json.value(key, false) && !strokes->on_ladder())
        source_.fail({"analysis", key},
                     "found true with incommensurate delta_e, of which there is no equation and no "
                     "ladder; allowed: false");
    return analysis;
  }

  std::vector<double> snapshots(const Json& json) const {
    const Json& asked = json["snapshots"];
    const double end = json.value(
        "end", std::numeric_limits<double>::infinity());  // may be left out with a list only
    const std::vector<double> times =
        asked.is_array() ? asked.get<std::vector<double>>() : spaced(asked.get<std::size_t>(), end);
    if (const auto pair = std::ranges::adjacent_find(times, std::greater_equal<>());
        pair != times.end()) {
      source_.fail({"time", "snapshots"},
                   fmt::format("found {} after {}; allowed: times that ascend, none twice", pair[1],
                               pair[0]));
    }
    if (end < times.back()) {
      source_.fail(
          {"time", "end"},
          fmt::format(
              "found {}; allowed: a number >= {}, the last of time.snapshots, or no 'end' at all",
              end, times.back()));
    }
    return times;
  }

  static std::vector<double> spaced(std::size_t count, double end) {
    std::vector<double> times(count,
                              end);  // the last is exactly the end, whatever the division does
    for (std::size_t k = 0; k + 1 < count; ++k)
      times[k] = end * static_cast<double>(k) / static_cast<double>(count - 1);
    return times;
  }

  void check_rates(const Config& config) const {
    const StrokesConfig& strokes = *config.strokes;
    const auto& transitions = strokes.law.transitions;
    for (std::size_t k = 0; k < transitions.size() && transitions.size() > 1; ++k)
      if (transitions[k].rate_up == 0.0 && transitions[k].rate_down == 0.0)
        source_.fail(
            {"strokes", "transitions", std::to_string(k)},
            "a transition whose rates are 0 beside others; allowed: a rate > 0, or leave it out");
    check_bath(config);
    if (!config.compare_stationary || !laws::has_given_rates(strokes.law.balance)) return;
    const char* way_out =
        "no stationary state exists to compare with; to run it all the same, set \"comparison\": { "
        "\"stationary\": false }";
    for (std::size_t k = 0; k < strokes.law.transitions.size(); ++k) {
      const laws::Transition& transition = strokes.law.transitions[k];
      if (transition.rate_up < transition.rate_down || transition.rate_up == 0.0) continue;
      if (laws::is<laws::Given>(strokes.law.balance)) {
        source_.fail({"strokes", "transitions", std::to_string(k), "rate_up"},
                     fmt::format("found {}; allowed: a number < rate_down, which is {}, or {}",
                                 transition.rate_up, transition.rate_down, way_out));
      }
      source_.fail({"strokes", "temperature"},
                   fmt::format("found {}, with which rate_up = rate_down exp(-delta_e/T) = {} is "
                               "not below rate_down = {}: {}",
                               std::get<laws::Thermal>(strokes.law.balance).temperature,
                               transition.rate_up, transition.rate_down, way_out));
    }
  }

  /// @throws ConfigError if the systems of a bath change so much faster than the particles that the
  /// equation would take hours.
  void check_bath(const Config& config) const {
    const StrokesConfig& strokes = *config.strokes;
    if (!laws::is<laws::Bath>(strokes.law.balance)) return;
    constexpr double most = 1e5;
    for (const laws::Transition& transition : strokes.law.transitions) {
      const double encounters =
          transition.rate_down * config.snapshots.back() / strokes.law.bath().systems_per_particle;
      if (!(encounters <= most))
        source_.fail({"strokes", "bath", "systems"},
                     fmt::format("found {}, each of which meets particles {:.3g} times in the run; "
                                 "allowed: up to {:g} times, "
                                 "by more systems, fewer particles or a shorter time",
                                 strokes.bath.systems, encounters, most));
    }
  }

  /// @throws ConfigError if the start reaches too many levels for the equation, or the run is too
  /// long for 32-bit levels.
  void check_levels(const Config& config) const {
    const StrokesConfig& strokes = *config.strokes;
    const double start = laws::upper_energy(config.ensemble.energy, 1e-15) / finest(strokes);
    // Laws that reach so far above delta_e are as good as continuous on the ladder, and cost the
    // equation hours.
    constexpr double most_levels = 20000.0;
    if (!(start < most_levels)) {
      const std::string what =
          strokes.law.transitions.size() == 1
              ? fmt::format("{}", strokes.delta_e())
              : fmt::format("the common divisor {:g} of the delta_e", finest(strokes));
      source_.fail(
          {"strokes", "transitions", "0", "delta_e"},
          fmt::format(
              "found {}, and initial energies reach {:.3g} times that; allowed: up to {:g} times",
              what, start, most_levels));
    }
    double attempts = 0.0;
    for (const laws::Transition& transition : strokes.law.transitions) {
      const double rate_up =
          laws::has_given_rates(strokes.law.balance) ? transition.rate_up : transition.rate_down;
      attempts += (rate_up + transition.rate_down) * config.snapshots.back() *
                  (transition.delta_e / finest(strokes));
    }
    constexpr double most_attempts = 1e9;  // keeps the levels in 32 bits, too
    if (!(attempts < most_attempts)) {
      const bool has_end = source_.document()["time"].contains("end");
      source_.fail(
          {"time", has_end ? "end" : "snapshots"},
          fmt::format("found up to {:.3g} attempted strokes a particle; allowed: fewer than {:g}",
                      attempts, most_attempts));
    }
  }

  /// The spacing of the ladder; without one, the smallest delta_e.
  static double finest(const StrokesConfig& strokes) {
    if (strokes.on_ladder()) return strokes.spacing;
    const auto smaller = [](const laws::Transition& a, const laws::Transition& b) {
      return a.delta_e < b.delta_e;
    };
    return std::ranges::min_element(strokes.law.transitions, smaller)->delta_e;
  }

  static HistogramConfig histogram(const Json& json) {
    return {json["max"].get<double>(), json["bins"].get<std::uint32_t>()};
  }

  /// By which factor the stationary occupation of the ladder falls from step to step, at most: 1 if
  /// it does not.
  static double ladder_ratio(const Config& config) {
    const StrokesConfig& strokes = *config.strokes;
    if (!laws::has_given_rates(strokes.law.balance)) {
      double mean = laws::mean(config.ensemble.energy);
      for (const laws::Transition& transition :
           strokes.law.transitions)  // all that a bath could give
        mean += strokes.law.bath().systems_per_particle * strokes.law.bath().excited *
                transition.delta_e;
      return laws::geometric_ratio(mean / finest(strokes));
    }
    double ratio = 0.0;
    for (const laws::Transition& transition : strokes.law.transitions)
      if (transition.rate_up > 0.0)
        ratio = std::max(ratio, std::pow(transition.rate_up / transition.rate_down,
                                         finest(strokes) / transition.delta_e));
    return ratio;
  }

  /// Bins of the ladder's spacing / 20 (wider ones beyond 500 levels) up to where less than one
  /// particle in a million is expected: a ladder lies below its start plus its stationary law,
  /// which falls as q^n, and q^n < 1e-6 above n levels.
  static HistogramConfig default_histogram(const Config& config) {
    if (config.phase_space) return phase_histogram(config);
    constexpr double rare = 1e-6, most_bins = 10000.0, finest_bins = 20.0;
    const StrokesConfig& strokes = *config.strokes;
    const double step = finest(strokes), time = config.snapshots.back();
    const double start = laws::upper_energy(config.ensemble.energy, rare) / step;
    double drift = 0.0, squares = 0.0;
    for (const laws::Transition& transition : strokes.law.transitions) {
      const double levels = transition.delta_e / step;
      drift += levels * (transition.rate_up - transition.rate_down) * time;
      squares += levels * levels * (transition.rate_up + transition.rate_down) * time;
    }
    const double ratio = ladder_ratio(config);
    const double climb = ratio < 1.0 ? (ratio > 0.0 ? std::log(rare) / std::log(ratio) : 0.0)
                                     : drift + 5.0 * std::sqrt(squares);
    const double levels = std::max(2.0, std::ceil(start + climb));
    const double fineness = std::clamp(std::floor(most_bins / levels), 1.0, finest_bins);
    return {levels * step, whole_number<std::uint32_t>(std::min(levels * fineness, most_bins))};
  }

  /// What the potential may give to a particle: V where it may start, above 0.
  static double highest_potential(const PhaseConfig& phase, int dimension) {
    double highest = 0.0;
    for (const double sign : {-1.0, 1.0}) {
      Vector x{};
      for (std::size_t axis = 0; axis < x.size(); ++axis) {
        const laws::PositionLaw& law = phase.position[axis];
        if (const auto* at = std::get_if<laws::PointPosition>(&law)) x[axis] = at->value;
        if (const auto* in = std::get_if<laws::UniformPosition>(&law))
          x[axis] = sign < 0.0 ? in->low : in->high;
        if (const auto* of = std::get_if<laws::NormalPosition>(&law))
          x[axis] = of->mean + 5.0 * sign * of->sigma;
      }
      highest = std::max(highest, laws::potential_energy(phase.potential, x, dimension, 0.0));
    }
    return highest;
  }

  /// Up to where less than one particle in a million is expected: at the start, all of the
  /// potential's energy turned into motion, or at a bath's temperature.
  static HistogramConfig phase_histogram(const Config& config) {
    constexpr double rare = 1e-6;
    double highest = 0.0;
    double temperature = config.strokes ? laws::temperature(config.strokes->law.balance) : 0.0;
    for (const SpeciesConfig& species : config.phase_space->species)
      highest = std::max(highest, 1.5 * laws::upper_energy(species.energy, rare));
    if (config.phase_space->langevin)
      temperature = std::max(temperature, config.phase_space->langevin->temperature);
    highest += highest_potential(*config.phase_space, config.ensemble.dimension);
    if (temperature > 0.0)
      highest = std::max(
          highest,
          laws::upper_energy({laws::MaxwellBoltzmannEnergy{temperature, config.ensemble.dimension}},
                             rare));
    return {highest > 0.0 ? highest : 1.0, 400};
  }

  /// What needs the ladder of a gas in energy space.
  void check_analysis(const Config& config) const {
    for (const auto& [key, asked] : {std::pair{"path_entropy", config.analysis.path_entropy},
                                     std::pair{"information", config.analysis.information}})
      if (asked)
        source_.fail({"analysis", key},
                     "found true in phase space, where it is not computed; allowed: false");
  }

  void check_size(const Config& config) const {
    constexpr std::uint64_t most = std::uint64_t{1} << 28U;
    const std::uint64_t counts = config.snapshots.size() * std::uint64_t{config.histogram.bins};
    if (counts > most) {
      source_.fail({"time", "snapshots"},
                   fmt::format("{} snapshots of {} bins are {} counts; allowed: at most {} (2 GiB)",
                               config.snapshots.size(), config.histogram.bins, counts, most));
    }
  }

  const ConfigSource& source_;
  const Units& units_;
};

/// Where the schema marks a quantity, a text with a unit may stand for the number; it is one no
/// more when the config is checked.
void admit_texts(Json& schema) {
  if (!schema.is_structured()) return;
  if (schema.is_object() && schema.contains("x-quantity")) schema["type"] = {"number", "string"};
  for (Json& part : schema) admit_texts(part);
}

}  // namespace

Config parse_config(const std::string& text, const std::string& origin,
                    const std::vector<Override>& overrides) {
  ConfigSource source(text, origin);
  for (const Override& override : overrides) source.set(override);
  expand_preset(source);
  const Units units = resolve_units(source);
  check_against_schema(source);
  return ConfigDecoder(source, units).config();
}

Config read_config(const std::filesystem::path& file, const std::vector<Override>& overrides) {
  return parse_config(read_bytes(file), file.string(), overrides);
}

StrokesConfig parse_strokes(const std::string& text, std::uint64_t particles, int dimension,
                            double mass, const std::string& origin) {
  if (!(std::isfinite(mass) && mass > 0.0))
    throw ConfigError(fmt::format("{}: the mass is {}; it must be > 0", origin, mass));
  if (dimension < 1 || dimension > 3)
    throw ConfigError(fmt::format("{}: {} dimensions; allowed: 1 to 3", origin, dimension));
  if (particles == 0)
    throw ConfigError(fmt::format("{}: no particles; allowed: 1 or more", origin));
  if (!ConfigSource(text, origin)
           .document()
           .is_object())  // by itself, or it could close the object that it is put into
    throw ConfigError(fmt::format(
        "{}: expected an object such as {{\"transitions\": [...], \"balance\": ...}}", origin));
  // No line is put before the text, so that those of messages are its own.
  const std::string whole = fmt::format(
      R"({{"format": "powerstroke/1", "time": {{"snapshots": [0]}},)"
      R"( "comparison": {{"stationary": false}}, "ensemble": {{"particles": {}, "dimension": {},)"
      R"( "mass": {}, "energy": {{"distribution": "delta", "value": 0}}}}, "strokes": {}
}})",
      particles, dimension, mass, text);
  const ConfigSource source(whole, origin);
  if (const Quantities quantities = quantities_of(source.document()); !quantities.texts.empty()) {
    const auto& first = quantities.texts.front();
    source.fail(first.path, fmt::format("found \"{}\"; strokes in place take plain numbers, in the "
                                        "units of the code whose momenta "
                                        "they change, with k_B = 1",
                                        first.text));
  }
  return *parse_config(whole, origin).strokes;
}

std::string config_schema() {
  Json schema = schema_document();
  admit_texts(schema);
  return schema.dump(2) + '\n';
}

std::string config_template() { return embedded::config_template; }

}  // namespace powerstroke::io
