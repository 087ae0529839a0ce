#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <type_traits>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"

/// Processes that share an ensemble, the ranks of MPI. Without MPI, or in a process that was started alone, there is one rank, and
/// nothing here costs anything. All functions but `rank` and `ranks` are to be called by all ranks alike.
namespace powerstroke::parallel {

/// How ranks speak to each other. MPI's way is in launched_ranks.cpp, the one place of mpi.h: a library of its own, so that who does
/// not divide an ensemble needs no MPI.
class Communicator {
 public:
  Communicator(int rank, int ranks) : rank_(rank), ranks_(ranks) {}
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  virtual ~Communicator() = default;

  int rank() const { return rank_; }
  int ranks() const { return ranks_; }
  virtual void sum(std::span<std::uint64_t> values) const = 0;
  virtual std::int64_t largest(std::int64_t value) const = 0;
  /// Replaces `bytes` by those of a rank.
  virtual void broadcast(std::span<std::byte> bytes, int from) const = 0;
  virtual void send(std::span<const std::byte> bytes, int to) const = 0;
  virtual void receive(std::span<std::byte> bytes, int from) const = 0;
  /// Ends all ranks at once.
  virtual void abort(int code) const = 0;

 private:
  int rank_, ranks_;
};

/// What the functions below use from now on; null: there is one rank. It must outlive their use.
void use_communicator(const Communicator* communicator);

/// Joins the processes that an MPI launcher (mpirun, srun) started with this one; leaves them when it dies. One a process. Needs the
/// library powerstroke_ranks.
class Ranks {
 public:
  Ranks();
  ~Ranks();  // NOLINT(performance-trivially-destructible): without MPI there is nothing to leave
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  /// From now on each works for itself: there is one rank in all that follows.
  static void part();
  /// Ends all of them at once: one alone has failed, and the others wait for it.
  static void abort(int code);
};

int ranks();
int rank();

/// Items [first, last) of those that are divided, whole blocks so that sums over blocks are the same as in one process.
struct Share {
  std::size_t first, last;
};
Share share_of(std::size_t items, int rank, int ranks);
inline Share share_of(std::size_t items) { return share_of(items, rank(), ranks()); }

/// Replaces each value by its sum over the ranks: of integers, so that the order is nothing.
void sum_over_ranks(std::span<std::uint64_t> values);
/// The largest of all.
std::int64_t largest_over_ranks(std::int64_t value);
/// What the first rank has.
std::int64_t from_first_rank(std::int64_t value);

/// Values of all ranks in their order, on the first rank; nothing on the others.
void gather_on_first_rank(std::span<const std::byte> ours, std::vector<std::byte>& all);
template <class T>
std::vector<T> gather_on_first_rank(std::span<const T> ours) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (ranks() == 1) return {ours.begin(), ours.end()};
  std::vector<std::byte> bytes;
  gather_on_first_rank(std::as_bytes(ours), bytes);
  const auto* values = reinterpret_cast<const T*>(bytes.data());
  return {values, values + bytes.size() / sizeof(T)};
}

/// Rank after rank: gets `value` from the one before, changes it by `fold`, hands it on; the last one's is what all have then.
void pass_along(std::span<std::byte> value, const std::function<void()>& fold);

/// The sum over blocks of `sum_over_blocks`, over the blocks of all ranks: added in their order, with the bits of one process.
/// @param items of this rank's share.
template <class Value, class Body>
Value sum_over_all_blocks(std::size_t items, Body&& body) {
  static_assert(std::is_trivially_copyable_v<Value>);
  if (ranks() == 1) return sum_over_blocks<Value>(items, body);
  std::vector<Value> partial(blocks(items));
  for_each_block(items, [&](std::size_t block, std::size_t first, std::size_t last) { partial[block] = body(first, last); });
  Value total{};
  pass_along(std::as_writable_bytes(std::span(&total, 1)), [&] {
    for (const Value& value : partial) total += value;
  });
  return total;
}

}  // namespace powerstroke::parallel
