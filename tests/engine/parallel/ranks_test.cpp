#include "powerstroke/engine/parallel/ranks.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace powerstroke;

TEST_CASE("ranks: shares are whole blocks, one after the other, and hold every particle once") {
  for (const std::size_t items : {std::size_t{0}, std::size_t{1}, parallel::block_size,
                                  3 * parallel::block_size + 5, std::size_t{1'000'000}})
    for (const int ranks : {1, 2, 3, 4, 7, 1000}) {
      std::size_t next = 0, most = 0, least = items;
      for (int rank = 0; rank < ranks; ++rank) {
        const parallel::Share share = parallel::share_of(items, rank, ranks);
        REQUIRE(share.first == next);
        REQUIRE(share.last >= share.first);
        CHECK((share.first % parallel::block_size == 0 || share.first == items));
        next = share.last;
        const std::size_t blocks = parallel::blocks(share.last - share.first);
        most = std::max(most, blocks);
        least = std::min(least, blocks);
      }
      CHECK(next == items);
      CHECK(most - least <= 1);
    }
}

TEST_CASE("ranks: a process that was started alone is the only rank, and sums are its own") {
  const parallel::Ranks ranks;
  CHECK(ranks.size() == 1);
  CHECK(ranks.is_first());
  CHECK_FALSE(ranks.are_several());
  std::vector<std::uint64_t> values{1, 2, 3};
  ranks.sum(values);
  CHECK(values == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(ranks.largest(-4) == -4);
  CHECK(ranks.from_first(7) == 7);
  CHECK(ranks.gather_on_first(std::span<const std::uint64_t>(values)) == values);
  const auto body = [](std::size_t first, std::size_t last) {
    return 1.0 / static_cast<double>(first + last);
  };
  CHECK(ranks.sum_over_blocks<double>(100'000, body) ==
        parallel::sum_over_blocks<double>(100'000, body));
}
