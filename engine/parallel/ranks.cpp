#include "powerstroke/engine/parallel/ranks.hpp"

#include <algorithm>

namespace powerstroke::parallel {

Share share_of(std::size_t items, int rank, int ranks) {
  const std::size_t count = blocks(items), each = count / static_cast<std::size_t>(ranks),
                    more = count % static_cast<std::size_t>(ranks),
                    number = static_cast<std::size_t>(rank);
  const auto block = [&](std::size_t k) {
    return std::min(items, (k * each + std::min(k, more)) * block_size);
  };
  return {block(number), block(number + 1)};
}

void Ranks::abort(int code) const {
  if (are_several()) communicator_->abort(code);
}

void Ranks::sum(std::span<std::uint64_t> values) const {
  if (are_several()) communicator_->sum(values);
}

std::int64_t Ranks::largest(std::int64_t value) const {
  return are_several() ? communicator_->largest(value) : value;
}

std::int64_t Ranks::from_first(std::int64_t value) const {
  if (are_several()) communicator_->broadcast(std::as_writable_bytes(std::span(&value, 1)), 0);
  return value;
}

void Ranks::gather_on_first(std::span<const std::byte> ours, std::vector<std::byte>& all) const {
  const std::uint64_t bytes = ours.size();
  if (!is_first()) {
    communicator_->send(std::as_bytes(std::span(&bytes, 1)), 0);
    communicator_->send(ours, 0);
    return;
  }
  all.assign(ours.begin(), ours.end());
  for (int from = 1; from < size(); ++from) {
    std::uint64_t more = 0;
    communicator_->receive(std::as_writable_bytes(std::span(&more, 1)), from);
    const std::size_t before = all.size();
    all.resize(before + more);
    communicator_->receive(std::span(all).subspan(before), from);
  }
}

void Ranks::pass_along(std::span<std::byte> value, const std::function<void()>& fold) const {
  if (!is_first()) communicator_->receive(value, rank() - 1);
  fold();
  if (rank() + 1 < size()) communicator_->send(value, rank() + 1);
  if (are_several()) communicator_->broadcast(value, size() - 1);
}

}  // namespace powerstroke::parallel
