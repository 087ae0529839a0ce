#include "powerstroke/engine/random/purpose.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "powerstroke/engine/random/stream.hpp"

using namespace powerstroke;

namespace {

/// The numbers of the registry, from its text: an enumeration cannot be asked for them.
std::multiset<int> registered() {
  std::ifstream file(POWERSTROKE_SOURCE_DIR "/engine/random/purpose.hpp");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t first = text.find("enum class Purpose"), last = text.find("};", first);
  REQUIRE(last != std::string::npos);
  const std::string list = text.substr(first, last - first);
  const std::regex entry(R"(\n\s*\w+ = (\d+))");
  std::multiset<int> numbers;
  for (std::sregex_iterator match(list.begin(), list.end(), entry), end; match != end; ++match)
    numbers.insert(std::stoi((*match)[1]));
  return numbers;
}

}  // namespace

TEST_CASE("purposes: none is listed twice, and none where kernels outside the tree have theirs") {
  const std::multiset<int> numbers = registered();
  CHECK(numbers.size() >= 15);
  CHECK(std::set<int>(numbers.begin(), numbers.end()).size() == numbers.size());
  CHECK(*numbers.begin() > 0);
  CHECK(*numbers.rbegin() < first_outside_purpose);
}

TEST_CASE("purposes: those for kernels outside are 128 to 255, each with a stream of its own") {
  static_assert(static_cast<int>(outside_purpose(0)) == 128);
  static_assert(static_cast<int>(outside_purpose(127)) == 255);
  CHECK_THROWS_AS(outside_purpose(-1), ConfigError);
  CHECK_THROWS_AS(outside_purpose(128), ConfigError);
  std::set<std::uint64_t> first_words;  // of one particle and step: 64 bits, all different
  for (const int number : registered())
    first_words.insert(Stream(7, 3, 2, static_cast<Purpose>(number))());
  for (int k = 0; k < 128; ++k) first_words.insert(Stream(7, 3, 2, outside_purpose(k))());
  CHECK(first_words.size() == registered().size() + 128);
}
