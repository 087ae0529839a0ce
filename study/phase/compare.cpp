#include "powerstroke/study/phase/compare.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "powerstroke/study/phase/setup.hpp"
#include "powerstroke/study/run/tally.hpp"

namespace powerstroke::study {
namespace {

bool scatter_is_known(const RunResult& run, const PhaseSide& side) {
  return independence(run.config, side.name) != Independence::unknown;
}

bool same_grid(const Config& a, const Config& b) {
  const auto &x = a.phase_space->grid, &y = b.phase_space->grid;
  return x && y && x->x_low == y->x_low && x->x_high == y->x_high && x->p_low == y->p_low &&
         x->p_high == y->p_high && x->x_cells == y->x_cells && x->p_cells == y->p_cells;
}

/// Not what hangs on the step of the integrator or on the cells.
bool comparable(const Quantity& quantity, const Config& a, const Config& b) {
  if (quantity.key == "work") return std::holds_alternative<laws::Trap>(a.phase_space->potential);
  return quantity.key != "entropy_of_cells" || same_grid(a, b);
}

void compare_sides(const PhaseSide& x, const PhaseSide& y, const RunResult& a, const RunResult& b,
                   Tally& tally) {
  const auto pairs = common_times(a.series.t, b.series.t);
  for (const Quantity& quantity : x.quantities) {
    const Quantity* const other = y.quantity(quantity.key);
    if (other == nullptr || !comparable(quantity, a.config, b.config)) continue;
    for (const auto& [i, j] : pairs) {
      const double error = std::hypot(quantity.errors[i], other->errors[j]);
      if (error > 0.0)
        tally.add_normal(x.name + ": " + quantity.key, a.series.t[i],
                         quantity.values[i] - other->values[j],
                         with_rounding(error, quantity.values[i]));
    }
  }
  if (a.series.t.back() != b.series.t.back()) return;
  for (const Marginal& marginal : x.marginals) {
    const auto other = std::ranges::find(y.marginals, marginal.name, &Marginal::name);
    if (other == y.marginals.end() || other->edges != marginal.edges) continue;
    tally.add_chi_square(x.name + ": end of " + marginal.name, a.series.t.back(),
                         analysis::chi_square_two_samples(marginal.counts, marginal.total,
                                                          other->counts, other->total, nullptr));
  }
}

ResultComparison not_comparable(std::string why) {
  ResultComparison comparison;
  comparison.why = std::move(why);
  return comparison;
}

}  // namespace

ResultComparison compare_phase_space(const RunResult& a, const RunResult& b) {
  if (!a.phase_space || !b.phase_space)
    return not_comparable("only one of the results has positions");
  const auto is_unknown = [](const RunResult& run) {
    return !scatter_is_known(run, run.phase_space->sides.front());
  };
  if (is_unknown(a) || is_unknown(b))
    return not_comparable(
        "particles share their rates, collide or exchange away from equilibrium, and in phase "
        "space it is not known how far "
        "that makes them scatter; several seeds show it");
  Tally tally;
  if (std::min(a.config.ensemble.particles, b.config.ensemble.particles) >= few_particles)
    for (const PhaseSide& side : a.phase_space->sides) {
      const auto other = std::ranges::find(b.phase_space->sides, side.name, &PhaseSide::name);
      if (other != b.phase_space->sides.end() && scatter_is_known(a, side) &&
          scatter_is_known(b, *other))
        compare_sides(side, *other, a, b, tally);
    }
  return std::move(tally).verdict();
}

}  // namespace powerstroke::study
