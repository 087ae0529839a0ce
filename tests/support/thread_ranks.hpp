#pragma once

#include <algorithm>
#include <barrier>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "powerstroke/engine/parallel/ranks.hpp"

/// Ranks that are threads of this process: what is divided among ranks, without MPI.
namespace test_support {

class ThreadRanks {
 public:
  explicit ThreadRanks(int ranks)
      : meeting_(ranks), said_(size(ranks)), boxes_(size(ranks) * size(ranks)), ranks_(ranks) {}

  /// Calls work(ranks) for each of them at once.
  void run(const std::function<void(powerstroke::parallel::Ranks)>& work) {
    std::vector<std::thread> threads;
    for (int rank = 0; rank < ranks_; ++rank)
      threads.emplace_back([&, rank] {
        const powerstroke::parallel::Threads one_thread(1);
        const Member member(*this, rank);
        work(powerstroke::parallel::Ranks(&member));
      });
    for (std::thread& thread : threads) thread.join();
  }

 private:
  using Bytes = std::vector<std::byte>;

  struct Box {
    std::mutex mutex;
    std::condition_variable filled;
    std::deque<Bytes> letters;
  };

  class Member : public powerstroke::parallel::Communicator {
   public:
    Member(ThreadRanks& all, int rank) : Communicator(rank, all.ranks_), all_(all) {}

    void sum(std::span<std::uint64_t> values) const override {
      fold(values, [](std::uint64_t a, std::uint64_t b) { return a + b; });
    }
    std::int64_t largest(std::int64_t value) const override {
      fold(std::span(&value, 1), [](std::int64_t a, std::int64_t b) { return std::max(a, b); });
      return value;
    }
    void broadcast(std::span<std::byte> bytes, int from) const override {
      all_.say(rank(), bytes);
      std::memcpy(bytes.data(), all_.said_[size(from)].data(), bytes.size());
      all_.meeting_.arrive_and_wait();
    }
    void send(std::span<const std::byte> bytes, int to) const override {
      Box& box = all_.box(rank(), to);
      const std::lock_guard lock(box.mutex);
      box.letters.emplace_back(bytes.begin(), bytes.end());
      box.filled.notify_one();
    }
    void receive(std::span<std::byte> bytes, int from) const override {
      Box& box = all_.box(from, rank());
      std::unique_lock lock(box.mutex);
      box.filled.wait(lock, [&] { return !box.letters.empty(); });
      if (!bytes.empty()) std::memcpy(bytes.data(), box.letters.front().data(), bytes.size());
      box.letters.pop_front();
    }
    void abort(int) const override { std::abort(); }

   private:
    template <class T, class F>
    void fold(std::span<T> values, const F& f) const {
      all_.say(rank(), std::as_bytes(values));
      for (int other = 0; other < ranks(); ++other) {
        if (other == rank()) continue;
        std::vector<T> theirs(values.size());
        std::memcpy(theirs.data(), all_.said_[size(other)].data(), values.size_bytes());
        for (std::size_t k = 0; k < values.size(); ++k) values[k] = f(values[k], theirs[k]);
      }
      all_.meeting_.arrive_and_wait();  // before somebody says the next thing
    }

    ThreadRanks& all_;
  };

  static std::size_t size(int number) { return static_cast<std::size_t>(number); }
  Box& box(int from, int to) { return boxes_[size(from) * size(ranks_) + size(to)]; }
  void say(int rank, std::span<const std::byte> bytes) {
    said_[size(rank)].assign(bytes.begin(), bytes.end());
    meeting_.arrive_and_wait();
  }

  std::barrier<> meeting_;
  std::vector<Bytes> said_;
  std::vector<Box> boxes_;
  int ranks_;
};

}  // namespace test_support
