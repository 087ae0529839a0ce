#include "powerstroke/engine/core/stop.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/analysis/theory/mean_field_noise.hpp"
#include "powerstroke/analysis/theory/stationary.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/parallel/tasks.hpp"
#include "support/stroke_laws.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Seconds from the wish, which comes a quarter of a second after the start, to the answer; fails
/// if the work is done before.
double answer(const std::function<void()>& work) {
  const auto start = Clock::now();
  constexpr double wish = 0.25;
  const StopCheck stop([&] { return seconds_since(start) > wish; });
  try {
    work();
  } catch (const AskedToStop&) {
    return seconds_since(start) - wish;
  }
  FAIL("the work was done before it was stopped");
  return 0.0;
}

laws::StrokeLaw law_of(const laws::Balance& balance, double up,
                       laws::AnyRates rates = laws::Constant{}) {
  laws::StrokeLaw law = test_support::single({1.0, up, 1.0}, false);
  law.balance = balance;
  law.rates = rates;
  return law;
}

}  // namespace

TEST_CASE(
    "stop: the master equation answers within a second, on one thread and on several, whatever its "
    "balance") {
  for (const int threads : {1, 2}) {
    CAPTURE(threads);
    const parallel::Threads scope(threads);
    // More comes up than goes down: the ladder grows without bound.
    MasterEquation driven(initial_populations({laws::NormalEnergy{3.5, 0.2}}, 1.0),
                          law_of(laws::Given{}, 3.0));
    CHECK(answer([&] { driven.advance(1e6); }) < 1.0);
  }
  for (const laws::Balance& balance : std::initializer_list<laws::Balance>{
           laws::Conserving{}, laws::Exchange{}, laws::Bath{0.5, 0.1}}) {
    CAPTURE(laws::name(balance));
    MasterEquation closed(initial_populations({laws::NormalEnergy{300.5, 0.2}}, 1.0),
                          law_of(balance, 0.0, laws::Microreversible{3}));
    CHECK(answer([&] { closed.advance(1e9); }) < 1.0);
  }
}

TEST_CASE("stop: the equations of noise answer within a second") {
  std::vector<double> levels(600, 1.0 / 600.0);
  MeanFieldNoise noise(levels, law_of(laws::Exchange{}, 0.0), {1});
  CHECK(answer([&] { noise.advance(1e9); }) < 1.0);
}

TEST_CASE("stop: the stationary law of a very hot ensemble answers within a second") {
  const Populations hot = initial_populations({laws::ExponentialEnergy{20000.0}}, 1.0);
  const laws::StrokeLaw law = law_of(laws::Conserving{}, 0.0, laws::Microreversible{3});
  CHECK(answer([&] {
          for (;;) stationary_law(hot, law);
        }) < 1.0);
}

TEST_CASE(
    "stop: work that is not asked to stop, or has nobody to ask, comes to its end with the same "
    "bits") {
  const auto solved = [] {
    MasterEquation equation(initial_populations({laws::NormalEnergy{3.5, 0.2}}, 1.0),
                            law_of(laws::Given{}, 0.5));
    equation.advance(20.0);
    return equation.populations().mass;
  };
  const std::vector<double> alone = solved();
  int asked = 0;
  const StopCheck never([&] { return ++asked, false; });
  CHECK((solved() == alone));
  CHECK(asked > 0);
}

TEST_CASE(
    "stop: threads that work for another ask its check, and the inner check is asked before the "
    "outer") {
  const parallel::Threads four_threads(4);
  std::atomic<bool> wished = false;
  const StopCheck outer([&] { return wished.load(); });
  std::atomic<int> without = 0;
  parallel::for_each_task(64, 4,
                          [&](std::size_t) { without += StopCheck::current() == &outer ? 0 : 1; });
  parallel::for_each_block(64 * parallel::block_size, [&](std::size_t, std::size_t, std::size_t) {
    without += StopCheck::current() == &outer ? 0 : 1;
  });
  CHECK(without == 0);
  {
    const StopCheck inner([] { return true; });
    CHECK_THROWS_AS(check_stop(), AskedToStop);
    CHECK_THROWS_AS(check_stop(), AskedToStop);  // once is for ever
  }
  CHECK_NOTHROW(check_stop());
  wished = true;
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  CHECK_THROWS_AS(parallel::for_each_task(64, 4, [&](std::size_t) { check_stop(); }), AskedToStop);
}
