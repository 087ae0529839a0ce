#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "powerstroke/analysis/theory/mean_field_noise.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "support/bounds.hpp"

/// `theory::MeanFieldNoise` under every balance: conservation laws, the scatter in equilibrium,
/// ensembles event by event.
namespace {

namespace laws = powerstroke::laws;
using powerstroke::theory::LevelFactors;
using powerstroke::theory::MeanFieldNoise;
using Levels =
    std::vector<double>;  ///< a distribution over levels or a function of them, [level + 1]

/// The strokes of a test. Factors depend on the level n and the stride s: a = (n+2)/(n+3), h =
/// sqrt((n-s+1)/(n+1)).
struct Process {
  laws::Balance balance;
  std::vector<int> strides;
  std::vector<double> rates_down;
  bool shaped;

  laws::Bath bath() const { return laws::StrokeLaw{.transitions = {}, .balance = balance}.bath(); }
  double uptake(int level) const { return shaped ? (level + 2.0) / (level + 3.0) : 1.0; }
  double release(int level, int stride) const {
    if (level < stride) return 0.0;
    return shaped ? std::sqrt((level - stride + 1.0) / (level + 1.0)) : 1.0;
  }
};

MeanFieldNoise noise_of(const Process& process, const Levels& start, double tolerance = 1e-7) {
  laws::StrokeLaw law{{}, laws::Constant{}, process.balance};
  std::vector<LevelFactors> factors;
  for (std::size_t k = 0; k < process.strides.size(); ++k) {
    law.transitions.push_back(
        {static_cast<double>(process.strides[k]), 0.0, process.rates_down[k]});
    factors.emplace_back();
    for (int level = -1; level < 1000; ++level) {
      factors.back().uptake.push_back(process.uptake(level));
      // Below the stride it must not matter.
      factors.back().release.push_back(
          level < process.strides[k] ? 7.0 : process.release(level, process.strides[k]));
    }
  }
  return MeanFieldNoise(start, law, {process.strides.begin(), process.strides.end()}, tolerance,
                        factors);
}

/// The functions n and h of the level.
Levels level_numbers(std::size_t size) {
  Levels n(size);
  std::iota(n.begin(), n.end(), -1.0);
  return n;
}
Levels releases(const Process& process, std::size_t k, std::size_t size) {
  Levels h;
  for (std::size_t i = 0; i < size; ++i)
    h.push_back(process.release(static_cast<int>(i) - 1, process.strides[k]));
  return h;
}

double mean_of(std::span<const double> p, const Levels& x) {
  return std::inner_product(p.begin(), p.end(), x.begin(), 0.0);
}

/// x^T Sigma0 y.
double multinomial(std::span<const double> p, const Levels& x, const Levels& y) {
  double xy = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) xy += p[i] * x[i] * y[i];
  return xy - mean_of(p, x) * mean_of(p, y);
}

/// N Var of the mean of x over the particles, plus c times the excited systems per particle.
double variance_of(const MeanFieldNoise& noise, const Levels& x, double c = 0.0) {
  double variance = multinomial(noise.levels(), x, x) + noise.excess_covariance(x, x);
  if (c != 0.0)
    variance +=
        2.0 * c * noise.covariance_with_excited(x, 0) + c * c * noise.covariance_of_excited(0, 0);
  return variance;
}

/// N Var of the quanta per particle, those of the bath included.
double variance_of_quanta(const MeanFieldNoise& noise, const Process& process) {
  const Levels n = level_numbers(noise.size());
  double variance = variance_of(noise, n);
  for (std::size_t k = 0; k < noise.excited().size(); ++k) {
    variance += 2.0 * process.strides[k] * noise.covariance_with_excited(n, k);
    for (std::size_t l = 0; l < noise.excited().size(); ++l)
      variance += process.strides[k] * process.strides[l] * noise.covariance_of_excited(k, l);
  }
  return variance;
}

double quanta(const MeanFieldNoise& noise, const Process& process) {
  double sum = mean_of(noise.levels(), level_numbers(noise.size()));
  for (std::size_t k = 0; k < noise.excited().size(); ++k)
    sum += process.strides[k] * noise.excited()[k];
  return sum;
}

// Two levels of independent particles, one at rest among them: their energy has a variance from the
// start.
const Levels mixed = {0.1, 0.0, 0.0, 0.4, 0.0, 0.0, 0.5};

// With little variance of the energy, so that what exchange takes away from independent particles
// is most of theirs.
const Levels narrow = {0.0, 0.0, 0.0, 0.5, 0.5};

/// An ensemble of the process itself, candidate event by candidate event.
class Ensemble {
 public:
  Ensemble(const Process& process, int particles, const Levels& start, std::mt19937_64& generator)
      : process_(process),
        generator_(generator),
        systems_(std::lround(process.bath().systems_per_particle * particles)) {
    std::discrete_distribution<int> draw(start.begin(), start.end());
    for (int i = 0; i < particles; ++i) levels.push_back(draw(generator_) - 1);
    excited.assign(process.strides.size(),
                   std::lround(process.bath().excited * static_cast<double>(systems_)));
  }

  void run(double t) {
    const double total =
        std::accumulate(process_.rates_down.begin(), process_.rates_down.end(), 0.0);
    const double rate = total * static_cast<double>(levels.size()) *
                        (laws::is<laws::Conserving>(process_.balance) ? 2.0 : 1.0);
    std::discrete_distribution<std::size_t> transition(process_.rates_down.begin(),
                                                       process_.rates_down.end());
    const long candidates = std::poisson_distribution<long>(rate * t)(generator_);
    for (long event = 0; event < candidates; ++event) happen(transition(generator_));
  }

  std::vector<int> levels;
  std::vector<long> excited;

 private:
  double uniform() { return static_cast<double>(generator_() >> 11) * 0x1p-53; }
  std::size_t any() {
    return static_cast<std::size_t>(uniform() * static_cast<double>(levels.size()));
  }

  void happen(std::size_t k) {
    const int stride = process_.strides[k];
    const std::size_t i = any();
    const bool releases = uniform() < process_.release(levels[i], stride);
    if (laws::is<laws::Exchange>(process_.balance)) {  // w- h of each particle; another accepts
      std::size_t j = any();
      while (j == i) j = any();
      if (!releases || uniform() >= process_.uptake(levels[j])) return;
      levels[i] -= stride;
      levels[j] += stride;
    } else if (laws::is<laws::Conserving>(
                   process_.balance)) {  // releases, and as often uptakes: the mean h by trying
                                         // anyone, then who by a
      if (!releases) return;
      if (uniform() < 0.5) {
        levels[i] -= stride;
        return;
      }
      std::size_t j = any();
      while (uniform() >= process_.uptake(levels[j])) j = any();
      levels[j] += stride;
    } else if (laws::is<laws::Bath>(process_.balance)) {  // a particle meets one system at rate w-
      if (uniform() * static_cast<double>(systems_) < static_cast<double>(excited[k])) {
        if (uniform() >= process_.uptake(levels[i])) return;
        levels[i] += stride;
        --excited[k];
      } else if (releases) {
        levels[i] -= stride;
        ++excited[k];
      }
    }
  }

  const Process& process_;
  std::mt19937_64& generator_;
  long systems_;
};

/// A number that each ensemble has: the mean of x over its particles plus c times its excited
/// systems per particle.
struct Observable {
  Levels x;
  double c = 0.0;
  double excess_kurtosis = 0.0;  ///< of a sum over particles, of the order 1/N
};

/// The observables of a test: each occupation by 20 particles or more, phi, the mean level, and
/// sums of the last two.
std::vector<Observable> observables(const MeanFieldNoise& noise, const Process& process,
                                    int particles) {
  std::vector<Observable> result;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    if (noise.levels()[i] * particles < 20.0) continue;
    result.push_back({Levels(noise.size()), 0.0, 1.0 / (noise.levels()[i] * particles)});
    result.back().x[i] = 1.0;
  }
  const Levels n = level_numbers(noise.size());
  for (const double weight : {0.0, 3.0, -3.0}) {
    Levels x = releases(process, 0, noise.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = (weight == 0.0 ? x[i] : weight * x[i] + n[i]);
    result.push_back({x});
  }
  if (!noise.excited().empty()) {
    result.push_back({n});
    result.push_back({Levels(noise.size()), 1.0});
    result.push_back({n, -1.0});
  }
  return result;
}

/// The variance over R independent ensembles of N particles over the predicted one is chi-square
/// over R - 1, which an excess kurtosis narrows to (R - 1)/(1 + kurtosis/2). What the expansion in
/// 1/N leaves out is of the order 1/N, thirty times below these bounds.
void check_against_ensembles(const Process& process, const Levels& start, double t,
                             std::uint64_t seed) {
  constexpr int particles = 400, ensembles = 3000;
  MeanFieldNoise noise = noise_of(process, start);
  noise.advance(t);
  const std::vector<Observable> all = observables(noise, process, particles);
  std::vector<std::vector<double>> samples(all.size());
  std::mt19937_64 generator(seed);
  for (int r = 0; r < ensembles; ++r) {
    Ensemble ensemble(process, particles, start, generator);
    ensemble.run(t);
    for (std::size_t o = 0; o < all.size(); ++o) {
      double sum = all[o].c * static_cast<double>(ensemble.excited[0]);
      for (const int level : ensemble.levels) {
        const auto at = static_cast<std::size_t>(level + 1);
        if (at < all[o].x.size()) sum += all[o].x[at];
      }
      samples[o].push_back(sum / particles);
    }
  }
  int told_apart = 0;
  const double false_alarm =
      test_support::false_alarm_rate / (2.0 * static_cast<double>(all.size()));
  for (std::size_t o = 0; o < all.size(); ++o) {
    const double mean = std::accumulate(samples[o].begin(), samples[o].end(), 0.0) / ensembles;
    double squares = 0.0;
    for (const double value : samples[o]) squares += (value - mean) * (value - mean);
    const double variance = squares / (ensembles - 1.0) * particles,
                 predicted = variance_of(noise, all[o].x, all[o].c);
    const double degrees = (ensembles - 1.0) / (1.0 + 0.5 * all[o].excess_kurtosis);
    const boost::math::chi_squared law(degrees);
    const double low = boost::math::quantile(law, false_alarm) / degrees;
    const double high = boost::math::quantile(boost::math::complement(law, false_alarm)) / degrees;
    CAPTURE(o);
    CHECK(variance / predicted > low);
    CHECK(variance / predicted < high);
    const double independent = multinomial(noise.levels(), all[o].x, all[o].x) / predicted;
    if (independent < low || independent > high) ++told_apart;
  }
  CHECK(told_apart >= 3);  // the ensembles would see the excess missing
}

/// In equilibrium particles, and systems of a bath, are independent but for the number Q of quanta
/// that they share. With V the variance that Q would have if they were, that it has from the start
/// V_Q, and c the covariance of something with Q: Cov - c c^T / V + c c^T V_Q / V^2 (a Gaussian
/// under a condition).
void check_equilibrium(const Process& process, const Levels& start, double t) {
  MeanFieldNoise noise = noise_of(process, start, 1e-6);
  const double start_variance = variance_of_quanta(noise, process);
  noise.advance(t);
  const std::size_t size = noise.size(), baths = noise.excited().size();
  const Levels n = level_numbers(size);
  Levels with_quanta, of_systems;
  double free_variance = multinomial(noise.levels(), n, n);
  for (std::size_t i = 0; i < size; ++i)
    with_quanta.push_back(noise.levels()[i] * (n[i] - mean_of(noise.levels(), n)));
  for (std::size_t k = 0; k < baths; ++k) {
    const double x = noise.excited()[k] / process.bath().systems_per_particle;
    of_systems.push_back(process.bath().systems_per_particle * x * (1.0 - x));
    free_variance += process.strides[k] * process.strides[k] * of_systems[k];
  }
  const double shared = (start_variance / free_variance - 1.0) / free_variance;
  double largest = 0.0, worst = 0.0;
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      const double expected = shared * with_quanta[i] * with_quanta[j];
      largest = std::max(largest, std::abs(expected));
      worst = std::max(worst, std::abs(noise.excess()[i * size + j] - expected));
    }
  CHECK(worst < 1e-5 * largest);
  for (std::size_t k = 0; k < baths; ++k) {
    const double with_systems = process.strides[k] * of_systems[k];
    for (std::size_t i = 0; i < size; ++i) {
      Levels occupation(size);
      occupation[i] = 1.0;
      CHECK(std::abs(noise.covariance_with_excited(occupation, k) -
                     shared * with_quanta[i] * with_systems) < 1e-5 * largest);
    }
    for (std::size_t l = 0; l < baths; ++l) {
      const double free = k == l ? of_systems[k] : 0.0;
      CHECK(noise.covariance_of_excited(k, l) ==
            doctest::Approx(free + shared * with_systems * process.strides[l] * of_systems[l])
                .epsilon(1e-5));
    }
  }
}

const Process exchange{laws::Exchange{}, {1}, {1.3}, false};
const Process shaped_exchange{laws::Exchange{}, {1}, {1.3}, true};
const Process two_exchanges{laws::Exchange{}, {2, 3}, {1.3, 0.6}, true};
const Process bath{laws::Bath{1.5, 0.2}, {1}, {1.3}, true};
const Process two_baths{laws::Bath{0.7, 0.6}, {2, 3}, {1.3, 0.6}, true};
const Process shaped_conserving{laws::Conserving{}, {1}, {1.3}, true};
const Process two_conserving{laws::Conserving{}, {2, 3}, {1.3, 0.6}, true};
const Process far_conserving{
    laws::Conserving{}, {2, 9}, {1e-6, 1.3}, false};  // leaves most levels empty

}  // namespace

TEST_CASE("exchange and bath conserve the quanta: their variance is that of the start") {
  for (const Process* process : {&exchange, &shaped_exchange, &two_exchanges, &bath, &two_baths}) {
    MeanFieldNoise noise = noise_of(*process, mixed);
    const double start = quanta(noise, *process),
                 start_variance = variance_of_quanta(noise, *process);
    CHECK(start_variance ==
          doctest::Approx(0.1 + 0.4 * 4.0 + 0.5 * 25.0 - 3.2 * 3.2).epsilon(1e-12));
    for (const double t : {0.3, 2.0, 10.0}) {
      noise.advance(t);
      CHECK(noise.excess_covariance(level_numbers(noise.size()), level_numbers(noise.size())) !=
            0.0);
      CHECK(quanta(noise, *process) == doctest::Approx(start).epsilon(1e-6));
      CHECK(variance_of_quanta(noise, *process) == doctest::Approx(start_variance).epsilon(1e-6));
    }
  }
}

TEST_CASE("under conserving the energy walks by the net quanta of all strokes") {
  // N Var(mean level) grows by two strokes squared per w- R dt of each transition: uptakes and
  // releases are as frequent.
  for (const Process* process : {&shaped_conserving, &two_conserving, &far_conserving}) {
    Levels start_levels = mixed;
    start_levels.insert(start_levels.begin() + 1, process == &far_conserving ? 6 : 0, 0.0);
    MeanFieldNoise noise = noise_of(*process, start_levels);
    const double start = quanta(noise, *process),
                 start_variance = variance_of_quanta(noise, *process);
    const auto diffusion = [&] {
      double sum = 0.0;
      for (std::size_t k = 0; k < process->strides.size(); ++k)
        sum += 2.0 * process->strides[k] * process->strides[k] * process->rates_down[k] *
               mean_of(noise.levels(), releases(*process, k, noise.size()));
      return sum;
    };
    constexpr int intervals = 60;
    constexpr double t = 3.0, dt = t / intervals;
    double walked = 0.0;  // Simpson's rule
    for (int i = 0; i <= intervals; ++i) {
      noise.advance(i * dt);
      walked += diffusion() * dt / 3.0 * (i == 0 || i == intervals ? 1.0 : i % 2 == 0 ? 2.0 : 4.0);
    }
    CHECK(quanta(noise, *process) == doctest::Approx(start).epsilon(1e-6));
    CHECK(variance_of_quanta(noise, *process) ==
          doctest::Approx(start_variance + walked).epsilon(1e-5));
  }
}

TEST_CASE("in equilibrium the particles are independent but for the quanta that they share") {
  const Levels low{0.0, 0.3, 0.6,
                   0.1};  // mean level 0.8: the slowest mode is gone by the time of the check
  for (const Process* process : {&exchange, &shaped_exchange, &bath})
    check_equilibrium(*process, low, 150.0);
  // The factors of these two tests have no density of states in common for two strides.
  for (Process process : {two_exchanges, two_baths}) {
    process.shaped = false;
    check_equilibrium(process, {0.0, 0.0, 0.5, 0.5}, 250.0);
  }
}

TEST_CASE("ensembles under exchange, event by event, scatter as the noise says") {
  check_against_ensembles(exchange, narrow, 3.0, 20240611);
  check_against_ensembles(two_exchanges, narrow, 2.0, 20240612);
}

TEST_CASE("ensembles that meet a bath, event by event, scatter as the noise says") {
  check_against_ensembles(bath, mixed, 2.0, 20240613);
  check_against_ensembles({laws::Bath{0.5, 0.9}, {1}, {1.0}, false}, {0.0, 0.0, 0.0, 0.0, 1.0}, 2.0,
                          20240614);
}

TEST_CASE(
    "ensembles under conserving with factors of the level, event by event, scatter as the noise "
    "says") {
  check_against_ensembles(shaped_conserving, mixed, 2.0, 20240615);
}

TEST_CASE("rates that are given share nothing: no excess, levels as the closed form has them") {
  // n0 = 5, t = 4, w+ = 0.5, w- = 1: the Bessel functions of the transient M/M/1 queue.
  MeanFieldNoise noise({0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0},
                       {{{1.0, 0.5, 1.0}}, laws::Constant{}, laws::Given{}}, {1});
  noise.advance(4.0);
  CHECK(noise.time() == 4.0);
  CHECK(noise.levels()[1] == doctest::Approx(0.13165138286).epsilon(1e-8));
  CHECK(noise.levels()[4] == doctest::Approx(0.16637188280).epsilon(1e-8));
  REQUIRE(noise.excess().size() == noise.size() * noise.size());
  CHECK(std::ranges::all_of(noise.excess(), [](double x) { return x == 0.0; }));
}

TEST_CASE("what lies beyond the factors is taken as their last entry") {
  const laws::StrokeLaw law{{{1.0, 0.0, 1.0}}, laws::Constant{}, laws::Exchange{}};
  const auto after = [&](const LevelFactors& factors) {
    MeanFieldNoise noise(mixed, law, {1}, 1e-5, {factors});
    noise.advance(2.0);
    return std::vector<double>(noise.excess().begin(), noise.excess().end());
  };
  Levels uptake{0.2, 0.5, 0.8}, release{0.0, 0.0, 0.6, 0.9};
  const std::vector<double> cut = after({uptake, release});
  uptake.resize(100, 0.8);
  release.resize(100, 0.9);
  CHECK(after({uptake, release}) == cut);
  uptake.resize(4);
  uptake.resize(100, 0.7);
  CHECK(after({uptake, release}) != cut);
}

TEST_CASE(
    "exchange at rest: the scatter is that of a fixed number of quanta, after any time, at the "
    "cost of none") {
  // Sum over levels of n is fixed: Cov(x, y) is that of independent particles less Cov(x, n) Cov(y,
  // n) / Var(n).
  const laws::StrokeLaw law{{{1.0, 0.0, 1.0}}, laws::Constant{}, laws::Exchange{}};
  for (const double t : {300.0, 3e4}) {
    CAPTURE(t);
    MeanFieldNoise noise({0.0, 0.0, 0.0, 0.0, 1.0}, law, {1});
    noise.advance(t);
    const std::size_t size = noise.size();
    std::vector<double> level(size), high(size);
    double mean = 0.0, square = 0.0, above = 0.0, both = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
      level[i] = static_cast<double>(i) - 1.0;
      high[i] = i > 3 ? 1.0 : 0.0;
      const double p = noise.levels()[i];
      mean += p * level[i];
      square += p * level[i] * level[i];
      above += p * high[i];
      both += p * level[i] * high[i];
    }
    const double covariance = both - mean * above, variance = square - mean * mean;
    CHECK(mean == doctest::Approx(3.0).epsilon(1e-5));
    CHECK(noise.excess_covariance(level, level) == doctest::Approx(-variance).epsilon(1e-4));
    CHECK(noise.excess_covariance(high, high) ==
          doctest::Approx(-covariance * covariance / variance).epsilon(1e-4));
    CHECK(noise.evaluations() < 10000);
  }
}
