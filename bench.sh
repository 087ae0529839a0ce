#!/usr/bin/env bash
# Builds the benchmarks and prints their table: ./bench.sh [flags of Google Benchmark]
set -euo pipefail

root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

build() {
  "$root/scripts/setup.sh" program bench
  cd -- "$root"
  local -a first_time=()
  [[ -f build/CMakeCache.txt ]] || first_time=(-DPOWERSTROKE_BUILD_TESTS=OFF)
  cmake --preset release -DPOWERSTROKE_BUILD_BENCH=ON "${first_time[@]}"
  cmake --build build --target powerstroke_bench powerstroke_solver_bench --parallel "$(nproc)"
}

(build) >&2

exec "$root/build/bin/powerstroke_bench" --benchmark_counters_tabular=true "$@"
