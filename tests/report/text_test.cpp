#include "powerstroke/report/text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace powerstroke::report;

TEST_CASE("numbers as a reader expects them") {
  CHECK(number_html(3.5) == "3.5");
  CHECK(number_html(-0.190499) == "−0.1905");
  CHECK(number_html(0.0) == "0");
  CHECK(number_html(123456.7) == "123457");
  CHECK(number_html(9.72e6, 3) == "9.72\u00A0×\u00A010<sup>6</sup>");
  CHECK(number_html(-1.5e-9, 2) == "−1.5\u00A0×\u00A010<sup>−9</sup>");
  CHECK(number_html(1e-6, 3) == "1\u00A0×\u00A010<sup>−6</sup>");
  CHECK(number_html(1e300, 1) == "1\u00A0×\u00A010<sup>300</sup>");
  CHECK(number_html(std::numeric_limits<double>::quiet_NaN()) == "–");
  CHECK(number_html(-std::numeric_limits<double>::infinity()) == "−∞");
}

TEST_CASE("a measured number ends where its error does") {
  CHECK(measured_html(3.49964, 0.00261) == "3.4996 ± 0.0026");
  CHECK(measured_html(-0.18561, 0.02) == "−0.186 ± 0.020");
  CHECK(measured_html(1234.5, 56.0) == "1234 ± 56");
  CHECK(measured_html(1.0, 0.0) == "1");
  CHECK(measured_html(1.0, std::numeric_limits<double>::quiet_NaN()) == "1 ± ?");
  CHECK(measured_html(std::numeric_limits<double>::quiet_NaN(), 0.1) == "–");
  CHECK(measured_html(1e9, 1e3) == "1\u00A0×\u00A010<sup>9</sup> ± 1000");
}

TEST_CASE("counts are grouped, bytes have a unit") {
  CHECK(count_html(0) == "0");
  CHECK(count_html(999) == "999");
  CHECK(count_html(1234567) == "1\u202F234\u202F567");
  CHECK(count_html(100000) == "100\u202F000");
  CHECK(bytes_html(8) == "8 B");
  CHECK(bytes_html(150000000) == "150 MB");
  CHECK(bytes_html(1'500'000'000'000'000) == "1500 TB");
}

TEST_CASE("text from outside cannot leave its place") {
  CHECK(escape_html("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  CHECK(escape_html(std::string("a\0b\n", 4)) == "a\uFFFDb\n");
  CHECK(escape_html("Δ ε ≤ 1") == "Δ ε ≤ 1");
}

TEST_CASE(
    "the program's sentences get their symbols, other words stay, and nothing escapes the "
    "escaping") {
  CHECK(words_html("S^(1) falls by 0.1 k_B; <ln E> does, S_E not") ==
        "<i>S</i><sup>(1)</sup> falls by 0.1 <i>k</i><sub>B</sub>; ⟨ln <i>E</i>⟩ does, "
        "<i>S</i><sub>E</sub> not");
  CHECK(words_html("phi = 0 and E > delta_e (chi2 = 3, w+ = w- phi)") ==
        "<i>φ</i> = 0 and <i>E</i> &gt; Δ<i>E</i> (<i>χ</i>² = 3, <i>w</i>⁺ = <i>w</i>⁻ <i>φ</i>)");
  CHECK(words_html("weights E^(0.5) exp(-E/T), T = 2, E^(-0.5)") ==
        "weights <i>E</i><sup>0.5</sup> exp(−<i>E</i>/<i>T</i>), <i>T</i> = 2, "
        "<i>E</i><sup>−0.5</sup>");
  CHECK(words_html("philosophy, a raw- edge & <b>") == "philosophy, a raw- edge &amp; &lt;b&gt;");
}
