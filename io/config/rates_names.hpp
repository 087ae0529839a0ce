#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/rates.hpp"

namespace powerstroke::io {

/// A rates law as a config names it.
struct RatesName {
  std::string name, description;
  std::span<const laws::RatesParameter> parameters;  ///< keys of the section strokes.<name>; none if there is no section
  std::function<laws::AnyRates(const laws::RatesInput&)> make;
};

/// All of them, from the files in kernels/laws/rates: whoever adds a file has added a name.
const std::vector<RatesName>& rates_names();

}  // namespace powerstroke::io
