#include "powerstroke/engine/parallel/ranks.hpp"

#ifdef POWERSTROKE_MPI
#include <mpi.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <memory>

namespace powerstroke::parallel {
namespace {

/// A program that was started alone is none of MPI's, whose start takes a while.
bool was_launched() {
  return std::ranges::any_of(
      std::initializer_list<const char*>{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"},
      [](const char* name) { return std::getenv(name) != nullptr; });
}

/// Messages longer than an int counts are sent in pieces.
constexpr std::size_t piece = std::size_t{1} << 30U;

class World : public Communicator {
 public:
  World() : Communicator(asked(MPI_Comm_rank), asked(MPI_Comm_size)) {}

  void sum(std::span<std::uint64_t> values) const override {
    MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_UINT64_T,
                  MPI_SUM, MPI_COMM_WORLD);
  }
  std::int64_t largest(std::int64_t value) const override {
    MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_MAX, MPI_COMM_WORLD);
    return value;
  }
  void broadcast(std::span<std::byte> bytes, int from) const override {
    MPI_Bcast(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, from, MPI_COMM_WORLD);
  }
  void send(std::span<const std::byte> bytes, int to) const override {
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      MPI_Send(bytes.data() + at, length(bytes.size(), at), MPI_BYTE, to, 0, MPI_COMM_WORLD);
  }
  void receive(std::span<std::byte> bytes, int from) const override {
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      MPI_Recv(bytes.data() + at, length(bytes.size(), at), MPI_BYTE, from, 0, MPI_COMM_WORLD,
               MPI_STATUS_IGNORE);
  }
  void abort(int code) const override { MPI_Abort(MPI_COMM_WORLD, code); }

 private:
  static int asked(int (*question)(MPI_Comm, int*)) {
    int answer = 0;
    question(MPI_COMM_WORLD, &answer);
    return answer;
  }
  static int length(std::size_t size, std::size_t at) {
    return static_cast<int>(std::min(piece, size - at));
  }
};

}  // namespace

LaunchedRanks::LaunchedRanks() {
  if (!was_launched()) return;
  // Threads are OpenMP's; the main one alone speaks to other ranks.
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  world_ = std::make_unique<const World>();
}

LaunchedRanks::~LaunchedRanks() {
  if (world_ != nullptr) MPI_Finalize();
}

}  // namespace powerstroke::parallel

#else

namespace powerstroke::parallel {
LaunchedRanks::LaunchedRanks() = default;
LaunchedRanks::~LaunchedRanks() = default;
}  // namespace powerstroke::parallel

#endif
