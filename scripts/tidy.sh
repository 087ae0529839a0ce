#!/usr/bin/env bash
# clang-tidy over the sources of the library and the program: scripts/tidy.sh [BUILD_FOLDER]
# The build folder must be configured (compile_commands.json, generated headers).
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

build="${1:-build}"
declare -a modules=()
for module in engine kernels analysis study io report cli bindings/c bindings/lammps; do
  if [[ -d "$module" ]]; then modules+=("$module"); fi
done
find "${modules[@]}" -type f -name '*.cpp' -print0 | sort -z |
  xargs -0 -n 1 -P "$(nproc)" clang-tidy -p "$build" --quiet --warnings-as-errors='*' \
    --extra-arg=-Wno-unknown-warning-option \
    2> >(grep -v ' warnings\? generated\.$' >&2)
