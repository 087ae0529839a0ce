#include "powerstroke/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <regex>
#include <utility>

namespace powerstroke::report {
namespace {

/// The hyphen of the machine becomes a minus sign.
std::string with_minus(std::string digits) {
  if (!digits.empty() && digits.front() == '-') digits.replace(0, 1, "−");
  return digits;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        // HTML has no way to hold a control character.
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
          out += "\uFFFD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string name_words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string words_html(std::string_view sentence) {
  // Word by word, as in "\\bphi\\b": a symbol is not looked for inside another word.
  static const std::array<std::pair<std::regex, const char*>, 16> symbols = {{
      {std::regex("S\\^\\(1\\)"), "<i>S</i><sup>(1)</sup>"},
      {std::regex("\\bS_E\\b"), "<i>S</i><sub>E</sub>"},
      {std::regex("\\bk_B\\b"), "<i>k</i><sub>B</sub>"},
      {std::regex("\\bdelta_e\\b"), "Δ<i>E</i>"},
      {std::regex("&lt;ln E&gt;"), "⟨ln <i>E</i>⟩"},
      {std::regex("\\bE\\^\\(-([0-9.]+)\\)"), "<i>E</i><sup>−$1</sup>"},
      {std::regex("\\bE\\^\\(([0-9.]+)\\)"), "<i>E</i><sup>$1</sup>"},
      {std::regex("\\bexp\\(-E/T\\)"), "exp(−<i>E</i>/<i>T</i>)"},
      {std::regex("\\bphi\\b"), "<i>φ</i>"},
      {std::regex("\\bchi2\\b"), "<i>χ</i>²"},
      {std::regex("\\bw\\+"), "<i>w</i>⁺"},
      {std::regex("\\bw-"), "<i>w</i>⁻"},
      {std::regex("\\b([ETtqnpx]) (=|&gt;|modulo) "), "<i>$1</i> $2 "},
      {std::regex("\\bn/\\(1\\+n\\)"), "<i>n</i>/(1+<i>n</i>)"},
      {std::regex("\\b(in|has) d = "), "$1 <i>d</i> = "},
      {std::regex("\\bin E is\\b"), "in <i>E</i> is"},
  }};
  std::string text = escape_html(sentence);
  for (const auto& [symbol, html] : symbols) text = std::regex_replace(text, symbol, html);
  return text;
}

std::string number_html(double value, int significant) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  const double size = std::abs(value);
  if (value == 0.0 || (size >= 1e-4 && size < 1e6)) {
    // %g would turn 123456 to four digits into 1.235e+05.
    const int digits =
        std::max(significant, size >= 1.0 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 1);
    return with_minus(fmt::format("{:.{}g}", value, digits));
  }
  const std::string text = fmt::format("{:.{}e}", value, significant - 1);
  const std::size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (mantissa.find('.') != std::string::npos) {
    mantissa.erase(mantissa.find_last_not_of('0') + 1);
    if (mantissa.back() == '.') mantissa.pop_back();
  }
  return fmt::format("{}\u00A0×\u00A010<sup>{}</sup>", with_minus(mantissa),
                     with_minus(fmt::format("{}", std::stoi(text.substr(e + 1)))));
}

std::string count_html(std::uint64_t value) {
  const std::string digits = fmt::format("{}", value);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) out += "\u202F";
    out += digits[i];
  }
  return out;
}

std::string measured_html(double value, double error) {
  if (std::isfinite(value) && std::isnan(error)) return number_html(value, 6) + " ± ?";
  if (!std::isfinite(value) || !std::isfinite(error) || error <= 0.0) return number_html(value, 6);
  const int decimals = std::max(0, 1 - static_cast<int>(std::floor(std::log10(error))));
  if (decimals > 9 || std::abs(value) >= 1e7)
    return fmt::format("{} ± {}", number_html(value, 6), number_html(error, 2));
  return fmt::format("{} ± {}", with_minus(fmt::format("{:.{}f}", value, decimals)),
                     fmt::format("{:.{}f}", error, decimals));
}

std::string bytes_html(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units = {"B", "kB", "MB", "GB", "TB"};
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1000.0 && unit + 1 < units.size(); ++unit) size /= 1000.0;
  return fmt::format("{} {}", number_html(size, 3), units[unit]);
}

}  // namespace powerstroke::report
