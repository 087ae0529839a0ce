#include "powerstroke/analysis/theory/noise_equations.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {
namespace {

/// Where a release of this stride is possible, by index level + 1: from level >= stride.
constexpr std::size_t first_release(std::size_t stride) { return stride + 1; }
static_assert(can_release(static_cast<int>(first_release(1)) + lowest_level) &&
              !can_release(static_cast<int>(first_release(1)) + lowest_level - 1));

/// The entries of a factor on a ladder, 0 below the first.
std::vector<double> on_ladder(const std::vector<double>& factor, std::size_t first,
                              std::size_t levels) {
  std::vector<double> result(levels);
  for (std::size_t i = first; i < levels; ++i) result[i] = factor[std::min(i, factor.size() - 1)];
  return result;
}

double dot(std::span<const double> x, std::span<const double> y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}

/// to += c x.
void add(double c, const double* x, double* to, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] += c * x[i];
}

/// The indices i for which i + offset is one of [first, last), too.
std::pair<std::size_t, std::size_t> overlap(std::ptrdiff_t offset, std::size_t first,
                                            std::size_t last) {
  const std::size_t shift = std::min(static_cast<std::size_t>(std::abs(offset)), last - first);
  return offset < 0 ? std::pair{first + shift, last} : std::pair{first, last - shift};
}

}  // namespace

double fastest_rate(const laws::StrokeLaw& law) {
  const double rate = laws::attempt_rate(law);
  return laws::is<laws::Bath>(law.balance) ? rate * (1.0 + 1.0 / law.bath().systems_per_particle)
                                           : rate;
}

NoiseEquations::NoiseEquations(const laws::StrokeLaw& law, const std::vector<std::int32_t>& strides,
                               const std::vector<LevelFactors>& factors, std::size_t levels)
    : balance_(law.balance),
      systems_per_particle_(law.bath().systems_per_particle),
      levels_(levels),
      baths_(laws::is<laws::Bath>(law.balance) ? law.transitions.size() : 0),
      leading_(baths_ + 2 * law.transitions.size()),
      coordinates_(leading_ + levels) {
  POWERSTROKE_EXPECT(strides.size() == law.transitions.size() && factors.size() == strides.size());
  generator_.push_back({0, State(coordinates_)});
  for (std::size_t k = 0; k < strides.size(); ++k) {
    const auto stride = static_cast<std::size_t>(strides[k]);
    channels_.push_back({law.transitions[k], stride, on_ladder(factors[k].uptake, 0, levels),
                         on_ladder(factors[k].release, first_release(stride), levels)});
    generator_.push_back({-static_cast<std::ptrdiff_t>(stride), State(coordinates_)});
    generator_.push_back({static_cast<std::ptrdiff_t>(stride), State(coordinates_)});
  }
}

void NoiseEquations::operator()(const State& state, State& change, double) {
  set_coefficients(std::span(state).first(coordinates_), change.data());
  excess_change(state.data(), state.data() + coordinates_, change.data() + coordinates_);
}

void NoiseEquations::set_coefficients(std::span<const double> y, double* change) {
  std::fill_n(change, coordinates_, 0.0);
  std::fill(generator_.front().from.begin(), generator_.front().from.end(), 0.0);
  terms_.clear();
  counts_.clear();
  for (std::size_t k = 0; k < channels_.size(); ++k) add_transition(k, y, change);
}

NoiseEquations::State NoiseEquations::drift(std::span<const double> y) {
  State change(coordinates_);
  set_coefficients(y, change.data());
  return change;
}

LinearNoise NoiseEquations::linearised(std::span<const double> y) {
  const std::size_t n = coordinates_;
  LinearNoise linear{drift(y), State(n * n), State(n * n)};
  for (const Diagonal& diagonal : generator_) {
    const auto [first, last] = overlap(diagonal.offset, leading_, n);
    for (std::size_t i = first; i < last; ++i)
      linear.jacobian[i * n + static_cast<std::size_t>(static_cast<std::ptrdiff_t>(i) +
                                                       diagonal.offset)] += diagonal.from[i];
  }
  for (const Term& term : terms_)
    for (std::size_t i = 0; i < n; ++i)
      add(term.g[i], term.b.data(), linear.jacobian.data() + i * n, n);
  for (const Count& count : counts_)
    add(1.0, count.b.data(), linear.jacobian.data() + count.axis * n, n);
  for (const auto& [along, with] : shared_sources(y))
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        linear.noise[i * n + j] += along[i] * with[j] + with[i] * along[j];
  for (const auto& [axis, with] : count_sources(y)) {
    add(1.0, with.data(), linear.noise.data() + axis * n, n);
    for (std::size_t i = 0; i < n; ++i) linear.noise[i * n + axis] += with[i];
  }
  return linear;
}

void NoiseEquations::set_coefficients(std::span<const double> y) {
  State change(coordinates_);
  set_coefficients(y, change.data());
}

void NoiseEquations::apply(const double* x, double* out) const {
  std::fill_n(out, coordinates_, 0.0);
  for (const Diagonal& diagonal : generator_) {
    const auto [first, last] = overlap(diagonal.offset, leading_, coordinates_);
    const double* const from = x + diagonal.offset;
    for (std::size_t i = first; i < last; ++i) out[i] += diagonal.from[i] * from[i];
  }
  const std::span<const double> all(x, coordinates_);
  for (const Term& term : terms_) add(dot(term.b, all), term.g.data(), out, coordinates_);
  for (const Count& count : counts_) out[count.axis] += dot(count.b, all);
}

std::vector<NoiseEquations::Source> NoiseEquations::shared_sources(
    std::span<const double> y) const {
  std::vector<Source> found;
  for (const Term& term : terms_)
    found.push_back({term.g, paired_with_levels(term.b, term.d, y.data())});
  return found;
}

std::vector<NoiseEquations::CountSource> NoiseEquations::count_sources(
    std::span<const double> y) const {
  std::vector<CountSource> found;
  for (const Count& count : counts_)
    found.push_back({count.axis, paired_with_levels(count.b, count.d, y.data())});
  return found;
}

double NoiseEquations::operations_an_entry() const {
  // Of a diagonal along the row and along the column, of a term g v^T + v g^T and its X b, of a
  // count's X b.
  return 4.0 * static_cast<double>(generator_.size()) + 6.0 * static_cast<double>(terms_.size()) +
         2.0 * static_cast<double>(counts_.size()) + 3.0;
}

void NoiseEquations::add_transition(std::size_t k, std::span<const double> y, double* change) {
  const auto& [transition, stride, uptake, release] = channels_[k];
  const std::span<const double> p = y.subspan(leading_);
  const laws::MeanFactors mean{dot(uptake, p), dot(release, p)};
  const laws::RatePair w = laws::closed_rates(balance_, transition, mean,
                                              baths_ == 0 ? 0.0 : y[k] / systems_per_particle_);

  State &stay = generator_[0].from, &from_below = generator_[2 * k + 1].from,
        &from_above = generator_[2 * k + 2].from;
  State uptake_flow(coordinates_), release_flow(coordinates_);  // at unit rate
  for (std::size_t i = 0; i < levels_; ++i) {
    const std::size_t at = leading_ + i;
    stay[at] -= w.down * release[i];
    release_flow[at] -= release[i] * p[i];
    if (i + stride < levels_) {
      stay[at] -= w.up * uptake[i];
      uptake_flow[at] -= uptake[i] * p[i];
      from_below[at + stride] = w.up * uptake[i];
      uptake_flow[at + stride] += uptake[i] * p[i];
    }
    if (i >= stride) {
      from_above[at - stride] = w.down * release[i];
      release_flow[at - stride] += release[i] * p[i];
    }
  }
  add(w.up, uptake_flow.data(), change, coordinates_);
  add(w.down, release_flow.data(), change, coordinates_);
  if (baths_ > 0) change[k] += w.down * mean.release - w.up * mean.uptake;
  change[baths_ + k] += w.up * mean.uptake;
  change[baths_ + channels_.size() + k] += w.down * mean.release;
  add_counts(k, mean, w, uptake_flow, release_flow);
  add_terms(k, mean, w, std::move(uptake_flow), std::move(release_flow));
}

void NoiseEquations::add_terms(std::size_t k, laws::MeanFactors mean, laws::RatePair w,
                               State uptake_flow, State release_flow) {
  const auto& [transition, stride, uptake, release] = channels_[k];
  const State nothing(coordinates_);
  State by_uptake = nothing, by_release = nothing;
  if (laws::has_given_rates(balance_)) return;
  if (laws::is<laws::Conserving>(balance_)) {
    if (mean.uptake == 0.0) return;
    add_levels(by_release, w.down / mean.uptake, release);
    add_levels(by_release, -w.up / mean.uptake, uptake);
    terms_.push_back({std::move(uptake_flow), std::move(by_release), nothing});
  } else if (laws::is<laws::Exchange>(balance_)) {
    add_levels(by_release, transition.rate_down, release);
    add_levels(by_uptake, transition.rate_down, uptake);
    State both = nothing;
    add(transition.rate_down, uptake_flow.data(), both.data(), coordinates_);
    terms_.push_back({std::move(uptake_flow), std::move(by_release), nothing});
    terms_.push_back({std::move(release_flow), std::move(by_uptake), std::move(both)});
  } else {
    const double per_excited = transition.rate_down / systems_per_particle_;
    State by_excited = nothing, excited = nothing, strokes = nothing, scatter = nothing;
    excited[k] = 1.0;
    add(per_excited, uptake_flow.data(), by_excited.data(), coordinates_);
    add(-per_excited, release_flow.data(), by_excited.data(), coordinates_);
    by_excited[k] = -per_excited * (mean.uptake + mean.release);
    add_levels(strokes, w.down, release);
    add_levels(strokes, -w.up, uptake);
    add(w.down, release_flow.data(), scatter.data(), coordinates_);
    add(-w.up, uptake_flow.data(), scatter.data(), coordinates_);
    scatter[k] = 0.5 * (w.up * mean.uptake + w.down * mean.release);
    terms_.push_back({std::move(by_excited), excited, nothing});
    terms_.push_back({std::move(excited), std::move(strokes), std::move(scatter)});
  }
}

/// The numbers of uptakes and of releases of a transition: each is the axis g of a term, whose b
/// says how its rate follows the coordinates, and whose d what an event does to them, itself with a
/// half.
void NoiseEquations::add_counts(std::size_t k, laws::MeanFactors mean, laws::RatePair w,
                                const State& uptake_flow, const State& release_flow) {
  const auto& [transition, stride, uptake, release] = channels_[k];
  const State nothing(coordinates_);
  Count up{baths_ + k, nothing, nothing}, down{baths_ + channels_.size() + k, nothing, nothing};
  up.d[up.axis] = 0.5 * w.up * mean.uptake;
  down.d[down.axis] = 0.5 * w.down * mean.release;
  add(w.up, uptake_flow.data(), up.d.data(), coordinates_);
  add(w.down, release_flow.data(), down.d.data(), coordinates_);
  if (laws::has_given_rates(balance_)) {
    add_levels(up.b, w.up, uptake);
    add_levels(down.b, w.down, release);
  } else if (laws::is<laws::Conserving>(balance_)) {  // w+ U = w- R
    add_levels(up.b, w.down, release);
    add_levels(down.b, w.down, release);
  } else if (laws::is<laws::Exchange>(balance_)) {  // one event is both
    add(w.down, release_flow.data(), up.d.data(), coordinates_);
    add(w.up, uptake_flow.data(), down.d.data(), coordinates_);
    for (Count* count : {&up, &down}) {
      add_levels(count->b, w.up, uptake);
      add_levels(count->b, w.down, release);
    }
  } else {
    const double per_excited = transition.rate_down / systems_per_particle_;
    add_levels(up.b, w.up, uptake);
    add_levels(down.b, w.down, release);
    up.b[k] = per_excited * mean.uptake;
    down.b[k] = -per_excited * mean.release;
    up.d[k] = -w.up * mean.uptake;
    down.d[k] = w.down * mean.release;
  }
  counts_.push_back(std::move(up));
  counts_.push_back(std::move(down));
}

void NoiseEquations::add_levels(State& on, double c, const std::vector<double>& x) const {
  add(c, x.data(), on.data() + leading_, levels_);
}

NoiseEquations::State NoiseEquations::paired_with_levels(const State& b_all, const State& d,
                                                         const double* y) const {
  State result = d;
  const std::span<const double> p(y + leading_, levels_), b(b_all.data() + leading_, levels_);
  const double mean = dot(p, b);
  for (std::size_t i = 0; i < levels_; ++i) result[leading_ + i] += p[i] * (b[i] - mean);
  return result;
}

NoiseEquations::State NoiseEquations::paired_with(const State& b_all, const State& d,
                                                  const double* y, const double* excess) const {
  State result = paired_with_levels(b_all, d, y);
  if (laws::has_given_rates(balance_)) {  // b has levels alone, and between these X is 0
    for (std::size_t i = 0; i < leading_; ++i)
      result[i] += dot(b_all, std::span(excess + i * coordinates_, coordinates_));
    return result;
  }
  for (std::size_t i = 0; i < coordinates_; ++i)  // X is symmetric: its columns are its rows
    if (b_all[i] != 0.0) add(b_all[i], excess + i * coordinates_, result.data(), coordinates_);
  return result;
}

/// L X + X L^T + terms. X is symmetric, so X L^T is the same stencil along a row as L X is along a
/// column; the two are summed in the same order, so that the change is symmetric.
void NoiseEquations::excess_change(const double* y, const double* excess, double* change) {
  std::vector<State> pairs, of_counts;
  for (const Term& term : terms_) pairs.push_back(paired_with(term.b, term.d, y, excess));
  for (const Count& count : counts_) of_counts.push_back(paired_with(count.b, count.d, y, excess));
  State along_column(coordinates_), along_row(coordinates_);
  StopPacer pace;
  for (std::size_t i = 0; i < rows(); ++i) {
    pace(generator_.size() * coordinates_);
    const double* row = excess + i * coordinates_;
    std::fill(along_column.begin(), along_column.end(), 0.0);
    std::fill(along_row.begin(), along_row.end(), 0.0);
    for (const Diagonal& diagonal : generator_) {
      const auto [first, last] = overlap(diagonal.offset, leading_, coordinates_);
      const double* from = diagonal.from.data();
      if (i >= first && i < last)
        add(from[i], row + diagonal.offset * static_cast<std::ptrdiff_t>(coordinates_),
            along_column.data(), coordinates_);
      for (std::size_t j = first; j < last; ++j)
        along_row[j] += from[j] * row[static_cast<std::ptrdiff_t>(j) + diagonal.offset];
    }
    double* to = change + i * coordinates_;
    for (std::size_t j = 0; j < coordinates_; ++j) to[j] = along_column[j] + along_row[j];
    for (std::size_t c = 0; c < terms_.size(); ++c) {
      const double *g = terms_[c].g.data(), *v = pairs[c].data();
      for (std::size_t j = 0; j < coordinates_; ++j) to[j] += g[i] * v[j] + v[i] * g[j];
    }
    for (std::size_t c = 0; c < counts_.size(); ++c) {
      const std::size_t axis = counts_[c].axis;
      to[axis] += of_counts[c][i];
      if (i == axis) add(1.0, of_counts[c].data(), to, coordinates_);
    }
  }
}

}  // namespace powerstroke::theory
