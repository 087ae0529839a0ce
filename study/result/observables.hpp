#pragma once

#include <tuple>

#include "powerstroke/study/observables_list.hpp"  // made by CMake from the files in study/observables/

namespace powerstroke::study {

namespace observables {
using All = std::tuple<POWERSTROKE_OBSERVABLES>;
}

/// Calls `visit` with an object of each observable, in the order of their files.
template <class Visit>
void for_each_observable(const Visit& visit) {
  std::apply([&visit](auto... all) { (visit(all), ...); }, observables::All{});
}

}  // namespace powerstroke::study
