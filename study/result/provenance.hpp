#pragma once

#include "powerstroke/study/result/result.hpp"

namespace powerstroke::study {

/// Of a result that is made now by this program.
Provenance provenance();

}  // namespace powerstroke::study
