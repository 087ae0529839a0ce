#include "powerstroke/report/paper/words.hpp"

#include <array>
#include <regex>
#include <utility>

#include "powerstroke/report/text.hpp"

namespace powerstroke::report {

std::string claim_html(std::string_view sentence) {
  static const std::array<std::pair<std::regex, const char*>, 19> symbols = {{
      {std::regex("\\bdS_E/dt\\b"), "d<i>S</i><sub>E</sub>/d<i>t</i>"},
      {std::regex("\\bOmega_d\\b"), "<i>Ω<sub>d</sub></i>"},
      {std::regex("\\bDelta s_tot\\b"), "Δ<i>s</i><sub>tot</sub>"},
      {std::regex("\\bDelta t\\b"), "Δ<i>t</i>"},
      {std::regex("\\bp_([ai])\\b"), "<i>p</i><sub>$1</sub>"},
      {std::regex("\\bE_([0t])"), "<i>E</i><sub>$1</sub>"},
      {std::regex("\\bw(⁺|⁻)"), "<i>w</i>$1"},
      {std::regex("\\bp\\^2"), "<i>p</i>²"},
      {std::regex("\\bbeta\\b"), "<i>β</i>"},
      {std::regex("\\bpi\\b"), "π"},
      {std::regex("\\bsqrt "), "√"},
      {std::regex("φ"), "<i>φ</i>"},
      {std::regex("\\bln\\((\\d) π e m T\\)"), "ln($1π<i>emT</i>)"},
      {std::regex("\\b2m\\b"), "2<i>m</i>"},
      {std::regex("\\+-"), "±"},
      {std::regex("&lt;exp\\(-([^()&]*)\\)&gt;"), "⟨exp(−$1)⟩"},
      {std::regex("(\\d)e([-+]?)0*(\\d+)\\b"), "$1 × 10<sup>$2$3</sup>"},
      {std::regex("(^|[ (=>])-(\\d|<i>β)"), "$1−$2"},
      // Letters that stand alone and are not in italics yet.
      {std::regex("(^|[ (|/;])([EPFvdmTpIHtx])(?=$|[ (,.;:)|/]|&)(?![^<]*</i>)"), "$1<i>$2</i>"},
  }};
  std::string text = words_html(sentence);
  // What the table of `words_html` has set already is not set twice.
  const std::string phi = "<i>φ</i>";
  for (std::size_t at = text.find(phi); at != std::string::npos; at = text.find(phi, at))
    text.replace(at, phi.size(), "φ");
  for (const auto& [symbol, html] : symbols) text = std::regex_replace(text, symbol, html);
  return text;
}

}  // namespace powerstroke::report
