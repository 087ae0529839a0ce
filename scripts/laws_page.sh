#!/usr/bin/env bash
# Writes docs/laws.md, the names and parameters of all laws, as the built program knows them. Without it, after a law was added or
# changed, the test "docs: the page of laws is what the laws' files say" fails.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
POWERSTROKE_WRITE_DOCS=1 "${1-build}"/bin/program_tests -tc='docs: the page of laws*'
