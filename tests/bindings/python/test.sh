#!/usr/bin/env bash
# The Python package as a user gets it: pip install in a clean environment, then its tests and the notebooks.
# test.sh SOURCE_DIR WORK_DIR PROGRAM BUILD_DIR
# It is compiled beside BUILD_DIR with the same warnings, so that ccache, where it is the launcher, finds what has been compiled there.
set -euo pipefail
source_dir="$1" work_dir="$2" program="$3" build_dir="$4-python"
rm -rf -- "$work_dir" "$build_dir"
trap 'rm -rf -- "$build_dir"' EXIT
python3 -m venv "$work_dir/venv"
python="$work_dir/venv/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check --config-settings=build-dir="$build_dir" \
  --config-settings=cmake.define.POWERSTROKE_WERROR=ON "$source_dir[test]"
cd -- "$work_dir"  # nothing may come from the source tree
POWERSTROKE_PROGRAM="$program" POWERSTROKE_EXAMPLES="$source_dir/examples" \
  "$python" -m pytest -q -c "$source_dir/pyproject.toml" --rootdir "$work_dir" -p no:cacheprovider "$source_dir/tests/bindings/python"
