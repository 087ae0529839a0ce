#!/usr/bin/python3
"""Several MPI processes that share an ensemble: ranks_test.py PROGRAM EXAMPLES WORK_DIR. Needs mpirun and h5py.

- 1, 2 and 4 ranks have the bits of one process, for every balance, kernel and timing.
- A run that is killed, or asked to stop, goes on with another number of ranks, and the bits stay.
- What is wrong is said once, with the program's exit code.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from same_data import fields

program, examples, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
# As on a machine of CI: possibly root, fewer cores than ranks.
os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1",
                  OMPI_MCA_btl_base_warn_component_unused="0", OMPI_MCA_mpi_yield_when_idle="1")
shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
failures = []


def launched(ranks, *arguments):
    launcher = ["mpirun", "-n", str(ranks)] if ranks else []
    # Without a path to gnuplot: figures are not what is tested here.
    return [*launcher, "/usr/bin/env", "PATH=/nowhere", program, *map(str, arguments)]


def check(what, fine, said=""):
    print("ok    " if fine else "FAILED", what, said if not fine else "", flush=True)
    if not fine:
        failures.append(what)


def run(ranks, *arguments, code=0):
    done = subprocess.run(launched(ranks, *arguments), capture_output=True, text=True, timeout=120, check=False)
    check(f"{ranks or 'no'} ranks: {' '.join(map(str, arguments))[:90]}", done.returncode == code, done.stderr)
    return done


def same(what, one, other):
    a, b = fields(str(one)), fields(str(other))
    different = sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))
    check(what, not different and len(a) > 50, different)


several = "strokes.transitions=[{\"delta_e\":1.0,\"rate_down\":1.0},{\"delta_e\":0.5,\"rate_down\":0.4}]"
cases = [
    ("relaxation", []),
    ("relaxation", ["strokes.rates=microreversible"]),  # sums of doubles over all ranks at each step
    ("relaxation", [several]),
    ("relaxation", ["ensemble.particles=9000"]),  # three blocks: some of four ranks have none
    ("thermal", []),
    ("fixed", []),
    ("snapshots", []),
    ("incommensurate", []),
    ("exchange", []),
    ("bath", []),
    ("memory", []),  # analysis of all particles in one place
]
for number, (example, changes) in enumerate(cases):
    config = examples / f"{example}.json"
    options = [part for change in ["ensemble.particles=20000", *changes] for part in ("--set", change)]
    run(0, "run", config, "-o", work / f"{number}-alone", "--quiet", *options)
    for ranks in (1, 2, 4) if number == 0 else (2, 4):
        run(ranks, "run", config, "-o", work / f"{number}-{ranks}", "--quiet", *options)
        same(f"{example} {changes}: {ranks} ranks have the bits of one process", work / f"{number}-alone", work / f"{number}-{ranks}")

# Runs of some seconds that lose their machine, or are asked to stop, and go on elsewhere.
long = ["--set", "ensemble.particles=60000", "--set", "time.end=1000", "--set", "time.snapshots=31", "--quiet"]
for example, how, changes in (
    ("relaxation", signal.SIGKILL, ((2, 3), (0, 2), (2, 0))),
    ("incommensurate", signal.SIGTERM, ((2, 3), (2, 0))),
    ("exchange", signal.SIGKILL, ((2, 0),)),
):
    options = [*long]
    config = examples / f"{example}.json"
    run(0, "run", config, "-o", work / f"{example}-through", *options)
    for before, after in changes:
        folder = work / f"{example}-{before}-{after}"
        process = subprocess.Popen(launched(before, "run", config, "-o", folder, "--checkpoint-every", "0.05", *options),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while not (folder / "checkpoint.h5").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if before == 0:
            process.send_signal(how)
        else:
            ranks = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False).stdout.split()
            for rank in ranks:
                os.kill(int(rank), how)
        said = process.communicate(timeout=60)[1]
        check(f"{example}: {before or 'no'} ranks were stopped by {how.name} before the end", process.returncode != 0, said)
        if how == signal.SIGTERM:
            check(f"{example}: it says how to go on", process.returncode == 130 and said.count("powerstroke resume") == 1, said)
        run(after, "resume", folder, "--quiet")
        same(f"{example}: {before or 'no'} ranks, resumed by {after or 'none'}, have the bits of one run", work / f"{example}-through", folder)

done = run(2, "run", examples / "phase_space" / "oscillator.json", "-o", work / "phase", code=2)
check("a run in phase space is refused, once", done.stderr.count("not divided among MPI processes") == 1, done.stderr)
check("and nothing else is said", done.stderr.count("powerstroke: ") == 1, done.stderr)
done = run(3, "run", examples / "fixed.json", "-o", work / "wrong", "--set", "seed=-1", code=2)
check("a wrong config is refused, once", done.stderr.count("at seed") == 1 and not (work / "wrong").exists(), done.stderr)
done = run(2, "run", examples / "fixed.json", "-o", work / "0-alone", "--quiet", code=2)
check("an old result is kept", "--force" in done.stderr, done.stderr)
done = run(2, "validate", examples / "fixed.json")
check("other commands are the first rank's", done.stdout.count("Stationary") == 1 or done.stdout.count("stationary") >= 1, done.stdout)

print(f"{len(failures)} failed")
sys.exit(bool(failures))
