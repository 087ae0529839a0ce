#pragma once

#include <string>
#include <string_view>

namespace powerstroke::report {

/// `words_html`, and what the claims need beyond it: "beta", "p_i", "1e-09", "E < ", "Delta t",
/// letters that stand alone.
std::string claim_html(std::string_view sentence);

}  // namespace powerstroke::report
