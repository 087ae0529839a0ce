#include "powerstroke/engine/random/stream.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using powerstroke::Purpose;
using powerstroke::Stream;

namespace {

struct KnownAnswer {
  r123::Philox4x32::ctr_type counter, result;
  r123::Philox4x32::key_type key;
};

std::vector<KnownAnswer> known_answers() {
  std::ifstream file(POWERSTROKE_SOURCE_DIR "/tests/data/philox4x32_10.kat");
  std::vector<KnownAnswer> answers;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    words >> std::hex;
    KnownAnswer answer;
    for (auto& word : answer.counter) words >> word;
    for (auto& word : answer.key) words >> word;
    for (auto& word : answer.result) words >> word;
    REQUIRE(words);
    answers.push_back(answer);
  }
  return answers;
}

/// The 256 bits that two blocks of a stream hold: enough to tell streams apart.
std::vector<std::uint32_t> fingerprint(Stream stream) {
  const auto first = stream.next_block(), second = stream.next_block();
  std::vector<std::uint32_t> words(first.begin(), first.end());
  words.insert(words.end(), second.begin(), second.end());
  return words;
}

}  // namespace

TEST_CASE("the generator gives the published answers") {
  const auto answers = known_answers();
  REQUIRE(answers.size() == 3);
  for (const auto& answer : answers)
    CHECK(r123::Philox4x32{}(answer.counter, answer.key) == answer.result);
}

TEST_CASE("a stream is the generator at a counter of block, purpose, step and particle") {
  const auto zero = known_answers().front().result;
  const auto words = Stream(0, 0, 0, Purpose{0}).next_block();
  CHECK(std::equal(words.begin(), words.end(), zero.begin()));

  Stream stream(0xa4093822299f31d0, 0x1234567890, 0xabcdef0123, Purpose{0x7e});
  stream.next_block();
  const auto second = stream.next_block();
  const r123::Philox4x32::ctr_type counter{{0x00000001, 0x01237e00, 0x90abcdef, 0x12345678}};
  const auto expected = r123::Philox4x32{}(counter, {{0x299f31d0, 0xa4093822}});
  CHECK(std::equal(second.begin(), second.end(), expected.begin()));
}

TEST_CASE("words of 64 bits are the halves of a block, in order") {
  Stream halves(1, 2, 3, Purpose::strokes), blocks(1, 2, 3, Purpose::strokes);
  for (int k = 0; k < 3; ++k) {
    const auto block = blocks.next_block();
    CHECK(halves() == ((std::uint64_t{block[1]} << 32) | block[0]));
    CHECK(halves() == ((std::uint64_t{block[3]} << 32) | block[2]));
  }
}

TEST_CASE("streams that differ in one bit of any field differ") {
  const std::uint64_t seed = 17, particle = 5, step = 9;
  std::set<std::vector<std::uint32_t>> seen{fingerprint(Stream(seed, particle, step, Purpose{3}))};
  std::size_t streams = 1;
  const auto add = [&](const Stream& stream) {
    seen.insert(fingerprint(stream));
    ++streams;
  };
  for (unsigned bit = 0; bit < 64; ++bit)
    add(Stream(seed ^ (std::uint64_t{1} << bit), particle, step, Purpose{3}));
  for (unsigned bit = 0; bit < 40; ++bit)
    add(Stream(seed, particle ^ (std::uint64_t{1} << bit), step, Purpose{3}));
  for (unsigned bit = 0; bit < 40; ++bit)
    add(Stream(seed, particle, step ^ (std::uint64_t{1} << bit), Purpose{3}));
  for (unsigned bit = 0; bit < 8; ++bit)
    add(Stream(seed, particle, step, static_cast<Purpose>(3U ^ (1U << bit))));
  CHECK(seen.size() == streams);
}

TEST_CASE("a stream repeats itself when it is made again") {
  CHECK(fingerprint(Stream(1, 2, 3, Purpose::direction)) ==
        fingerprint(Stream(1, 2, 3, Purpose::direction)));
}

TEST_CASE("particles and steps that do not fit their field are refused") {
  const std::uint64_t limit = Stream::field_limit;
  CHECK_NOTHROW(Stream(1, limit - 1, limit - 1, Purpose::strokes));
  CHECK_THROWS_AS(Stream(1, limit, 0, Purpose::strokes), std::length_error);
  CHECK_THROWS_AS(Stream(1, 0, limit, Purpose::strokes), std::length_error);
}

TEST_CASE("unit intervals are closed and open where they say") {
  const std::uint64_t most = Stream::max();
  CHECK(powerstroke::unit_interval_closed_open(0) == 0.0);
  CHECK(powerstroke::unit_interval_closed_open(most) == 1.0 - 0x1p-53);
  CHECK(powerstroke::unit_interval_open_closed(0) == 0x1p-53);
  CHECK(powerstroke::unit_interval_open_closed(most) == 1.0);
  CHECK(powerstroke::unit_interval_closed_open(std::uint64_t{1} << 63) == 0.5);
}

TEST_CASE("Boost's distributions draw from a stream") {
  Stream stream(3, 1, 4, Purpose::waiting_times);
  boost::random::exponential_distribution<double> exponential(2.0);
  const std::size_t draws = 100000;
  std::vector<double> ranks(draws);  // uniform if the draws are exponential
  for (double& rank : ranks) rank = -std::expm1(-2.0 * exponential(stream));
  std::ranges::sort(ranks);
  const auto n = static_cast<double>(draws);
  double distance = 0.0;
  for (std::size_t i = 0; i < draws; ++i) {
    const auto below = static_cast<double>(i);
    distance = std::max({distance, ranks[i] - below / n, (below + 1.0) / n - ranks[i]});
  }
  // Massart: Prob(distance > x) <= 2 exp(-2 n x^2); a false alarm once in a million seeds.
  CHECK(distance < std::sqrt(std::log(2.0 / 1e-6) / (2.0 * n)));

  boost::random::uniform_int_distribution<int> die(1, 6);
  std::set<int> faces;
  for (int k = 0; k < 200; ++k)
    faces.insert(die(stream));  // one missing: probability 6 (5/6)^200 = 1e-15
  CHECK(faces == std::set<int>{1, 2, 3, 4, 5, 6});
}
