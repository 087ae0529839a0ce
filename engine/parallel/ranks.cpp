#include "powerstroke/engine/parallel/ranks.hpp"

#include <algorithm>

namespace powerstroke::parallel {

Share share_of(std::size_t items, int rank, int ranks) {
  const std::size_t count = blocks(items), each = count / static_cast<std::size_t>(ranks),
                    more = count % static_cast<std::size_t>(ranks), number = static_cast<std::size_t>(rank);
  const auto block = [&](std::size_t k) { return std::min(items, (k * each + std::min(k, more)) * block_size); };
  return {block(number), block(number + 1)};
}

namespace {

const Communicator* in_use = nullptr;

}  // namespace

void use_communicator(const Communicator* communicator) { in_use = communicator; }

void Ranks::part() { use_communicator(nullptr); }

void Ranks::abort(int code) {
  if (ranks() > 1) in_use->abort(code);
}

int ranks() { return in_use == nullptr ? 1 : in_use->ranks(); }
int rank() { return in_use == nullptr ? 0 : in_use->rank(); }

void sum_over_ranks(std::span<std::uint64_t> values) {
  if (ranks() > 1) in_use->sum(values);
}

std::int64_t largest_over_ranks(std::int64_t value) { return ranks() > 1 ? in_use->largest(value) : value; }

std::int64_t from_first_rank(std::int64_t value) {
  if (ranks() > 1) in_use->broadcast(std::as_writable_bytes(std::span(&value, 1)), 0);
  return value;
}

void gather_on_first_rank(std::span<const std::byte> ours, std::vector<std::byte>& all) {
  const std::uint64_t size = ours.size();
  if (rank() > 0) {
    in_use->send(std::as_bytes(std::span(&size, 1)), 0);
    in_use->send(ours, 0);
    return;
  }
  all.assign(ours.begin(), ours.end());
  for (int from = 1; from < ranks(); ++from) {
    std::uint64_t more = 0;
    in_use->receive(std::as_writable_bytes(std::span(&more, 1)), from);
    const std::size_t before = all.size();
    all.resize(before + more);
    in_use->receive(std::span(all).subspan(before), from);
  }
}

void pass_along(std::span<std::byte> value, const std::function<void()>& fold) {
  if (rank() > 0) in_use->receive(value, rank() - 1);
  fold();
  if (rank() + 1 < ranks()) in_use->send(value, rank() + 1);
  if (ranks() > 1) in_use->broadcast(value, ranks() - 1);
}

}  // namespace powerstroke::parallel
