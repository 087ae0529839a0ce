#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "powerstroke/study/run/rounding.hpp"

namespace powerstroke::cli {
namespace {

constexpr std::size_t rows_shown = 11;

/// At most `rows_shown` of the snapshots, evenly, both ends among them.
std::vector<std::size_t> shown(std::size_t snapshots) {
  std::vector<std::size_t> rows;
  const std::size_t count = std::min(snapshots, rows_shown);
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(count == 1 ? 0 : i * (snapshots - 1) / (count - 1));
  return rows;
}

/// What five decimals would show as 0: energies in joule, say.
bool is_tiny(double value) { return value != 0.0 && std::abs(value) < 5e-6; }

std::string plain(double value) {
  if (!std::isfinite(value)) return "-";
  return is_tiny(value) ? fmt::format("{:.4g}", value) : fmt::format("{:.5f}", value);
}

/// Incommensurate transitions have no equation to stand beside the particles.
void rows_of_particles(const study::RunResult& result, std::string& text) {
  const std::vector<double>& t = result.series.t;
  text += fmt::format("{:>9}", "t");
  study::for_each_quantity(&study::QuantityInfo::is_main, [&](const study::QuantityInfo& info) {
    text += fmt::format("  {:>14}", info.symbol.plain);
  });
  for (const std::size_t k : shown(t.size())) {
    text += fmt::format("\n{:>9g}", t[k]);
    study::for_each_quantity(&study::QuantityInfo::is_main, [&](const study::QuantityInfo& info) {
      const study::Quantity& quantity = result.quantity(info.key);
      text += fmt::format("  {:>14}", with_error(quantity.values[k], quantity.errors[k]));
    });
  }
  text += '\n';
}

/// Each ensemble's main quantities at the start and at the end, and the tests.
void phase_rows(const study::RunResult& result, std::string& text) {
  for (const study::PhaseSide& side : result.phase_space->sides) {
    text += fmt::format("{} ({}):\n", side.name, side.description);
    for (const study::Quantity& quantity : side.quantities)
      text += fmt::format("  {:<28} {:>16} -> {:>16}\n", quantity.key,
                          with_error(quantity.values.front(), quantity.errors.front()),
                          with_error(quantity.values.back(), quantity.errors.back()));
  }
  const auto is_unknown = [](const study::Quantity& quantity) {
    return std::isfinite(quantity.values.back()) && std::isnan(quantity.errors.back());
  };
  if (std::ranges::any_of(result.phase_space->sides, [&](const study::PhaseSide& side) {
        return std::ranges::any_of(side.quantities, is_unknown);
      }))
    text +=
        "(?): how far it scatters from run to run is not known where particles act on each other; "
        "several seeds show it.\n";
  if (result.phase_space->tests.empty()) return;
  text += fmt::format("\n{:<72} {:>14} {:>14} {:>10}\n", "test", "measured", "expected", "p-value");
  for (const study::Test& test : result.phase_space->tests)
    text += fmt::format("{:<72} {:>14.6g} {:>14.6g} {:>10.3g}{}\n", test.side + ": " + test.what,
                        test.measured, test.expected, test.p_value,
                        test.required ? "" : "  (need not hold)");
}

void run_rows(const study::RunResult& result, std::string& text) {
  if (result.phase_space) return phase_rows(result, text);
  if (result.solution.t.empty()) return rows_of_particles(result, text);
  const std::vector<double>& t = result.series.t;
  text += fmt::format("{:>9}", "t");
  study::for_each_quantity(&study::QuantityInfo::is_main, [&](const study::QuantityInfo& info) {
    text += fmt::format("  {:>14} {:>9}", info.symbol.plain, "equation");
  });
  text += fmt::format("  {:>8}\n", "p(chi2)");
  for (const std::size_t k : shown(t.size())) {
    text += fmt::format("{:>9g}", t[k]);
    study::for_each_quantity(&study::QuantityInfo::is_main, [&](const study::QuantityInfo& info) {
      const study::Quantity& quantity = result.quantity(info.key);
      text += fmt::format("  {:>14} {:>9}", with_error(quantity.values[k], quantity.errors[k]),
                          plain(quantity.solution[k]));
    });
    const auto& fits = result.comparison.master_equation;
    text += fmt::format("  {:>8}\n", k < fits.size() && fits[k].dof > 0.0
                                         ? fmt::format("{:.3g}", fits[k].p_value)
                                         : "-");
  }
}

std::string digits(double value) {
  return std::isfinite(value) ? fmt::format("{:.7f}", value) : "-";
}

void solution_rows(const study::RunResult& result, std::string& text) {
  const std::vector<double>&t = result.solution.t,
        &production = result.quantity("entropy_production").solution;
  text += fmt::format("{:>9} ", "t");
  study::for_each_quantity(&study::QuantityInfo::is_compared, [&](const study::QuantityInfo& info) {
    text += fmt::format(" {:>12}", info.symbol.plain);
  });
  text += fmt::format(" {:>14}\n", "production");
  for (const std::size_t k : shown(t.size())) {
    text += fmt::format("{:>9g} ", t[k]);
    study::for_each_quantity(
        &study::QuantityInfo::is_compared, [&](const study::QuantityInfo& info) {
          text += fmt::format(" {:>12}", digits(result.quantity(info.key).solution[k]));
        });
    text += fmt::format(" {:>14}\n",
                        std::isfinite(production[k]) ? fmt::format("{:.6g}", production[k]) : "-");
  }
}

std::string in_units(const study::Units& units) {
  return fmt::format(
      "E and k_B T in {}, t in {}, rates in {}, masses in {}, momenta (in S^(1)) in {}, lengths in "
      "{:.6g} nm; hbar = {:.6g}",
      units.energy, units.time, units.rate(), units.mass, units.momentum(), 1e9 * units.length_m(),
      units.hbar);
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string counted(int number, const char* thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

}  // namespace

std::string with_error(double value, double error) {
  if (!std::isfinite(value)) return "-";
  if (std::isnan(error)) return plain(value) + "(?)";
  if (is_tiny(value)) return fmt::format("{:.5g}", value);
  if (!(error > 0.0) || !std::isfinite(error)) return fmt::format("{:.5f}", value);
  const int digits = std::clamp(1 - static_cast<int>(std::floor(std::log10(error))), 0, 9);
  return fmt::format("{:.{}f}({:.0f})", value, digits, std::round(error * std::pow(10.0, digits)));
}

std::string result_table(const study::RunResult& result) {
  std::string text;
  if (!result.config.title.empty()) text += result.config.title + "\n\n";
  if (!result.config.units.reduced) text += in_units(result.config.units) + "\n\n";
  if (!result.has_particles) {
    solution_rows(result, text);
    text += fmt::format("\nStationary state: {}.\n", result.comparison.stationary.law);
    return text;
  }
  run_rows(result, text);
  const study::Performance& p = result.performance;
  if (!result.config.strokes_are_counted())
    text += fmt::format("\nStrokes were not counted; {:.2f} s on {}, {} bytes per particle.\n",
                        p.wall_s, counted(p.threads, "thread"), p.bytes_per_particle);
  else
    text += fmt::format(
        "\n{:.4g} strokes in {:.2f} s: {:.3g} strokes/s on {} thread{}, {} bytes per particle.\n",
        static_cast<double>(p.strokes), p.wall_s, p.strokes_per_s, p.threads,
        p.threads == 1 ? "" : "s", p.bytes_per_particle);
  text += fmt::format("\nVerdict: {}. {}.\n", study::to_string(result.comparison.verdict),
                      capitalised(study::clause(result.comparison.why)));
  for (const study::Remark& remark : result.comparison.remarks)
    text += fmt::format("  - {}\n", study::sentence(remark));
  return text;
}

std::string comparison_table(const study::ResultComparison& comparison) {
  std::string text = fmt::format("{:<24} {:>10} {:>12} {:>8} {:>10}\n", "quantity", "worst at t",
                                 "statistic", "dof", "p-value");
  for (const study::Test& row : comparison.worst)
    text +=
        fmt::format("{:<24} {:>10g} {:>12.4g} {:>8} {:>10.3g}\n", row.what, row.t, row.measured,
                    row.expected > 0.0 ? fmt::format("{:g}", row.expected) : "normal", row.p_value);
  text += fmt::format("\nVerdict: {}. {}.\n", study::to_string(comparison.verdict),
                      capitalised(comparison.why));
  return text;
}

std::string meaning_table(const study::Config& config, const study::Meaning& meaning) {
  std::string text;
  const study::Units& units = config.units;
  const auto row = [&](const char* name, const std::string& value) {
    text += fmt::format("{:<18} {}\n", name, value);
  };
  if (!config.title.empty()) row("title", config.title);
  row("particles",
      fmt::format("{} in d = {}, mass {:g}{}", config.ensemble.particles, config.ensemble.dimension,
                  config.ensemble.mass, units.after_mass()));
  const std::string mean =
      fmt::format("mean energy {:.6g}{}", meaning.mean_energy_initial, units.after_energy());
  if (config.strokes) {
    const laws::StrokeLaw& law = config.strokes->law;
    row("start", fmt::format("{}, phi = Prob(E > delta_e) = {:.6g}{}", mean, meaning.phi_initial,
                             law.transitions.size() > 1 ? " (of the first transition)" : ""));
    row("strokes",
        fmt::format("balance {}, {} rates", laws::name(law.balance), laws::name(law.rates)));
    for (std::size_t k = 0; k < law.transitions.size(); ++k)
      row("",
          fmt::format("delta_e = {:g}{}: w+ = {:.6g}{}, w- = {:.6g}{}{}",
                      law.transitions[k].delta_e, units.after_energy(), meaning.rates_initial[k].up,
                      units.after_rate(), meaning.rates_initial[k].down, units.after_rate(),
                      laws::has_given_rates(law.balance) ? "" : " at the start"));
  } else {
    row("start", mean);
    row("strokes", "none");
  }
  row("stationary state", meaning.stationary);
  for (std::size_t i = 0; i < meaning.invariants.size(); ++i)
    row(i == 0 ? "invariants" : "", meaning.invariants[i]);
  row("snapshots",
      fmt::format("{} from t = {:g} to {:g}{}", config.snapshots.size(), config.snapshots.front(),
                  config.snapshots.back(), units.after_time()));
  row("histogram", fmt::format("{} bins on [0, {:g}){}", config.histogram.bins,
                               config.histogram.max, units.after_energy()));
  row("about",
      fmt::format("{}, {:.2g} s on {}, {:.3g} MB",
                  config.strokes
                      ? fmt::format("{}{:.3g} strokes", meaning.at_most ? "at most " : "",
                                    meaning.expected_strokes)
                      : std::string("no strokes"),
                  meaning.time_s, counted(meaning.threads, "thread"), meaning.memory_bytes / 1e6));
  if (!units.reduced) row("units", in_units(units));
  if (const auto rounded = study::rounded_bath(config)) row("rounded", study::clause(*rounded));
  if (meaning.frozen) text += "\nThis run is frozen: nothing will move.\n";
  return text;
}

std::string selftest_table(const std::vector<study::SelfCheck>& checks) {
  std::string text;
  double rate = 0.0;
  std::size_t passed = 0;
  for (const study::SelfCheck& check : checks) {
    text += fmt::format("{} {}: {}\n", check.passed ? "ok    " : "FAILED", check.what, check.found);
    rate += check.false_alarm_rate;
    passed += check.passed ? 1 : 0;
  }
  return text + fmt::format(
                    "\n{} of {} passed. A sound program fails by chance in {:.1g} of machines; "
                    "seeds are fixed, so that the same "
                    "machine says the same again.\n",
                    passed, checks.size(), rate);
}

}  // namespace powerstroke::cli
