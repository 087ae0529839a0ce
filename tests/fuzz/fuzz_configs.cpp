#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/result/summary.hpp"
#include "powerstroke/study/run/run.hpp"

/// Changes the example configs at random, as people do and as nobody would, and holds the program
/// to its word: a config is refused with a message that says where and what is allowed, or it runs.
///
///     fuzz_configs EXAMPLES COUNT SEED
///
/// Prints what became of COUNT configs; the exit status is 1 if one was refused without saying why,
/// or ran into nonsense. A crash or a hang is the caller's to see; the config under way is in the
/// file fuzz_config_under_way.json then.
namespace {

using namespace powerstroke;
using Json = nlohmann::ordered_json;
using Random = std::mt19937_64;

std::size_t below(std::size_t n, Random& random) {
  return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
}

std::vector<std::string> examples(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    std::ifstream file(path);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return texts;
}

void collect(Json& json, std::vector<Json*>& nodes) {
  nodes.push_back(&json);
  if (json.is_structured())
    for (auto& child : json) collect(child, nodes);
}

/// Numbers at which something may happen, near what stands there or far from it.
Json some_number(double near, Random& random) {
  const double special[] = {0.0,
                            -0.0,
                            1.0,
                            -1.0,
                            2.0,
                            0.5,
                            1e-300,
                            1e300,
                            5e-324,
                            1.7976931348623157e308,
                            1e-12,
                            1e12,
                            0.1 + 0.2,
                            2147483647.0,
                            2147483649.0,
                            4294967296.0,
                            9007199254740993.0,
                            18446744073709551616.0,
                            3.5,
                            40.0};
  switch (below(5, random)) {
    case 0: return special[below(std::size(special), random)];
    case 1: return near * std::pow(10.0, static_cast<double>(below(9, random)) - 4.0);
    case 2: return -near;
    case 3: return static_cast<std::int64_t>(below(1000, random)) - 2;
    default: return near * (1.0 + 1e-15);
  }
}

Json some_value(const Json& old, Random& random) {
  const char* words[] = {"",
                         "constant",
                         "microreversible",
                         "rosen_zener",
                         "thermal",
                         "fixed",
                         "energy_conserving",
                         "exchange",
                         "bath",
                         "waiting_times",
                         "snapshots",
                         "walls",
                         "periodic",
                         "reflecting",
                         "open",
                         "boltzmann",
                         "point",
                         "harmonic",
                         "200 cm^-1",
                         "300 K",
                         "5 ps",
                         "1/ps",
                         "28 u",
                         "1 nm",
                         "1 banana",
                         "NaN",
                         "inf",
                         "1e5",
                         "\xc3\xa9\xe2\x82\xac",
                         "<b>&\"'`"};
  switch (below(7, random)) {
    case 0: return words[below(std::size(words), random)];
    case 1: return nullptr;
    case 2: return below(2, random) == 0;
    case 3: return Json::array({1, 2, 3});
    case 4: return Json::object({{"value", 1}});
    case 5: return Json::array();
    default: return some_number(old.is_number() ? old.get<double>() : 1.0, random);
  }
}

void rename_a_key(Json& object, Random& random) {
  auto at = object.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(below(object.size(), random)));
  std::string key = at.key();
  const Json value = at.value();
  object.erase(at);
  if (key.size() > 1 && below(2, random) == 0)
    std::swap(key[0], key[1]);
  else
    key += "s";
  object[key] = value;
}

/// One change of the tree.
void mutate(Json& root, const Json& other, Random& random) {
  std::vector<Json*> nodes, donors;
  collect(root, nodes);
  Json& node = *nodes[below(nodes.size(), random)];
  switch (below(6, random)) {
    case 0:
      if (node.is_object() && !node.empty()) {
        auto at = node.begin();
        std::advance(at, static_cast<std::ptrdiff_t>(below(node.size(), random)));
        node.erase(at);
      }
      return;
    case 1:
      if (node.is_object() && !node.empty()) rename_a_key(node, random);
      return;
    case 2: {  // a piece of another example, under its key where there is one
      if (!node.is_object() || !other.is_object() || other.empty()) return;
      auto at = other.begin();
      std::advance(at, static_cast<std::ptrdiff_t>(below(other.size(), random)));
      node[at.key()] = at.value();
      return;
    }
    case 3:
      if (node.is_number()) node = some_number(node.get<double>(), random);
      return;
    default:
      if (&node != &root)
        node = node.is_number() && below(2, random) == 0 ? some_number(node.get<double>(), random)
                                                         : some_value(node, random);
  }
}

/// One change of the text.
void scratch(std::string& text, Random& random) {
  if (text.empty()) return;
  const std::size_t at = below(text.size(), random);
  switch (below(7, random)) {
    case 0: text.erase(at, 1 + below(5, random)); return;
    case 1: text.insert(at, 1, static_cast<char>(below(256, random))); return;
    case 2: text.resize(at); return;
    case 3:
      text.insert(at, std::string(1 + below(5000, random), below(2, random) == 0 ? '[' : '{'));
      return;
    case 4: text.insert(at, text.substr(at, below(60, random))); return;
    case 5: text.insert(at, "\xff\xfe"); return;
    default: text.insert(at, "1e999"); return;
  }
}

bool says_why(const std::string& message) {
  for (const char* sign :
       {"allowed", "did you mean", "is missing", "valid JSON", "is there twice", "must be", "needs",
        "without a unit", "no such", "UTF-8", "deep", "to run it all the same"})
    if (message.find(sign) != std::string::npos) return true;
  return false;
}

/// What a run may take here.
bool is_cheap(const study::Config& config) {
  const auto transitions =
      config.strokes ? config.strokes->law.transitions : std::vector<laws::Transition>{};
  double attempts = 0.0;
  for (const laws::Transition& transition : transitions)
    attempts += transition.rate_up + transition.rate_down;
  const double end = config.snapshots.back();
  const double cells = static_cast<double>(config.snapshots.size()) * config.histogram.bins;
  const double steps = config.phase_space ? end / config.phase_space->step : 0.0;
  if (config.phase_space && config.phase_space->collisions) {
    const study::CollisionsConfig& gas = *config.phase_space->collisions;
    double widest = 0.0;
    for (const study::SpeciesConfig& species : config.phase_space->species)
      widest = std::max(widest, species.diameter);
    if (!(gas.density * widest * widest * end < 1000.0 && gas.viscosity_exponent == 0.5))
      return false;
  }
  return attempts * end < 300.0 && cells < 3e5 && config.ensemble.particles <= 1000 &&
         steps < 3000.0 && transitions.size() <= 3;
}

struct Tally {
  std::map<std::string, std::size_t> outcomes;
  std::vector<std::string> complaints;
};

void try_one(const std::string& text, Tally& tally) {
  std::ofstream("fuzz_config_under_way.json") << text;
  const std::clock_t begin = std::clock();
  std::string outcome;
  try {
    const study::Config config = io::parse_config(text, "fuzz.json");
    outcome = "accepted";
    if (is_cheap(config)) {
      const study::RunResult result = study::run(config);
      outcome = "ran";
      if (result.series.t.size() != config.snapshots.size() || io::summary_json(result).empty())
        tally.complaints.push_back("a run without its snapshots:\n" + text);
      if (result.comparison.verdict == study::Verdict::inconsistent)
        tally.complaints.push_back("inconsistent: " + clause(result.comparison.why) + "\n" + text);
    }
  } catch (const ConfigError& error) {
    outcome = "refused";
    if (!says_why(error.what()))
      tally.complaints.push_back(
          fmt::format("refused without saying why: {}\n{}", error.what(), text));
  } catch (const NumericsError& error) {
    outcome = "given up by the numerics";
    if (std::string(error.what()).size() < 20)
      tally.complaints.push_back(fmt::format("given up: {}\n{}", error.what(), text));
  } catch (const std::exception& error) {
    outcome = "another exception";
    tally.complaints.push_back(fmt::format("{}\n{}", error.what(), text));
  }
  ++tally.outcomes[outcome];
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  constexpr double long_time = 60.0;  // of a processor
  if (seconds > long_time)
    tally.complaints.push_back(fmt::format("took {:.1f} s:\n{}", seconds, text));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "fuzz_configs EXAMPLES COUNT SEED\n");
    return 2;
  }
  const std::vector<std::string> texts = examples(argv[1]);
  std::vector<Json> trees;
  for (const std::string& text : texts) trees.push_back(Json::parse(text, nullptr, true, true));
  const auto count = std::strtoul(argv[2], nullptr, 10);
  Random random(std::strtoull(argv[3], nullptr, 10));
  Tally tally;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t which = below(texts.size(), random);
    std::string text = texts[which];
    if (below(5, random) == 0) {
      for (std::size_t changes = 1 + below(3, random); changes > 0; --changes)
        scratch(text, random);
    } else {
      Json tree = trees[which];
      if (tree.contains("ensemble") && below(8, random) != 0)
        tree["ensemble"]["particles"] = 1 + below(300, random);
      for (std::size_t changes = 1 + below(3, random); changes > 0; --changes)
        mutate(tree, trees[below(trees.size(), random)], random);
      text = tree.dump(1, ' ', false, Json::error_handler_t::replace);
    }
    try_one(text, tally);
  }
  for (const auto& [outcome, times] : tally.outcomes) fmt::print("{:>28}: {}\n", outcome, times);
  for (std::size_t i = 0; i < std::min<std::size_t>(tally.complaints.size(), 10); ++i)
    fmt::print("\n{}\n", tally.complaints[i].substr(0, 3000));
  fmt::print("{} configs, {} complaints\n", count, tally.complaints.size());
  std::filesystem::remove("fuzz_config_under_way.json");
  return tally.complaints.empty() ? 0 : 1;
}
