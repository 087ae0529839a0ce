#include "powerstroke/analysis/theory/low_rank_noise.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "powerstroke/analysis/theory/mean_field_noise.hpp"
#include "powerstroke/kernels/laws/rates.hpp"
#include "support/bounds.hpp"

/// `theory::LowRankNoise` beside the dense covariance of levels, and beside ensembles event by
/// event.
namespace {

namespace laws = powerstroke::laws;
using powerstroke::theory::LowRankNoise;
using powerstroke::theory::MeanFieldNoise;
using powerstroke::theory::Populations;

/// Atoms at these offsets, in units of the spacing 1, each with so much on its levels.
Populations atoms(const std::vector<double>& offsets,
                  const std::vector<std::vector<double>>& ladders) {
  Populations found;
  found.grid.offset = offsets;
  found.grid.width.assign(offsets.size(), 0.0);
  found.levels = ladders.front().size();
  for (const std::vector<double>& ladder : ladders)
    found.mass.insert(found.mass.end(), ladder.begin(), ladder.end());
  return found;
}

const std::vector<double> mixed = {0.1, 0.0, 0.0, 0.4, 0.0, 0.0, 0.5};

laws::StrokeLaw law_of(const laws::Balance& balance, std::vector<laws::Transition> transitions,
                       laws::AnyRates rates = laws::Constant{}) {
  return {std::move(transitions), rates, balance};
}

const std::vector<laws::Transition> one = {{1.0, 0.4, 1.3}},
                                    two = {{2.0, 0.3, 1.3}, {3.0, 0.1, 0.6}};

/// Three functions of the level.
std::vector<std::vector<double>> functions(std::size_t levels) {
  std::vector<std::vector<double>> found(3, std::vector<double>(levels));
  for (std::size_t i = 0; i < levels; ++i) {
    found[0][i] = static_cast<double>(i);
    found[1][i] = i > 1 ? 1.0 : 0.0;
    found[2][i] = i == 3 ? 1.0 : 0.0;
  }
  return found;
}

double multinomial(std::span<const double> p, const std::vector<double>& x) {
  double mean = 0.0, square = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    mean += p[i] * x[i];
    square += p[i] * x[i] * x[i];
  }
  return square - mean * mean;
}

}  // namespace

TEST_CASE(
    "at constant rates the low-rank excess is that of the dense covariance, under every balance") {
  for (const laws::Balance& balance : std::initializer_list<laws::Balance>{
           laws::Given{}, laws::Conserving{}, laws::Exchange{}, laws::Bath{0.7, 0.6}})
    for (const std::vector<laws::Transition>& transitions : {one, two}) {
      const laws::StrokeLaw law = law_of(balance, transitions);
      std::vector<std::int32_t> strides;
      for (const laws::Transition& transition : transitions)
        strides.push_back(static_cast<std::int32_t>(transition.delta_e));
      LowRankNoise narrow(atoms({1.0}, {mixed}), law);
      MeanFieldNoise dense(mixed, law, strides, 1e-7);
      for (const double t : {0.3, 2.0, 9.0}) {
        narrow.advance(t);
        dense.advance(t);
        CAPTURE(laws::name(balance));
        CAPTURE(t);
        const std::size_t levels = std::max(narrow.populations().levels, dense.size());
        for (const std::vector<double>& x : functions(levels)) {
          std::vector<double> p(dense.levels().begin(), dense.levels().end());
          p.resize(levels, 0.0);
          const double independent = multinomial(p, x);
          const double expected =
              laws::is<laws::Given>(balance) ? 0.0 : dense.excess_covariance(x, x);
          CHECK(std::abs(narrow.excess_covariance(x, x) - expected) < 5e-3 * independent);
        }
        for (std::size_t k = 0; k < strides.size(); ++k) {
          CHECK(narrow.variance_of_uptakes(k) ==
                doctest::Approx(dense.variance_of_uptakes(k)).epsilon(5e-3));
          CHECK(narrow.variance_of_releases(k) ==
                doctest::Approx(dense.variance_of_releases(k)).epsilon(5e-3));
          if (laws::is<laws::Bath>(balance))
            CHECK(narrow.covariance_of_excited(k, k) ==
                  doctest::Approx(dense.covariance_of_excited(k, k)).epsilon(5e-3));
        }
      }
    }
}

TEST_CASE("half the step of the low-rank excess has a sixteenth of its error") {
  const laws::StrokeLaw law = law_of(laws::Exchange{}, one);
  const auto excess = [&](double step) {
    LowRankNoise noise(atoms({1.0}, {mixed}), law, step);
    noise.advance(2.0);
    const std::vector<double> x = functions(noise.populations().levels)[1];
    return noise.excess_covariance(x, x);
  };
  const double exact = excess(0.05), coarse = std::abs(excess(0.5) - exact),
               fine = std::abs(excess(0.25) - exact);
  CHECK(coarse > 10.0 * fine);
  CHECK(coarse < 30.0 * fine);
}

namespace {

/// N particles at two offsets whose rates depend on their energy, event by event under
/// `conserving`.
class Ensemble {
 public:
  Ensemble(const laws::AnyRates& rates, double delta_e) : rates_(rates), delta_e_(delta_e) {}

  std::vector<double> energies;
  int uptakes = 0;

  void run(double rate, double t, std::mt19937_64& generator) {
    const double bound = laws::bound(rates_, delta_e_);
    const double most = 2.0 * rate * bound * static_cast<double>(energies.size());
    std::exponential_distribution<double> wait(most);
    for (double now = wait(generator); now < t; now += wait(generator)) {
      const std::size_t i = any(generator);
      // Releases at w- h, and uptakes as often: the mean of h by trying anyone, then who by a.
      if (uniform(generator) * bound >= release(energies[i])) continue;
      if (uniform(generator) < 0.5) {
        energies[i] -= delta_e_;
        continue;
      }
      std::size_t j = any(generator);
      while (uniform(generator) * bound >= uptake(energies[j])) j = any(generator);
      energies[j] += delta_e_;
      ++uptakes;
    }
  }

 private:
  double release(double energy) const {
    if (!(energy > delta_e_)) return 0.0;
    return std::visit([&](const auto& law) { return law.release(energy, delta_e_); }, rates_);
  }
  double uptake(double energy) const {
    return std::visit([&](const auto& law) { return law.uptake(energy, delta_e_); }, rates_);
  }
  static double uniform(std::mt19937_64& generator) {
    return static_cast<double>(generator() >> 11) * 0x1p-53;
  }
  std::size_t any(std::mt19937_64& generator) const {
    return static_cast<std::size_t>(uniform(generator) * static_cast<double>(energies.size()));
  }

  const laws::AnyRates& rates_;
  double delta_e_;
};

/// Strokes of passages: of coupling 2 and range 1, in three dimensions.
laws::RosenZener rosen_zener() {
  const std::array<double, 2> parameters = {2.0, 1.0};
  return laws::RosenZener(laws::RatesInput{3, 1.0, 1.0, parameters});
}

}  // namespace

TEST_CASE("ensembles whose shared rates depend on the energy scatter as the low-rank excess says") {
  constexpr int particles = 400, ensembles = 3000;
  constexpr double rate = 1.3, t = 3.0, near = 0.1, far = 0.95;
  const laws::AnyRates rates = rosen_zener();
  const std::vector<double> low = {0.0, 0.3, 0.0, 0.2}, high = {0.0, 0.0, 0.5, 0.0};
  LowRankNoise noise(atoms({near, far}, {low, high}),
                     law_of(laws::Conserving{}, {{1.0, 0.0, rate}}, rates));
  noise.advance(t);
  const Populations& now = noise.populations();
  // The mean energy, the energies of one offset alone, and the fraction above delta_e.
  std::vector<std::vector<double>> x(3, std::vector<double>(now.mass.size(), 0.0));
  for (std::size_t node = 0; node < 2; ++node)
    for (std::size_t i = 0; i < now.levels; ++i) {
      const double energy = now.grid.offset[node] + static_cast<double>(i) - 1.0;
      x[0][node * now.levels + i] = energy;
      x[1][node * now.levels + i] = node == 0 ? energy : 0.0;
      x[2][node * now.levels + i] = energy > 1.0 ? 1.0 : 0.0;
    }
  std::mt19937_64 generator(11);
  std::discrete_distribution<int> place({0.3, 0.2, 0.5});
  std::vector<std::vector<double>> samples(4);
  for (int r = 0; r < ensembles; ++r) {
    Ensemble ensemble(rates, 1.0);
    for (int i = 0; i < particles; ++i)
      ensemble.energies.push_back(
          std::vector{near, near + 2.0, far + 1.0}[static_cast<std::size_t>(place(generator))]);
    ensemble.run(rate, t, generator);
    std::vector<double> mean(4, 0.0);
    for (const double energy : ensemble.energies) {
      mean[0] += energy / particles;
      if (std::abs(std::remainder(energy - near, 1.0)) < 1e-6) mean[1] += energy / particles;
      if (energy > 1.0) mean[2] += 1.0 / particles;
    }
    mean[3] = static_cast<double>(ensemble.uptakes) / particles;
    for (std::size_t o = 0; o < 4; ++o) samples[o].push_back(mean[o]);
  }
  // What the expansion in 1/N leaves out is of the order 1/N, thirty times below these bounds.
  const boost::math::chi_squared by_chance(ensembles - 1.0);
  const double false_alarm = test_support::false_alarm_rate / 8.0;
  const double least = boost::math::quantile(by_chance, false_alarm) / (ensembles - 1.0);
  const double most =
      boost::math::quantile(boost::math::complement(by_chance, false_alarm)) / (ensembles - 1.0);
  int told_apart = 0;
  for (std::size_t o = 0; o < 4; ++o) {
    const double mean = std::accumulate(samples[o].begin(), samples[o].end(), 0.0) / ensembles;
    double squares = 0.0;
    for (const double value : samples[o]) squares += (value - mean) * (value - mean);
    const double found = squares / (ensembles - 1.0) * particles;
    const double independent = o < 3 ? multinomial(now.mass, x[o]) : 0.0;
    const double expected =
        o < 3 ? independent + noise.excess_covariance(x[o], x[o]) : noise.variance_of_uptakes(0);
    CAPTURE(o);
    CHECK(found / expected > least);
    CHECK(found / expected < most);
    if (independent / expected < least || independent / expected > most) ++told_apart;
  }
  CHECK(told_apart >= 1);  // without the excess the ensembles would not agree
}
