#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bindings/c/powerstroke.h"
#include "support/temporary_folder.hpp"

namespace {

constexpr int threads = 8, rounds = 25;

std::string config_of(int thread, const char* temperature_unit = "K") {
  return fmt::format(R"({{"format": "powerstroke/1", "seed": {}, "title": "thread {}",
    "ensemble": {{"particles": 200, "mass": "28 u", "energy": {{"distribution": "maxwell_boltzmann", "temperature": "{} {}"}}}},
    "strokes": {{"transitions": [{{"delta_e": "200 cm^-1", "rate_down": "1 ps^-1"}}], "balance": "energy_conserving"}},
    "time": {{"end": "2 ps", "snapshots": {}}}}})",
                     thread + 1, thread, 300 + 10 * thread, temperature_unit, 3 + thread);
}

std::vector<double> energies_of(const powerstroke_result* result) {
  const double* data = nullptr;
  size_t shape[2] = {0, 0};
  if (powerstroke_result_doubles(result, "series/mean_energy", &data, shape) != POWERSTROKE_OK)
    return {};
  return {data, data + shape[0]};
}

/// What one thread does; the first thing that went wrong, or nothing.
std::string work(int thread, const std::string& folder) {
  const std::string config = config_of(thread), misspelt = config_of(thread, "Kelvinn");
  powerstroke_result* made = nullptr;
  if (powerstroke_run(config.c_str(), nullptr, nullptr, &made) != POWERSTROKE_OK)
    return powerstroke_error();
  const std::vector<double> expected = energies_of(made);
  if (expected.size() != static_cast<std::size_t>(3 + thread))
    return "a run with another thread's snapshots";
  for (int round = 0; round < rounds; ++round) {
    if (round % 10 == 0 && powerstroke_result_write(made, folder.c_str(), 1) != POWERSTROKE_OK)
      return powerstroke_error();
    powerstroke_result *read = nullptr, *refused = nullptr;
    if (powerstroke_result_read(folder.c_str(), &read) != POWERSTROKE_OK)
      return powerstroke_error();
    const bool same = energies_of(read) == expected;
    powerstroke_result_free(read);
    if (!same) return fmt::format("round {}: another folder's data", round);
    constexpr const char* what = "'Kelvinn' is not known";
    if (powerstroke_solve(misspelt.c_str(), &refused) != POWERSTROKE_BAD_CONFIG)
      return "a misspelt unit is accepted";
    if (std::strstr(powerstroke_error(), what) == nullptr) return powerstroke_error();
  }
  powerstroke_result* again = nullptr;
  if (powerstroke_run(config.c_str(), nullptr, nullptr, &again) != POWERSTROKE_OK)
    return powerstroke_error();
  const bool same = energies_of(again) == expected;
  powerstroke_result_free(again);
  powerstroke_result_free(made);
  return same ? "" : "a second run has other numbers";
}

}  // namespace

TEST_CASE(
    "C: eight threads each write and read a result folder of their own and parse configs with "
    "units") {
  ::setenv("PATH", "/nowhere", 1);  // no gnuplot, which would take most of the time
  const test_support::TemporaryFolder folder;
  powerstroke_set_threads(1);
  std::vector<std::string> wrong(threads);
  std::vector<std::thread> running;
  for (int thread = 0; thread < threads; ++thread)
    running.emplace_back([&, thread] {
      wrong[static_cast<std::size_t>(thread)] =
          work(thread, (folder.path() / std::to_string(thread)).string());
    });
  for (std::thread& thread : running) thread.join();
  powerstroke_set_threads(0);
  for (const std::string& what : wrong) CHECK_MESSAGE(what.empty(), what);
}
