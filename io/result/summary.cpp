#include "powerstroke/io/result/summary.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "powerstroke/study/result/walk.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

using Json = nlohmann::ordered_json;

/// Counts over their total and the bins' widths.
Json densities(const Histograms& histograms) {
  Json rows = Json::array();
  for (std::size_t k = 0; k < histograms.counts.size(); ++k) {
    const std::vector<std::uint64_t>& counts = histograms.counts[k];
    const std::uint64_t total =
        std::accumulate(counts.begin(), counts.end(), histograms.overflow[k]);
    std::vector<double> density;
    density.reserve(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double width = histograms.edges[i + 1] - histograms.edges[i];
      density.push_back(
          total == 0 ? 0.0 : static_cast<double>(counts[i]) / (static_cast<double>(total) * width));
    }
    rows.push_back(density);
  }
  return rows;
}

Json fits(const std::vector<Fit>& entries) {
  Json rows = Json::array();
  for (const Fit& fit : entries) {
    rows.push_back({{"t", fit.t},
                    {"chi2", fit.chi2},
                    {"dof", fit.dof},
                    {"p_value", fit.p_value},
                    {"kl_divergence", fit.kl_divergence},
                    {"total_variation", fit.total_variation}});
  }
  return rows;
}

Json counts(const std::vector<CountTest>& entries) {
  Json rows = Json::array();
  for (const CountTest& entry : entries) {
    rows.push_back({{"what", entry.what},
                    {"counted", entry.counted},
                    {"expected", entry.expected},
                    {"z", entry.z},
                    {"p_value", entry.p_value}});
  }
  return rows;
}

Json stationary(const StationaryFit& fit) {
  return {{"law", fit.law},
          {"exists", fit.exists},
          {"frozen", fit.frozen},
          {"reached", fit.reached},
          {"ratio", fit.ratio},
          {"temperature", fit.temperature},
          {"ks", fit.ks},
          {"chi2", fit.chi2},
          {"dof", fit.dof},
          {"p_value", fit.p_value},
          {"kl_divergence", fit.kl_divergence},
          {"total_variation", fit.total_variation},
          {"solution_total_variation", fit.solution_total_variation},
          {"exponential_total_variation", fit.exponential_total_variation}};
}

/// Keys that are there only where they mean something.
void add_if_there(Json& json, const char* key, const auto& values) {
  if (!values.empty()) json[key] = values;
}

/// What the particles show; @param optional of what not every run has.
void add_quantities(Json& json, const std::vector<Quantity>& quantities, Followed followed,
                    bool optional) {
  for_each_followed(quantities, followed, [&](const Quantity& quantity, const QuantityInfo& info) {
    if (info.is_optional != optional) return;
    const bool of_particles = followed == Followed::by_particles;
    const std::vector<double>& values = of_particles ? quantity.values : quantity.solution;
    if (optional && values.empty()) return;
    json[quantity.key] = values;
    if (of_particles) json[quantity.key + "_err"] = quantity.errors;
  });
}

/// Of particles or equation: a row per transition.
void add_by_transition(Json& json, const auto& s) {
  add_if_there(json, "uptakes", s.uptakes);
  add_if_there(json, "releases", s.releases);
  add_if_there(json, "excited", s.excited);
}

Json series(const RunResult& result) {
  const Series& s = result.series;
  Json json = {{"t", s.t}};
  add_quantities(json, result.quantities, Followed::by_particles, false);
  json["strokes_up"] = s.strokes_up;
  json["strokes_down"] = s.strokes_down;
  json["blocked"] = s.blocked;
  add_by_transition(json, s);
  add_quantities(json, result.quantities, Followed::by_particles, true);
  return json;
}

Json solution(const RunResult& result) {
  const Solution& s = result.solution;
  Json json = {{"t", s.t}};
  add_quantities(json, result.quantities, Followed::by_equation, false);
  json["mass_error"] = s.mass_error;
  json["error_estimate"] = s.error_estimate;
  json["nodes"] = s.nodes;
  json["levels"] = s.levels;
  add_by_transition(json, s);
  add_quantities(json, result.quantities, Followed::by_equation, true);
  return json;
}

Json performance(const Performance& p) {
  return {{"strokes", p.strokes},
          {"wall_s", p.wall_s},
          {"strokes_per_s", p.strokes_per_s},
          {"threads", p.threads},
          {"peak_memory_bytes", p.peak_memory_bytes},
          {"bytes_per_particle", p.bytes_per_particle},
          {"steps", p.steps}};
}

Json comparison(const Comparison& c) {
  return {{"master_equation", fits(c.master_equation)},
          {"levels", fits(c.levels)},
          {"counts", counts(c.counts)},
          {"stationary", stationary(c.stationary)},
          {"false_alarm_rate", c.false_alarm_rate},
          {"tests", c.tests},
          {"p_limit", c.p_limit},
          {"verdict", to_string(c.verdict)},
          {"why", clause(c.why)},
          {"remarks", sentences(c.remarks)}};
}

Json side(const PhaseSide& s) {
  Json json = {{"description", s.description}, {"temperature", s.temperature}};
  for (const Quantity& quantity : s.quantities) {
    json[quantity.key] = quantity.values;
    json[quantity.key + "_err"] = quantity.errors;
  }
  for (const Marginal& m : s.marginals)
    json["end_" + m.name] = {{"edges", m.edges},
                             {"counts", m.counts},
                             {"total", m.total},
                             {"probability", m.probability}};
  return json;
}

/// The ensembles by their names, and the tests; some particles' places and the works of all are in
/// result.h5 alone.
Json phase_space(const PhaseResult& phase) {
  Json json = Json::object();
  for (const PhaseSide& one : phase.sides) json[one.name] = side(one);
  Json rows = Json::array();
  for (const Test& test : phase.tests)
    rows.push_back({{"side", test.side},
                    {"what", test.what},
                    {"measured", test.measured},
                    {"expected", test.expected},
                    {"p_value", test.p_value},
                    {"must_hold", test.required}});
  json["tests"] = rows;
  return json;
}

/// hbar in energy times time; the size of the unit of length, speed times time, which has no name.
Json units(const Units& u) {
  return {{"energy", u.energy},
          {"temperature", u.energy},
          {"time", u.time},
          {"rate", u.rate()},
          {"mass", u.mass},
          {"pressure", u.pressure},
          {"entropy", "k_B"},
          {"momentum", u.momentum()},
          {"entropy_production", "k_B/" + u.time},
          {"hbar", u.hbar},
          {"length_nm", 1e9 * u.length_m()}};
}

std::string line(const Json& value) {  // the library turns NaN and infinity into null
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Two levels of keys a line each, the rest on one line: a series of numbers is readable, and the
/// file is not a column of a hundred thousand lines.
std::string layout(const Json& document) {
  std::string text = "{\n";
  std::size_t left = document.size();
  for (const auto& [key, value] : document.items()) {
    text += fmt::format("  {}: ", line(key));
    if (value.is_object() && !value.empty()) {
      text += "{\n";
      std::size_t inner_left = value.size();
      for (const auto& [inner_key, inner] : value.items()) {
        text += fmt::format("    {}: {}{}\n", line(inner_key), line(inner),
                            --inner_left > 0 ? "," : "");
      }
      text += "  }";
    } else {
      text += line(value);
    }
    text += --left > 0 ? ",\n" : "\n";
  }
  return text + "}\n";
}

}  // namespace

std::string summary_json(const RunResult& result) {
  const Provenance& p = result.provenance;
  Json document;
  document["format"] = "powerstroke-summary/1";
  document["version"] = p.version;
  document["kind"] = result.has_particles ? "run" : "solve";
  document["provenance"] = {{"compiler", p.compiler},
                            {"build", p.build},
                            {"revision", p.revision},
                            {"created", p.created}};
  document["config"] = Json::parse(result.config.json);
  if (!result.config.units.reduced) document["units"] = units(result.config.units);
  document["performance"] = performance(result.performance);
  document["series"] = series(result);
  document["histogram"] = {{"edges", result.histograms.edges},
                           {"density", densities(result.histograms)},
                           {"overflow", result.histograms.overflow}};
  document["solution"] = solution(result);
  document["comparison"] = comparison(result.comparison);
  if (result.phase_space) document["phase_space"] = phase_space(*result.phase_space);
  return layout(document);
}

}  // namespace powerstroke::io
