#!/usr/bin/env bash
# Line coverage of the tests, module by module: scripts/coverage.sh. Fails if one of them has less than 90 %.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

readonly least=90

scripts/setup.sh program tests coverage
cmake --preset coverage
cmake --build --preset coverage --target core_tests program_tests powerstroke_program --parallel "$(nproc)"
find build-coverage -name '*.gcda' -delete
# Side by side, whatever they say: failures are test.sh's to report, and some tests compare times.
(cd build-coverage && ctest --parallel "$(nproc)" --timeout 900 --exclude-regex \
  'plain code|AVX2|another compiler|embedding|MDAnalysis|clang-format|fuzz|program: (killed|SIGINT|a full|a disk)' --output-on-failure >ctest.log 2>&1) ||
  grep -A20 'tests failed' build-coverage/ctest.log >&2 || true

status=0
for module in engine kernels analysis study io report; do
  summary="$(gcovr --root . --object-directory build-coverage --filter "$module/" --exclude-throw-branches \
    --gcov-ignore-parse-errors --print-summary 2>/dev/null | grep '^lines:')"
  percent="$(sed 's/^lines: \([0-9.]*\)%.*/\1/' <<<"$summary")"
  printf '%-9s %s\n' "$module" "$summary"
  awk -v percent="$percent" -v least="$least" 'BEGIN { exit !(percent < least) }' && status=1
done
exit "$status"
