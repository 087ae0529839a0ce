#include "powerstroke/kernels/sampling/sampler.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "powerstroke/kernels/sampling/sparse_step.hpp"

using namespace powerstroke;

namespace {

const laws::Transition one{1.0, 0.3, 0.5}, two{2.0, 0.1, 0.2};

Sampler chosen(const laws::StrokeLaw& law, double spacing, bool records_paths = false) {
  return choose_sampler(law, hops(law, spacing), records_paths);
}

}  // namespace

TEST_CASE(
    "samplers: uniformized for one transition at constant rates, one level a stroke, without "
    "paths; else shaped") {
  const laws::StrokeLaw plain{{one}};
  CHECK(chosen(plain, 1.0) == Sampler::uniformized);
  CHECK(chosen(plain, 1.0, true) == Sampler::shaped);
  CHECK(chosen(plain, 0.5) == Sampler::shaped);  // two levels a stroke
  CHECK(chosen(plain, 0.0) == Sampler::shaped);  // no ladder
  CHECK(chosen({{one, two}}, 1.0) == Sampler::shaped);
  CHECK(chosen({{one}, laws::Microreversible(3)}, 1.0) == Sampler::shaped);
}

TEST_CASE("samplers: momenta of which few have a candidate are sampled sparsely") {
  const laws::StrokeLaw plain{{one}}, shaped{{one}, laws::Microreversible(3)};
  constexpr double most = SparseStep::most_candidates;
  for (const laws::StrokeLaw& law : {plain, shaped}) {
    const std::vector<Hop> steps = hops(law, 1.0);
    CHECK(choose_momentum_sampler(law, steps, 0.0) == Sampler::sparse);
    CHECK(choose_momentum_sampler(law, steps, most) == Sampler::sparse);
    CHECK(choose_momentum_sampler(law, steps, std::nextafter(most, 1.0)) ==
          choose_sampler(law, steps));
  }
  CHECK(choose_momentum_sampler(plain, hops(plain, 1.0), 2.0) == Sampler::uniformized);
  CHECK(choose_momentum_sampler(shaped, hops(shaped, 1.0), 2.0) == Sampler::shaped);
}
