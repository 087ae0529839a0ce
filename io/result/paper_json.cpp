#include <cmath>
#include <nlohmann/json.hpp>

#include "powerstroke/io/result/paper_folder.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

using Json = nlohmann::ordered_json;

const char* relation_name(Check::Relation relation) {
  switch (relation) {
    case Check::Relation::at_most: return "at_most";
    case Check::Relation::at_least: return "at_least";
    case Check::Relation::within: break;
  }
  return "within";
}

Json check_json(const Check& check) {
  Json json = {{"role", to_string(check.role)}, {"what", check.what},
               {"measured", check.measured},    {"relation", relation_name(check.relation)},
               {"bound", check.bound},          {"bound_is", check.why}};
  if (check.relation == Check::Relation::within) json["reference"] = check.reference;
  json["passed"] = check.passed();
  return json;
}

Json run_json(const PaperRun& run, const RunResult& result) {
  const std::vector<double>& t = result.solution.t.empty() ? result.series.t : result.solution.t;
  Json json = {{"name", run.name},
               {"config", "examples/paper/" + run.config + ".json"},
               {"command", command_of(run)}};
  json["particles"] = result.has_particles ? Json(result.config.ensemble.particles) : Json(nullptr);
  json["time"] = t.empty() ? 0.0 : t.back();
  json["strokes"] = result.performance.strokes;
  json["wall_s"] = result.performance.wall_s;
  return json;
}

Json claim_json(const JudgedClaim& judged, const PaperResults& results,
                const std::vector<std::string>& figures) {
  const Claim& claim = *judged.claim;
  Json json = {{"id", claim.id},
               {"equations", claim.equations},
               {"title", claim.title},
               {"claim", claim.text},
               {"verdict", to_string(judged.outcome)},
               {"condition", claim.condition},
               {"expected", to_string(claim.expected)},
               {"found", judged.findings.told}};
  json["checks"] = Json::array();
  for (const Check& check : judged.findings.checks) json["checks"].push_back(check_json(check));
  json["runs"] = Json::array();
  for (const std::string& name : claim.runs)
    json["runs"].push_back(run_json(paper_run(name), results[name]));
  json["figures"] = figures;
  return json;
}

}  // namespace

std::string paper_json(const Paper& paper, const std::vector<std::vector<std::string>>& figures) {
  Json json = {{"format", "powerstroke-paper/1"},
               {"paper", "J. Schlitter, \"Inelastic QM/MM interaction as a source of entropy?\""},
               {"version", paper.facts.provenance.version},
               {"revision", paper.facts.provenance.revision},
               {"created", paper.facts.provenance.created},
               {"wall_s", paper.facts.wall_s},
               {"threads", paper.facts.threads},
               {"as_expected", paper.as_expected()}};
  json["claims"] = Json::array();
  for (std::size_t i = 0; i < paper.claims.size(); ++i)
    json["claims"].push_back(claim_json(paper.claims[i], paper.results, figures.at(i)));
  return json.dump(2) + "\n";
}

}  // namespace powerstroke::io
