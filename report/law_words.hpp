#pragma once

#include <string>

#include "powerstroke/study/result/result.hpp"

namespace powerstroke::report {

/// Below a figure that shows the end beside its stationary law: the law, its chi-square and
/// distances; where there is none, why.
std::string stationary_caption(const study::StationaryFit& law);

}  // namespace powerstroke::report
