#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

/// The one place of threads. Work is cut into fixed blocks that do not depend on how many threads
/// there are, so sums over blocks, taken in order, have the same bits for any number of threads.
namespace powerstroke::parallel {

/// Particles a block.
inline constexpr std::size_t block_size = 4096;

/// Says how many threads the loops use that the present thread starts while this lives. The
/// innermost scope counts; scopes of other threads of the process do not. What a scope starts
/// beside others (`for_each_task`) has one thread.
class Threads {
 public:
  /// @param count >= 1; 0 or less: as many as without any scope.
  explicit Threads(int count);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int outer_;
};

/// Says how many threads the loops of this process use where no `Threads` scope says it: for
/// interfaces whose callers know no scopes. @param count >= 1; 0 or less: all that the machine
/// offers.
void set_default_threads(int count);

/// @returns how many threads a loop that started here would use, >= 1; 1 in a body that runs beside
/// others, where the threads are taken.
int threads();

constexpr std::size_t blocks(std::size_t items) { return (items + block_size - 1) / block_size; }

/// Calls body(block, first, last) for each block of [0, items), on any thread, in any order.
/// The first exception of a body is thrown here, after the blocks that were under way; later blocks
/// are left out.
void for_each_block(
    std::size_t items,
    const std::function<void(std::size_t block, std::size_t first, std::size_t last)>& body);

/// The sum over blocks of body(first, last), added in the order of the blocks. `Value` needs `+=`
/// and value-initialises to the neutral element. Blocks are worked off in rounds, so that only a
/// round's values are held, however many particles there are.
template <class Value, class Body>
Value sum_over_blocks(std::size_t items, Body&& body) {
  constexpr std::size_t round = 1024 * block_size;
  Value total{};
  for (std::size_t start = 0; start < items; start += round) {
    const std::size_t size = std::min(round, items - start);
    std::vector<Value> partial(blocks(size));
    for_each_block(size, [&](std::size_t block, std::size_t first, std::size_t last) {
      partial[block] = body(start + first, start + last);
    });
    for (const Value& value : partial) total += value;
  }
  return total;
}

}  // namespace powerstroke::parallel
