#include "powerstroke/io/result/sweep_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

namespace powerstroke::io {

using namespace study;

namespace {

using Json = nlohmann::ordered_json;

Json as_json(const std::string& value) {
  return Json::accept(value) ? Json::parse(value) : Json(value);
}

/// The columns of a row after its swept values: the same names in both files.
Json columns(const SweepRow& row) {
  Json json;
  json["t"] = row.time;
  json["particles"] = row.particles;
  json["uptakes"] = row.uptakes;
  json["releases"] = row.releases;
  json["blocked"] = row.blocked;
  const auto measured = [&json](const std::string& name, const MeasuredValue& m) {
    json[name] = m.value;
    json[name + "_err"] = m.error;
  };
  measured("uptake_rate", row.uptake_rate);
  measured("release_rate", row.release_rate);
  json["law_rate_up"] = row.law_rate_up;
  for (const EndValue& end : row.ends) measured(std::string(end.info->key), end.measured);
  json["verdict"] = to_string(row.verdict);
  json["why"] = row.why;
  return json;
}

Json row_json(const SweepRow& row) {
  Json values = Json::array();
  for (const std::string& value : row.values) values.push_back(as_json(value));
  Json json = {{"values", std::move(values)}};
  json.update(columns(row));
  return json;
}

std::string name_of(SweepFit::Kind kind) {
  switch (kind) {
    case SweepFit::Kind::arrhenius: return "arrhenius";
    case SweepFit::Kind::arrhenius_gas: return "arrhenius_gas";
    case SweepFit::Kind::pressure: break;
  }
  return "pressure";
}

Json fit_json(const SweepFit& fit) {
  Json at = Json::object();
  for (const auto& [path, value] : fit.at) at[path] = as_json(value);
  Json x = Json::array(), y = Json::array(), y_err = Json::array();
  for (const analysis::WeightedPoint& p : fit.points) {
    x.push_back(p.x);
    y.push_back(p.y);
    y_err.push_back(p.error);
  }
  return {{"kind", name_of(fit.kind)},
          {"path", fit.path},
          {"law", law_of(fit.kind)},
          {"at", at},
          {"rows", fit.rows},
          {"x", x},
          {"y", y},
          {"y_err", y_err},
          {"slope", fit.line.slope},
          {"slope_err", fit.line.slope_error},
          {"intercept", fit.line.intercept},
          {"intercept_err", fit.line.intercept_error},
          {"chi2", fit.line.chi2},
          {"dof", fit.line.dof},
          {"p_value", fit.line.p_value},
          {"quantity", quantity_of(fit.kind)},
          {"value", fit.value},
          {"error", fit.error},
          {"expected", fit.expected},
          {"z", fit.z}};
}

std::string line(const Json& value) {  // the library turns NaN and infinity into null
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A list with one entry a line.
std::string lines(const Json& list) {
  if (list.empty()) return "[]";
  std::string text = "[\n";
  for (std::size_t i = 0; i < list.size(); ++i)
    text += "    " + line(list[i]) + (i + 1 < list.size() ? ",\n" : "\n");
  return text + "  ]";
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter;
    if (letter == '"') quoted += '"';
  }
  return quoted + '"';
}

/// A text that a spreadsheet would take for a formula has an apostrophe before it, which
/// spreadsheets take for "this is text".
std::string as_no_formula(const std::string& text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos
             ? "'" + text
             : text;
}

/// What a cell of the table shows of a value: a text without its quotes.
std::string csv_field(const Json& value) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) return {};
  return csv_field(value.is_string() ? as_no_formula(value.get<std::string>()) : line(value));
}

}  // namespace

std::string sweep_json(const Sweep& sweep) {
  const Provenance& p = sweep.provenance;
  Json over = Json::array(), rows = Json::array(), fits = Json::array();
  for (const SweptPath& swept : sweep.over) {
    Json values = Json::array();
    for (const std::string& value : swept.values) values.push_back(as_json(value));
    over.push_back({{"path", swept.path}, {"values", values}});
  }
  for (const SweepRow& row : sweep.rows) rows.push_back(row_json(row));
  for (const SweepFit& fit : sweep.fits) fits.push_back(fit_json(fit));
  const Units& u = sweep.first.units;
  const Json units = {{"reduced", u.reduced},
                      {"energy", u.energy},
                      {"time", u.time},
                      {"mass", u.mass},
                      {"pressure", u.pressure}};
  std::string text = "{\n";
  const auto entry = [&text](const char* key, const std::string& value) {
    text += fmt::format("  \"{}\": {},\n", key, value);
  };
  entry("format", line("powerstroke-sweep/1"));
  entry("version", line(p.version));
  entry("provenance", line({{"compiler", p.compiler},
                            {"build", p.build},
                            {"revision", p.revision},
                            {"created", p.created}}));
  entry("config", line(Json::parse(sweep.first.json)));
  entry("units", line(units));
  entry("over", lines(over));
  entry("rows", lines(rows));
  entry("fits", lines(fits));
  entry("notes", lines(sweep.notes));
  text += fmt::format("  \"performance\": {}\n", line({{"wall_s", sweep.wall_s},
                                                       {"threads", sweep.threads},
                                                       {"runs_at_once", sweep.at_once}}));
  return text + "}\n";
}

std::string sweep_csv(const Sweep& sweep) {
  std::string head, body;
  for (const SweptPath& swept : sweep.over)
    head += (head.empty() ? "" : ",") + csv_field(as_no_formula(swept.path));
  const Json names = columns(sweep.rows.front());
  for (const auto& [name, ignored] : names.items()) head += "," + name;
  for (const SweepRow& row : sweep.rows) {
    std::string cells;
    for (const std::string& value : row.values)
      cells += (cells.empty() ? "" : ",") + csv_field(as_json(value));
    for (const Json& value : columns(row)) cells += "," + csv_field(value);
    body += cells + "\r\n";
  }
  return head + "\r\n" + body;
}

}  // namespace powerstroke::io
