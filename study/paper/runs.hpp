#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "powerstroke/study/result/result.hpp"
#include "powerstroke/study/settings/decoder.hpp"

/// The runs that the claims rest on.
namespace powerstroke::study {

/// One of the configs of examples/paper or examples/phase_space, with some values replaced.
struct PaperRun {
  std::string name;    ///< by which claims ask for its result
  std::string config;  ///< its file's name without ".json"
  std::vector<Override> overrides{};
  bool particles = true;  ///< or the equation alone
};

const std::vector<PaperRun>& paper_runs();
/// @throws ConfigError if there is none of this name.
const PaperRun& paper_run(const std::string& name);

/// Names and texts of examples/paper, as they were built into the program.
const std::map<std::string, std::string>& paper_configs();

Config config_of(const Decoder& decode, const PaperRun& run);

/// What a user types for the same run: "powerstroke run examples/paper/eq12_gas.json --set seed=2".
std::string command_of(const PaperRun& run);

/// Results by the names of their runs.
class PaperResults {
 public:
  void add(const std::string& name, RunResult result) { results_[name] = std::move(result); }
  bool has(const std::string& name) const { return results_.count(name) != 0; }
  /// @throws ConfigError if the run was not made.
  const RunResult& operator[](const std::string& name) const;

 private:
  std::map<std::string, RunResult> results_;
};

/// Told before each run: how many are done, of how many.
using RunCounter = std::function<void(std::size_t done, std::size_t all)>;

/// Makes the named runs, each once. @param more overrides for all of them, such as fewer particles.
PaperResults make_runs(const Decoder& decode, const std::vector<std::string>& names,
                       const std::vector<Override>& more = {}, const RunCounter& progress = {});

}  // namespace powerstroke::study
