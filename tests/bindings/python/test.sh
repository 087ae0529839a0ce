#!/usr/bin/env bash
# The Python package as a user gets it: pip install in a clean environment, then its tests and the notebooks.
# test.sh SOURCE_DIR WORK_DIR PROGRAM
set -euo pipefail
source_dir="$1" work_dir="$2" program="$3"
rm -rf -- "$work_dir"
python3 -m venv "$work_dir/venv"
python="$work_dir/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check "$source_dir[test]"
cd -- "$work_dir"  # nothing may come from the source tree
POWERSTROKE_PROGRAM="$program" POWERSTROKE_EXAMPLES="$source_dir/examples" \
  "$python" -m pytest -q -c "$source_dir/pyproject.toml" --rootdir "$work_dir" -p no:cacheprovider "$source_dir/tests/bindings/python"
