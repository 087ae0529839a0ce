#include "powerstroke/analysis/theory/passage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"

using namespace powerstroke;
using theory::passage_course;

namespace {

std::vector<double> equally_spaced(double first, double last, int intervals) {
  std::vector<double> times;
  for (int i = 0; i <= intervals; ++i) times.push_back(first + (last - first) * i / intervals);
  return times;
}

}  // namespace

TEST_CASE("passage: E_int ends at dE (P - 1/2), and the norm is kept") {
  for (const double coupling : {0.3, 1.5, 4.0})
    for (const double delta_e : {0.2, 1.0})
      for (const double duration : {0.02, 0.25, 1.0, 5.0}) {
        const laws::Passage passage{coupling, delta_e, duration, 0.8};
        const auto course =
            passage_course(passage, equally_spaced(-30.0 * duration, 30.0 * duration, 60));
        CAPTURE(coupling);
        CAPTURE(delta_e);
        CAPTURE(duration);
        const double p = laws::flip_probability(passage);
        CHECK(std::abs(course.energy.front() + 0.5 * delta_e) < 1e-10);
        CHECK(std::abs(course.energy.back() - delta_e * (p - 0.5)) < 1e-8);
        CHECK(std::abs(course.upper.back() - p) < 1e-8);
        CHECK(std::abs(course.norm - 1.0) < 1e-9);
      }
}

TEST_CASE("passage: what it shows does not depend on the times that are asked for") {
  const laws::Passage passage{1.5, 1.0, 1.0, 1.0};
  const auto once = passage_course(passage, std::vector<double>{0.5});
  const auto often = passage_course(passage, equally_spaced(-4.5, 0.5, 1000));
  CHECK(std::abs(once.energy.back() - often.energy.back()) < 1e-10);
}

TEST_CASE("passage: the energy rises by the work of the coupling, dE_int/dt = <dH/dt>") {
  const laws::Passage passage{1.5, 1.0, 0.6, 1.0};
  const double h = 1e-3;
  for (double t = -2.0; t < 2.0; t += 0.25) {
    const auto course = passage_course(passage, std::vector<double>{t - h, t, t + h});
    const double slope = (course.energy[2] - course.energy[0]) / (2.0 * h);
    // <H> = dE (upper - 1/2) + V <sigma_x>, and <dH/dt> = V' <sigma_x> = -tanh(t/tau)/tau V
    // <sigma_x>.
    const double coupled = course.energy[1] - passage.delta_e * (course.upper[1] - 0.5);
    CHECK(std::abs(slope + std::tanh(t / passage.duration) / passage.duration * coupled) < 1e-5);
  }
}

TEST_CASE("passage: the three cases of Figure 2") {
  double fast = 1.0, middle = 0.0, slow = 1.0, dip = 0.0;
  for (const auto& [name, passage] : theory::passages_of_figure_2()) {
    const double end = 30.0 * passage.duration;
    const auto course = passage_course(passage, equally_spaced(-end, end, 600));
    const double taken_up = course.energy.back() - course.energy.front();
    if (name == std::string("fast")) fast = taken_up;
    if (name == std::string("middle")) middle = taken_up;
    if (name != std::string("slow")) continue;
    slow = taken_up;
    dip = *std::min_element(course.energy.begin(), course.energy.end());
    // It follows the lower eigenvalue of H all the way, to the first order in 1/tau.
    for (std::size_t i = 0; i < course.time.size(); ++i) {
      const double v = passage.coupling / std::cosh(course.time[i] / passage.duration);
      CHECK(std::abs(course.energy[i] +
                     std::sqrt(0.25 * passage.delta_e * passage.delta_e + v * v)) < 0.02);
    }
  }
  CHECK(std::abs(fast) < 0.01);
  CHECK(middle > 0.7);
  CHECK(std::abs(slow) < 1e-5);
  CHECK(dip == doctest::Approx(-std::sqrt(0.25 + 1.5 * 1.5)).epsilon(0.01));
}

TEST_CASE("passage: what cannot be is refused") {
  const std::vector<double> times = {0.0, 1.0}, backward = {1.0, 0.0};
  CHECK_THROWS_AS(passage_course({1.0, 1.0, 0.0, 1.0}, times), NumericsError);
  CHECK_THROWS_AS(passage_course({1.0, -1.0, 1.0, 1.0}, times), NumericsError);
  CHECK_THROWS_AS(passage_course({std::numeric_limits<double>::infinity(), 1.0, 1.0, 1.0}, times),
                  NumericsError);
  CHECK_THROWS_AS(passage_course({1.0, 1.0, 1.0, 1.0}, backward), NumericsError);
}
