#!/usr/bin/python3
"""Runs every shell block of the documentation: shell_blocks_test.py PROGRAM SOURCE_DIR WORK_DIR.

A block fenced as sh, bash, shell or console is run by bash, which stops at the first failure, in a scratch copy of the examples, with the program on the PATH and
as build/bin/powerstroke. Blocks of one page share their copy, so that a later one may read what an earlier one wrote. What cannot be run
here stands in LEFT_OUT with its reason; an entry that no block answers to fails, too, so that the table stays true. `$` at the
beginning of a console's line is its prompt, and lines without it are what was said.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

program, source, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])

# (page, words that the block contains): why it is not run.
LEFT_OUT = {
    ("README.md", "./run.sh     #"): "installs packages and builds; the program under test is what it makes",
    ("README.md", "cmake --install build"): "a template (DIR); the embedding test installs and builds against it",
    ("README.md", "mpirun -n 4"): "needs as many processes as a cluster has; the MPI test runs 1, 2 and 4 ranks",
    ("README.md", "powerstroke paper "): "takes twenty seconds on an idle machine; the tests of the paper's page run it",
    ("CONTRIBUTING.md", "scripts/setup.sh program"): "installs packages and builds",
    ("docs/interfaces/c.md", "cmake --install build"): "a template (DIR, my_code.c); the C test builds through pkg-config",
    ("docs/interfaces/mpi.md", "apt-get install"): "installs packages and builds",
    ("docs/interfaces/lammps.md", "apt-get install"): "installs packages and builds; the LAMMPS test runs the fix",
    ("docs/interfaces/python.md", "pip install"): "installs packages and builds; the Python test does that in a clean environment",
    ("examples/embed_c/README.md", "cmake --install"): "installs and builds; the C test does that",
    ("examples/embed_cpp/README.md", "cmake --install"): "installs and builds; the embedding test does that",
    ("examples/embed_study/README.md", "cmake --install"): "installs and builds; the embedding test does that",
    ("examples/out_of_tree_kernel/README.md", "cmake --install"): "installs and builds; the embedding test does that",
}

# (page, what stands there): what is run in its place, so that the test is not a matter of minutes. Paths and commands stay.
SHORTENED = {
    # Ctrl-C after two seconds, which a thread needs more than twice of.
    ("README.md", "powerstroke run examples/relaxation.json -o out/long --set ensemble.particles=20000000   # Ctrl-C:"):
        "timeout --signal=INT 2 powerstroke run examples/relaxation.json -o out/long --set ensemble.particles=1500000 --threads 1"
        " || test $? = 124",
}

PROMPT = re.compile(r"^\$ ")
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
failures = []


def fail(what, said=""):
    failures.append(what)
    print("FAILED", what, said, flush=True)


def pages():
    named = [source / "README.md", source / "CONTRIBUTING.md", *(source / "docs").rglob("*.md"), *(source / "examples").rglob("*.md")]
    return sorted(page for page in named if page.is_file())


def shell_blocks(text):
    """First lines, and what is to be run, of the shell blocks of a page."""
    for block in FENCE.finditer(text):
        language, body = block.groups()
        line = text.count("\n", 0, block.start()) + 2
        if language in ("sh", "bash", "shell"):
            yield line, body
        elif language == "console":
            yield line, "".join(PROMPT.sub("", row) for row in body.splitlines(True) if PROMPT.match(row))


def run(place, name, line, body, environment):
    begin = time.monotonic()
    result = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", body], cwd=place, env=environment, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=300)
    print(f"ran    {name}:{line} in {time.monotonic() - begin:.1f} s", flush=True)
    if result.returncode != 0:
        fail(f"{name}:{line}: exit status {result.returncode}", "\n" + body + result.stdout[-1000:] + result.stderr[-1000:])


def main():
    shutil.rmtree(work, ignore_errors=True)
    unused, unused_shorter, ran = set(LEFT_OUT), set(SHORTENED), 0
    for page in pages():
        name = str(page.relative_to(source))
        place = work / name.replace("/", "_")
        blocks = list(shell_blocks(page.read_text()))
        if not blocks:
            continue
        (place / "build/bin").mkdir(parents=True)
        (place / "build/bin/powerstroke").symlink_to(program)
        shutil.copytree(source / "examples", place / "examples")
        # Figures are not what is tested here, and take most of the time: no gnuplot.
        tools = place / "tools"
        tools.mkdir()
        (tools / "gnuplot").write_text("#!/bin/sh\nexit 1\n")
        (tools / "gnuplot").chmod(0o755)
        environment = dict(os.environ, PATH=f"{tools}:{place}/build/bin:{os.environ['PATH']}")
        for line, body in blocks:
            reasons = [key for key in LEFT_OUT if key[0] == name and key[1] in body]
            unused -= set(reasons)
            if reasons:
                print(f"left   {name}:{line}: {LEFT_OUT[reasons[0]]}", flush=True)
                continue
            for key, shorter in SHORTENED.items():
                if key[0] == name and key[1] in body:
                    unused_shorter.discard(key)
                    body = body.replace(key[1], shorter)
            run(place, name, line, body, environment)
            ran += 1
    for key in sorted(unused):
        fail(f"no block of {key[0]} contains {key[1]!r} any more; take it out of the table")
    for key in sorted(unused_shorter):
        fail(f"no block that is run of {key[0]} contains {key[1]!r} any more; take it out of the table")
    if ran == 0:
        fail("no block was run")
    print(f"{ran} blocks were run, {len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())
