#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/kernels/counts/stroke_counts.hpp"
#include "powerstroke/kernels/sampling/hops.hpp"

namespace powerstroke {

/// A factor of a rates law, which must keep its bound, or the candidates would be too few.
inline void check_bound(double factor, double bound, const char* law) {
  if (factor <= bound) return;  // false for not-a-number, too
  throw NumericsError("the rates law '" + std::string(law) + "' gives the factor " +
                      std::to_string(factor) + ", above its bound " + std::to_string(bound));
}

/// Candidate strokes of a particle under any rates law, and what becomes of them: one uniform
/// number in units of the total rate says which transition and direction is tried, and, by its
/// place within that one's share, whether the law's factor lets it pass.
template <laws::Rates R>
class Candidates {
 public:
  /// @param rates w+ and w- of each hop's transition.
  Candidates(const R& law, std::span<const Hop> hops, std::span<const laws::RatePair> rates)
      : law_(law) {
    for (std::size_t k = 0; k < hops.size(); ++k) {
      const double bound = law.bound(hops[k].delta_e),
                   ratio = std::log(rates[k].up) - std::log(rates[k].down);
      add({hops[k], true, rates[k].up, bound, 0.0, ratio});
      add({hops[k], false, rates[k].down, bound, 0.0, -ratio});
    }
  }

  /// Candidates per particle and time.
  double total() const { return total_; }

  template <class Places>
  void operator()(std::uint64_t bits, const Places& places, std::size_t i,
                  StrokeCounts& ledger) const {
    double share = unit_interval_closed_open(bits) * total_;
    std::size_t at = 0;
    while (at + 1 < channels_.size() && share >= channels_[at].below) ++at;
    const Channel& channel = channels_[at];
    if (at > 0) share -= channels_[at - 1].below;
    attempt(channel, share, places, i, ledger);
  }

  /// A transition in one direction.
  struct Channel {
    Hop hop;
    bool up;
    double rate, bound;
    double below;  ///< the upper end of its share of the total rate
    double log_ratio;
  };
  std::span<const Channel> channels() const { return channels_; }

  /// @param share uniform in [0, rate * bound) of the channel.
  template <class Places>
  void attempt(const Channel& channel, double share, const Places& places, std::size_t i,
               StrokeCounts& ledger) const {
    if (channel.up)
      try_uptake(channel, share, places, i, ledger);
    else
      try_release(channel, share, places, i, ledger);
  }

 private:
  void add(Channel channel) {
    if (channel.rate == 0.0 || channel.bound == 0.0) return;
    channel.below = total_ += channel.rate * channel.bound;
    channels_.push_back(channel);
  }

  template <class Places>
  void try_uptake(const Channel& channel, double share, const Places& places, std::size_t i,
                  StrokeCounts& ledger) const {
    const Hop& hop = channel.hop;
    const double energy = places.energy(i), factor = law_.uptake(energy, hop.delta_e);
    check_bound(factor, channel.bound, R::name);
    if (share >= channel.rate * factor) {
      ++ledger.declined_uptakes;
      return;
    }
    places.uptake(i, hop);
    ledger.book_uptake(hop.transition);
    record(channel, places, i, factor, energy + hop.delta_e);
  }

  template <class Places>
  void try_release(const Channel& channel, double share, const Places& places, std::size_t i,
                   StrokeCounts& ledger) const {
    const Hop& hop = channel.hop;
    if (!places.can_release(i, hop)) {
      ++ledger.blocked;
      return;
    }
    const double energy = places.energy(i), factor = law_.release(energy, hop.delta_e);
    check_bound(factor, channel.bound, R::name);
    if (share >= channel.rate * factor) {
      ++ledger.declined_releases;
      return;
    }
    places.release(i, hop);
    ledger.book_release(hop.transition);
    record(channel, places, i, factor, energy - hop.delta_e);
  }

  /// ln of the stroke's rate over that of its reverse; infinite where there is none, as for an
  /// uptake from rest, whose reverse is blocked.
  template <class Places>
  void record(const Channel& channel, const Places& places, std::size_t i, double factor,
              double energy_after) const {
    if constexpr (requires { places.path; }) {
      if (places.path.empty()) return;
      const double delta_e = channel.hop.delta_e;
      const bool blocked = channel.up && !places.can_release(i, channel.hop);
      const double back = blocked      ? 0.0
                          : channel.up ? law_.release(energy_after, delta_e)
                                       : law_.uptake(energy_after, delta_e);
      places.path[i] += channel.log_ratio + std::log(factor / back);
    }
  }

  R law_;
  std::vector<Channel> channels_;
  double total_ = 0.0;
};

template <class Laws>
struct CandidatesOfEach;
template <class... Laws>
struct CandidatesOfEach<std::variant<Laws...>> {
  using type = std::variant<Candidates<Laws>...>;
};

/// Candidates of whichever rates law it is.
using AnyCandidates = typename CandidatesOfEach<laws::AnyRates>::type;

inline AnyCandidates candidates(const laws::AnyRates& law, std::span<const Hop> hops,
                                std::span<const laws::RatePair> rates) {
  return std::visit(
      [&](const auto& form) -> AnyCandidates { return Candidates(form, hops, rates); }, law);
}

/// Candidates per particle and time.
inline double candidate_rate(const AnyCandidates& candidates) {
  return std::visit([](const auto& form) { return form.total(); }, candidates);
}

}  // namespace powerstroke
