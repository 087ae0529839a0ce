#pragma once

#include "powerstroke/io/result/result.hpp"

namespace powerstroke::io {

/// Of a result that is made now by this program.
Provenance provenance();

}  // namespace powerstroke::io
