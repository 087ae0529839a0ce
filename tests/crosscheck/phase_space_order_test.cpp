#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

/// The order in time of the split of (16), without noise: one start, d = 1, and all that chance can
/// make of it.
namespace {

constexpr double mass = 1.7, delta_e = 1.0, rate_up = 0.6, rate_down = 1.0;
const laws::Microreversible rates{1};

/// Places in phase space, each with its probability.
struct Cloud {
  std::vector<double> x, p, probability;
  std::size_t size() const { return x.size(); }
};

/// What rarer ways could add is rounding.
constexpr double rare = 1e-13;

/// Probabilities of E + j delta_e after a time h, j = lowest ..., by uniformization: the exact law
/// of the strokes.
std::vector<double> strokes_law(double energy, double h, int lowest, int highest) {
  const auto count = static_cast<std::size_t>(highest - lowest + 1);
  std::vector<double> now(count, 0.0), law(count, 0.0);
  now[static_cast<std::size_t>(-lowest)] = 1.0;
  const double total = rate_up + rate_down;
  double poisson = std::exp(-total * h);
  for (int k = 1; k < total * h || poisson > 1e-18; ++k) {
    std::vector<double> next(count, 0.0);
    for (std::size_t j = 0; j < count; ++j) {
      law[j] += poisson * now[j];
      const double e = energy + (lowest + static_cast<int>(j)) * delta_e;
      const double up = j + 1 < count ? rate_up * rates.uptake(e, delta_e) / total : 0.0;
      const double down =
          j > 0 && e > delta_e ? rate_down * rates.release(e, delta_e) / total : 0.0;
      if (up > 0.0) next[j + 1] += up * now[j];
      if (down > 0.0) next[j - 1] += down * now[j];
      next[j] += (1.0 - up - down) * now[j];
    }
    now = next;
    poisson *= total * h / k;
  }
  return law;
}

/// A place becomes the places that strokes lead to.
void branch(Cloud& cloud, double, double h, StepClock&, Ledger&) {
  Cloud next;
  for (std::size_t i = 0; i < cloud.x.size(); ++i) {
    const double energy = cloud.p[i] * cloud.p[i] / (2.0 * mass);
    const int lowest = -static_cast<int>(std::ceil(energy / delta_e)) + 1, highest = 12;
    const std::vector<double> law = strokes_law(energy, h, lowest, highest);
    for (std::size_t j = 0; j < law.size(); ++j) {
      const double probability = cloud.probability[i] * law[j];
      if (probability < rare) continue;
      const double e = energy + (lowest + static_cast<int>(j)) * delta_e;
      next.x.push_back(cloud.x[i]);
      next.p.push_back(cloud.p[i] * std::sqrt(e / energy));
      next.probability.push_back(probability);
    }
  }
  cloud = std::move(next);
}

/// A kernel of phase space on all places.
template <class K>
SymmetricSplit<Cloud, Ledger>::Part on_places(K kernel) {
  return [kernel](Cloud& cloud, double t, double h, StepClock& clock, Ledger& ledger) {
    PhaseEnsemble ensemble(1, {{cloud.x.size(), mass}});
    std::copy(cloud.x.begin(), cloud.x.end(), ensemble.positions(0).begin());
    std::copy(cloud.p.begin(), cloud.p.end(), ensemble.momenta(0).begin());
    kernel.advance(ensemble, t, h, clock, ledger);
    cloud.x.assign(ensemble.positions(0).begin(), ensemble.positions(0).end());
    cloud.p.assign(ensemble.momenta(0).begin(), ensemble.momenta(0).end());
  };
}

/// Averages that tell the law at the end: <x>, <p>, <x^2>, <xp>, <p^2>.
using Averages = std::array<double, 5>;

std::array<double, 5> observables(double x, double p) { return {x, p, x * x, x * p, p * p}; }

Averages averages(const Cloud& cloud) {
  Averages sum{};
  for (std::size_t i = 0; i < cloud.x.size(); ++i)
    for (std::size_t k = 0; k < sum.size(); ++k)
      sum[k] += cloud.probability[i] * observables(cloud.x[i], cloud.p[i])[k];
  return sum;
}

/// Far enough from E = delta_e, where releases begin to be allowed, that no way of the tree crosses
/// it while it flies.
constexpr double x_start = 0.3, energy_start = 2.5;

Averages split_averages(const laws::AnyPotential& potential, double t, int steps) {
  Cloud cloud{{x_start}, {std::sqrt(2.0 * mass * energy_start)}, {1.0}};
  StepClock clock;
  Ledger ledger;
  SymmetricSplit<Cloud, Ledger>({branch, on_places(Kick(potential)), on_places(Flight())},
                                t / steps)
      .advance(cloud, 0.0, t, clock, ledger);
  return averages(cloud);
}

double distance(const Averages& a, const Averages& b) {
  double square = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) square += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(square);
}

}  // namespace

TEST_CASE("strokes and drift: the split is of second order in the step") {
  constexpr double t = 0.4;
  for (const laws::AnyPotential& potential :
       {laws::AnyPotential(laws::Harmonic{0.5}), laws::AnyPotential(laws::DoubleWell{0.2, 1.2})}) {
    std::array<Averages, 4> at;
    for (std::size_t k = 0; k < at.size(); ++k) at[k] = split_averages(potential, t, 1 << k);
    const double coarse = std::log2(distance(at[0], at[1]) / distance(at[1], at[2]));
    const double fine = std::log2(distance(at[1], at[2]) / distance(at[2], at[3]));
    MESSAGE("steps of ", t, " to ", t / 8, ": differences ", distance(at[0], at[1]), ", ",
            distance(at[1], at[2]), ", ", distance(at[2], at[3]), "; order ", coarse, ", then ",
            fine);
    // a h^2 + b h^4: the apparent order comes four times as near with each halving.
    CHECK(std::abs(coarse - 2.0) < 0.3);
    CHECK(std::abs(fine - 2.0) < 0.5 * std::abs(coarse - 2.0));
  }
}

TEST_CASE("strokes and drift: particles follow the split's own law, at a step that shows") {
  constexpr double t = 2.0;
  constexpr std::size_t particles = 400'000;
  const laws::Harmonic well{1.2};
  // Two steps: the strokes act at three moments, and from here ways do cross E = delta_e.
  const Averages expected = split_averages(well, t, 2), half = split_averages(well, t, 4);
  PhaseEnsemble ensemble(1, {{particles, mass}});
  for (std::size_t i = 0; i < particles; ++i) {
    ensemble.positions(0)[i] = x_start;
    ensemble.momenta(0)[i] = std::sqrt(2.0 * mass * energy_start);
  }
  StepClock clock;
  Ledger ledger;
  const laws::StrokeLaw law{{{delta_e, rate_up, rate_down}}, rates, laws::Given{}};
  PhaseSplit({phase_part(SpeciesKernel(PoissonStrokes(law, 5), 0)), phase_part(Kick(well)),
              phase_part(Flight())},
             t / 2)
      .advance(ensemble, 0.0, t, clock, ledger);
  Averages sum{}, squares{};
  for (std::size_t i = 0; i < particles; ++i) {
    const auto value = observables(ensemble.positions(0)[i], ensemble.momenta(0)[i]);
    for (std::size_t k = 0; k < value.size(); ++k) {
      sum[k] += value[k];
      squares[k] += value[k] * value[k];
    }
  }
  double of_half = 0.0;
  constexpr double n = particles;
  for (std::size_t k = 0; k < sum.size(); ++k) {
    const double mean = sum[k] / n, error = std::sqrt((squares[k] / n - mean * mean) / n);
    CHECK(std::abs(mean - expected[k]) < test_support::largest_deviate(5) * error);
    of_half = std::max(of_half, std::abs(mean - half[k]) / error);
  }
  // Half the step is another law.
  CHECK(of_half > test_support::largest_deviate(5));
}
