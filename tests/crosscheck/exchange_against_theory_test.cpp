#include <doctest/doctest.h>

#include <algorithm>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <vector>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/kernels/pair_strokes.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

/// Exchange among N particles: exact for every N, and the nonlinear equation as N grows.
namespace {

using Levels = std::vector<int>;

laws::StrokeLaw exchange() {
  laws::StrokeLaw law;
  law.transitions = {{1.0, 0.0, 1.0}};
  law.balance = laws::Exchange{};
  return law;
}

/// All ways to put the quanta on so many particles, which of them has how many being forgotten:
/// descending levels.
std::vector<Levels> partitions(int particles, int quanta) {
  std::vector<Levels> all;
  Levels now;
  const std::function<void(int, int)> place = [&](int left, int most) {
    if (static_cast<int>(now.size()) == particles) {
      if (left == 0) all.push_back(now);
      return;
    }
    for (int n = std::min(left, most); n >= 0; --n) {
      now.push_back(n);
      place(left - n, n);
      now.pop_back();
    }
  };
  place(quanta, quanta);
  return all;
}

/// The mean fraction of N particles on level 1 and above, at t, all having started on level 2: by
/// the master equation of the whole ensemble's states.
double exact_phi(int particles, double t) {
  const std::vector<Levels> states = partitions(particles, 2 * particles);
  std::map<Levels, std::size_t> index;
  for (std::size_t i = 0; i < states.size(); ++i) index[states[i]] = i;
  struct Flow {
    std::size_t from, to;
    double rate;
  };
  std::vector<Flow> flows;
  for (std::size_t s = 0; s < states.size(); ++s)
    for (std::size_t giver = 0; giver < states[s].size(); ++giver)
      for (std::size_t taker = 0; taker < states[s].size(); ++taker) {
        if (giver == taker || states[s][giver] < 1) continue;
        Levels next = states[s];
        --next[giver];
        ++next[taker];
        std::sort(next.begin(), next.end(), std::greater<>());
        flows.push_back({s, index.at(next), 1.0 / (particles - 1)});
      }
  std::vector<double> p(states.size(), 0.0);
  p[index.at(Levels(static_cast<std::size_t>(particles), 2))] = 1.0;
  namespace odeint = boost::numeric::odeint;
  odeint::integrate_adaptive(
      odeint::make_controlled(1e-12, 1e-12, odeint::runge_kutta_dopri5<std::vector<double>>()),
      [&](const std::vector<double>& x, std::vector<double>& change, double) {
        std::fill(change.begin(), change.end(), 0.0);
        for (const Flow& flow : flows) {
          const double moved = flow.rate * x[flow.from];
          change[flow.from] -= moved;
          change[flow.to] += moved;
        }
      },
      p, 0.0, t, 0.01);
  double phi = 0.0;
  for (std::size_t s = 0; s < states.size(); ++s)
    phi += p[s] *
           static_cast<double>(
               std::count_if(states[s].begin(), states[s].end(), [](int n) { return n >= 1; })) /
           particles;
  return phi;
}

}  // namespace

TEST_CASE("exchange converges to the nonlinear equation as 1/N") {
  constexpr double t = 3.0;
  theory::MasterEquation equation(theory::initial_populations({laws::DeltaEnergy{2.5}}, 1.0),
                                  exchange(), 1e-12);
  equation.advance(t);
  const double limit = theory::phi(equation.populations());
  std::vector<double> apart;
  for (const int particles : {3, 6, 12}) apart.push_back(exact_phi(particles, t) - limit);
  const double coarse = std::log2(apart[0] / apart[1]), fine = std::log2(apart[1] / apart[2]);
  MESSAGE("phi of 3, 6, 12 particles is ", apart[0], ", ", apart[1], ", ", apart[2], " from ",
          limit, ": orders ", coarse, ", ", fine);
  // The order itself approaches 1 as 1/N: extrapolated, it is 1 up to the next order.
  CHECK(std::abs(fine - 1.0) < std::abs(coarse - 1.0));
  CHECK(std::abs(2.0 * fine - coarse - 1.0) < 0.05);
}

TEST_CASE(
    "exchange: the kernel's transient is that of the whole ensemble's master equation, not of the "
    "limit") {
  constexpr double t = 3.0;
  constexpr int particles = 3, replicas = 200'000;
  std::uint64_t above = 0;
  double squares = 0.0;
  for (int replica = 0; replica < replicas; ++replica) {
    LadderEnsemble ensemble(1.0, particles);
    for (std::size_t i = 0; i < particles; ++i) ensemble.set_energy(i, 2.5);
    StepClock clock;
    Ledger ledger;
    ExchangeStrokes(exchange(), static_cast<std::uint64_t>(replica))
        .advance(ensemble, 0.0, t, clock, ledger);
    std::uint64_t here = 0;
    for (const std::int32_t level : ensemble.view().level) here += level >= 1 ? 1U : 0U;
    above += here;
    squares += static_cast<double>(here * here);
  }
  const double mean = static_cast<double>(above) / replicas,
               variance = squares / replicas - mean * mean;
  const double z = (mean - particles * exact_phi(particles, t)) / std::sqrt(variance / replicas);
  MESSAGE("z = ", z);
  CHECK(std::abs(z) < test_support::largest_deviate(1));
}
