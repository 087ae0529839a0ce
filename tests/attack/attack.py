#!/usr/bin/python3
"""What happens to users' runs and files, at random: attack.py PROGRAM EXAMPLES [ROUNDS [SEED]]. Needs h5py.

- Signals at random moments (SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGUSR1), with standard streams that are full, closed, or a pipe that
  nobody reads; resumed until the end, here or elsewhere: the bits of a run that nobody disturbed, and nothing left beside it.
- Limits on the size of files, and disks that are full, where this machine lets us mount one: code 0 or 4, and what is kept goes on
  where there is room.
- Files of every kind, cut, flipped, grown and emptied at random: refused by name with code 4 and nothing changed, or the same bits.

Prints how often what came of it; ends with 1 if anything else did.
"""
import collections
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from same_data import fields

program, examples = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
rounds, seed = int((sys.argv[3:] + ["100"])[0]), int((sys.argv[4:] + ["1"])[0])
chance = random.Random(seed)
counts, failures = collections.Counter(), []
environment = dict(os.environ, PATH="/usr/bin:/bin")

CASES = [("relaxation.json", ["ensemble.particles=200000"]), ("exchange.json", ["ensemble.particles=30000"]),
         ("bath.json", ["ensemble.particles=30000"]), ("trajectory.json", ["ensemble.particles=10000"]),
         ("rosen_zener.json", ["ensemble.particles=30000"])]
STREAMS = ["", "2>/dev/full", "2>&-", ">/dev/full", ">&- 2>&-", "2>&1 | true", "2>/dev/full >/dev/full </dev/null"]
PATIENCE = 60  # seconds, on a machine that may be loaded


def run_arguments(case, place, every="0.05"):
    name, settings = case
    return ["run", str(examples / name), "-o", place, "--checkpoint-every", every] + [w for s in settings for w in ("--set", s)]


def contents(folder):
    """Names and bytes below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(pathlib.Path(folder).rglob("*"))}


def fail(what, said=""):
    failures.append(what)
    print("FAILED", what, said[-500:], flush=True)


def shell_word(word):
    return "'" + word.replace("'", "'\\''") + "'"


def execute(folder, arguments, streams="", before="", signals=()):
    """Runs the program, sends it signals, each after so many seconds. Returns its exit code (negative: the signal) and what it said."""
    pid_file, code_file = folder / "pid", folder / "code"
    for left in (pid_file, code_file):
        left.unlink(missing_ok=True)
    command = " ".join(map(shell_word, [program, *arguments]))
    pipe = "| true" if "|" in streams else ""
    inner = f"{{ (echo $BASHPID >pid; {before} exec {command} {streams.replace('| true', '')}); echo $? >code; }} {pipe}"
    child = subprocess.Popen(["bash", "-c", inner], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             start_new_session=True)
    for wait, number in signals:
        time.sleep(wait)
        try:
            os.kill(int(pid_file.read_text()), number)
        except (OSError, ValueError):
            break
    try:
        said, _ = child.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return "hangs", ""
    deadline = time.time() + PATIENCE  # of a pipeline, the shell may end before
    while not (code_file.exists() and code_file.read_text().strip()) and time.time() < deadline:
        time.sleep(0.01)
    code = int(code_file.read_text()) if code_file.exists() else "none"
    for left in (pid_file, code_file):
        left.unlink(missing_ok=True)
    return code, said.decode(errors="replace")


def wholes(folder):
    """An undisturbed run of each case, and where it is."""
    found = {}
    for case in CASES:
        place = folder / case[0]
        code, said = execute(folder, run_arguments(case, str(place)))
        if code != 0:
            fail(f"{case[0]} undisturbed: {code}", said)
        found[case[0]] = place
    return found


def same(case, one, other):
    equal = fields(str(one)) == fields(str(other))
    if "trajectory" in case[0]:
        import h5py
        with h5py.File(one / "trajectory.h5md") as a, h5py.File(other / "trajectory.h5md") as b:
            for species in a["particles"]:
                for what in ("position", "velocity"):
                    equal = equal and (a[f"particles/{species}/{what}/value"][()] == b[f"particles/{species}/{what}/value"][()]).all()
    return equal


def finished(place):
    return (place / "summary.json").exists() and not any(place.glob("checkpoint*.h5"))


def disturbed(folder, whole):
    case, place = chance.choice(CASES), "run"
    history = []
    for attempt in range(12):
        here = folder / place
        goes_on = any((here / n).exists() for n in ("checkpoint.h5", "checkpoint.previous.h5"))
        arguments = run_arguments(case, place)
        if goes_on:
            arguments = ["resume", place, "--checkpoint-every", "0.05", "--threads", str(chance.randint(1, 3))]
            if chance.random() < 0.2:
                place = f"elsewhere{attempt}"
                arguments += ["-o", place]
        signals = []
        if attempt < 8:
            for _ in range(chance.randint(1, 3)):
                signals.append((chance.uniform(0.0, 0.4), chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP,
                                                                         signal.SIGUSR1, signal.SIGUSR1])))
        streams = chance.choice(STREAMS)
        code, said = execute(folder, arguments, streams, signals=signals)
        history.append((" ".join(arguments[:2] + [w for w in arguments if w.startswith("elsewhere")]), streams,
                        [n.name for _, n in signals], code))
        counts[f"disturbed: code {code}"] += 1
        allowed = {0, 4 if ">/dev/full" in streams.replace("2>/dev/full", "") or ">&- " in streams or "|" in streams else 0, 130, 137}
        # Before a run has begun, and after it has ended, signals end the program in the ordinary way.
        allowed |= {128 + n for _, n in signals}
        if code not in allowed:
            listing = sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))
            _, again = execute(folder, arguments)  # where it can be read
            return fail(f"{case[0]}: {history}; there is {listing}", said + again)
        if not goes_on and place.startswith("elsewhere"):
            place = "run"
        if not (folder / place).exists() and place.startswith("elsewhere"):  # before it had anything of its own: the old one is there
            place = max((p.name for p in folder.iterdir() if not p.name.startswith(".") and any(p.glob("checkpoint*.h5"))), default="run",
                        key=lambda name: (folder / name).stat().st_mtime)
        if finished(folder / place):
            break
    if not finished(folder / place):
        return fail(f"{case[0]}: never finished: {history}")
    if not same(case, folder / place, whole[case[0]]):
        return fail(f"{case[0]}: other bits: {history}")
    hidden = [p.name for p in folder.iterdir() if p.name.startswith(".")]
    # A kill may leave a hidden folder, which the next run there takes away.
    if hidden:
        execute(folder, run_arguments(case, place) + ["--force"])
        hidden = [p.name for p in folder.iterdir() if p.name.startswith(".") and place in p.name]
        if hidden:
            return fail(f"{case[0]}: left {hidden}: {history}")
    counts["disturbed: same bits"] += 1


def no_room(folder, whole):
    case = chance.choice(CASES)
    size = sum(p.stat().st_size for p in whole[case[0]].iterdir())
    blocks = int(size / 512 * chance.uniform(0.05, 1.2))
    code, said = execute(folder, run_arguments(case, "run", chance.choice(["0", "0.05"])), before=f"ulimit -f {blocks // 2};")
    counts[f"limit on files: code {code}"] += 1
    if code not in (0, 4):
        return fail(f"{case[0]}, {blocks} blocks: {code}", said)
    hidden = [p.name for p in folder.iterdir() if p.name.startswith(".")]
    if hidden:
        return fail(f"{case[0]}, {blocks} blocks: left {hidden}", said)
    if code == 4 and (folder / "run").exists():
        before = contents(folder / "run")
        code, said = execute(folder, ["resume", "run", "-o", "elsewhere"])
        if code != 0 or not same(case, folder / "elsewhere", whole[case[0]]) or contents(folder / "run") != before:
            return fail(f"{case[0]}, {blocks} blocks: resume -o: {code}", said)
        counts["limit on files: gone on elsewhere, same bits"] += 1


def small_disk(folder, whole):
    case = chance.choice(CASES)
    size = sum(p.stat().st_size for p in whole[case[0]].iterdir())
    kilobytes = max(16, int(size / 1024 * chance.uniform(0.05, 2.5)))
    script = folder / "script.sh"
    words = " ".join(map(shell_word, [program, *run_arguments(case, "disk/run", chance.choice(["0", "0.05"]))]))
    script.write_text(f"mkdir disk; mount -t tmpfs -o size={kilobytes}k tmpfs disk || exit 79\n{words} >/dev/null; code=$?\n"
                      f"test $code = 0 && cp -r disk/run result\nls -A disk >left\n"
                      f"if test -e disk/run/checkpoint.h5 -o -e disk/run/checkpoint.previous.h5; then "
                      f"{shell_word(program)} resume disk/run -o elsewhere >/dev/null || exit 70; fi\nexit $code\n")
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]
    try:
        done = subprocess.run([*unshare, "sh", str(script)], cwd=folder, capture_output=True, text=True, timeout=2 * PATIENCE, env=environment)
    except subprocess.TimeoutExpired:
        return fail(f"{case[0]} on {kilobytes} kB: hangs")
    if done.returncode in (1, 79) and "powerstroke" not in done.stderr:
        counts["small disk: nobody may mount one here"] += 1
        return
    counts[f"small disk: code {done.returncode}"] += 1
    if done.returncode not in (0, 4):
        return fail(f"{case[0]} on {kilobytes} kB: {done.returncode}", done.stderr)
    if any(name.startswith(".") for name in (folder / "left").read_text().split()):
        return fail(f"{case[0]} on {kilobytes} kB: left {(folder / 'left').read_text()}")
    for name in ("result", "elsewhere"):
        if (folder / name).exists():
            counts["small disk: whole, or gone on elsewhere, same bits"] += 1
            if not same(case, folder / name, whole[case[0]]):
                return fail(f"{case[0]} on {kilobytes} kB: other bits in {name}")


def unfinished(folder, case):
    """A run that was killed when it had two checkpoints."""
    child = subprocess.Popen([program, *run_arguments(case, "unfinished", "0.02"), "--quiet"], cwd=folder, env=environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.time() + PATIENCE
    while not (folder / "unfinished" / "checkpoint.previous.h5").exists() and child.poll() is None and time.time() < deadline:
        time.sleep(0.002)
    child.kill()
    child.wait()
    return folder / "unfinished"


def damage(path):
    bytes_ = bytearray(path.read_bytes())
    how = chance.choice(["flip", "flip", "flips", "cut", "grow", "zero tail", "empty", "garbage"])
    if how in ("flip", "flips"):
        for _ in range(1 if how == "flip" else chance.randint(2, 200)):
            bytes_[chance.randrange(len(bytes_))] ^= 1 << chance.randrange(8)
    if how == "cut":
        del bytes_[chance.randrange(len(bytes_)):]
    if how == "grow":
        bytes_ += chance.randbytes(chance.randint(1, 5000))
    if how == "zero tail":
        tail = chance.randint(1, min(len(bytes_), 4096))
        bytes_[-tail:] = bytes(tail)
    if how == "empty":
        bytes_.clear()
    if how == "garbage":
        bytes_ = bytearray(chance.randbytes(len(bytes_)))
    path.write_bytes(bytes_)
    return how


def damaged(folder, whole, left):
    case = chance.choice(CASES)
    if chance.random() < 0.5:
        shutil.copytree(whole[case[0]], folder / "run")
        how = damage(folder / "run" / "result.h5")
        before = contents(folder)
        code, said = execute(folder, ["compare", "run", str(whole[case[0]])])
        counts[f"result.h5, {how}: code {code}"] += 1
        # The bytes may happen to be those that were there.
        if code != 4 and (folder / "run" / "result.h5").read_bytes() != (whole[case[0]] / "result.h5").read_bytes() or code not in (0, 4):
            return fail(f"{case[0]}, result.h5, {how}: {code}", said)
        if code == 4 and "result.h5" not in said:
            return fail(f"{case[0]}, result.h5, {how}: unnamed", said)
    else:
        shutil.copytree(left[case[0]], folder / "run")
        names = sorted(p.name for p in (folder / "run").iterdir())
        chosen = chance.sample(names, chance.randint(1, len(names)))
        how = {name: damage(folder / "run" / name) for name in chosen}
        before = contents(folder)
        code, said = execute(folder, ["resume", "run", "-o", "elsewhere", "--quiet"])
        counts[f"{len(chosen)} of {len(names)} files of an unfinished run: code {code}"] += 1
        if code not in (0, 4):
            return fail(f"{case[0]}, {how}: {code}", said)
        if code == 0 and not same(case, folder / "elsewhere", whole[case[0]]):
            return fail(f"{case[0]}, {how}: other bits", said)
        if code == 0:
            shutil.rmtree(folder / "elsewhere")
        elif not any(name in said for name in names):
            return fail(f"{case[0]}, {how}: unnamed", said)
    if contents(folder) != before:
        fail(f"{case[0]}, {how}: something changed")


def main():
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top)
        whole = wholes(top)
        left = {}
        for case in CASES:
            (top / ("left-" + case[0])).mkdir()
            left[case[0]] = unfinished(top / ("left-" + case[0]), case)
        for number in range(rounds):
            for attack in (disturbed, no_room, small_disk):
                folder = top / f"{attack.__name__}-{number}"
                folder.mkdir()
                attack(folder, whole)
                shutil.rmtree(folder)
            for part in range(10):
                folder = top / f"damaged-{number}-{part}"
                folder.mkdir()
                damaged(folder, whole, left)
                shutil.rmtree(folder)
    for what, count in sorted(counts.items()):
        print(f"{count:6d}  {what}")
    print(f"seed {seed}, {rounds} rounds: {len(failures)} failures")
    sys.exit(bool(failures))


main()
