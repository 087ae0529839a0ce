#pragma once

#include <functional>
#include <string>
#include <vector>

#include "powerstroke/study/settings/decoder.hpp"

namespace powerstroke::study {

/// Something that the program has checked of itself on this machine.
struct SelfCheck {
  std::string what, found;  ///< sentences without an end
  bool passed = false;
  double false_alarm_rate = 0.0;  ///< of a sound program; 0 where chance has no part
};

/// Told before each check: its number, how many there are.
using CheckCounter = std::function<void(std::size_t done, std::size_t all)>;

/// Known answers of the generator and of the vector code that fills many words at once; the
/// equation against a closed form and against another solver's numbers; particles of every balance,
/// of several transitions and in phase space against their laws; equal bits on one thread and on
/// all of them. In half a minute on two cores. What throws has failed.
/// @param decode what turns its configs into settings.
std::vector<SelfCheck> selftest(const Decoder& decode, const CheckCounter& progress = {});

}  // namespace powerstroke::study
