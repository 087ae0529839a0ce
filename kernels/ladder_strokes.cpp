#include "powerstroke/kernels/ladder_strokes.hpp"

#include <cmath>

#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"

namespace powerstroke {

UniformizedStep::UniformizedStep(double rate_up, double rate_down, double dt)
    : candidates_((rate_up + rate_down) * dt),
      uptake_below_(rate_up > 0.0 ? static_cast<std::uint64_t>(std::llround(rate_up / (rate_up + rate_down) * 0x1p32)) : 0) {}

std::int32_t UniformizedStep::operator()(std::int32_t level, std::uint64_t seed, std::uint64_t particle,
                                         std::uint64_t step, Ledger& ledger) const {
  Stream stream(seed, particle, step, Purpose::strokes);
  Stream::Block words = stream.next_block();
  const std::uint32_t count = candidates_((static_cast<std::uint64_t>(words[1]) << 32) | words[0]);
  std::uint32_t uptakes = 0, releases = 0;
  for (std::uint32_t candidate = 0, at = 2; candidate < count; ++candidate, ++at) {
    if (at == words.size()) {
      words = stream.next_block();
      at = 0;
    }
    const bool uptake = words[at] < uptake_below_;
    const bool release = !uptake && can_release(level);
    level += static_cast<std::int32_t>(uptake) - static_cast<std::int32_t>(release);
    uptakes += uptake;
    releases += release;
  }
  ledger.uptakes += uptakes;
  ledger.releases += releases;
  ledger.blocked += count - uptakes - releases;
  return level;
}

}  // namespace powerstroke
