#include "calibration/drawn_config.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <utility>

namespace calibration {
namespace {

/// Numbers from the bits of a Mersenne twister alone: the standard library's distributions differ
/// between libraries.
class Draw {
 public:
  Draw(std::uint64_t seed, std::uint64_t number) {
    std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U),
                        static_cast<std::uint32_t>(number),
                        static_cast<std::uint32_t>(number >> 32U)};
    random_.seed(words);
  }

  double uniform() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }
  double between(double low, double high) { return rounded(low + (high - low) * uniform()); }
  double log_between(double low, double high) {
    return rounded(low * std::exp(std::log(high / low) * uniform()));
  }
  std::size_t below(std::size_t n) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(n));
  }
  bool chance(double p) { return uniform() < p; }
  template <class T, std::size_t n>
  const T& one_of(const T (&list)[n]) {
    return list[below(n)];
  }
  template <class T>
  void shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

  /// To four digits, as people write numbers.
  static double rounded(double x) {
    if (x == 0.0) return 0.0;
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(x))) - 3.0);
    return unit < 1.0 ? std::round(x / unit) / std::round(1.0 / unit) : std::round(x / unit) * unit;
  }

 private:
  std::mt19937_64 random_;
};

Json one_law(Draw& draw, double scale, bool with_atoms);

Json histogram_law(Draw& draw, double scale) {
  Json edges = Json::array(), weights = Json::array();
  double edge = draw.chance(0.4) ? 0.0 : draw.between(0.05, 0.8) * scale;
  edges.push_back(Draw::rounded(edge));
  const std::size_t bins = 1 + draw.below(4);
  for (std::size_t i = 0; i < bins; ++i) {
    edge += draw.log_between(0.03, 1.0) * scale;
    edges.push_back(Draw::rounded(edge));
    weights.push_back(i > 0 && draw.chance(0.15) ? 0.0 : draw.between(0.1, 5.0));
  }
  return {{"distribution", "histogram"}, {"edges", edges}, {"weights", weights}};
}

Json mixture_law(Draw& draw, double scale, bool with_atoms) {
  Json parts = Json::array();
  const std::size_t count = 2 + draw.below(2);
  for (std::size_t i = 0; i < count; ++i) {
    Json part = one_law(draw, scale * draw.log_between(0.3, 2.5), with_atoms);
    part["weight"] = draw.log_between(0.1, 3.0);
    parts.push_back(part);
  }
  return {{"distribution", "mixture"}, {"parts", parts}};
}

/// @param scale what the energies are of the order of.
Json one_law(Draw& draw, double scale, bool with_atoms) {
  const double x = Draw::rounded(scale);
  switch (draw.below(with_atoms ? 8 : 7)) {
    case 0:
      return {{"distribution", "normal"},
              {"mean", x},
              {"sigma", draw.log_between(0.01, 0.1) * x}};  // narrow
    case 1:
      return {
          {"distribution", "normal"}, {"mean", x}, {"sigma", draw.between(0.1, 0.9) * x}};  // wide
    case 2: {
      const double low = draw.chance(0.3) ? 0.0 : Draw::rounded(draw.between(0.1, 0.9) * x);
      return {{"distribution", "uniform"},
              {"low", low},
              {"high", Draw::rounded(low + draw.log_between(0.05, 1.2) * x)}};
    }
    case 3: return {{"distribution", "exponential"}, {"mean", x}};
    case 4: return {{"distribution", "maxwell_boltzmann"}, {"temperature", x}};
    case 5:
    case 6: return histogram_law(draw, x);
    default: return {{"distribution", "delta"}, {"value", draw.chance(0.1) ? 0.0 : x}};
  }
}

Json start_law(Draw& draw, double scale) {
  return draw.chance(0.25) ? mixture_law(draw, scale, draw.chance(0.4))
                           : one_law(draw, scale, draw.chance(0.6));
}

/// Whole multiples of `spacing`, the first anywhere among them; their common divisor need not be
/// one of them.
std::vector<double> strides(Draw& draw, double spacing) {
  const std::size_t usual[] = {1, 1, 1, 1, 2, 2, 3, 4};
  const std::size_t count = draw.one_of(usual);
  std::vector<int> multiples;
  for (int m = 1; m <= 6; ++m) multiples.push_back(m);
  draw.shuffle(multiples);
  std::vector<double> energies;
  for (std::size_t i = 0; i < count; ++i)
    energies.push_back(std::round(100.0 * multiples[i] * spacing) / 100.0);
  return energies;
}

void add_rates_law(Draw& draw, double energy, int dimension, double mass, Json& strokes) {
  const double u = draw.uniform();
  if (u < 0.5) {
    if (draw.chance(0.5)) strokes["rates"] = "constant";
    return;
  }
  if (u < 0.78) {
    strokes["rates"] = "microreversible";
    return;
  }
  // Passages that take about as long as the two levels need: neither slow nor fast for all
  // particles.
  const double speed = std::sqrt(2.0 * energy / mass);
  strokes["rates"] = "rosen_zener";
  strokes["rosen_zener"] = {
      {"coupling", Draw::rounded(draw.log_between(0.3, 2.0) * energy / dimension)},
      {"range", Draw::rounded(draw.log_between(0.2, 2.0) * speed / energy)}};
}

Json snapshot_times(Draw& draw, double end) {
  const double u = draw.uniform();
  if (u < 0.4) return {{"end", end}, {"snapshots", 2 + draw.below(4)}};
  if (u < 0.48) return {{"end", end}, {"snapshots", 15 + draw.below(30)}};
  std::vector<double> times{end};
  for (std::size_t left = 1 + draw.below(4); left > 0; --left)
    times.push_back(Draw::rounded(draw.chance(0.5) ? draw.log_between(0.01, 0.95) * end
                                                   : draw.between(0.05, 0.95) * end));
  if (draw.chance(0.85)) times.push_back(0.0);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return {{"snapshots", times}};
}

double attempts_of(const Json& strokes) {
  double sum = 0.0;
  for (const Json& one : strokes.at("transitions"))
    sum += one.value("rate_down", 0.0) + one.value("rate_up", one.value("rate_down", 0.0));
  return sum;
}

/// Few of many, many of few: the product of particles and strokes is bounded.
std::uint64_t particles(Draw& draw, double strokes_each) {
  const double most = 4e5 / std::max(1.0, strokes_each);
  const double n = draw.chance(0.08) ? draw.log_between(3000, 20000) : draw.log_between(30, 3000);
  return static_cast<std::uint64_t>(std::clamp(n, 30.0, std::max(30.0, most)));
}

void draw_in_energy_space(Draw& draw, DrawnConfig& drawn) {
  const char* balances[] = {"fixed", "thermal", "energy_conserving", "exchange", "bath"};
  const std::string balance = draw.one_of(balances);
  Json& json = drawn.json;
  const int dimension = 1 + static_cast<int>(draw.below(3));
  const double mass = draw.chance(0.7) ? 1.0 : draw.log_between(0.2, 5.0);
  const double spacing =
      draw.chance(0.5) ? 1.0 : std::round(100.0 * draw.log_between(0.3, 3.0)) / 100.0;
  std::vector<double> energies = strides(draw, spacing);
  const bool incommensurate = energies.size() > 1 && draw.chance(0.12);
  if (incommensurate) energies[1] = energies[0] * 1.4142135623730951;
  const double largest = *std::max_element(energies.begin(), energies.end());
  double scale = largest * draw.log_between(0.4, 4.0);
  if (draw.chance(0.03)) scale *= 0.003;  // hardly any particle can release

  Json strokes;
  Json list = Json::array();
  const double temperature = Draw::rounded(largest * draw.log_between(0.3, 3.0));
  for (const double energy : energies) {
    Json one{{"delta_e", energy}, {"rate_down", draw.log_between(0.2, 3.0)}};
    if (balance == "fixed") {
      const double ratio =
          energies.size() == 1 ? draw.between(0.05, 0.9) : std::exp(-energy / temperature);
      one["rate_up"] = Draw::rounded(ratio * one["rate_down"].get<double>());
    }
    list.push_back(one);
  }
  const bool grows = balance == "fixed" && energies.size() == 1 && draw.chance(0.1);
  if (grows)
    list[0]["rate_up"] = Draw::rounded(draw.between(1.0, 1.4) * list[0]["rate_down"].get<double>());
  strokes["transitions"] = list;
  strokes["balance"] = balance;
  if (balance == "thermal") strokes["temperature"] = temperature;
  add_rates_law(draw, scale, dimension, mass, strokes);

  const double attempts = attempts_of(strokes);
  const double strokes_each = draw.log_between(0.3, 60.0);
  const double end = Draw::rounded(strokes_each / attempts);
  const std::uint64_t count = particles(draw, strokes_each);
  if (balance == "bath") {
    const auto systems = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(draw.log_between(0.1, 3.0) * static_cast<double>(count)));
    const double all = static_cast<double>(systems);  // of which whole ones are excited
    const double excited =
        draw.chance(0.15) ? 0.0 : std::round(draw.between(0.02, 0.6) * all) / all;
    strokes["bath"] = {{"systems", systems}, {"excited", excited}};
  }
  if (balance == "fixed" || balance == "thermal") {
    const bool plain = energies.size() == 1 && strokes.value("rates", "constant") == "constant";
    if (draw.chance(0.2))
      strokes["timing"] = "waiting_times";
    else if (plain && draw.chance(0.4))
      strokes["timing"] = "snapshots";
  }
  json["format"] = "powerstroke/1";
  json["ensemble"] = {{"particles", count},
                      {"dimension", dimension},
                      {"mass", mass},
                      {"energy", start_law(draw, scale)}};
  json["strokes"] = strokes;
  json["time"] = snapshot_times(draw, end);
  if (draw.chance(0.8)) {
    const double above = std::max(scale, temperature);
    json["histogram"] = {{"max", Draw::rounded(above * draw.log_between(3.0, 15.0))},
                         {"bins", static_cast<int>(draw.log_between(6.0, 800.0))}};
  }
  if (grows) json["comparison"] = {{"stationary", false}};
  drawn.kind = incommensurate ? "incommensurate" : balance;
  drawn.known = incommensurate ? Known::nothing : Known::equation;
}

Json thermal_strokes(Draw& draw, int dimension, double temperature, double energy,
                     std::size_t transitions, double rate) {
  Json list = Json::array();
  for (std::size_t k = 0; k < transitions; ++k)
    list.push_back({{"delta_e", energy * (k == 0 ? 1.0 : 0.6180339887498949)},
                    {"rate_down", draw.log_between(0.3, 1.0) * rate}});
  Json strokes{{"transitions", list}, {"balance", "thermal"}, {"temperature", temperature}};
  strokes["rates"] = dimension == 2 && draw.chance(0.3) ? "constant" : "microreversible";
  return strokes;
}

void draw_in_phase_space(Draw& draw, DrawnConfig& drawn) {
  const char* sorts[] = {"well", "well", "gas", "walls", "flight", "trap"};
  drawn.kind = draw.one_of(sorts);
  Json& json = drawn.json;
  int dimension = 1 + static_cast<int>(draw.below(3));
  if (drawn.kind == "gas" && dimension == 1) dimension = 3;
  const double mass = draw.chance(0.6) ? 1.0 : draw.log_between(0.3, 3.0);
  const double temperature = draw.log_between(0.3, 3.0);
  const double energy = Draw::rounded(temperature * draw.log_between(0.3, 2.0));
  const auto count = static_cast<std::uint64_t>(draw.log_between(100.0, 2500.0));
  drawn.temperature = temperature;
  drawn.known = Known::equilibrium;
  Json equilibrium{{"distribution", "maxwell_boltzmann"}, {"temperature", temperature}};
  Json phase, positions;
  Json strokes;
  double end = 0.0;
  if (drawn.kind == "well" || drawn.kind == "trap") {
    const double frequency = draw.log_between(0.5, 4.0),
                 stiffness = Draw::rounded(frequency * frequency * mass);
    const double phase_step = draw.between(0.03, 0.12);  // of the fastest oscillation
    const double length = std::sqrt(temperature / stiffness);
    end = Draw::rounded(draw.between(1.0, 6.0) / frequency);
    double step = phase_step / frequency;
    if (drawn.kind == "trap") {
      const double stiffer =
          draw.chance(0.4) ? stiffness : Draw::rounded(stiffness * draw.log_between(0.2, 20.0));
      step /= std::max(1.0, std::sqrt(stiffer / stiffness));
      phase["potential"] = {
          {"form", "trap"},
          {"stiffness", {stiffness, stiffer}},
          {"centre",
           {0.0, draw.chance(0.4) ? 0.0 : Draw::rounded(draw.between(0.3, 2.5) * length)}},
          {"start", 0.0},
          {"end", Draw::rounded(end * draw.between(0.2, 1.0))}};
      drawn.known = Known::theorem;
    } else {
      switch (draw.below(3)) {
        case 0: phase["potential"] = {{"form", "harmonic"}, {"stiffness", stiffness}}; break;
        case 1:
          // As steep as the harmonic one where the particles are.
          phase["potential"] = {{"form", "quartic"},
                                {"strength", Draw::rounded(stiffness / (length * length))}};
          step *= 0.4;
          break;
        default:
          phase["potential"] = {{"form", "double_well"},
                                {"barrier", Draw::rounded(draw.between(0.5, 3.0) * temperature)},
                                {"minimum", Draw::rounded(2.0 * length)}};
          step *= 0.4;
      }
    }
    phase["step"] = Draw::rounded(step);
    drawn.step_bias = phase_step * phase_step;
    positions = {{"distribution", "boltzmann"}, {"temperature", temperature}};
    const bool bath = draw.chance(0.5);
    if (bath)
      phase["langevin"] = {{"friction", Draw::rounded(draw.log_between(0.1, 3.0) * frequency)},
                           {"temperature", temperature}};
    if (!bath || draw.chance(0.4))
      strokes =
          thermal_strokes(draw, dimension, temperature, energy, 1 + draw.below(2), 2.0 * frequency);
  } else if (drawn.kind == "gas") {
    phase["step"] = draw.between(0.05, 0.2);
    phase["collisions"] = {{"density", draw.log_between(0.1, 1.0)},
                           {"diameter", draw.between(0.2, 0.6)}};
    if (draw.chance(0.7))
      strokes = thermal_strokes(draw, dimension, temperature, energy, 1 + draw.below(2), 2.0);
    end = draw.between(1.0, 6.0);
    if (draw.chance(0.4)) {  // away from equilibrium, where collisions make particles hang together
      drawn.known = Known::nothing;
      equilibrium = one_law(draw, temperature * draw.log_between(0.5, 3.0), true);
      if (!strokes.is_null() && draw.chance(0.4)) {
        strokes["balance"] = draw.chance(0.5) ? "exchange" : "energy_conserving";
        strokes.erase("temperature");
      }
    }
  } else if (drawn.kind == "walls") {
    phase["step"] = draw.between(0.05, 0.5);
    phase["box"] = {{"low", 0.0}, {"high", draw.between(1.0, 4.0)}, {"sides", "reflecting"}};
    phase["strokes_at"] = "walls";
    strokes = thermal_strokes(draw, dimension, temperature, energy, 1 + draw.below(2), 0.3);
    strokes["rates"] = "microreversible";
    end = draw.between(2.0, 10.0);
  } else {
    // Free flight: the kinetic energies know nothing of it, and follow the equation.
    drawn.known = Known::equation;
    phase["step"] = draw.between(0.05, 0.5);
    if (draw.chance(0.5))
      phase["box"] = {
          {"low", 0.0}, {"high", 2.0}, {"sides", draw.chance(0.5) ? "periodic" : "reflecting"}};
    strokes = {{"transitions", {{{"delta_e", energy}, {"rate_down", draw.log_between(0.3, 2.0)}}}},
               {"balance", "thermal"},
               {"temperature", temperature}};
    add_rates_law(draw, temperature, dimension, mass, strokes);
    equilibrium = one_law(draw, temperature * draw.log_between(0.5, 3.0), true);
    end = draw.between(1.0, 10.0);
  }
  if (!positions.is_null()) phase["positions"] = positions;
  json["format"] = "powerstroke/1";
  json["ensemble"] = {
      {"particles", count}, {"dimension", dimension}, {"mass", mass}, {"energy", equilibrium}};
  if (!strokes.is_null()) json["strokes"] = strokes;
  json["phase_space"] = phase;
  json["time"] =
      drawn.kind == "trap" ? Json{{"end", end}, {"snapshots", 3}} : snapshot_times(draw, end);
  json["histogram"] = {{"max", Draw::rounded(temperature * draw.between(6.0, 15.0))},
                       {"bins", static_cast<int>(draw.log_between(20.0, 300.0))}};
}

void collect_energies(const Json& law, const std::string& at, std::vector<std::string>& found) {
  for (const char* key : {"value", "low", "high", "mean", "temperature"})
    if (law.contains(key)) found.push_back(at + "/" + key);
  if (law.contains("edges"))
    for (std::size_t i = 0; i < law["edges"].size(); ++i)
      found.push_back(at + "/edges/" + std::to_string(i));
  if (law.contains("parts"))
    for (std::size_t i = 0; i < law["parts"].size(); ++i)
      collect_energies(law["parts"][i], at + "/parts/" + std::to_string(i), found);
}

}  // namespace

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> all{"fixed",    "thermal", "energy_conserving",
                                            "exchange", "bath",    "incommensurate",
                                            "well",     "gas",     "walls",
                                            "flight",   "trap"};
  return all;
}

DrawnConfig draw_config(std::uint64_t seed, std::uint64_t number) {
  Draw draw(seed, number);
  DrawnConfig drawn;
  if (draw.chance(0.85))
    draw_in_energy_space(draw, drawn);
  else
    draw_in_phase_space(draw, drawn);
  return drawn;
}

std::vector<Parameter> parameters_of(const Json& config) {
  std::vector<Parameter> found;
  const Json& strokes = config.at("strokes");
  for (std::size_t k = 0; k < strokes["transitions"].size(); ++k)
    for (const char* name : {"rate_down", "rate_up"})
      if (strokes["transitions"][k].contains(name))
        found.push_back({name, {"/strokes/transitions/" + std::to_string(k) + "/" + name}});
  if (strokes.contains("temperature")) found.push_back({"temperature", {"/strokes/temperature"}});
  if (strokes.contains("bath")) {
    found.push_back({"bath.systems", {"/strokes/bath/systems"}});
    if (strokes["bath"]["excited"].get<double>() > 0.0)
      found.push_back({"bath.excited", {"/strokes/bath/excited"}});
  }
  if (strokes.contains("rosen_zener")) {
    found.push_back({"coupling", {"/strokes/rosen_zener/coupling"}});
    found.push_back({"range", {"/strokes/rosen_zener/range"}});
  }
  Parameter start{"mean of the start", {}};
  collect_energies(config.at("ensemble").at("energy"), "/ensemble/energy", start.at);
  found.push_back(start);
  return found;
}

Json put_off(Json config, const Parameter& parameter, double factor) {
  for (const std::string& at : parameter.at) {
    Json& value = config[Json::json_pointer(at)];
    if (value.is_number_integer() || value.is_number_unsigned())
      value = static_cast<std::uint64_t>(std::llround(value.get<double>() * factor));
    else
      value = value.get<double>() * factor;
  }
  return config;
}

}  // namespace calibration
