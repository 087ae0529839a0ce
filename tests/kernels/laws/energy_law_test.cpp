#include "powerstroke/kernels/laws/energy_law.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace {

using namespace powerstroke;
using namespace powerstroke::laws;

struct Named {
  std::string name;
  EnergyLaw law;
};

std::vector<Named> continuous_laws() {
  return {{"uniform", {UniformEnergy{0.5, 2.25}}},
          {"normal", {NormalEnergy{3.5, 0.2}}},
          {"very narrow normal", {NormalEnergy{3.5, 1e-4}}},
          {"half normal", {NormalEnergy{0.0, 2.0}}},
          {"normal below 0", {NormalEnergy{-3.0, 1.0}}},
          {"normal far below 0", {NormalEnergy{-30.0, 1.0}}},
          {"exponential", {ExponentialEnergy{2.0}}},
          {"Maxwell-Boltzmann d=1", {MaxwellBoltzmannEnergy{1.5, 1}}},
          {"Maxwell-Boltzmann d=2", {MaxwellBoltzmannEnergy{1.5, 2}}},
          {"Maxwell-Boltzmann d=3", {MaxwellBoltzmannEnergy{7.0 / 3.0, 3}}},
          {"histogram", {HistogramEnergy{{0.0, 1.0, 1.5, 4.0}, {2.0, 0.0, 1.0}}}},
          {"mixture",
           {MixtureEnergy{{{NormalEnergy{3.0, 0.5}}, {ExponentialEnergy{1.0}}}, {1.0, 3.0}}}}};
}

/// int f(E) density(E) dE over [0, top], panel by panel; adds Boost's estimate of its error to
/// `error`.
template <class Function>
double integrate(const EnergyLaw& law, double top, Function&& f, double& error) {
  std::vector<double> ends = breakpoints(law);
  ends.push_back(top);
  double total = 0.0, low = 0.0;
  for (const double end : ends) {
    const double high = std::min(end, top);
    if (high <= low) continue;
    double part_error = 0.0;
    // E = low + (high - low) u^2 takes the square root out of the density of states.
    const auto integrand = [&](double u) {
      const double energy = low + (high - low) * u * u;
      return 2.0 * u * (high - low) * f(energy) * density(law, energy);
    };
    total += boost::math::quadrature::gauss_kronrod<double, 61>::integrate(integrand, 0.0, 1.0, 5,
                                                                           1e-14, &part_error);
    error += part_error;
    low = high;
  }
  return total;
}

/// z^2 of a normal law that is cut at z standard deviations above its mean: exp(-z^2/2), which
/// normalises it, has z^2 times the rounding of a double.
double cut_squared(const EnergyLaw& law) {
  const auto* normal = std::get_if<NormalEnergy>(&law.law);
  return normal == nullptr ? 0.0 : std::pow(std::min(0.0, normal->mean / normal->sigma), 2);
}

constexpr double rounding = std::numeric_limits<double>::epsilon();

std::string complaint(const EnergyLaw& law) {
  try {
    validate(law);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the density integrates to the distribution function") {
  for (const Named& named : continuous_laws()) {
    const EnergyLaw& law = named.law;
    const double top = upper_energy(law, 1e-15);
    for (const double share : {0.1, 0.35, 0.6, 1.0}) {
      CAPTURE(named.name);
      CAPTURE(share);
      double error = 1e-13 + cut_squared(law) * rounding;
      const double integral = integrate(
          law, share * top, [](double) { return 1.0; }, error);
      CHECK(std::abs(integral - cumulative(law, share * top)) <= error);
    }
    CHECK(cumulative(law, top) == doctest::Approx(1.0).epsilon(1e-14));
    CHECK(cumulative(law, -1e-300) == 0.0);
    CHECK(density(law, -1e-300) == 0.0);
  }
}

TEST_CASE("the mean is the integral of E times the density") {
  for (const Named& named : continuous_laws()) {
    const EnergyLaw& law = named.law;
    CAPTURE(named.name);
    // The mean is what is left when z is taken from about z + 1/z: the rounding grows by another
    // z^2.
    double error = (1e-12 + std::pow(cut_squared(law), 2) * rounding) * mean(law);
    const double integral = integrate(
        law, upper_energy(law, 1e-17), [](double energy) { return energy; }, error);
    CHECK(std::abs(integral - mean(law)) <= error);
  }
}

TEST_CASE(
    "energy laws: the variance is that of the quadrature over the density, and of closed forms") {
  CHECK(variance({DeltaEnergy{2.5}}) == 0.0);
  CHECK(variance({UniformEnergy{1.0, 4.0}}) == 0.75);
  CHECK(variance({ExponentialEnergy{3.0}}) == 9.0);
  CHECK(variance({MaxwellBoltzmannEnergy{2.0, 3}}) == 6.0);
  // A half normal law: sigma^2 (1 - 2/pi).
  CHECK(variance({NormalEnergy{0.0, 2.0}}) ==
        doctest::Approx(4.0 * (1.0 - 2.0 / std::numbers::pi)).epsilon(1e-14));
  CHECK(variance({HistogramEnergy{{0.0, 1.0, 3.0}, {1.0, 1.0}}}) ==
        doctest::Approx((1.0 / 12 + 4.0 / 12) / 2 + 0.5625).epsilon(1e-14));
  CHECK(variance({MixtureEnergy{{{DeltaEnergy{1.0}}, {ExponentialEnergy{5.0}}}, {3.0, 1.0}}}) ==
        doctest::Approx(9.25).epsilon(1e-14));
  // A law that is cut one sigma above its mean, by the trapezoidal rule on its density.
  const EnergyLaw cut{NormalEnergy{-0.5, 0.5}};
  double sum = 0.0;
  const double h = 1e-4;
  for (int i = 1; i < 50000; ++i) sum += h * density(cut, i * h) * std::pow(i * h - mean(cut), 2);
  sum += 0.5 * h * density(cut, 0.0) * std::pow(mean(cut), 2);
  CHECK(variance(cut) == doctest::Approx(sum).epsilon(1e-7));
}

TEST_CASE("means that are known in closed form") {
  CHECK(mean({DeltaEnergy{2.5}}) == 2.5);
  CHECK(mean({UniformEnergy{1.0, 2.0}}) == 1.5);
  CHECK(mean({ExponentialEnergy{0.3}}) == 0.3);
  CHECK(mean({MaxwellBoltzmannEnergy{2.0, 3}}) == 3.0);
  CHECK(mean({NormalEnergy{0.0, 2.0}}) ==
        doctest::Approx(2.0 * std::sqrt(2.0 / std::numbers::pi)).epsilon(1e-15));
  CHECK(mean({HistogramEnergy{{0.0, 1.0, 3.0}, {1.0, 3.0}}}) == 1.625);
  CHECK(mean({MixtureEnergy{{{DeltaEnergy{1.0}}, {ExponentialEnergy{5.0}}}, {3.0, 1.0}}}) == 2.0);
}

TEST_CASE("the mean of a normal law far below 0 follows the asymptotic series of the Mills ratio") {
  // E = sigma (1/z - 2/z^3 + 10/z^5 - 74/z^7 + 706/z^9 - ...), z = -mean/sigma; the series
  // alternates.
  const double z = 30.0, sigma = 2.0;
  const double next = 706.0 / std::pow(z, 9);
  const double series =
      1.0 / z - 2.0 / std::pow(z, 3) + 10.0 / std::pow(z, 5) - 74.0 / std::pow(z, 7);
  CHECK(std::abs(mean({NormalEnergy{-z * sigma, sigma}}) / sigma - series) <=
        next + std::pow(z, 3) * rounding);
}

TEST_CASE("a normal law that hardly reaches 0 is Boost's, one that does is renormalised") {
  const boost::math::normal normal(3.5, 0.8);
  const double lost = boost::math::cdf(normal, 0.0);
  const EnergyLaw law{NormalEnergy{3.5, 0.8}};
  for (const double energy : {0.2, 1.0, 3.5, 5.0, 8.0}) {
    CHECK(density(law, energy) ==
          doctest::Approx(boost::math::pdf(normal, energy) / (1.0 - lost)).epsilon(1e-14));
    CHECK(cumulative(law, energy) ==
          doctest::Approx((boost::math::cdf(normal, energy) - lost) / (1.0 - lost)).epsilon(1e-14));
  }
  CHECK(density({NormalEnergy{0.0, 1.0}}, 0.0) ==
        doctest::Approx(2.0 / std::sqrt(2.0 * std::numbers::pi)).epsilon(1e-15));
}

TEST_CASE("Maxwell-Boltzmann is what the components of the momentum make it") {
  // d = 1: E/T is half the square of a standard normal; d = 2: exponential; d = 3: by the density
  // of states.
  const double T = 1.7, E = 0.9, x = E / T;
  CHECK(cumulative({MaxwellBoltzmannEnergy{T, 1}}, E) ==
        doctest::Approx(std::erf(std::sqrt(x))).epsilon(1e-14));
  CHECK(cumulative({MaxwellBoltzmannEnergy{T, 2}}, E) ==
        doctest::Approx(1.0 - std::exp(-x)).epsilon(1e-14));
  CHECK(density({MaxwellBoltzmannEnergy{T, 3}}, E) ==
        doctest::Approx(2.0 * std::sqrt(E / std::numbers::pi) * std::pow(T, -1.5) * std::exp(-x))
            .epsilon(1e-14));
  CHECK(density({MaxwellBoltzmannEnergy{T, 1}}, 0.0) == std::numeric_limits<double>::infinity());
  CHECK(density({MaxwellBoltzmannEnergy{T, 2}}, 0.0) == doctest::Approx(1.0 / T).epsilon(1e-15));
  CHECK(density({MaxwellBoltzmannEnergy{T, 3}}, 0.0) == 0.0);
  CHECK(density({MaxwellBoltzmannEnergy{T, 3}}, 1e5) == 0.0);
}

TEST_CASE("bins are half-open and their weights are normalised") {
  const EnergyLaw uniform{UniformEnergy{1.0, 3.0}};
  CHECK(density(uniform, 1.0) == 0.5);
  CHECK(density(uniform, 3.0) == 0.0);
  const EnergyLaw histogram{HistogramEnergy{{0.5, 1.0, 3.0, 4.0}, {1.0, 6.0, 1.0}}};
  CHECK(density(histogram, 0.25) == 0.0);
  CHECK(density(histogram, 0.5) == 0.25);
  CHECK(density(histogram, 1.0) == 0.375);
  CHECK(density(histogram, 4.0) == 0.0);
  CHECK(cumulative(histogram, 0.25) == 0.0);
  CHECK(cumulative(histogram, 2.0) == 0.5);
  CHECK(cumulative(histogram, 3.5) == 0.9375);
  CHECK(upper_energy({HistogramEnergy{{0.0, 1.0, 2.0, 3.0}, {1.0, 1.0, 0.0}}}, 1e-3) == 2.0);
}

TEST_CASE("atoms of mixtures are merged and weighted; they have no density") {
  const EnergyLaw inner{MixtureEnergy{{{DeltaEnergy{2.0}}, {DeltaEnergy{0.0}}}, {1.0, 1.0}}};
  const EnergyLaw law{
      MixtureEnergy{{{DeltaEnergy{2.0}}, inner, {UniformEnergy{0.0, 1.0}}}, {1.0, 2.0, 5.0}}};
  const std::vector<std::pair<double, double>> expected{{0.0, 0.125}, {2.0, 0.25}};
  CHECK(atoms(law) == expected);
  CHECK(atoms({UniformEnergy{0.0, 1.0}}).empty());
  CHECK(density(law, 2.0) == 0.0);
  CHECK(cumulative(law, 0.0) == 0.125);
  CHECK(cumulative(law, 1.5) == 0.75);
  CHECK(cumulative(law, 2.0) == 1.0);
}

TEST_CASE("twenty-four Gauss nodes between breakpoints resolve the density") {
  for (const Named& named : continuous_laws()) {
    const EnergyLaw& law = named.law;
    CAPTURE(named.name);
    std::vector<double> ends = breakpoints(law);
    CHECK(std::ranges::is_sorted(ends));
    CHECK(ends.front() >= 0.0);
    ends.push_back(upper_energy(law, 1e-14));
    double total = 0.0;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      if (ends[i + 1] <= ends[i]) continue;
      const double width = ends[i + 1] - ends[i];
      total += boost::math::quadrature::gauss<double, 24>::integrate(
          [&](double u) { return 2.0 * u * width * density(law, ends[i] + width * u * u); }, 0.0,
          1.0);
    }
    CHECK(std::abs(total - 1.0) < 1e-12);
  }
}

TEST_CASE("less than the tail lies above the upper energy, and not much less") {
  for (const Named& named : continuous_laws()) {
    const EnergyLaw& law = named.law;
    CAPTURE(named.name);
    const double above = 1.0 - cumulative(law, upper_energy(law, 1e-6));
    CHECK(above < 1e-6);
    if (named.name != "uniform" && named.name != "histogram") CHECK(above > 1e-8);
  }
  CHECK(upper_energy({DeltaEnergy{0.0}}, 1e-14) == 0.0);
}

TEST_CASE("a law that is not one is refused by name, value and what is allowed") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(complaint({DeltaEnergy{-1.0}}) == "energy.value is -1; it must be a finite energy >= 0");
  CHECK(complaint({DeltaEnergy{nan}}) == "energy.value is nan; it must be a finite energy >= 0");
  CHECK(complaint({UniformEnergy{2.0, 2.0}}) ==
        "energy.high is 2; it must be greater than low, which is 2");
  CHECK(complaint({UniformEnergy{-0.5, 2.0}}) ==
        "energy.low is -0.5; it must be a finite energy >= 0");
  CHECK(complaint({NormalEnergy{3.5, 0.0}}) == "energy.sigma is 0; it must be a finite number > 0");
  CHECK(complaint({NormalEnergy{nan, 1.0}}) == "energy.mean is nan; it must be a finite number");
  CHECK(complaint({NormalEnergy{-36.0, 1.0}})
            .starts_with("energy.mean is -36; with sigma 1 nothing is left"));
  CHECK(complaint({ExponentialEnergy{0.0}}) == "energy.mean is 0; it must be a finite number > 0");
  CHECK(complaint({MaxwellBoltzmannEnergy{-300.0, 3}}) ==
        "energy.temperature is -300; it must be a finite number > 0");
  CHECK(complaint({MaxwellBoltzmannEnergy{1.0, 4}}) ==
        "energy.dimension is 4; it must be 1, 2 or 3");
  CHECK(complaint({HistogramEnergy{{1.0}, {}}}) ==
        "energy.edges has 1 entries; a histogram needs at least 2");
  CHECK(complaint({HistogramEnergy{{0.0, 1.0}, {1.0, 1.0}}}) ==
        "energy.weights has 2 entries; 1 bins need one each");
  CHECK(complaint({HistogramEnergy{{0.0, 1.0, 1.0}, {1.0, 1.0}}}) ==
        "energy.edges[2] is 1; edges must ascend and the one before it is 1");
  CHECK(complaint({HistogramEnergy{{0.0, 1.0}, {-2.0}}}) ==
        "energy.weights[0] is -2; it must be a finite number >= 0");
  CHECK(complaint({HistogramEnergy{{0.0, 1.0}, {0.0}}}) ==
        "the sum of energy.weights is 0; it must be a finite number > 0");
  CHECK(complaint({MixtureEnergy{}}) == "energy.parts is empty; a mixture needs at least one part");
  CHECK(complaint({MixtureEnergy{{{DeltaEnergy{1.0}}, {NormalEnergy{1.0, -1.0}}}, {1.0, 1.0}}}) ==
        "energy.parts[1].sigma is -1; it must be a finite number > 0");
  CHECK(complaint({MixtureEnergy{{{DeltaEnergy{1.0}}}, {0.0}}}) ==
        "energy.weights[0] is 0; it must be a finite number > 0");
  CHECK(complaint({MixtureEnergy{{{DeltaEnergy{1.0}}}, {1.0, 2.0}}}) ==
        "energy.weights has 2 entries; 1 parts need one each");
}

TEST_CASE("every law of the contract is accepted") {
  for (const Named& named : continuous_laws()) {
    const EnergyLaw& law = named.law;
    CAPTURE(named.name);
    CHECK(complaint(law) == "");
  }
  CHECK(complaint({DeltaEnergy{0.0}}) == "");
}
