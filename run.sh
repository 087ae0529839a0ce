#!/usr/bin/env bash
# Builds powerstroke and runs it: ./run.sh [CONFIG and flags of `powerstroke run`]
# Without arguments: the main job, examples/relaxation.json into out/relaxation/ (an earlier result is replaced).
set -euo pipefail

root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
program="$root/build/bin/powerstroke"

build() {
  "$root/scripts/setup.sh" program
  cd -- "$root"
  # What test.sh has configured stays as it is, so that the two do not compile everything anew in turns.
  local -a first_time=()
  [[ -f build/CMakeCache.txt ]] || first_time=(-DPOWERSTROKE_BUILD_TESTS=OFF)
  cmake --preset release -DPOWERSTROKE_BUILD_PROGRAM=ON "${first_time[@]}"
  # All that `cmake --install build` installs.
  cmake --build build --target powerstroke_program powerstroke_c powerstroke_ranks --parallel "$(nproc)"
}

(build) >&2  # standard output is for the result

if (($# > 0)); then
  exec "$program" run "$@"
fi
cd -- "$root"
exec "$program" run examples/relaxation.json --force
