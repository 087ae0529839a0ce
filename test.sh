#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test: ./test.sh [--tidy] [flags of ctest, such as -R NAME]
# --tidy: clang-tidy over the sources, too. The last line is "N passed, N failed"; the exit code is 0 if none failed.
set -euo pipefail

root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
cd -- "$root"

passed=0
failed=1  # until the tests have run: a build that breaks off is a failure, too
finish() {
  printf '%d passed, %d failed\n' "$passed" "$failed"
  exit "$((failed > 0))"
}
trap finish EXIT

tidy=false
if [[ "${1-}" == --tidy ]]; then
  tidy=true
  shift
fi

declare -a sets=(program tests bench)
if [[ "$tidy" == true ]]; then sets+=(tidy); fi
scripts/setup.sh "${sets[@]}"

# The test that has pip compile the Python package finds in the cache what has been compiled here; so does a second clone.
export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
cmake --preset ci
cmake --build build --parallel "$(nproc)"

broken=false
report="$root/build/tests.xml"
# A number among the attributes of <testsuite>, the first in the report that ctest writes.
attribute() { grep -o -m 1 "\b$1=\"[0-9]*\"" "$report" | head -n 1 | tr -cd '0-9'; }

rm -f -- "$report"
ctest --preset ci --parallel "$(nproc)" --timeout 600 --no-tests=error --output-junit "$report" "$@" || broken=true
[[ -s "$report" && "$(attribute tests)" -gt 0 ]] || exit 1

failed="$(attribute failures)"
skipped=$(($(attribute skipped) + $(attribute disabled)))
passed=$(($(attribute tests) - failed - skipped))
if [[ "$broken" == true ]] && ((failed == 0)); then failed=1; fi  # a test that could not even start is no failure to ctest
if ((skipped > 0)); then printf '%d skipped\n' "$skipped"; fi

if [[ "$tidy" == true ]]; then
  if scripts/tidy.sh build; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
fi
