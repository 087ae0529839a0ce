#include "powerstroke/study/result/remark.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace powerstroke::study;
using Kind = Remark::Kind;

TEST_CASE("remark: words are made of the kind and its numbers") {
  CHECK(clause({Kind::agrees, {3.0, 13.0, 28.0, 0.0123, 7e-6}, {"the histogram"}}) ==
        "consistent as far as tested: 3 of 13 snapshots after the start; 28 tests agree with the "
        "master equation; the "
        "smallest p-value is 0.012, of the histogram; the limit is 7.0e-06");
  CHECK(clause({Kind::phase_agrees, {1.5, 1.0, 0.25, 4.0, 5e-5}, {"strokes", "DeltaF"}}) ==
        "all 4 tests that must hold do; the worst is strokes: DeltaF: measured 1.5, expected 1, p "
        "= 0.25; the limit is "
        "5.0e-05");
  CHECK(sentence({Kind::distance_to_law, {2.0, 0.0, 0.01, 0.125}, {"langevin", "x", "p"}}) ==
        "langevin: total variation at the end to Boltzmann's law at T = 2: x 0.010, p 0.125. What "
        "acts here does not leave "
        "that law alone.");
  CHECK(sentence({Kind::exponential_of_offsets, {0.29, 1.0, 1.0}}) ==
        "What the paper would have said: the exponential (11) with the same mean energy. It is a "
        "total variation of 0.29 "
        "away from the law that holds, and stays so: strokes of one delta_e never change E modulo "
        "delta_e.");
}

TEST_CASE(
    "remark: what was not tested is a clause as a verdict's reason, and a sentence beside one") {
  const Remark remark{Kind::untested_from, {2.5}, {"too few"}};
  CHECK(clause(remark) == "from t = 2.5 on nothing was tested: too few");
  CHECK(sentence(remark) ==
        "Not everything was tested: from t = 2.5 on nothing was tested: too few.");
}

TEST_CASE("remark: of a file the words are left, and are told as they are") {
  const Remark remark = as_written("Nothing moves.");
  CHECK(clause(remark) == "Nothing moves.");
  CHECK(sentences({remark, Remark{}}) == std::vector<std::string>{"Nothing moves.", ""});
  CHECK(remark != Remark{Kind::nothing_moves});
}
