#include "powerstroke/study/result/tested.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace powerstroke::study {

Tested tested_snapshots(const Comparison& comparison) {
  const auto has_freedom = [](const std::vector<Fit>& fits, std::size_t k) {
    return k < fits.size() && fits[k].dof > 0.0;
  };
  const std::vector<Fit>& longer = comparison.master_equation.size() >= comparison.levels.size()
                                       ? comparison.master_equation
                                       : comparison.levels;
  Tested tested;
  for (std::size_t k = 0; k < longer.size(); ++k) {
    if (!(longer[k].t > 0.0)) continue;
    ++tested.of;
    if (has_freedom(comparison.master_equation, k) || has_freedom(comparison.levels, k))
      ++tested.snapshots;
  }
  return tested;
}

std::string tested_words(const Tested& tested) {
  if (tested.all()) return fmt::format("consistent at all {} snapshots after the start", tested.of);
  return fmt::format("consistent as far as tested: {} of {} snapshots after the start",
                     tested.snapshots, tested.of);
}

}  // namespace powerstroke::study
