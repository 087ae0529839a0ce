#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/analysis/theory/stationary.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/laws/momentum_entropy.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

constexpr std::array<laws::Balance, 4> balances{laws::Given{}, laws::Conserving{}, laws::Exchange{},
                                                laws::Bath{1.7, 0.3}};
constexpr std::array<laws::Balance, 3> closed{laws::Conserving{}, laws::Exchange{},
                                              laws::Bath{1.7, 0.3}};

std::vector<laws::AnyRates> rates_laws() {
  return {laws::Constant{}, laws::Microreversible(1), laws::Microreversible(2),
          laws::Microreversible(3)};
}

std::string named(const laws::Balance& balance, const laws::AnyRates& rates) {
  return laws::name(balance) + std::string(" ") + laws::name(rates) + " " +
         std::to_string(laws::state_exponent(rates));
}

/// The equation written down place by place: one offset, E = g (offset + n), fourth-order
/// Runge-Kutta in short steps. Transitions of 2 and 3 g. State: level -1 (only if offset = 1), 0, 1
/// ..., then uptakes and releases of each.
class Dense {
 public:
  Dense(double g, double offset, std::size_t levels, laws::StrokeLaw law)
      : g_(g), offset_(offset), levels_(levels), law_(std::move(law)) {}

  std::vector<double> solved(std::vector<double> state, double t, int steps) const {
    const double h = t / steps;
    for (int step = 0; step < steps; ++step) {
      const auto a = slope(state), b = slope(moved(state, 0.5 * h, a)),
                 c = slope(moved(state, 0.5 * h, b)), d = slope(moved(state, h, c));
      for (std::size_t i = 0; i < state.size(); ++i)
        state[i] += h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
    }
    return state;
  }

 private:
  static std::vector<double> moved(std::vector<double> state, double h,
                                   const std::vector<double>& slope) {
    for (std::size_t i = 0; i < state.size(); ++i) state[i] += h * slope[i];
    return state;
  }

  std::vector<double> slope(const std::vector<double>& state) const {
    std::vector<double> change(state.size(), 0.0);
    for (std::size_t k = 0; k < 2; ++k) {
      const std::size_t span = k + 2;
      const double quantum = static_cast<double>(span) * g_;
      double mean_u = 0.0, mean_r = 0.0;
      std::vector<double> u(levels_), r(levels_);
      for (std::size_t i = 0; i < levels_; ++i) {
        const double energy = std::max(0.0, g_ * (offset_ + static_cast<double>(i) - 1.0));
        u[i] = laws::uptake_factor(law_.rates, energy, quantum);
        r[i] = i > span ? laws::release_factor(law_.rates, energy, quantum) : 0.0;
        mean_u += u[i] * state[i];
        mean_r += r[i] * state[i];
      }
      const double kappa = law_.transitions[k].rate_down, m = law_.bath().systems_per_particle;
      double up = law_.transitions[k].rate_up, down = kappa;
      if (laws::is<laws::Conserving>(law_.balance)) up = kappa * mean_r / mean_u;
      if (laws::is<laws::Exchange>(law_.balance)) up = kappa * mean_r, down = kappa * mean_u;
      if (laws::is<laws::Bath>(law_.balance)) {
        const double excited =
            law_.bath().excited - (state[levels_ + k] - state[levels_ + 2 + k]) / m;
        up = kappa * excited;
        down = kappa * (1.0 - excited);
      }
      for (std::size_t i = 0; i + span < levels_; ++i) {
        const double uptakes = up * u[i] * state[i],
                     releases = down * r[i + span] * state[i + span];
        change[i] += releases - uptakes;
        change[i + span] += uptakes - releases;
      }
      change[levels_ + k] += up * mean_u;
      change[levels_ + 2 + k] += down * mean_r;
    }
    return change;
  }

  double g_, offset_;
  std::size_t levels_;
  laws::StrokeLaw law_;
};

double two_level_entropy(double x) {
  return x > 0.0 && x < 1.0 ? -x * std::log(x) - (1.0 - x) * std::log1p(-x) : 0.0;
}

double one_particle_entropy(const Populations& p, int dimension) {
  const auto shift = laws::momentum_entropy(dimension, 1.0);
  return energy_entropy(p) + shift.constant + shift.ln_energy_factor * mean_ln_energy(p);
}

laws::EnergyLaw three_atoms() {
  return {laws::MixtureEnergy{
      {{laws::DeltaEnergy{2.03}}, {laws::DeltaEnergy{1.6}}, {laws::DeltaEnergy{2.4}}},
      {3.0, 1.0, 2.0}}};
}

double total_variation(const Populations& a, const Populations& b) {
  double sum = 0.0;
  for (std::size_t node = 0; node < a.grid.nodes(); ++node)
    for (std::size_t i = 0; i < std::max(a.levels, b.levels); ++i)
      sum += std::abs((i < a.levels ? a.ladder(node)[i] : 0.0) -
                      (i < b.levels ? b.ladder(node)[i] : 0.0));
  return 0.5 * sum;
}

}  // namespace

TEST_CASE(
    "two transitions: every balance and rates law is the equation written down place by place") {
  const double g = 0.35, offset = 0.37, t = 2.0;
  constexpr std::size_t levels = 90;
  const laws::EnergyLaw start{laws::MixtureEnergy{
      {{laws::DeltaEnergy{g * (offset + 7.0)}}, {laws::DeltaEnergy{g * (offset + 1.0)}}},
      {2.0, 1.0}}};
  for (const laws::Balance& balance : balances)
    for (const laws::AnyRates& rates : rates_laws()) {
      CAPTURE(named(balance, rates));
      const laws::StrokeLaw law{{{2.0 * g, 0.4, 1.0}, {3.0 * g, 0.9, 1.3}}, rates, balance};
      MasterEquation equation(initial_populations(start, g), law);
      equation.advance(0.7);
      equation.advance(t);
      std::vector<double> dense(levels + 4, 0.0);
      dense[8] = 2.0 / 3.0;
      dense[2] = 1.0 / 3.0;
      dense = Dense(g, offset, levels, law).solved(dense, t, 1200);
      const auto found = level_probabilities(equation.populations());
      double worst = 0.0;
      for (std::size_t i = 0; i < levels; ++i)
        worst = std::max(worst, std::abs(dense[i] - (i < found.size() ? found[i] : 0.0)));
      CHECK(worst < 1e-10);
      for (std::size_t k = 0; k < 2; ++k) {
        CHECK(std::abs(equation.uptakes(k) - dense[levels + k]) < 1e-9);
        CHECK(std::abs(equation.releases(k) - dense[levels + 2 + k]) < 1e-9);
      }
      CHECK(std::abs(total_mass(equation.populations()) - 1.0) < 1e-13);
    }
}

TEST_CASE(
    "particles at rest under several transitions: lifted at constant rates, left alone by "
    "microreversible ones in d = 1") {
  const laws::EnergyLaw start{
      laws::MixtureEnergy{{{laws::DeltaEnergy{0.0}}, {laws::DeltaEnergy{6.0}}}, {1.0, 1.0}}};
  const std::vector<laws::Transition> transitions{{2.0, 0.3, 1.0}, {3.0, 0.2, 1.0}};
  MasterEquation constant(initial_populations(start, 1.0),
                          {transitions, laws::Constant{}, laws::Given{}});
  constant.advance(2.0);
  CHECK(level_probabilities(constant.populations())[0] ==
        doctest::Approx(0.5 * std::exp(-1.0)).epsilon(1e-11));
  for (const laws::Balance& balance : balances) {
    MasterEquation shaped(initial_populations(start, 1.0),
                          {transitions, laws::Microreversible(1), balance});
    shaped.advance(2.0);
    CHECK(std::abs(level_probabilities(shaped.populations())[0] - 0.5) < 1e-14);
    CHECK(shaped.strokes() > 0.1);
  }
}

TEST_CASE("a ladder with spare rungs changes nothing") {
  const laws::EnergyLaw start{laws::NormalEnergy{3.5, 0.8}};
  for (const laws::Balance& balance : balances) {
    const laws::StrokeLaw law{{{1.0, 0.6, 1.0}}, laws::Microreversible(3), balance};
    MasterEquation whole(initial_populations(start, 1.0), law),
        halves(initial_populations(start, 0.5), law);
    whole.advance(5.0);
    halves.advance(5.0);
    CHECK(std::abs(mean_energy(whole.populations()) - mean_energy(halves.populations())) < 1e-10);
    CHECK(std::abs(energy_entropy(whole.populations()) - energy_entropy(halves.populations())) <
          1e-8);
    CHECK(std::abs(whole.rates(0).up - halves.rates(0).up) < 1e-10);
    CHECK(std::abs(phi(whole.populations()) - phi(halves.populations(), 2)) < 1e-10);
    const Populations a = stationary_populations(whole.populations(), law, 0.4);
    const Populations b = stationary_populations(halves.populations(), law, 0.4);
    CHECK(std::abs(mean_energy(a) - mean_energy(b)) < 1e-9);
    CHECK(std::abs(energy_entropy(a) - energy_entropy(b)) < 1e-8);
  }
}

TEST_CASE("conserving and exchange keep the energy, by each transition") {
  for (const laws::Balance& balance :
       std::initializer_list<laws::Balance>{laws::Conserving{}, laws::Exchange{}})
    for (const laws::AnyRates& rates : rates_laws()) {
      MasterEquation equation(initial_populations({laws::NormalEnergy{3.5, 0.5}}, 0.5),
                              {{{1.0, 0.0, 1.0}, {1.5, 0.0, 0.5}}, rates, balance});
      const double before = mean_energy(equation.populations());
      equation.advance(20.0);
      CHECK(std::abs(mean_energy(equation.populations()) - before) < 1e-10);
      for (std::size_t k = 0; k < 2; ++k)
        CHECK(std::abs(equation.uptakes(k) - equation.releases(k)) < 1e-10);
      CHECK(equation.strokes() > 10.0);
    }
}

TEST_CASE("bath: quanta are kept, and the total entropy never falls") {
  for (const laws::AnyRates& rates : rates_laws()) {
    CAPTURE(named(laws::Bath{1.7, 0.3}, rates));
    const laws::Bath bath{1.5, 0.05};
    const laws::StrokeLaw law{{{1.0, 0.0, 1.0}, {1.5, 0.0, 0.7}}, rates, bath};
    const Populations start = initial_populations({laws::NormalEnergy{3.5, 0.5}}, 0.5);
    MasterEquation equation(start, law);
    const double s = laws::state_exponent(rates);
    const auto energy = [&] {
      return mean_energy(equation.populations()) +
             1.5 * (1.0 * equation.excited(0) + 1.5 * equation.excited(1));
    };
    const auto entropy = [&] {
      return energy_entropy(equation.populations()) + s * mean_ln_energy(equation.populations()) +
             1.5 *
                 (two_level_entropy(equation.excited(0)) + two_level_entropy(equation.excited(1)));
    };
    const double energy_at_start = energy();
    double entropy_before = entropy();
    for (const double t : {0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0}) {
      equation.advance(t);
      CHECK(std::abs(energy() - energy_at_start) < 1e-9);
      CHECK(entropy() > entropy_before - 1e-10);
      entropy_before = entropy();
    }
  }
}

TEST_CASE("bath: particles and systems end at one temperature, the stationary law's") {
  for (const laws::AnyRates& rates : rates_laws()) {
    CAPTURE(named(laws::Bath{1.7, 0.3}, rates));
    const laws::StrokeLaw law{{{1.0, 0.0, 1.0}, {1.5, 0.0, 0.7}}, rates, laws::Bath{1.5, 0.05}};
    const Populations start = initial_populations(three_atoms(), 0.5);
    MasterEquation equation(start, law);
    equation.advance(2000.0);
    const StationaryLaw stationary = stationary_law(start, law);
    REQUIRE(stationary.kind == StationaryLaw::Kind::exists);
    CHECK(equation.excited(0) ==
          doctest::Approx(1.0 / (1.0 + std::exp(stationary.beta))).epsilon(1e-9));
    CHECK(equation.excited(1) ==
          doctest::Approx(1.0 / (1.0 + std::exp(1.5 * stationary.beta))).epsilon(1e-9));
    CHECK(total_variation(equation.populations(),
                          stationary_populations(start, law, stationary.beta)) < 1e-9);
  }
}

TEST_CASE("exchange and conserving end in the stationary law of the start's energy") {
  for (const laws::Balance& balance :
       std::initializer_list<laws::Balance>{laws::Conserving{}, laws::Exchange{}})
    for (const laws::AnyRates& rates : rates_laws())
      for (const double more : {0.0, 1.0}) {
        CAPTURE(named(balance, rates));
        laws::StrokeLaw law{{{1.0, 0.0, 1.0}}, rates, balance};
        if (more > 0.0) law.transitions.push_back({1.5, 0.0, more});
        const Populations start = initial_populations(three_atoms(), more > 0.0 ? 0.5 : 1.0);
        MasterEquation equation(start, law);
        equation.advance(more > 0.0 ? 1000.0
                                    : 3000.0);  // in d = 1 exp(-t / 160) is left of the start
        const StationaryLaw stationary = stationary_law(start, law);
        REQUIRE(stationary.kind == StationaryLaw::Kind::exists);
        const Populations end = stationary_populations(start, law, stationary.beta);
        CHECK(std::abs(mean_energy(end) - mean_energy(start)) < 1e-12);
        CHECK(total_variation(equation.populations(), end) < 1e-9);
      }
}

TEST_CASE("S^(1) falls at constant rates and rises at microreversible ones") {
  const laws::EnergyLaw maxwell{laws::MaxwellBoltzmannEnergy{7.0 / 3.0, 3}},
      narrow{laws::NormalEnergy{3.5, 0.2}};
  const auto path = [](const laws::EnergyLaw& start, const laws::AnyRates& rates, int end) {
    MasterEquation equation(initial_populations(start, 1.0),
                            {{{1.0, 0.0, 1.0}}, rates, laws::Conserving{}});
    std::vector<double> entropies;
    for (int t = 0; t <= end; t += 4) {
      equation.advance(t);
      entropies.push_back(one_particle_entropy(equation.populations(), 3));
    }
    return entropies;
  };
  const auto steepest_fall = [](const std::vector<double>& s) {
    double fall = 0.0;
    for (std::size_t i = 1; i < s.size(); ++i) fall = std::max(fall, s[i - 1] - s[i]);
    return fall;
  };
  const std::vector<double> maxwell_constant = path(maxwell, laws::Constant{}, 400);
  CHECK(maxwell_constant.front() == doctest::Approx(5.527762).epsilon(2e-7));
  CHECK(maxwell_constant.back() == doctest::Approx(5.473857).epsilon(2e-7));
  const std::vector<double> maxwell_stays = path(maxwell, laws::Microreversible(3), 40);
  CHECK(std::abs(maxwell_stays.back() - maxwell_stays.front()) < 1e-10);
  CHECK(steepest_fall(path(narrow, laws::Constant{}, 40)) > 1e-4);
  const std::vector<double> rising = path(narrow, laws::Microreversible(3), 80);
  CHECK(steepest_fall(rising) < 1e-11);
  CHECK(rising.back() > rising.front() + 1.0);
  CHECK(rising.back() < 5.527762);
}

TEST_CASE("closed ensembles in which no stroke is possible stay for ever, whatever the balance") {
  const laws::Bath none_excited{1.0, 0.0};
  for (const laws::Balance& balance :
       std::initializer_list<laws::Balance>{laws::Conserving{}, laws::Exchange{}, none_excited})
    for (const laws::AnyRates& rates : rates_laws()) {
      const Populations start = initial_populations({laws::UniformEnergy{0.0, 1.0}}, 0.5);
      MasterEquation equation(start, {{{1.0, 0.0, 1.0}, {1.5, 0.0, 2.0}}, rates, balance});
      equation.advance(1e6);
      CHECK(total_variation(start, equation.populations()) == 0.0);
      CHECK(equation.strokes() == 0.0);
    }
}

TEST_CASE("a transition that shares no ladder with the grid is refused") {
  const Populations start = initial_populations({laws::DeltaEnergy{3.3}}, 0.5);
  CHECK_THROWS_WITH_AS(
      MasterEquation(start, {{{1.0, 0.1, 1.0}, {0.7, 0.1, 1.0}}, laws::Constant{}, laws::Given{}}),
      doctest::Contains("no whole multiple"), NumericsError);
  CHECK_NOTHROW(
      MasterEquation(initial_populations({laws::DeltaEnergy{3.3}}, 0.1),
                     {{{0.3, 0.1, 1.0}, {0.7, 0.1, 1.0}}, laws::Constant{}, laws::Given{}}));
}
