#!/usr/bin/env bash
# What takes too long for every change: the tests and many configs changed at random, under the address and undefined-behaviour
# sanitizers and with contracts checked; the readers under libFuzzer; threads under the thread sanitizer; signals, full disks and damaged
# files; calibration at random; line coverage. scripts/nightly.sh [CONFIGS [SEED [SECONDS [CALIBRATED]]]], 100000, today's date, 600 seconds a fuzzer and 10000 configs
# calibrated if left out.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

configs="${1:-100000}"
seed="${2:-$(date +%Y%m%d)}"
seconds="${3:-600}"
calibrated="${4:-10000}"

scripts/setup.sh program tests tidy fuzz
cmake --preset asan+ubsan -DPOWERSTROKE_BUILD_PROGRAM=ON -DPOWERSTROKE_BUILD_TESTS=ON
cmake --build --preset asan+ubsan --target core_tests fuzz_configs powerstroke_program --parallel "$(nproc)"

cmake --preset fuzz -DPOWERSTROKE_BUILD_PROGRAM=ON -DPOWERSTROKE_BUILD_TESTS=ON
cmake --build --preset fuzz --target fuzz_parser fuzz_result_reader fuzz_checkpoint_reader --parallel "$(nproc)"
cmake --preset release -DPOWERSTROKE_BUILD_PROGRAM=ON -DPOWERSTROKE_BUILD_TESTS=ON
cmake --build --preset release --target calibrate powerstroke_program --parallel "$(nproc)"
cmake --preset tsan -DPOWERSTROKE_BUILD_PROGRAM=ON -DPOWERSTROKE_BUILD_TESTS=ON
cmake --build --preset tsan --target core_tests c_tests --parallel "$(nproc)"

folder="$(mktemp -d)"
trap 'rm -rf -- "$folder"' EXIT
root="$PWD"
cd -- "$folder"
printf '%s configs, seed %s\n' "$configs" "$seed"
"$root/build-asan/bin/fuzz_configs" "$root/examples" "$configs" "$seed"
"$root/build-asan/bin/powerstroke" selftest --quiet
"$root/build-asan/bin/core_tests" --minimal
for reader in parser result_reader checkpoint_reader; do
  # What it finds is kept for this night; inputs that found a fault belong into the corpus. Examples are configs to start from, and
  # mere bytes to the other two.
  mkdir "$reader"
  "$root/build-fuzz/bin/fuzz_$reader" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4000 -seed="$seed" "$reader" \
    "$root/tests/fuzz/corpus/$reader" "$root/examples"
done
# Clang's OpenMP tells the sanitizer of its barriers (libarcher); what is not compiled here is left out.
TSAN_OPTIONS="ignore_noninstrumented_modules=1" OMP_NUM_THREADS=4 "$root/build-tsan/bin/core_tests" --minimal \
  --test-case='*threads*,*parallel*,*block*,*reproduc*'
TSAN_OPTIONS="ignore_noninstrumented_modules=1" OMP_NUM_THREADS=2 "$root/build-tsan/bin/c_tests" --minimal --test-case='*threads*'
# Signals, full disks and damaged files, at random.
"$root/tests/attack/attack.py" "$root/build/bin/powerstroke" "$root/examples" 200 "$seed"
cd -- "$root"
# Every error bar, bound, count and verdict of the day's configs; what it finds is in calibration-findings/ here.
"$root/build/bin/calibrate" --configs "$calibrated" --stream "$seed" --jobs "$(nproc)" --write "$root/calibration-findings"
scripts/coverage.sh
