#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"

/// Processes that share an ensemble, the ranks of MPI. They are handed to whoever works with
/// others; without, a process is alone, and nothing here costs anything.
namespace powerstroke::parallel {

/// How ranks speak to each other. MPI's way is in launched_ranks.cpp, the one place of mpi.h: a
/// library of its own, so that who does not divide an ensemble needs no MPI.
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

/// Items [first, last) of those that are divided, whole blocks so that sums over blocks are the
/// same as in one process.
struct Share {
  std::size_t first, last;
};
Share share_of(std::size_t items, int rank, int ranks);

/// The processes that work on something together, this one among them: a small value, to be copied.
/// All functions but those that ask who is there are called by all ranks alike. Of one rank they do
/// nothing, or give back what they were given.
class Ranks {
 public:
  /// This process alone.
  Ranks() = default;
  /// @param communicator among whose ranks this process is; nullptr: alone. It outlives all copies.
  explicit Ranks(const Communicator* communicator)
      : communicator_(communicator != nullptr && communicator->ranks() > 1 ? communicator
                                                                           : nullptr) {}

  int size() const { return communicator_ == nullptr ? 1 : communicator_->ranks(); }
  bool are_several() const { return communicator_ != nullptr; }
  int rank() const { return communicator_ == nullptr ? 0 : communicator_->rank(); }
  bool is_first() const { return rank() == 0; }
  /// The share of this rank.
  Share share_of(std::size_t items) const { return parallel::share_of(items, rank(), size()); }
  /// Ends all others at once: this one has failed, and they wait for it. Called by one of several.
  void abort(int code) const;

  /// Replaces each value by its sum over the ranks: of integers, so that the order is nothing.
  void sum(std::span<std::uint64_t> values) const;
  /// @returns the largest value of all ranks.
  std::int64_t largest(std::int64_t value) const;
  /// @returns the value that the first rank has.
  std::int64_t from_first(std::int64_t value) const;

  /// @returns the values of all ranks in their order, on the first rank; nothing on the others.
  template <class T>
  std::vector<T> gather_on_first(std::span<const T> ours) const {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!are_several()) return {ours.begin(), ours.end()};
    std::vector<std::byte> bytes;
    gather_on_first(std::as_bytes(ours), bytes);
    const auto* values = reinterpret_cast<const T*>(bytes.data());
    return {values, values + bytes.size() / sizeof(T)};
  }

  /// Rank after rank gets `value` from the one before, changes it by `fold`, and hands it on; what
  /// the last one makes of it is what all have then.
  void pass_along(std::span<std::byte> value, const std::function<void()>& fold) const;

  /// The sum over blocks of `parallel::sum_over_blocks`, over the blocks of all ranks: added in
  /// their order, with the bits of one process. @param items of this rank's share.
  template <class Value, class Body>
  Value sum_over_blocks(std::size_t items, Body&& body) const {
    static_assert(std::is_trivially_copyable_v<Value>);
    if (!are_several()) return parallel::sum_over_blocks<Value>(items, body);
    std::vector<Value> partial(blocks(items));
    for_each_block(items, [&](std::size_t block, std::size_t first, std::size_t last) {
      partial[block] = body(first, last);
    });
    Value total{};
    pass_along(std::as_writable_bytes(std::span(&total, 1)), [&] {
      for (const Value& value : partial) total += value;
    });
    return total;
  }

 private:
  void gather_on_first(std::span<const std::byte> ours, std::vector<std::byte>& all) const;

  const Communicator* communicator_ = nullptr;  ///< of several ranks
};

/// Joins the processes that an MPI launcher (mpirun, srun) started with this one; leaves them when
/// it dies. One a process. Needs the library powerstroke_ranks.
class LaunchedRanks {
 public:
  LaunchedRanks();
  ~LaunchedRanks();
  LaunchedRanks(const LaunchedRanks&) = delete;
  LaunchedRanks& operator=(const LaunchedRanks&) = delete;

  /// All of them; this process alone if no launcher started it, or without MPI.
  Ranks all() const { return Ranks(world_.get()); }

 private:
  std::unique_ptr<const Communicator> world_;
};

}  // namespace powerstroke::parallel
