#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/run/part.hpp"

namespace powerstroke {

/// A symmetric split of several processes that act at once (G. Strang, SIAM J. Numer. Anal. 5
/// (1968) 506): over each step h the parts act in turn for h/2, the last one for h, and then the
/// others again in the reverse order. Second order in h where each part is exact or of second order
/// itself.
///
///     {kick, flight}          velocity Verlet
///     {kick, flight, bath}    BAOAB (B. Leimkuhler, C. Matthews, Appl. Math. Res. Express 2013,
///     34) {strokes, kick, flight} the split of (16)
///
/// Each part is told its own time: all of them go through the same [t, t + dt]. The first part's
/// last half step and its next first one are one call. Calls of parts that act on each particle
/// alone are made block by block, as many as follow each other: the same calls with the same ticks
/// of the clock, and so the same result, as one after the other for all particles.
template <class Ensemble, class Ledger>
class SymmetricSplit {
 public:
  using Part = powerstroke::Part<Ensemble, Ledger>;

  /// @param step the largest h, > 0. @throws ConfigError if it is not, or if there is no part.
  SymmetricSplit(std::vector<Part> parts, double step) : parts_(std::move(parts)), step_(step) {
    if (parts_.empty()) throw ConfigError("a split has no part: nothing would move");
    if (!(std::isfinite(step) && step > 0.0))
      throw ConfigError("the step of a split is " + std::to_string(step) +
                        "; it must be a positive number");
  }

  /// Cuts dt into equal steps of at most `step`.
  /// @throws AskedToStop (`check_stop`); the ensemble is then somewhere on its way, some of its
  /// particles further than others.
  void advance(Ensemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const {
    const double steps = std::max(1.0, std::ceil(dt / step_ * (1.0 - rounding)));
    const double h = dt / steps;
    const auto count = static_cast<std::size_t>(steps);
    Calls calls(parts_, h, ensemble, clock, ledger);
    if (parts_.size() == 1) {
      for (std::size_t k = 0; k < count; ++k)
        calls.add(0, t + static_cast<double>(k) * h, Length::whole);
      return calls.make();
    }
    calls.add(0, t, Length::half);
    for (std::size_t k = 0; k < count; ++k) {
      const double start = t + static_cast<double>(k) * h, middle = start + 0.5 * h;
      for (std::size_t part = 1; part + 1 < parts_.size(); ++part)
        calls.add(part, start, Length::half);
      calls.add(parts_.size() - 1, start, Length::whole);
      for (std::size_t part = parts_.size() - 1; part-- > 1;) calls.add(part, middle, Length::half);
      calls.add(0, middle, k + 1 < count ? Length::whole : Length::half);
    }
    calls.make();
  }

 private:
  /// dt may be a whole number of steps but for rounding.
  static constexpr double rounding = 1e-12;

  enum class Length { half, whole };

  /// Calls of the parts in their order; those that can be made block by block wait until one comes
  /// that cannot.
  class Calls {
   public:
    Calls(const std::vector<Part>& parts, double h, Ensemble& ensemble, StepClock& clock,
          Ledger& ledger)
        : parts_(parts), h_(h), ensemble_(ensemble), clock_(clock), ledger_(ledger) {
      for (const Part& part : parts) steps_.push_back({part.in_blocks(0.5 * h), part.in_blocks(h)});
    }

    void add(std::size_t part, double t, Length length) {
      const typename Part::Step& step =
          length == Length::half ? steps_[part].half : steps_[part].whole;
      if (step.move) {
        waiting_.push_back({&step, t, clock_.tick(step.ticks)});
        ledger_.steps += step.steps;
        if (waiting_.size() >= most_waiting) make();
      } else {
        make();
        check_stop();
        parts_[part](ensemble_, t, length == Length::half ? 0.5 * h_ : h_, clock_, ledger_);
      }
    }

    void make() {
      if (waiting_.empty()) return;
      ledger_ += parallel::sum_over_blocks<Ledger>(
          ensemble_.size(), [&](std::size_t first, std::size_t last) {
            Ledger block;
            for (const Waiting& call : waiting_) {
              check_stop();
              call.step->move(ensemble_, call.t, call.tick, first, last, block);
            }
            return block;
          });
      waiting_.clear();
    }

   private:
    static constexpr std::size_t most_waiting = 1024;
    struct Waiting {
      const typename Part::Step* step;
      double t;
      std::uint64_t tick;
    };
    struct Steps {
      typename Part::Step half, whole;
    };

    const std::vector<Part>& parts_;
    double h_;
    Ensemble& ensemble_;
    StepClock& clock_;
    Ledger& ledger_;
    std::vector<Steps> steps_;
    std::vector<Waiting> waiting_;
  };

  std::vector<Part> parts_;
  double step_;
};

}  // namespace powerstroke
