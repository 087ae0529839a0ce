#include "powerstroke/analysis/theory/low_rank_noise.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/parallel/tasks.hpp"

namespace powerstroke::theory {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

/// Below this probability the top levels may reflect.
constexpr double empty_level = 1e-8;
/// Directions with less than this of the largest part of X are dropped.
constexpr double negligible = 1e-7;
/// Columns that are gathered before directions are dropped.
constexpr Index gathered_columns = 64;

/// Of a place in a step: the stages of as many columns as there are on the average, and a share of
/// the next reduction.
double operations_of_step(const laws::StrokeLaw& law) {
  const double transitions = static_cast<double>(law.transitions.size());
  const double terms = laws::has_given_rates(law.balance)        ? 0.0
                       : laws::is<laws::Conserving>(law.balance) ? 1.0
                                                                 : 2.0;
  const double sources = terms * transitions,
               columns = 0.7 * static_cast<double>(gathered_columns) + 2.0 * transitions;
  const double stages =
      4.0 * columns * (2.0 * (1.0 + 2.0 * transitions) + 4.0 * sources + 4.0 * transitions + 10.0);
  const double reduction = 550.0 * sources;
  return stages + reduction;
}

}  // namespace

struct LowRankNoise::State {
  Populations populations;
  laws::StrokeLaw law;
  double step, time = 0.0, operations = 0.0;
  bool is_sketch = false;
  std::size_t baths, leading;
  Index counts;  ///< numbers of strokes: two for each transition
  std::vector<std::int32_t> strides;
  double longest = 0.0;  ///< step, as a time; 0 if nothing ever happens
  Vector y;              ///< coordinates of NoiseEquations, the places one node after the other
  Matrix columns;        ///< A
  Matrix weights;        ///< M
  std::vector<NoiseEquations> equations;  ///< at the beginning, the middle and the end of a step

  State(Populations start, laws::StrokeLaw stroke_law, double of_attempts)
      : populations(std::move(start)), law(std::move(stroke_law)), step(of_attempts) {
    POWERSTROKE_EXPECT(step > 0.0);
    const std::size_t transitions = law.transitions.size();
    baths = laws::is<laws::Bath>(law.balance) ? transitions : 0;
    leading = baths + 2 * transitions;
    counts = 2 * static_cast<Index>(transitions);
    for (const std::size_t stride : theory::strides(law, populations.grid.spacing))
      strides.push_back(static_cast<std::int32_t>(stride));
    const std::size_t least = 2 * static_cast<std::size_t>(std::ranges::max(strides)) + 2;
    y = Vector::Zero(static_cast<Index>(leading + populations.mass.size()));
    y.head(static_cast<Index>(baths))
        .setConstant(law.bath().excited * law.bath().systems_per_particle);
    std::ranges::copy(populations.mass, y.data() + leading);
    columns = Matrix::Zero(y.size(), counts);
    if (populations.levels < least)
      resize(least);
    else
      make_equations();
  }

  /// Of `levels`, with the factors of every place; none leads over the top of a ladder.
  void make_equations() {
    const OffsetGrid& grid = populations.grid;
    const LadderTransitions transitions(grid, populations.levels, law);
    const double rate = fastest_rate(law);
    longest = rate > 0.0 ? step / rate : 0.0;
    std::vector<LevelFactors> factors(strides.size());
    StopPacer pace;
    for (std::size_t k = 0; k < strides.size(); ++k)
      for (std::size_t node = 0; node < grid.nodes(); ++node) {
        pace(2 * populations.levels);
        for (std::size_t i = 0; i < populations.levels; ++i) {
          const bool is_top = i + static_cast<std::size_t>(strides[k]) >= populations.levels;
          factors[k].uptake.push_back(is_top ? 0.0 : transitions.uptake(k, node, i));
          factors[k].release.push_back(transitions.release(k, node, i));
        }
      }
    equations.assign(3, NoiseEquations(law, strides, factors, populations.mass.size()));
  }

  void resize(std::size_t levels) {
    const std::size_t nodes = populations.grid.nodes(), before = populations.levels;
    if (static_cast<double>(levels) * static_cast<double>(nodes) > most_grid_points)
      throw NumericsError(
          "the scatter of shared rates would need " + std::to_string(levels) + " levels on " +
          std::to_string(nodes) + " offsets at t = " + std::to_string(time) +
          "; allowed: 2^25 numbers in all, with a larger delta_e or a shorter time");
    const auto longer = [&](const double* from, double* to) {
      std::copy_n(from, leading, to);
      for (std::size_t node = 0; node < nodes; ++node)
        std::copy_n(from + leading + node * before, before, to + leading + node * levels);
    };
    populations.levels = levels;
    populations.mass.assign(nodes * levels, 0.0);
    Vector y_now = Vector::Zero(static_cast<Index>(leading + nodes * levels));
    longer(y.data(), y_now.data());
    y = std::move(y_now);
    Matrix now = Matrix::Zero(y.size(), columns.cols());
    for (Index j = 0; j < columns.cols(); ++j) longer(columns.col(j).data(), now.col(j).data());
    columns = std::move(now);
    make_equations();
  }

  std::span<const double> coordinates() const {
    return {y.data(), static_cast<std::size_t>(y.size())};
  }

  double near_top() const {
    const std::size_t levels = populations.levels,
                      stride = static_cast<std::size_t>(std::ranges::max(strides));
    double sum = 0.0;
    for (std::size_t end = leading + levels; end <= static_cast<std::size_t>(y.size());
         end += levels)
      for (std::size_t i = end - stride; i < end; ++i) sum += std::abs(y[static_cast<Index>(i)]);
    return sum;
  }

  /// Columns g, v of each source at y, with their weight.
  void add_sources(const NoiseEquations& at, double weight) {
    if (is_sketch) return;
    for (const auto& [axis, with] : at.count_sources(coordinates()))
      columns.col(static_cast<Index>(axis - baths)) +=
          weight * Vector::Map(with.data(), std::ssize(with));
    const std::vector<NoiseEquations::Source> sources = at.shared_sources(coordinates());
    const Index before = weights.cols(), more = 2 * static_cast<Index>(sources.size());
    columns.conservativeResize(Eigen::NoChange, counts + before + more);
    weights.conservativeResize(before + more, before + more);
    weights.rightCols(more).setZero();
    weights.bottomRows(more).setZero();
    for (Index j = 0; j < std::ssize(sources); ++j) {
      const auto& [along, with] = sources[static_cast<std::size_t>(j)];
      const Index g = before + 2 * j, v = g + 1;
      columns.col(counts + g) = Vector::Map(along.data(), std::ssize(along));
      columns.col(counts + v) = Vector::Map(with.data(), std::ssize(with));
      weights(g, v) = weights(v, g) = weight;
    }
  }

  /// y over h by one step of Runge and Kutta.
  void move_occupations(NoiseEquations& any, double h) {
    const auto slope = [&](const Vector& at) {
      const NoiseEquations::State found =
          any.drift({at.data(), static_cast<std::size_t>(at.size())});
      return Vector(Vector::Map(found.data(), std::ssize(found)));
    };
    const Vector first = slope(y), second = slope(y + 0.5 * h * first),
                 third = slope(y + 0.5 * h * second), fourth = slope(y + h * third);
    y += h / 6.0 * (first + 2.0 * second + 2.0 * third + fourth);
  }

  /// Everything over h; the coefficients of the first equations are those at its beginning, and
  /// those at its end on return.
  void move(double h) {
    operations += static_cast<double>(populations.mass.size()) * operations_of_step(law);
    if (is_sketch) return move_occupations(equations.front(), h);
    NoiseEquations &at_first = equations[0], &at_middle = equations[1], &at_last = equations[2];
    move_occupations(at_last, 0.5 * h);
    at_middle.set_coefficients(coordinates());
    move_occupations(at_last, 0.5 * h);
    at_last.set_coefficients(coordinates());
    const auto count = static_cast<std::size_t>(columns.cols());
    constexpr double worth_threads = 2e5;  // entries
    const int at_once =
        static_cast<double>(columns.size()) > worth_threads ? parallel::tasks_at_once(count, 1) : 1;
    parallel::for_each_task(count, at_once, [&](std::size_t j) {
      check_stop();
      auto column = columns.col(static_cast<Index>(j));
      Vector first(y.size()), second(y.size()), third(y.size()), fourth(y.size()), at(y.size());
      at_first.apply(column.data(), first.data());
      at = column + 0.5 * h * first;
      at_middle.apply(at.data(), second.data());
      at = column + 0.5 * h * second;
      at_middle.apply(at.data(), third.data());
      at = column + h * third;
      at_last.apply(at.data(), fourth.data());
      column += h / 6.0 * (first + 2.0 * second + 2.0 * third + fourth);
    });
    std::swap(at_first, at_last);
  }

  /// With the eigenvectors of A^T A as a basis Q of what A spans, A M A^T is Q C Q^T, whose
  /// eigenvectors with next to no part are left out.
  void drop_negligible() {
    if (weights.cols() == 0) return;
    check_stop();
    const auto a = columns.rightCols(weights.cols());
    // Columns of unit length: a source that is small now may be all that is left of X later.
    Vector length = a.colwise().norm().cwiseMax(1e-300);
    const Matrix gram = length.cwiseInverse().asDiagonal() * (a.transpose() * a) *
                        length.cwiseInverse().asDiagonal();
    const Eigen::SelfAdjointEigenSolver<Matrix> span(gram);
    constexpr double dependent = 1e-13;
    const Index first =
        (span.eigenvalues().array() <= dependent * span.eigenvalues().maxCoeff()).count();
    const Index left = gram.cols() - first;
    if (left == 0) {  // nothing but zeros
      columns.conservativeResize(Eigen::NoChange, counts);
      weights.resize(0, 0);
      return;
    }
    const Vector root = span.eigenvalues().tail(left).cwiseSqrt();
    const auto vectors = span.eigenvectors().rightCols(left);
    const Matrix to_basis = length.cwiseInverse().asDiagonal() * vectors *
                            root.cwiseInverse().asDiagonal();  // Q = A to_basis
    const Matrix from_basis =
        root.asDiagonal() * vectors.transpose() * length.asDiagonal();  // A = Q from_basis
    const Eigen::SelfAdjointEigenSolver<Matrix> parts(from_basis * weights *
                                                      from_basis.transpose());
    const Vector size = parts.eigenvalues().cwiseAbs();
    std::vector<Index> kept;
    for (Index i = 0; i < size.size(); ++i)
      if (size[i] > negligible * size.maxCoeff()) kept.push_back(i);
    Matrix chosen(left, std::ssize(kept));
    weights = Matrix::Zero(std::ssize(kept), std::ssize(kept));
    for (Index j = 0; j < std::ssize(kept); ++j) {
      chosen.col(j) = parts.eigenvectors().col(kept[static_cast<std::size_t>(j)]);
      weights(j, j) = parts.eigenvalues()[kept[static_cast<std::size_t>(j)]];
    }
    Matrix now(columns.rows(), counts + std::ssize(kept));
    now << columns.leftCols(counts), a * (to_basis * chosen);
    columns = std::move(now);
  }

  /// X of two leading coordinates.
  double covariance_of(std::size_t first, std::size_t second) const {
    const auto i = static_cast<Index>(first), j = static_cast<Index>(second),
               leads = static_cast<Index>(baths);
    const auto a = columns.rightCols(weights.cols());
    double sum = a.row(i) * weights * a.row(j).transpose();
    if (i >= leads) sum += columns(j, i - leads);
    if (j >= leads) sum += columns(i, j - leads);
    return sum;
  }

  /// A^T x on the places.
  Vector image(std::span<const double> x) const {
    const std::size_t places = std::min(x.size(), populations.mass.size());
    return columns.rightCols(weights.cols())
               .middleRows(static_cast<Index>(leading), static_cast<Index>(places))
               .transpose() *
           Vector::Map(x.data(), static_cast<Index>(places));
  }
};

LowRankNoise::LowRankNoise(Populations start, laws::StrokeLaw law, double step)
    : state_(std::make_unique<State>(std::move(start), std::move(law), step)) {}
LowRankNoise::~LowRankNoise() = default;
LowRankNoise::LowRankNoise(const LowRankNoise& other)
    : state_(std::make_unique<State>(*other.state_)) {}
LowRankNoise& LowRankNoise::operator=(const LowRankNoise& other) {
  return *this = LowRankNoise(other);
}
LowRankNoise::LowRankNoise(LowRankNoise&&) noexcept = default;
LowRankNoise& LowRankNoise::operator=(LowRankNoise&&) noexcept = default;

void LowRankNoise::advance(double t) {
  State& now = *state_;
  POWERSTROKE_EXPECT(t >= now.time);
  if (now.longest == 0.0 || t == now.time) {
    now.time = t;
    return;
  }
  const double pairs = std::ceil((t - now.time) / (2.0 * now.longest)),
               h = (t - now.time) / (2.0 * pairs), start = now.time;
  // Room for several of the highest strokes: whether the top is reached is seen after two steps.
  const auto make_room = [&] {
    if (now.near_top() > empty_level)
      now.resize(now.populations.levels +
                 4 * static_cast<std::size_t>(std::ranges::max(now.strides)) +
                 now.populations.levels / 4);
    now.equations.front().set_coefficients(now.coordinates());
  };
  make_room();
  now.add_sources(now.equations.front(), h / 3.0);
  for (double pair = 1.0; pair <= pairs; ++pair) {
    now.move(h);
    now.add_sources(now.equations.front(), 4.0 * h / 3.0);
    now.move(h);
    now.add_sources(
        now.equations.front(),
        (pair < pairs ? 2.0 : 1.0) * h / 3.0);  // the end of a pair is the beginning of the next
    now.time = start + 2.0 * pair * h;
    if (now.weights.cols() > gathered_columns) now.drop_negligible();
    make_room();
  }
  now.time = t;
  if (!now.is_sketch) now.drop_negligible();
  std::copy_n(now.y.data() + now.leading, now.populations.mass.size(),
              now.populations.mass.begin());
}

void LowRankNoise::sketch() {
  state_->is_sketch = true;
  state_->columns.resize(state_->y.size(), 0);
  state_->weights.resize(0, 0);
}

double LowRankNoise::operations() const { return state_->operations; }

double LowRankNoise::operations(const Populations& start, const laws::StrokeLaw& law, double t) {
  return static_cast<double>(start.mass.size()) * operations_of_step(law) *
         std::max(2.0, fastest_rate(law) * t / usual_step);
}

double LowRankNoise::time() const { return state_->time; }
const Populations& LowRankNoise::populations() const { return state_->populations; }

double LowRankNoise::excess_covariance(std::span<const double> x, std::span<const double> y) const {
  return state_->image(x).dot(state_->weights * state_->image(y));
}

double LowRankNoise::variance_of_uptakes(std::size_t k) const {
  return state_->covariance_of(state_->baths + k, state_->baths + k);
}

double LowRankNoise::variance_of_releases(std::size_t k) const {
  const std::size_t axis = state_->baths + state_->strides.size() + k;
  return state_->covariance_of(axis, axis);
}

double LowRankNoise::covariance_of_excited(std::size_t k, std::size_t l) const {
  POWERSTROKE_EXPECT(k < state_->baths && l < state_->baths);
  return state_->covariance_of(k, l);
}

std::size_t LowRankNoise::rank() const { return static_cast<std::size_t>(state_->weights.cols()); }

Populations LowRankNoise::direction(std::size_t j) const {
  Populations found = state_->populations;
  std::copy_n(state_->columns.col(state_->counts + static_cast<Index>(j)).data() + state_->leading,
              found.mass.size(), found.mass.begin());
  return found;
}

std::vector<double> LowRankNoise::weights() const {
  // Symmetric: by rows as by columns.
  return {state_->weights.data(), state_->weights.data() + state_->weights.size()};
}

}  // namespace powerstroke::theory
