"""Type checkers know the package: its stubs are there, and it checks."""

import pathlib
import subprocess
import sys

import powerstroke


def test_stubs_and_types(tmp_path):
    folder = pathlib.Path(powerstroke.__file__).parent
    assert (folder / "py.typed").exists() and "class Result" in (folder / "_engine.pyi").read_text()
    user = tmp_path / "user.py"
    user.write_text("import powerstroke as ps\nr: ps.Result = ps.run({}, progress=False)\nps.stroke('no array', 1.0, {}, 0.1)\n"
                    "ps.StrokeLaw([], 'therml')\n")
    command = [sys.executable, "-m", "mypy", "--cache-dir", tmp_path, "--ignore-missing-imports", user]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.stdout.count("error") == 3 and 'user.py:3: error: Argument 1 to "stroke"' in found.stdout, found.stdout
