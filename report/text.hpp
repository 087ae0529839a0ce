#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Numbers and foreign text as HTML; the same on every locale.
namespace powerstroke::report {

/// Text that came from outside, harmless inside an element or a quoted attribute.
std::string escape_html(std::string_view text);

/// A name of the program's own as words: "without_strokes" is "without strokes".
std::string name_words(std::string name);

/// The program's own sentences, which a terminal shows as they are, with their symbols set:
/// "S^(1)", "S_E", "delta_e", "phi", "chi2", ...; escaped like the rest.
std::string words_html(std::string_view sentence);

/// "3.5", "−0.190", "1.2 × 10⁻⁹" (as a superscript), "∞"; "–" for NaN.
std::string number_html(double value, int significant = 4);

/// "1 000 000", with narrow spaces that do not break.
std::string count_html(std::uint64_t value);

/// "3.4996 ± 0.0026": the error to two digits, the value to the same place. Without an error just
/// the number.
std::string measured_html(double value, double error);

/// "12.3 MB".
std::string bytes_html(std::uint64_t bytes);

}  // namespace powerstroke::report
