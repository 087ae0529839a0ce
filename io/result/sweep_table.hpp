#pragma once

#include <string>

#include "powerstroke/study/sweep/sweep.hpp"

namespace powerstroke::io {

/// The text of `sweep.json`, format "powerstroke-sweep/1". A value that does not exist is null.
std::string sweep_json(const study::Sweep& sweep);

/// The text of `sweep.csv`: a line with the names of the columns, then one a run; fields as RFC
/// 4180 quotes them, an empty one where a value does not exist.
std::string sweep_csv(const study::Sweep& sweep);

}  // namespace powerstroke::io
