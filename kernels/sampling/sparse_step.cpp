#include "powerstroke/kernels/sampling/sparse_step.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/random/stream_batch.hpp"

namespace powerstroke {
namespace {

constexpr std::uint64_t block_bits = 12;
static_assert(SparseStep::block == std::uint64_t{1} << block_bits);
static_assert(SparseStep::most_candidates * SparseStep::block <= PoissonTable::largest_mean);

/// The random 64-bit words of one stream, one after another.
class Words {
 public:
  Words(std::uint64_t seed, std::uint64_t particle, std::uint64_t step)
      : seed_(seed), particle_(particle), step_(step) {}

  std::uint64_t operator()() {
    const std::size_t at = used_ % (2 * StreamBatch::lanes), lane = at / 2, half = at % 2;
    if (at == 0) batch_.fill_blocks(seed_, particle_, step_, Purpose::sparse_strokes, used_ / 2);
    ++used_;
    return (static_cast<std::uint64_t>(batch_.word[2 * half + 1][lane]) << 32) |
           batch_.word[2 * half][lane];
  }

 private:
  std::uint64_t seed_, particle_, step_, used_ = 0;
  StreamBatch batch_;
};

}  // namespace

SparseStep::SparseStep(AnyCandidates candidates, double spacing, double dt)
    : candidates_(std::move(candidates)),
      how_many_(std::visit([](const auto& form) { return form.total(); }, candidates_) * dt *
                static_cast<double>(block)),
      spacing_(spacing),
      highest_(0.0) {
  std::visit(
      [&](const auto& form) {
        for (const auto& channel : form.channels())
          highest_ = std::max(highest_, highest_level * channel.hop.delta_e);
      },
      candidates_);
}

/// Calls attempt(bits, id) for each candidate of a block.
template <class Try>
void SparseStep::for_each_candidate(std::uint64_t number, std::uint64_t seed, std::uint64_t step,
                                    Try&& attempt) const {
  Words words(seed, number, step);
  for (std::uint32_t left = how_many_(words()); left > 0; --left) {
    const std::uint64_t bits = words();
    attempt(bits << block_bits, number * block + (bits >> (64 - block_bits)));
  }
}

template <class Form>
void SparseStep::attempt(const Form& form, std::uint64_t bits, const MomentumView& momenta,
                         std::size_t particle, const PassKey& key, StrokeCounts& ledger) const {
  const MomentumPlace place(momenta, key, particle);
  if (!(place.energy(particle) < highest_))
    throw NumericsError("the momentum of particle " + std::to_string(particle) + " has energy " +
                        std::to_string(place.energy(particle)) +
                        "; it must be finite and below 2^30 delta_e");
  form(bits, place, particle, ledger);
}

void SparseStep::operator()(const MomentumView& momenta, std::uint64_t seed, std::uint64_t step,
                            StrokeCounts& ledger) const {
  if (momenta.size() == 0) return;
  const std::uint64_t first = momenta.first_id(), last = first + momenta.size();
  const PassKey key{spacing_, seed, step};
  std::visit(
      [&](const auto& form) {
        for (std::uint64_t number = first / block; number * block < last; ++number)
          for_each_candidate(number, seed, step, [&](std::uint64_t bits, std::uint64_t id) {
            if (id >= first && id < last)
              attempt(form, bits, momenta, static_cast<std::size_t>(id - first), key, ledger);
          });
      },
      candidates_);
}

void SparseStep::operator()(std::span<const std::uint64_t> blocks, const Find& find,
                            std::uint64_t seed, std::uint64_t step, StrokeCounts& ledger) const {
  const PassKey key{spacing_, seed, step};
  std::visit(
      [&](const auto& form) {
        for (const std::uint64_t number : blocks)
          for_each_candidate(number, seed, step, [&](std::uint64_t bits, std::uint64_t id) {
            if (const std::optional<MomentumView> momenta = find(id))
              attempt(form, bits, *momenta, 0, key, ledger);
          });
      },
      candidates_);
}

}  // namespace powerstroke
