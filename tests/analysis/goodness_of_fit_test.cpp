#include "powerstroke/analysis/goodness_of_fit.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <vector>

using namespace powerstroke::analysis;

namespace {
using Counts = std::vector<std::uint64_t>;
using Numbers = std::vector<double>;
}  // namespace

TEST_CASE("distances: by hand, with the class of what is lacking") {
  const Counts counts = {30, 40};  // and 30
  const Numbers p = {0.25, 0.25};  // and 1/2
  CHECK(kullback_leibler(counts, p, 100) ==
        doctest::Approx(0.3 * std::log(1.2) + 0.4 * std::log(1.6) + 0.3 * std::log(0.6))
            .epsilon(1e-13));
  CHECK(total_variation(counts, p, 100) == doctest::Approx(0.2).epsilon(1e-13));
  CHECK(kolmogorov_smirnov(counts, p, 100) == doctest::Approx(0.2).epsilon(1e-13));
  CHECK(total_variation(Numbers{0.3, 0.4}, p) == doctest::Approx(0.2).epsilon(1e-13));
}

TEST_CASE("distances: none between a law and counts that are its own") {
  const Counts counts = {25, 0, 75};
  const Numbers p = {0.25, 0.0, 0.75};
  CHECK(kullback_leibler(counts, p, 100) == 0.0);
  CHECK(total_variation(counts, p, 100) == 0.0);
  CHECK(kolmogorov_smirnov(counts, p, 100) == 0.0);
}

TEST_CASE("distances: disjoint ones are as far as can be") {
  const Counts counts = {0, 100};
  const Numbers p = {1.0, 0.0};
  CHECK(kullback_leibler(counts, p, 100) == std::numeric_limits<double>::infinity());
  CHECK(total_variation(counts, p, 100) == 1.0);
  CHECK(kolmogorov_smirnov(counts, p, 100) == 1.0);
  CHECK(total_variation(p, Numbers{0.0, 0.0}) == 1.0);
}

TEST_CASE("Kolmogorov-Smirnov: differences of like sign add up") {
  CHECK(kolmogorov_smirnov(Counts{30, 30, 20, 20}, Numbers{0.25, 0.25, 0.25, 0.25}, 100) ==
        doctest::Approx(0.1).epsilon(1e-13));
}

TEST_CASE("normal p-value: two-sided, symmetric, far into the tail") {
  const boost::math::normal normal;
  for (const double z : {0.0, 0.5, 1.0, 3.0, 8.0, 30.0}) {
    CHECK(normal_p_value(z) == doctest::Approx(2.0 * cdf(complement(normal, z))).epsilon(1e-12));
    CHECK(normal_p_value(-z) == normal_p_value(z));
  }
}
