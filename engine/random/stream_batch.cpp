#include "powerstroke/engine/random/stream_batch.hpp"

#include "powerstroke/engine/core/clones.hpp"
#include "powerstroke/engine/random/stream.hpp"

namespace powerstroke {
namespace {

POWERSTROKE_CLONES
void fill_words(std::array<StreamBatch::Words, 4>& word, std::uint64_t seed, std::uint64_t first, std::uint64_t step,
                Purpose purpose, std::uint64_t block) {
  for (std::size_t lane = 0; lane < StreamBatch::lanes; ++lane) {
    const auto words = r123::Philox4x32{}(Stream::counter(first + lane, step, purpose, block), Stream::key(seed));
    for (std::size_t w = 0; w < 4; ++w) word[w][lane] = words[w];
  }
}

}  // namespace

void StreamBatch::fill(std::uint64_t seed, std::uint64_t first, std::uint64_t step, Purpose purpose, std::uint64_t block) {
  Stream::check(first + lanes - 1, step);
  if (block >= Stream::field_limit) throw std::length_error("random stream: block over 2^40");
  fill_words(word, seed, first, step, purpose, block);
}

}  // namespace powerstroke
