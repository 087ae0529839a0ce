#include "powerstroke/study/paper/runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "embedded_texts.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/study/run/run.hpp"

namespace powerstroke::study {
namespace {

/// Of the names of configs that lie beside examples/paper.
constexpr std::string_view phase_folder = "phase_space/";

/// Where a config lies in the tree.
std::string path_of(const std::string& config) {
  return fmt::format("examples/{}{}.json", config.starts_with(phase_folder) ? "" : "paper/",
                     config);
}

const Override microreversible = {"strokes.rates", "microreversible"};

Override dimension(int d) { return {"ensemble.dimension", fmt::format("{}", d)}; }
Override seed(std::size_t value) { return {"seed", fmt::format("{}", value)}; }

/// Rates that depend on the energy take longer.
const Override few = {"ensemble.particles", "20000"};

/// Maxwell-Boltzmann starts in d = 1, 2, 3: of the equation alone but for d = 3, which the
/// particles confirm.
void add_maxwell_boltzmann(std::vector<PaperRun>& runs) {
  for (const int d : {1, 2, 3}) {
    runs.push_back({fmt::format("mb{}", d), "eq10_maxwell_boltzmann", {dimension(d)}, d == 3});
    runs.push_back({fmt::format("mb{}_microreversible", d),
                    "eq10_maxwell_boltzmann",
                    {dimension(d), microreversible, few},
                    d == 3});
  }
}

/// Each with a seed of its own: the errors of the points of a fit are independent.
void add_gases(std::vector<PaperRun>& runs) {
  std::size_t number = 100;
  for (const char* t : {"0.4", "0.5", "0.7", "1.0", "1.5", "2.5"})
    runs.push_back(
        {fmt::format("gas_T{}", t), "eq12_gas", {{"strokes.temperature", t}, seed(++number)}});
  for (const char* p : {"0.5", "0.7", "1.0", "1.4", "2.0"}) {
    runs.push_back(
        {fmt::format("gas_p{}", p), "eq12_gas", {{"strokes.gas.pressure", p}, seed(++number)}});
    runs.push_back({fmt::format("gas_pa{}", p),
                    "eq13_impurity",
                    {{"strokes.gas.active_pressure", p}, seed(++number)}});
    runs.push_back({fmt::format("gas_pi{}", p),
                    "eq13_impurity",
                    {{"strokes.gas.inert_pressure", p}, seed(++number)}});
  }
}

/// Starts alone, for (A.8) in each dimension; the mass enters its constant.
void add_starts(std::vector<PaperRun>& runs) {
  for (const int d : {1, 2, 3}) {
    runs.push_back({fmt::format("start{}", d),
                    "eq07_08_relaxation",
                    {dimension(d), {"ensemble.mass", "2.5"}, {"time.snapshots", "[0]"}},
                    false});
  }
}

/// The examples of phase space as they are.
void add_phase_space(std::vector<PaperRun>& runs) {
  for (const auto& [name, text] : paper_configs())
    if (name.starts_with(phase_folder))
      runs.push_back({"phase_" + name.substr(phase_folder.size()), name});
}

std::vector<PaperRun> all_runs() {
  std::vector<PaperRun> runs = {
      {"relaxation", "eq07_08_relaxation"},
      {"relaxation_microreversible", "eq07_08_relaxation", {microreversible}, false},
      {"exchange", "eq08_exchange"},
      {"frozen", "eq08_frozen"},
      {"incommensurate", "eq11_incommensurate"},
      {"incommensurate_microreversible", "eq11_incommensurate", {microreversible, seed(2)}},
      {"passages", "fig2_passages"},
      {"broadening", "fig3_broadening"},
      {"slow_particles",
       "fig3_broadening",
       {{"ensemble.energy", R"({ "distribution": "uniform", "low": 0.2, "high": 0.9 })"},
        {"ensemble.particles", "100000"}}},
      {"bath", "second_law_bath"},
      {"information", "information"},
      {"paths_thermal", "path_entropy"},
      {"paths_fixed",
       "path_entropy",
       {{"strokes",
         R"({ "transitions": [ { "delta_e": 1.0, "rate_down": 1.0, "rate_up": 0.6 } ], "balance": "fixed" })"},
        seed(2)}},
      {"relaxation_twice",
       "eq07_08_relaxation",
       {{"strokes.transitions[0].rate_down", "2.0"}},
       false},
  };
  add_maxwell_boltzmann(runs);
  add_gases(runs);
  add_starts(runs);
  add_phase_space(runs);
  return runs;
}

/// Quoted for a shell where it must be.
std::string shell_word(const std::string& text) {
  const bool plain = text.find_first_of(" {}[]\"") == std::string::npos;
  return plain ? text : "'" + text + "'";
}

}  // namespace

const std::vector<PaperRun>& paper_runs() {
  static const std::vector<PaperRun> runs = all_runs();
  return runs;
}

const PaperRun& paper_run(const std::string& name) {
  const auto& runs = paper_runs();
  const auto found =
      std::find_if(runs.begin(), runs.end(), [&](const PaperRun& run) { return run.name == name; });
  if (found == runs.end())
    throw ConfigError(fmt::format("the paper's claims know no run named '{}'", name));
  return *found;
}

const std::map<std::string, std::string>& paper_configs() {
  static const std::map<std::string, std::string> configs = [] {
    std::map<std::string, std::string> texts;
    for (const embedded::NamedText& config : embedded::paper_configs)
      texts[config.name] = config.text;
    return texts;
  }();
  return configs;
}

Config config_of(const Decoder& decode, const PaperRun& run) {
  return decode(paper_configs().at(run.config), path_of(run.config), run.overrides);
}

std::string command_of(const PaperRun& run) {
  std::string text =
      fmt::format("powerstroke {} {}", run.particles ? "run" : "solve", path_of(run.config));
  for (const Override& change : run.overrides)
    text += " --set " + shell_word(change.path + "=" + change.value);
  return text;
}

const RunResult& PaperResults::operator[](const std::string& name) const {
  const auto found = results_.find(name);
  if (found == results_.end()) throw ConfigError(fmt::format("the run '{}' was not made", name));
  return found->second;
}

PaperResults make_runs(const Decoder& decode, const std::vector<std::string>& names,
                       const std::vector<Override>& more, const RunCounter& progress) {
  const std::set<std::string> each(names.begin(), names.end());
  PaperResults results;
  std::size_t done = 0;
  for (const std::string& name : each) {
    if (progress) progress(done++, each.size());
    PaperRun run = paper_run(name);
    run.overrides.insert(run.overrides.end(), more.begin(), more.end());
    const Config config = config_of(decode, run);
    results.add(name, run.particles ? study::run(config) : solve(config));
  }
  return results;
}

}  // namespace powerstroke::study
