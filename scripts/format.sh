#!/usr/bin/env bash
# Formats all sources in place; with --check only says what it would change (exit code 1 if anything).
# The style is .clang-format as clang-format 14 reads it: another version would fight over details, so it exits with 77, "skipped".
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

formatter=clang-format
if command -v clang-format-14 >/dev/null; then formatter=clang-format-14; fi
if [[ "$("$formatter" --version 2>/dev/null)" != *"version 14."* ]]; then
  printf 'format: clang-format 14 is not installed\n' >&2
  exit 77
fi

declare -a modules=()
for module in engine kernels analysis study io report cli bindings bench tests examples; do
  if [[ -d "$module" ]]; then modules+=("$module"); fi
done

declare -a how=(-i)
if [[ "${1-}" == --check ]]; then how=(--dry-run --Werror); fi
find "${modules[@]}" -type f \( -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.c' \) -print0 | sort -z | xargs -0 "$formatter" "${how[@]}"
