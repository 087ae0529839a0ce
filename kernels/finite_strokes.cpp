#include "powerstroke/kernels/finite_strokes.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/threshold.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/kernels/laws/stroke_force.hpp"
#include "powerstroke/kernels/sampling/stroke_checks.hpp"

namespace powerstroke {
namespace {

/// Below this share of a stroke's energy a particle is at rest: its direction is lost in rounding.
constexpr double rest = 1e-200;

/// Candidate strokes of an idle particle: their total rate, and what becomes of one.
template <class Rates>
class Candidates {
 public:
  Candidates(const std::vector<laws::Transition>& transitions, const Rates& rates)
      : transitions_(transitions), rates_(rates) {
    for (const laws::Transition& transition : transitions) {
      bound_.push_back(rates.bound(transition.delta_e));
      total_ += (transition.rate_up + transition.rate_down) * bound_.back();
    }
  }

  double total() const { return total_; }

  /// @param choice uniform in [0, total). @returns the energy of the stroke that begins, 0 if none
  /// does.
  double stroke(double choice, double energy, StrokeCounts& ledger) const {
    for (std::size_t k = 0; k < transitions_.size(); ++k) {
      const auto& [delta_e, up, down] = transitions_[k];
      if (choice < up * bound_[k]) {
        if (choice >= up * within(rates_.uptake(energy, delta_e), bound_[k])) {
          ++ledger.declined_uptakes;
          return 0.0;
        }
        ledger.book_uptake(k);
        return delta_e;
      }
      choice -= up * bound_[k];
      if (choice < down * bound_[k]) {
        if (!lies_above(energy, delta_e)) {
          ++ledger.blocked;
          return 0.0;
        }
        if (choice >= down * within(rates_.release(energy, delta_e), bound_[k])) {
          ++ledger.declined_releases;
          return 0.0;
        }
        ledger.book_release(k);
        return -delta_e;
      }
      choice -= down * bound_[k];
    }
    return 0.0;  // a rounding above the sum of the rates
  }

 private:
  static double within(double factor, double bound) {
    if (!(factor <= bound))
      throw NumericsError("a rates law has the factor " + std::to_string(factor) +
                          " above its bound " + std::to_string(bound));
    return factor;
  }

  const std::vector<laws::Transition>& transitions_;
  const Rates& rates_;
  std::vector<double> bound_;
  double total_ = 0.0;
};

/// One step of a particle, random numbers aside.
struct Step {
  const StrokedMomenta& particles;
  double dt, window;
  std::uint64_t seed, step;
  bool moves;  ///< the particles are ours to move

  void give(std::size_t i, double energy) const {
    const MomentumView& momenta = particles.momenta;
    const double whole = std::abs(particles.stroke[i]), before = momenta.energy(i);
    const double magnitude = momentum_magnitude(std::max(0.0, before + energy), momenta.mass());
    if (before >= rest * whole) {
      const double scale = magnitude / momentum_magnitude(before, momenta.mass());
      for (int axis = 0; axis < momenta.dimension(); ++axis) momenta.component(i, axis) *= scale;
      return;
    }
    const Vector direction = isotropic_direction(seed, momenta.first_id() + i, step,
                                                 Purpose::direction_at_rest, momenta.dimension());
    for (int axis = 0; axis < momenta.dimension(); ++axis)
      momenta.component(i, axis) = magnitude * direction[static_cast<std::size_t>(axis)];
  }

  /// Something else has slowed the particle: it has less than the release under way still takes.
  bool waits(std::size_t i) const {
    const double stroke = particles.stroke[i], due = stroke * (particles.remaining[i] / window);
    return stroke < 0.0 && particles.momenta.energy(i) + due < energy_roundings * stroke;
  }

  /// Runs the stroke under way for at most `left`. @returns how long it took of that.
  double run(std::size_t i, double left) const {
    if (particles.stroke[i] == 0.0) return 0.0;
    if (moves && waits(i)) return left;
    const double lasts = std::min(particles.remaining[i], left);
    if (moves) give(i, particles.stroke[i] * (lasts / window));
    particles.remaining[i] -= lasts;
    if (particles.remaining[i] == 0.0) particles.stroke[i] = 0.0;
    return lasts;
  }

  template <class Rates>
  void operator()(std::size_t i, const Candidates<Rates>& candidates, StrokeCounts& ledger) const {
    double now = run(i, dt);
    Stream stream(seed, particles.momenta.first_id() + i, step, Purpose::finite_strokes);
    // A waiting time that reaches beyond the step is thrown away: the exponential law has no
    // memory.
    while (particles.stroke[i] == 0.0 && now < dt && candidates.total() > 0.0) {
      now -= std::log(unit_interval_open_closed(stream())) / candidates.total();
      if (now >= dt) return;
      const double choice = unit_interval_closed_open(stream()) * candidates.total();
      particles.stroke[i] = candidates.stroke(choice, particles.momenta.energy(i), ledger);
      particles.remaining[i] = particles.stroke[i] == 0.0 ? 0.0 : window;
      if (moves) now += run(i, dt - now);
    }
  }
};

void step_all(const laws::StrokeLaw& law, const Step& step, Ledger& ledger) {
  std::visit(
      [&](const auto& rates) {
        const Candidates candidates(law.transitions, rates);
        ledger += parallel::sum_over_blocks<StrokeCounts>(
            step.particles.momenta.size(), [&](std::size_t first, std::size_t last) {
              StrokeCounts moved;
              for (std::size_t i = first; i < last; ++i) step(i, candidates, moved);
              return moved;
            });
      },
      law.rates);
  ++ledger.steps;
}

}  // namespace

FiniteStrokes::FiniteStrokes(laws::StrokeLaw law, double window, std::uint64_t seed)
    : law_(std::move(law)), window_(window), seed_(seed) {
  if (!laws::has_given_rates(law_.balance))
    throw ConfigError(
        "strokes that last need rates that are given: the balances fixed and thermal");
  check_law(law_);
  if (!(std::isfinite(window) && window > 0.0))
    throw ConfigError("the window of a stroke is " + std::to_string(window) +
                      "; it must be a positive number");
}

void FiniteStrokes::check(const StrokedMomenta& particles, double dt) const {
  const std::size_t size = particles.momenta.size();
  if (particles.stroke.size() != size || particles.remaining.size() != size)
    throw ConfigError("strokes that last: " + std::to_string(size) + " momenta, but " +
                      std::to_string(particles.stroke.size()) + " strokes under way and " +
                      std::to_string(particles.remaining.size()) +
                      " times left; they must be equally many");
  check_amount(law_, dt);
  checked_spacing(law_, particles.momenta);
}

void FiniteStrokes::advance(const StrokedMomenta& particles, double, double dt, StepClock& clock,
                            Ledger& ledger) const {
  check(particles, dt);
  step_all(law_, {particles, dt, window_, seed_, clock.tick(), true}, ledger);
}

void FiniteStrokes::pass_time(const StrokedMomenta& particles, double, double dt, StepClock& clock,
                              Ledger& ledger) const {
  check(particles, dt);
  step_all(law_, {particles, dt, window_, seed_, clock.tick(), false}, ledger);
}

Vector FiniteStrokes::force(const StrokedMomenta& particles, std::size_t particle,
                            double dt) const {
  const double stroke = particles.stroke[particle], remaining = particles.remaining[particle];
  if (stroke == 0.0) return {};
  const MomentumView& momenta = particles.momenta;
  const double energy = momenta.energy(particle);
  if (energy < rest * std::abs(stroke))
    throw NumericsError("the force of a stroke on particle " + std::to_string(particle) +
                        ", which is at rest, has no direction and no bound");
  const double share = dt > remaining ? remaining / dt : 1.0;
  const double magnitude = momentum_magnitude(energy, momenta.mass());
  const double along =
      laws::StrokeForce{share * stroke / window_}.along_velocity(magnitude / momenta.mass());
  Vector force{};
  for (int axis = 0; axis < momenta.dimension(); ++axis)
    force[static_cast<std::size_t>(axis)] = along * momenta.component(particle, axis) / magnitude;
  return force;
}

double FiniteStrokes::still_due(const StrokedMomenta& particles) const {
  return parallel::sum_over_blocks<double>(
      particles.stroke.size(), [&](std::size_t first, std::size_t last) {
        double due = 0.0;
        for (std::size_t i = first; i < last; ++i)
          due += particles.stroke[i] * (particles.remaining[i] / window_);
        return due;
      });
}

}  // namespace powerstroke
