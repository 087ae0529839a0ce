#include "powerstroke/io/config/nearest_key.hpp"

#include <doctest/doctest.h>

using powerstroke::io::edit_distance;
using powerstroke::io::nearest_key;

TEST_CASE("edit distances that are known") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("saturday", "sunday") == 3);
  CHECK(edit_distance("ca", "ac") == 1);
  CHECK(edit_distance("ca", "abc") == 3);  // 2 if one place could be edited twice
  CHECK(edit_distance("Sigma", "sigma") == 0);
}

TEST_CASE("the nearest key") {
  const std::vector<std::string> keys = {"particles", "dimension", "mass", "energy", "direction"};
  CHECK(nearest_key("partcles", keys) == "particles");
  CHECK(nearest_key("dimensoin", keys) == "dimension");
  CHECK(nearest_key("MASS", keys) == "mass");
  CHECK(nearest_key("dim", keys) == "dimension");
  CHECK(nearest_key("di", keys).empty());
  CHECK(nearest_key("weight", keys).empty());
  CHECK(nearest_key("", keys).empty());
  CHECK(nearest_key(std::string(100000, 'm'), keys).empty());
  CHECK(nearest_key("mass", {}).empty());
}
