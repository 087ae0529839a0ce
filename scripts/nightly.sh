#!/usr/bin/env bash
# What takes too long for every change: the tests and many configs changed at random, under the address and undefined-behaviour
# sanitizers and with contracts checked. scripts/nightly.sh [CONFIGS [SEED]], 100000 and today's date if left out.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

configs="${1:-100000}"
seed="${2:-$(date +%Y%m%d)}"

scripts/setup.sh program tests
cmake --preset asan+ubsan -DPOWERSTROKE_BUILD_PROGRAM=ON -DPOWERSTROKE_BUILD_TESTS=ON
cmake --build --preset asan+ubsan --target core_tests fuzz_configs powerstroke_program --parallel "$(nproc)"

folder="$(mktemp -d)"
trap 'rm -rf -- "$folder"' EXIT
root="$PWD"
cd -- "$folder"
printf '%s configs, seed %s\n' "$configs" "$seed"
"$root/build-asan/bin/fuzz_configs" "$root/examples" "$configs" "$seed"
"$root/build-asan/bin/powerstroke" selftest --quiet
"$root/build-asan/bin/core_tests" --minimal
