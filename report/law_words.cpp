#include "powerstroke/report/law_words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "powerstroke/report/text.hpp"

namespace powerstroke::report {

using namespace study;

std::string stationary_caption(const StationaryFit& law) {
  if (!law.exists) return fmt::format("Stationary state: {}.", words_html(law.law));
  std::string text = fmt::format("Dashed: {}.", words_html(law.law));
  if (std::isfinite(law.chi2)) {
    text += fmt::format(
        " <i>χ</i>² = {} for {} degrees of freedom, <i>p</i> = {}; Kolmogorov-Smirnov distance {}, "
        "total variation "
        "{}.",
        number_html(law.chi2), number_html(law.dof), number_html(law.p_value, 3),
        number_html(law.ks, 3), number_html(law.total_variation, 3));
  }
  return text;
}

}  // namespace powerstroke::report
