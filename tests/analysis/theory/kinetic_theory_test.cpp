#include "powerstroke/analysis/theory/kinetic_theory.hpp"

#include <doctest/doctest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/ellint_2.hpp>
#include <boost/numeric/odeint/integrate/integrate_const.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

constexpr double pi = std::numbers::pi;

/// From 0 to where every density below has long ended.
double integral(const std::function<double(double)>& f) {
  return boost::math::quadrature::gauss_kronrod<double, 31>::integrate(f, 0.0, 40.0, 12, 1e-10);
}

/// The density of speeds of a Maxwellian gas.
double speed_density(double v, double mass, double temperature, int dimension) {
  const double x = mass / temperature, tail = std::exp(-0.5 * x * v * v);
  return dimension == 3 ? std::sqrt(2.0 / pi) * std::pow(x, 1.5) * v * v * tail : x * v * tail;
}

/// |v - w|^k over all angles between two vectors of given magnitudes, d = 3.
double mean_over_angles(double v, double w, double k) {
  return (std::pow(v + w, k + 2.0) - std::pow(std::abs(v - w), k + 2.0)) /
         (2.0 * (k + 2.0) * v * w);
}
/// |v - w| over all angles, d = 2.
double mean_over_angles_of_plane(double v, double w) {
  return 2.0 / pi * (v + w) *
         boost::math::ellint_2(std::min(1.0, 2.0 * std::sqrt(v * w) / (v + w)));
}

}  // namespace

TEST_CASE("kinetic theory: moments of the speed are those of the speed's density") {
  for (const int dimension : {2, 3})
    for (const double power : {0.5, 1.0, 2.0, 3.0}) {
      const double mean = integral(
          [&](double v) { return std::pow(v, power) * speed_density(v, 1.7, 0.6, dimension); });
      CHECK(mean_speed_power(power, 1.7, 0.6, dimension) == doctest::Approx(mean).epsilon(1e-10));
    }
}

TEST_CASE(
    "kinetic theory: the mean of sigma g is that over the velocities of both partners, whatever "
    "their masses") {
  const double m = 0.7, big = 2.9, temperature = 1.3;
  for (const double omega : {0.5, 0.75, 1.0}) {
    CAPTURE(omega);
    const laws::CollisionLaw law{{0.4, 1.0}, omega, 1.9};
    const double power = 2.0 - 2.0 * omega;
    const double mean = integral([&](double v) {
      return speed_density(v, m, temperature, 3) * integral([&](double w) {
               return speed_density(w, big, temperature, 3) * mean_over_angles(v, w, power);
             });
    });
    const double expected = pi * 0.49 * std::pow(1.9, 2.0 * omega - 1.0) * mean;
    CHECK(mean_swept_volume(law, 0, 1, m, big, temperature, 3) ==
          doctest::Approx(expected).epsilon(1e-7));
  }
  const double mean = integral([&](double v) {
    return speed_density(v, m, temperature, 2) * integral([&](double w) {
             return speed_density(w, big, temperature, 2) * mean_over_angles_of_plane(v, w);
           });
  });
  CHECK(mean_swept_volume({{0.4, 1.0}}, 0, 1, m, big, temperature, 2) ==
        doctest::Approx(1.4 * mean).epsilon(1e-6));
}

TEST_CASE("kinetic theory: textbook forms of hard spheres and of Maxwell molecules") {
  const double d = 0.3, m = 2.0, temperature = 1.5;
  CHECK(mean_swept_volume({{d}}, 0, 0, m, m, temperature, 3) ==
        doctest::Approx(4.0 * d * d * std::sqrt(pi * temperature / m)).epsilon(1e-14));
  CHECK(mean_swept_volume({{d}, 1.0, 2.5}, 0, 0, m, m, temperature, 3) ==
        doctest::Approx(pi * d * d * 2.5).epsilon(1e-14));
  // <g^2>/<g>^2 of hard spheres is 3 pi/8; Maxwell molecules all collide alike.
  CHECK(swept_volume_scatter({{d}}, 3) == doctest::Approx(3.0 * pi / 8.0 - 1.0).epsilon(1e-14));
  CHECK(std::abs(swept_volume_scatter({{d}, 1.0, 1.0}, 3)) < 1e-14);
  CHECK(wall_hit_rate(2.0, m, temperature) ==
        doctest::Approx(0.5 * integral([&](double v) {
                          return 2.0 * v * std::sqrt(m / (2.0 * pi * temperature)) *
                                 std::exp(-0.5 * m * v * v / temperature);
                        }))
            .epsilon(1e-10));
}

TEST_CASE("kinetic theory: share of the memory of directions that a collision ends") {
  // 1 - <cos^2 chi> over the impact parameter s: cos chi = 2 s^2 - 1, in d = 2 with ds on (0, 1),
  // in d = 3 with 2 s ds.
  double disc = 0.0, sphere = 0.0;
  constexpr int points = 20'000;
  for (int i = 0; i < points; ++i) {
    const double s = (i + 0.5) / points, sine = 1.0 - std::pow(2.0 * s * s - 1.0, 2);
    disc += sine / points;
    sphere += 2.0 * s * sine / points;
  }
  CHECK(anisotropy_decay(2) == doctest::Approx(disc).epsilon(1e-7));
  CHECK(anisotropy_decay(3) == doctest::Approx(0.75 * sphere).epsilon(1e-7));
}

TEST_CASE("kinetic theory: fourth moments of a pair, whose collisions are all there is to know") {
  // Two particles at +-v: v^4 stays, and each collision makes the tensor 2 v v isotropic only on
  // the average: its square stays.
  const FourthMoments start{2.0, 4.0};
  for (const double collisions : {0.0, 0.5, 3.0, 50.0}) {
    const FourthMoments moments = fourth_moments(start, 2.0, 2, collisions);
    CHECK(moments.fourth == doctest::Approx(2.0).epsilon(1e-13));
    CHECK(moments.tensor == doctest::Approx(4.0).epsilon(1e-13));
  }
}

TEST_CASE(
    "kinetic theory: fourth moments end where directions on the sphere of energy and momentum are, "
    "and approach the gas's") {
  // N particles uniform on the sphere sum v^2 = S, sum v = 0, in 3(N-1) dimensions: <sum v^4> = 5
  // S^2 (N-1)/(N (3N-1)).
  for (const std::size_t n : {3U, 10U, 1000U}) {
    const double square = 3.0 * static_cast<double>(n);
    const FourthMoments end = fourth_moments({square, square * square}, square, n, 400.0);
    const double count = static_cast<double>(n);
    CHECK(end.fourth ==
          doctest::Approx(5.0 * square * square * (count - 1.0) / (count * (3.0 * count - 1.0)))
              .epsilon(1e-12));
  }
  // As N grows, with S/N = 1: d<v^4>/d(nu t) = -<v^4>/3 + 2/3 - tensor/3, tensor/N^2 -> 1/3 + (2/3)
  // exp(-nu t) from two beams.
  const auto fourth = [](std::size_t n) {
    const double count = static_cast<double>(n);
    return fourth_moments({count, count * count}, count, n, 2.0).fourth / count;
  };
  using State = std::vector<double>;
  State x{1.0};
  boost::numeric::odeint::integrate_const(
      boost::numeric::odeint::runge_kutta4<State>(),
      [](const State& y, State& rate, double t) {
        rate[0] = -y[0] / 3.0 + 2.0 / 3.0 - (1.0 / 3.0 + 2.0 / 3.0 * std::exp(-t)) / 3.0;
      },
      x, 0.0, 2.0, 1e-3);
  CHECK(fourth(100'000'000) == doctest::Approx(x[0]).epsilon(1e-7));
  const double coarse = fourth(1000) - x[0], fine = fourth(2000) - x[0];
  CHECK(coarse / fine == doctest::Approx(2.0).epsilon(0.01));
}

TEST_CASE("kinetic theory: the solution of Krook and Wu obeys the equations of the moments") {
  // dM_n/dt + M_n = sum_m M_m M_(n-m) / (n+1), in units of collisions (M. Krook, T. T. Wu, 1977,
  // eq. 9).
  constexpr double h = 1e-5;
  for (const double collisions : {0.0, 1.0, 5.0})
    for (const int n : {2, 3, 4, 5}) {
      const auto moment = [&](double t, int order) {
        return order == 0 ? 1.0 : KrookWu::after(0.6, t).moment(order);
      };
      double gain = 0.0;
      for (int m = 0; m <= n; ++m)
        gain += moment(collisions, m) * moment(collisions, n - m) / (n + 1.0);
      const double rate = (moment(collisions + h, n) - moment(collisions - h, n)) / (2.0 * h);
      CHECK(rate == doctest::Approx(gain - moment(collisions, n)).epsilon(1e-7));
    }
  // The distribution has these moments: <E^n> = integral of n E^(n-1) (1 - F).
  const KrookWu law = KrookWu::after(0.6, 1.5);
  for (const int n : {1, 2, 3}) {
    const double mean =
        integral([&](double e) { return n * std::pow(e, n - 1) * (1.0 - law.cumulative(e, 0.8)); });
    const double of_maxwell = std::pow(0.8, n) * std::tgamma(1.5 + n) / std::tgamma(1.5);
    CHECK(mean / of_maxwell == doctest::Approx(law.moment(n)).epsilon(1e-7));
  }
}
