#include "powerstroke/engine/random/poisson_table.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <limits>

#include "powerstroke/engine/core/error.hpp"

using powerstroke::PoissonTable;

namespace {

/// The smallest word that is drawn as more than `count`: Prob(K <= count) in units of 2^-64. By
/// bisection, for counts below the largest, which the last word draws.
std::uint64_t first_above(const PoissonTable& table, std::uint32_t count) {
  std::uint64_t low = 0, high = std::numeric_limits<std::uint64_t>::max();  // high is above
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (table(middle) > count)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

TEST_CASE("the thresholds are the Poisson distribution function") {
  for (const double mean : {1e-9, 0.01, 0.5, 1.0, 7.5, 64.0, 731.25, 4096.0}) {
    CAPTURE(mean);
    const PoissonTable table(mean);
    const boost::math::poisson law(mean);
    for (std::uint32_t count = 0; count < table.largest(); ++count) {
      const std::uint64_t threshold = first_above(table, count);
      // Each tail by itself: the small one is compared to its own relative accuracy (Boost's is
      // about mean times rounding).
      const bool lower = threshold < (std::uint64_t{1} << 63);
      const double tail =
          static_cast<double>(lower ? threshold : std::uint64_t{0} - threshold) * 0x1p-64;
      const double expected = lower ? boost::math::cdf(law, count)
                                    : boost::math::cdf(boost::math::complement(law, count));
      const double accuracy =
          0x1p-63 + (4.0 + mean) * 8.0 * std::numeric_limits<double>::epsilon() * expected;
      if (std::abs(tail - expected) > accuracy)
        FAIL_CHECK("count " << count << ": " << tail << " for " << expected);
    }
    CHECK(table(std::numeric_limits<std::uint64_t>::max()) == table.largest());
    CHECK(boost::math::cdf(boost::math::complement(law, table.largest())) < 0x1p-64);
  }
}

TEST_CASE("more bits never draw a smaller count, over the ends of the guide's bytes") {
  const PoissonTable table(20.0);
  std::uint32_t before = 0;
  for (std::uint64_t byte = 0; byte < 256; ++byte)
    for (const std::uint64_t rest : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0} >> 8}) {
      const std::uint32_t count = table((byte << 56) | rest);
      CHECK(count >= before);
      before = count;
    }
}

TEST_CASE("a mean of zero never draws anything") {
  const PoissonTable table(0.0);
  CHECK(table(0) == 0);
  CHECK(table(std::numeric_limits<std::uint64_t>::max()) == 0);
}

TEST_CASE("means out of range are refused") {
  for (const double mean : {-1e-9, 4097.0, std::numeric_limits<double>::infinity(), std::nan("")})
    CHECK_THROWS_AS(PoissonTable{mean}, powerstroke::NumericsError);
}
