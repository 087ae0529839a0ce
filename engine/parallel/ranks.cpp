#include "powerstroke/engine/parallel/ranks.hpp"

#include <algorithm>
#include <cstdlib>

#ifdef POWERSTROKE_MPI
#include <mpi.h>
#endif

namespace powerstroke::parallel {

Share share_of(std::size_t items, int rank, int ranks) {
  const std::size_t count = blocks(items), each = count / static_cast<std::size_t>(ranks),
                    more = count % static_cast<std::size_t>(ranks), number = static_cast<std::size_t>(rank);
  const auto block = [&](std::size_t k) { return std::min(items, (k * each + std::min(k, more)) * block_size); };
  return {block(number), block(number + 1)};
}

#ifdef POWERSTROKE_MPI

namespace {

int our_rank = 0, rank_count = 1;
bool joined = false;

/// A program that was started alone is none of MPI's, whose start takes a while.
bool was_launched() {
  return std::ranges::any_of(std::initializer_list<const char*>{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"},
                             [](const char* name) { return std::getenv(name) != nullptr; });
}

/// Messages longer than an int counts are sent in pieces.
constexpr std::size_t piece = std::size_t{1} << 30U;

void send(const std::byte* data, std::size_t size, int to) {
  for (std::size_t at = 0; at < size; at += piece)
    MPI_Send(data + at, static_cast<int>(std::min(piece, size - at)), MPI_BYTE, to, 0, MPI_COMM_WORLD);
}

void receive(std::byte* data, std::size_t size, int from) {
  for (std::size_t at = 0; at < size; at += piece)
    MPI_Recv(data + at, static_cast<int>(std::min(piece, size - at)), MPI_BYTE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

}  // namespace

Ranks::Ranks() {
  if (!was_launched()) return;
  // Threads are OpenMP's; the main one alone speaks to other ranks.
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &our_rank);
  MPI_Comm_size(MPI_COMM_WORLD, &rank_count);
  joined = true;
}

Ranks::~Ranks() {
  if (!joined) return;
  MPI_Finalize();
  joined = false;
  part();
}

void Ranks::part() {
  our_rank = 0;
  rank_count = 1;
}

void Ranks::abort(int code) {
  if (rank_count > 1) MPI_Abort(MPI_COMM_WORLD, code);
}

int ranks() { return rank_count; }
int rank() { return our_rank; }

void sum_over_ranks(std::span<std::uint64_t> values) {
  if (rank_count == 1) return;
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
}

std::int64_t largest_over_ranks(std::int64_t value) {
  if (rank_count > 1) MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_MAX, MPI_COMM_WORLD);
  return value;
}

std::int64_t from_first_rank(std::int64_t value) {
  if (rank_count > 1) MPI_Bcast(&value, 1, MPI_INT64_T, 0, MPI_COMM_WORLD);
  return value;
}

void gather_on_first_rank(std::span<const std::byte> ours, std::vector<std::byte>& all) {
  const std::uint64_t size = ours.size();
  std::vector<std::uint64_t> sizes(static_cast<std::size_t>(rank_count));
  MPI_Gather(&size, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
  if (our_rank != 0) {
    send(ours.data(), ours.size(), 0);
    return;
  }
  all.assign(ours.begin(), ours.end());
  for (int from = 1; from < rank_count; ++from) {
    const std::size_t before = all.size(), more = sizes[static_cast<std::size_t>(from)];
    all.resize(before + more);
    receive(all.data() + before, more, from);
  }
}

void pass_along(std::span<std::byte> value, const std::function<void()>& fold) {
  if (our_rank > 0) receive(value.data(), value.size(), our_rank - 1);
  fold();
  if (our_rank + 1 < rank_count) send(value.data(), value.size(), our_rank + 1);
  if (rank_count > 1) MPI_Bcast(value.data(), static_cast<int>(value.size()), MPI_BYTE, rank_count - 1, MPI_COMM_WORLD);
}

#else

Ranks::Ranks() = default;
Ranks::~Ranks() = default;
void Ranks::part() {}
void Ranks::abort(int) {}
int ranks() { return 1; }
int rank() { return 0; }
void sum_over_ranks(std::span<std::uint64_t>) {}
std::int64_t largest_over_ranks(std::int64_t value) { return value; }
std::int64_t from_first_rank(std::int64_t value) { return value; }
void gather_on_first_rank(std::span<const std::byte> ours, std::vector<std::byte>& all) {
  all.assign(ours.begin(), ours.end());
}
void pass_along(std::span<std::byte>, const std::function<void()>& fold) { fold(); }

#endif

}  // namespace powerstroke::parallel
