#include "powerstroke/study/result/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "powerstroke/study/result/observables.hpp"

namespace powerstroke::study {
namespace {

/// What is no function of a snapshot and of the populations at its time: estimated with bins, along
/// paths, or by the equation alone.
constexpr std::array others = {
    QuantityInfo{
        .position = 100,
        .key = "entropy_production",
        .unit = "k_B/time",
        .symbol = {"production", "entropy production", "entropy production"},
        .description =
            "Entropy production, equation (A.6); its generalisation where energy is not conserved",
        .followed = Followed::by_equation},
    QuantityInfo{
        .position = 101,
        .key = "entropy_exchange",
        .unit = "k_B/time",
        .symbol = {"exchange", "entropy exchange", "entropy exchange"},
        .description = "Entropy given to the surroundings per time: production = change + exchange",
        .followed = Followed::by_equation},
    QuantityInfo{.position = 102,
                 .key = "entropy_change",
                 .unit = "k_B/time",
                 .symbol = {"change", "entropy change", "entropy change"},
                 .description = "Rate of change of S_E, or of S_1 where rates are microreversible",
                 .followed = Followed::by_equation},
    QuantityInfo{.position = 103,
                 .key = "total_entropy",
                 .unit = "k_B",
                 .symbol = {"S_tot", "<i>S</i><sub>tot</sub>", "{/:Italic S}_{tot}"},
                 .description = "Entropy per particle of particles and two-level systems, up to a "
                                "constant; empty without",
                 .followed = Followed::by_equation,
                 .is_optional = true},
    QuantityInfo{.position = 110,
                 .key = "path_entropy",
                 .unit = "k_B",
                 .symbol = {"<Delta s_tot>", "⟨Δ<i>s</i><sub>tot</sub>⟩", "⟨Δ{/:Italic s}_{tot}⟩"},
                 .description = "Mean total entropy change along a particle's strokes since t = 0",
                 .followed = Followed::by_particles,
                 .is_optional = true},
    QuantityInfo{.position = 111,
                 .key = "path_average",
                 .unit = "1",
                 .symbol = {"<exp(-Delta s_tot)>", "⟨exp(−Δ<i>s</i><sub>tot</sub>)⟩",
                            "⟨exp(−Δ{/:Italic s}_{tot})⟩"},
                 .description = "Mean of exp(-total entropy change): 1 by the fluctuation theorem",
                 .followed = Followed::by_particles,
                 .is_optional = true},
    QuantityInfo{.position = 112,
                 .key = "information",
                 .unit = "k_B",
                 .symbol = {"I(E_0; E_t)", "<i>I</i>(<i>E</i><sub>0</sub>; <i>E<sub>t</sub></i>)",
                            "{/:Italic I}({/:Italic E}_0; {/:Italic E}_{/:Italic t})"},
                 .description = "Shannon information I(E_0; E_t) on quarters of the ladder's steps",
                 .is_optional = true},
};

template <class Range>
auto* find_in(Range& quantities, std::string_view key) {
  const auto found = std::ranges::find(quantities, key, &Quantity::key);
  return found == quantities.end() ? nullptr : &*found;
}

template <class Range>
auto& get_from(Range& quantities, std::string_view key) {
  if (auto* const found = find_in(quantities, key)) return *found;
  throw std::out_of_range(fmt::format("no quantity '{}' is followed", key));
}

}  // namespace

const std::vector<QuantityInfo>& followed_quantities() {
  static const std::vector<QuantityInfo> all = [] {
    std::vector<QuantityInfo> infos(others.begin(), others.end());
    for_each_observable(
        [&infos]<class Observable>(Observable) { infos.push_back(Observable::info); });
    std::ranges::sort(infos, {}, &QuantityInfo::position);
    return infos;
  }();
  return all;
}

const QuantityInfo& quantity_info(std::string_view key) {
  for (const QuantityInfo& info : followed_quantities())
    if (info.key == key) return info;
  throw std::out_of_range(fmt::format("no quantity '{}' is followed", key));
}

std::vector<Quantity> empty_quantities() {
  std::vector<Quantity> quantities;
  for (const QuantityInfo& info : followed_quantities())
    quantities.push_back(
        {std::string(info.key), std::string(info.unit), std::string(info.description), {}, {}});
  return quantities;
}

const Quantity* find_quantity(const std::vector<Quantity>& quantities, std::string_view key) {
  return find_in(quantities, key);
}
Quantity* find_quantity(std::vector<Quantity>& quantities, std::string_view key) {
  return find_in(quantities, key);
}

const Quantity& quantity_of(const std::vector<Quantity>& quantities, std::string_view key) {
  return get_from(quantities, key);
}
Quantity& quantity_of(std::vector<Quantity>& quantities, std::string_view key) {
  return get_from(quantities, key);
}

}  // namespace powerstroke::study
