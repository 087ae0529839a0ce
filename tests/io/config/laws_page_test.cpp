#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

#include "powerstroke/io/config/law_names.hpp"

using namespace powerstroke;
using namespace powerstroke::io;

namespace {

const std::string page_file = std::string(POWERSTROKE_SOURCE_DIR) + "/docs/laws.md";

std::string limits_of(const laws::Parameter& parameter) {
  std::string text;
  if (parameter.least > 0)
    text = parameter.most == parameter.least
               ? fmt::format("{} numbers", parameter.least)
               : fmt::format("a list of at least {} numbers", parameter.least);
  if (*parameter.quantity != '\0')
    text += fmt::format("{}{}", text.empty() ? "" : ", ", parameter.quantity);
  if (parameter.range)
    text += fmt::format("{}{:g} to {:g}", text.empty() ? "" : ", ", parameter.range->first,
                        parameter.range->second);
  else if (parameter.limit != laws::Limit::none)
    text += fmt::format("{}{}", text.empty() ? "" : ", ",
                        parameter.limit == laws::Limit::positive ? "> 0" : ">= 0");
  return text.empty() ? "a number" : text;
}

/// A row a law, and one for each of its parameters.
template <class Names>
std::string table(const Names& names) {
  std::string rows = "| name, key | allowed | meaning |\n| --- | --- | --- |\n";
  for (const auto& law : names) {
    rows += fmt::format("| **`{}`** | | {} |\n", law.name, law.description);
    for (const laws::Parameter& parameter : law.parameters)
      rows += fmt::format("| `{}` | {} | {} |\n", parameter.name, limits_of(parameter),
                          parameter.description);
  }
  return rows;
}

std::string page() {
  return "# Laws by name\n\nWritten by scripts/laws_page.sh from the files in `kernels/laws`, one "
         "of which is one law; the "
         "test "
         "\"docs: the page of laws\" fails where it is not true to them.\n"
         "[formats.md](formats.md) says where the names stand in a config, "
         "[notation.md](notation.md) what the symbols "
         "mean.\n"
         "\n## Rates laws\n\n`strokes.rates`, how the rates depend on a particle's energy; its "
         "keys stand in "
         "`strokes.<name>`. From "
         "`kernels/laws/rates`.\n\n" +
         table(rates_names()) +
         "\n## Energy laws\n\n`energy.distribution`, the kinetic energies at the start; its keys "
         "stand beside it. From "
         "`kernels/laws/energies`. A `mixture` has `parts`, a list of these, each with its "
         "`weight`.\n\n" +
         table(energy_names()) +
         "\n## Potentials\n\n`phase_space.potential.form`: V is the sum over the axes of the "
         "profile that is named; its "
         "keys stand "
         "beside it. From `kernels/laws/potentials`.\n\n" +
         table(potential_names());
}

}  // namespace

TEST_CASE("docs: the page of laws is what the laws' files say") {
  if (std::getenv("POWERSTROKE_WRITE_DOCS") != nullptr) std::ofstream(page_file) << page();
  std::ifstream file(page_file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK_MESSAGE(text == page(), "run scripts/laws_page.sh");
}
