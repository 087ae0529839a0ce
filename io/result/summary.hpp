#pragma once

#include <string>

#include "powerstroke/study/result/result.hpp"

namespace powerstroke::io {

/// The text of `summary.json`: what a script wants from a result without HDF5. A value that does
/// not exist is null. Units as in result.hpp; a histogram's density is per unit energy, particles
/// beyond the last edge counted in its norm. Rows are [snapshot][bin].
std::string summary_json(const study::RunResult& result);

}  // namespace powerstroke::io
