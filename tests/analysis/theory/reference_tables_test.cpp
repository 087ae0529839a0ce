#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "powerstroke/analysis/theory/entropy_balance.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/kernels/laws/momentum_entropy.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

laws::EnergyLaw law_of(const nlohmann::json& config) {
  const auto& energy = config.at("energy");
  if (energy.at("distribution") == "normal")
    return {laws::NormalEnergy{energy.at("mean"), energy.at("sigma")}};
  if (energy.at("distribution") == "uniform")
    return {laws::UniformEnergy{energy.at("low"), energy.at("high")}};
  return {laws::MaxwellBoltzmannEnergy{energy.at("temperature"), config.at("dimension")}};
}

/// The largest differences to a table, per column; the tables are good to about 1e-9.
struct Differences {
  double mean_energy = 0.0, phi = 0.0, entropy = 0.0, momentum_entropy = 0.0, ln_energy = 0.0,
         production = 0.0, levels = 0.0;

  double largest() const {
    return std::max({mean_energy, phi, entropy, momentum_entropy, ln_energy, production, levels});
  }
};

void note(double& worst, double ours, double table) {
  worst = std::max(worst, std::abs(ours - table));
}

laws::StrokeLaw strokes_of(const nlohmann::json& config) {
  const bool conserving = config.at("balance") == "energy_conserving";
  const double delta_e = config.at("delta_e"), rate_down = config.at("rate_down");
  double rate_up = 0.0;
  if (config.at("balance") == "fixed") rate_up = config.at("rate_up");
  if (config.at("balance") == "thermal")
    rate_up = laws::thermal_rate_up(rate_down, delta_e, config.at("temperature"));
  laws::StrokeLaw law{{{delta_e, rate_up, rate_down}}};
  if (config.at("rates") == "microreversible")
    law.rates = laws::Microreversible(config.at("dimension").get<int>());
  if (conserving) law.balance = laws::Conserving{};
  return law;
}

Differences differences(const nlohmann::json& table) {
  const auto& config = table.at("config");
  const auto momentum = laws::momentum_entropy(config.at("dimension"), config.at("mass"));
  MasterEquation equation(initial_populations(law_of(config), config.at("delta_e")),
                          strokes_of(config));
  Differences worst;
  for (const auto& row : table.at("rows")) {
    equation.advance(row.at("t"));
    const Populations& now = equation.populations();
    CHECK(std::abs(total_mass(now) - 1.0) < 1e-12);
    const double entropy = energy_entropy(now), ln_energy = mean_ln_energy(now);
    note(worst.mean_energy, mean_energy(now), row.at("mean_energy"));
    note(worst.phi, phi(now), row.at("phi"));
    note(worst.entropy, entropy, row.at("S_E"));
    note(worst.ln_energy, ln_energy, row.at("mean_ln_E"));
    note(worst.momentum_entropy,
         entropy + momentum.constant + momentum.ln_energy_factor * ln_energy, row.at("S_1"));
    if (!row.at("A6_over_w_minus").is_null())
      note(worst.production,
           entropy_balance(now, equation.law(), equation.rates()).production /
               equation.law().transitions[0].rate_down,
           row.at("A6_over_w_minus"));
    const auto levels = level_probabilities(now);
    for (std::size_t n = 0; n < row.at("level_probability").size(); ++n)
      note(worst.levels, n + 1 < levels.size() ? levels[n + 1] : 0.0,
           row.at("level_probability")[n]);
  }
  return worst;
}

}  // namespace

TEST_CASE("the master equation reproduces the reference tables") {
  for (const std::string name :
       {"broad-normal-conserving", "maxwell3d-conserving-constant", "narrow-normal-conserving",
        "uniform-fixed", "broad-normal-conserving-microreversible",
        "normal-thermal-microreversible-1d", "normal-thermal-microreversible-3d"}) {
    CAPTURE(name);
    std::ifstream file(POWERSTROKE_SOURCE_DIR "/tests/data/" + name + ".json");
    REQUIRE(file);
    const Differences worst = differences(nlohmann::json::parse(file));
    MESSAGE(name << ": mean energy " << worst.mean_energy << ", phi " << worst.phi << ", S_E "
                 << worst.entropy << ", S_1 " << worst.momentum_entropy << ", <ln E> "
                 << worst.ln_energy << ", (A.6) " << worst.production << ", levels "
                 << worst.levels);
    CHECK(worst.largest() < 2e-8);
  }
}

TEST_CASE("stationary states: the numbers of the theory page for infinite time") {
  const auto entropies = [](const laws::EnergyLaw& law, int dimension) {
    const Populations start = initial_populations(law, 1.0);
    double mean_level = 0.0;
    const auto levels = level_probabilities(start);
    for (std::size_t i = 0; i < levels.size(); ++i)
      mean_level += (static_cast<double>(i) - 1.0) * levels[i];
    const Populations end = geometric_populations(start, mean_level / (1.0 + mean_level));
    const auto momentum = laws::momentum_entropy(dimension, 1.0);
    return std::array{
        energy_entropy(end),
        energy_entropy(end) + momentum.constant + momentum.ln_energy_factor * mean_ln_energy(end),
        total_variation_to_exponential(end, mean_energy(end))};
  };
  const auto maxwell = entropies({laws::MaxwellBoltzmannEnergy{7.0 / 3.0, 3}}, 3);
  CHECK(std::abs(maxwell[1] - 5.473856) < 1e-6);
  const auto narrow = entropies({laws::NormalEnergy{3.5, 0.2}}, 3);
  CHECK(std::abs(narrow[1] - 5.2745) < 5e-5);
  CHECK(std::abs(narrow[2] - 0.29) < 5e-3);
  // An exponential start is its own stationary state; an atom shares nothing with it.
  CHECK(entropies({laws::ExponentialEnergy{2.0}}, 2)[2] < 1e-9);
  CHECK(total_variation_to_exponential(initial_populations({laws::DeltaEnergy{2.5}}, 1.0), 2.5) ==
        doctest::Approx(1.0));
}
