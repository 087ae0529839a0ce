#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"

/// Times the master equation on LEVELS levels x NODES offsets, w+ = 0.5, w- = 1, t = 100, tolerance
/// 1e-10:
///
///     powerstroke_solver_bench fixed|conserving LEVELS NODES THREADS
///
/// prints the median of five times in seconds and <level> at the end. `solver_against_scipy.py`
/// sets it beside SciPy.
namespace {

using namespace powerstroke;

/// Offsets with levels 0 ... 6 occupied in turn.
theory::Populations start(std::size_t levels, std::size_t nodes) {
  theory::Populations populations;
  for (std::size_t i = 0; i < nodes; ++i)
    populations.grid.offset.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(nodes));
  populations.grid.width.assign(nodes, 0.0);
  populations.levels = levels + 1;
  populations.mass.assign(nodes * populations.levels, 0.0);
  for (std::size_t i = 0; i < nodes; ++i)
    populations.mass[i * populations.levels + 1 + i % 7] = 1.0 / static_cast<double>(nodes);
  return populations;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "powerstroke_solver_bench fixed|conserving LEVELS NODES THREADS\n");
    return 2;
  }
  const bool conserving = std::string(argv[1]) == "conserving";
  const auto levels = std::strtoul(argv[2], nullptr, 10),
             nodes = std::strtoul(argv[3], nullptr, 10);
  const parallel::Threads scope(std::atoi(argv[4]));
  laws::StrokeLaw law;
  law.transitions = {{1.0, 0.5, 1.0}};
  if (conserving) law.balance = laws::Conserving{};
  std::vector<double> seconds;
  double mean_level = 0.0;
  for (int repetition = 0; repetition < 5; ++repetition) {
    const auto begin = std::chrono::steady_clock::now();
    theory::MasterEquation equation(start(levels, nodes), law, 1e-10);
    equation.advance(100.0);
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    mean_level = theory::mean_level(equation.populations());
  }
  std::nth_element(seconds.begin(), seconds.begin() + 2, seconds.end());
  fmt::print("{:.6f} {:.12f}\n", seconds[2], mean_level);
  return 0;
}
