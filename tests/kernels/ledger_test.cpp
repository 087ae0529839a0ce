#include "powerstroke/kernels/ledger.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace powerstroke;

TEST_CASE("each field of the ledger has one name, and each name a field of its own") {
  Ledger ledger;
  std::set<std::string> names;
  std::set<const void*> places;
  std::size_t fields = 0, bytes = 0;
  for_each_field<Ledger>([&](const auto& field) {
    names.insert(field.name);
    places.insert(&(ledger.*field.member));
    bytes += sizeof(ledger.*field.member);
    ++fields;
  });
  CHECK(names.size() == fields);
  CHECK(places.size() == fields);
  CHECK(bytes == sizeof(Ledger));
  // The names are those of checkpoints.
  CHECK(names == std::set<std::string>{"steps", "uptakes", "releases", "blocked",
                                       "declined_uptakes", "declined_releases", "collisions",
                                       "collision_candidates", "wall_hits", "net", "uptakes_by",
                                       "releases_by"});
}

TEST_CASE("a sum of ledgers has every integer") {
  std::vector<std::uint64_t> integers(sizeof(Ledger) / sizeof(std::uint64_t));
  for (std::size_t k = 0; k < integers.size(); ++k) integers[k] = k + 1;
  Ledger sum = Ledger::of_integers(integers);
  CHECK(sum.integers() == integers);
  sum += Ledger::of_integers(integers);
  for (std::uint64_t& integer : integers) integer *= 2;
  CHECK(sum.integers() == integers);
}

TEST_CASE("ledgers add up") {
  Ledger a;
  a.uptakes = 3;
  a.releases = 5;
  a.blocked = 7;
  a.steps = 1;
  Ledger b;
  b.uptakes = 10;
  b.releases = 20;
  b.blocked = 30;
  b.steps = 2;
  a += b;
  CHECK(a.strokes() == 38);
  CHECK(a.net_quanta() == -12);
  CHECK(a.blocked == 37);
  CHECK(a.steps == 3);
}
