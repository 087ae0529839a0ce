#!/usr/bin/python3
"""fix powerstroke on Debian's LAMMPS: fix_test.py LMP PLUGIN PLUGIN_HOST PROGRAM EXAMPLES WORK_DIR. Needs mpirun, NumPy and SciPy.

Statistical tests: each at a false-alarm rate of 1e-6 for a fresh seed, from normal or Student's quantiles; the seeds are fixed.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import numpy as np
from scipy import stats

lmp, plugin, host, program = sys.argv[1:5]
examples, work = pathlib.Path(sys.argv[5]), pathlib.Path(sys.argv[6])
os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1",
                  OMP_NUM_THREADS="1")
shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
rate = 1e-6
failures = []


def check(what, fine, said=""):
    print("ok    " if fine else "FAILED", what, said, flush=True)
    if not fine:
        failures.append(what)


def lammps(name, script, ranks=1, variables=(), fails=False):
    """Runs a script; returns the columns of its last thermo table, and all it said."""
    folder = work / name
    folder.mkdir(exist_ok=True)
    (folder / "in").write_text(script)
    options = [part for key, value in variables for part in ("-var", key, str(value))]
    launcher = ["mpirun", "-n", str(ranks)] if ranks > 1 else []
    done = subprocess.run([*launcher, lmp, "-in", "in", "-log", "none", *options], cwd=folder, capture_output=True, text=True,
                          timeout=400, check=False)
    text = done.stdout + done.stderr
    if fails:
        return {}, text
    check(f"{name}: runs on {ranks}", done.returncode == 0, "" if done.returncode == 0 else text[-1500:])
    table = {}
    for block in re.findall(r"^\s*(Step .*?)^Loop time", text, re.S | re.M):
        lines = block.splitlines()
        rows = np.array([[float(word) for word in line.split()] for line in lines[1:] if line.strip()])
        table = dict(zip(lines[0].split(), rows.T))
    return table, text


def gas(fix, atoms=20000, dimension=3, temperature=3.0, steps=400, every=100, more="", velocity=True, by_id=False):
    """An ideal gas: no forces, strokes alone. Velocities are Maxwell and Boltzmann's at T, or some that depend on the ID alone: scaling
    to T takes a sum over ranks, whose last bits depend on how many there are."""
    start = f"velocity all create {temperature} 99 dist gaussian loop all mom no rot no"
    if by_id:
        start = "\n".join(f"variable v{axis} atom 2.0*sin({factor}*id)" for axis, factor in zip("xyz", (1.7, 2.9, 4.3)))
        start += "\nvelocity all set v_vx v_vy v_vz"
    side = round(atoms ** (1.0 / dimension)) if dimension == 3 else round(atoms**0.5)
    high = "0 1" if dimension == 2 else f"0 {side}"
    return f"""
units lj
dimension {dimension}
atom_style atomic
atom_modify map yes
lattice {'sc' if dimension == 3 else 'sq'} 1.0
region box block 0 {side} 0 {side} {'-0.5 0.5' if dimension == 2 else high}
create_box 1 box
create_atoms 1 box
mass 1 2.0
{start if velocity else ''}
pair_style zero 1.5 nocoeff
pair_coeff * *
comm_modify cutoff 2.0
compute_modify thermo_temp extra/dof 0
timestep 0.01
fix move all nve
{fix}
{more}
variable e atom "0.5*mass*(vx*vx+vy*vy+{'vz*vz' if dimension == 3 else '0.0'})"
compute mean all reduce ave v_e
thermo {every}
thermo_style custom step c_mean etotal f_s f_s[1] f_s[2] f_s[3] f_s[4] f_s[5] f_s[6]
thermo_modify norm no format float %.15g
dump last all custom {steps} end.* id vx vy vz
dump_modify last sort id format float %.17g
run {steps}
"""


def strokes(balance, rates="constant", seed=5, transitions="transition 1.0 2.0"):
    return f"fix s all powerstroke {transitions} balance {balance} rates {rates} seed {seed}"


def velocities(name, step):
    return (work / name / f"end.{step}").read_text()


# --- The law of our own engine: mean energy of an ideal gas against the master equation, at five times.
for dimension in (2, 3):
    for balance, rates in (("thermal 1.0", "constant"), ("thermal 1.0", "microreversible"), ("energy_conserving", "microreversible")):
        name = f"gas-{dimension}d-{balance.split()[0]}-{rates}"
        atoms = 27**3 if dimension == 3 else 140**2
        seen, _ = lammps(name, gas(strokes(balance, rates), atoms, dimension))
        config = {"format": "powerstroke/1", "ensemble": {"particles": atoms, "dimension": dimension,
                  "energy": {"distribution": "maxwell_boltzmann", "temperature": 3.0}},
                  "strokes": {"transitions": [{"delta_e": 1.0, "rate_down": 2.0}], "balance": balance.split()[0], "rates": rates},
                  "time": {"end": 4.0, "snapshots": 5}}  # fmt: skip
        if "thermal" in balance:
            config["strokes"]["temperature"] = 1.0
        (work / f"{name}.json").write_text(json.dumps(config))
        subprocess.run([program, "run", work / f"{name}.json", "-o", work / f"{name}-own", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL, env={**os.environ, "PATH": "/nowhere"})
        own = json.loads((work / f"{name}-own" / "summary.json").read_text())
        exact, error = np.array(own["solution"]["mean_energy"]), np.array(own["series"]["mean_energy_err"])
        # Both starts are samples of one law, so that their errors are alike; LAMMPS scales its own to T exactly, which is less.
        worst = np.abs((seen["c_mean"] - exact) / error).max()
        check(f"{name}: mean energy follows the equation", worst < stats.norm.isf(rate / 2 / len(exact)), f"{worst:.2f} sigma")
        final = np.loadtxt(work / name / "end.400", skiprows=9)[:, 1 : 1 + dimension]
        energy = (final**2).sum(axis=1)
        if rates == "microreversible" and "thermal" in balance and dimension == 3:
            reached = stats.kstest(energy, stats.gamma(1.5).cdf).pvalue  # not yet, on one ladder: power of the next test
            check(f"{name}: one ladder alone has not mixed E modulo delta_e", reached < 1e-6, f"p = {reached:.1e}")

# Two incommensurate transitions and microreversible rates reach Maxwell and Boltzmann's law, whatever the mass.
both = "transition 1.0 2.0 transition 1.41421356 2.0"
lammps("mixed", gas(strokes("thermal 1.0", "microreversible", transitions=both), 27**3, steps=6000, every=6000))
final = np.loadtxt(work / "mixed" / "end.6000", skiprows=9)[:, 1:]
p_value = stats.kstest((final**2).sum(axis=1), stats.gamma(1.5).cdf).pvalue
check("Maxwell-Boltzmann velocities from incommensurate strokes", p_value > rate, f"p = {p_value:.3f}")
lammps("mixed-constant", gas(strokes("thermal 1.0", "constant", transitions=both), 27**3, steps=6000, every=6000))
final = np.loadtxt(work / "mixed-constant" / "end.6000", skiprows=9)[:, 1:]
p_value = stats.kstest((final**2).sum(axis=1), stats.gamma(1.5).cdf).pvalue
check("constant rates do not lead there", p_value < rate, f"p = {p_value:.1e}")

# --- Books: energy of all atoms + what the fix says it took is conserved, to rounding; exchange keeps it exactly.
for balance in ("thermal 1.0", "energy_conserving", "exchange", "fixed"):
    line = strokes(balance, transitions="transition 1.0 2.0 0.3" if balance == "fixed" else "transition 1.0 2.0")
    seen, _ = lammps(f"books-{balance.split()[0]}", gas(line, 20**3, more="fix_modify s energy yes", steps=200, every=50))
    total, moved = seen["TotEng"], seen["f_s[1]"][-1] + seen["f_s[2]"][-1]
    drift = np.abs(total - total[0]).max()
    check(f"books of {balance}: etotal with fix_modify energy", moved > 1000 and drift < 1e-9 * total[0], f"{drift:.1e} of {total[0]:.6g}")
    net = seen["f_s[1]"] - seen["f_s[2]"]
    check(f"books of {balance}: uptakes - releases", (seen["f_s[6]"] == net).all() and (seen["f_s[5]"] == net).all() and (seen["f_s"] == -net).all())
    if balance == "exchange":
        check("exchange: as many uptakes as releases", (net == 0).all())
seen, _ = lammps("rest", gas(strokes("fixed", transitions="transition 1.0 0.0 2.0"), 10**3, velocity=False))
check("atoms at rest get a direction", seen["c_mean"][-1] > 1.0 and seen["f_s[1]"][-1] > 100)

# --- 1 and 2 ranks: the same velocities bit for bit, for strokes without forces; with sums over ranks, to rounding.
for balance in ("thermal 1.0", "exchange", "energy_conserving"):
    name = f"ranks-{balance.split()[0]}"
    script = gas(strokes(balance, "microreversible", transitions=both), 20**3, steps=200, every=50, by_id=True)
    one, _ = lammps(f"{name}-1", script)
    two, _ = lammps(f"{name}-2", script, ranks=2)
    if balance == "energy_conserving":
        close = np.abs(one["c_mean"] - two["c_mean"]).max() < 1e-3
        check(f"{name}: 1 and 2 ranks agree", close and abs(one["f_s[1]"][-1] / two["f_s[1]"][-1] - 1) < 0.01)
    else:
        check(f"{name}: 1 and 2 ranks have the same bits", velocities(f"{name}-1", 200) == velocities(f"{name}-2", 200)
              and (one["f_s[1]"] == two["f_s[1]"]).all())  # fmt: skip

# --- A restart goes on with the same bits and counts, also on another number of ranks.
fix = strokes("thermal 1.0", "microreversible", transitions=both)
through, _ = lammps("through", gas(fix, 20**3, steps=200, every=100))
lammps("first", gas(fix, 20**3, steps=100, every=100) + "\nwrite_restart half\n")
tail = gas(fix, 20**3, steps=100, every=100)
tail = f"read_restart {work}/first/half\n" + tail[tail.index("pair_style zero") :]
for ranks in (1, 2):
    again, said = lammps(f"second-{ranks}", tail, ranks)
    check(f"restart on {ranks}: the same velocities and counts", velocities("through", 200) == velocities(f"second-{ranks}", 200)
          and again["f_s[1]"][-1] == through["f_s[1]"][-1])  # fmt: skip
_, said = lammps("second-wrong", tail.replace("seed 5", "seed 6"), fails=True)
check("a restart with another seed is refused", "another seed" in said, said[-300:] if "another seed" not in said else "")

# --- A Lennard-Jones liquid at T = 1: strokes with microreversible rates are a thermostat like Langevin's, constant rates are not.
melt = (examples / "lammps" / "melt.in").read_text()
averages = {}
for how in ("microreversible", "langevin", "constant"):
    lammps(f"melt-{how}", melt, variables=[("how", how), ("steps", 12000)])
    rows = np.loadtxt(work / f"melt-{how}" / f"{how}.thermo")[:, 1:]
    blocks = rows[: len(rows) // 20 * 20].reshape(20, -1, rows.shape[1]).mean(axis=1)
    averages[how] = blocks
    print(how, "temp, pe, press:", blocks.mean(axis=0)[:3], "+-", blocks.std(axis=0, ddof=1)[:3] / 20**0.5)
for k, quantity in enumerate(("temperature", "potential energy", "pressure")):
    ours, langevin, constant = (averages[how][:, k] for how in ("microreversible", "langevin", "constant"))
    test = stats.ttest_ind(ours, langevin, equal_var=False)
    check(f"melt: {quantity} as under fix langevin", test.pvalue > rate, f"p = {test.pvalue:.3g}")
    test = stats.ttest_ind(constant, langevin, equal_var=False)
    check(f"melt: {quantity} of constant rates is another", test.pvalue < rate, f"p = {test.pvalue:.1e}")
    test = stats.ttest_1samp(ours, 1.0)
    if k == 0:
        check("melt: T = 1", test.pvalue > rate, f"p = {test.pvalue:.3g}")
drift = averages["microreversible"][:, 3]
check("melt: etotal with fix_modify energy", abs(drift[-1] - drift[0]) < 2e-3 * abs(drift[0]), f"{drift[0]:.6f} -> {drift[-1]:.6f}")
for how, expected in (("microreversible", True), ("constant", False)):
    lines = (work / f"melt-{how}" / f"{how}.energies").read_text().splitlines()
    table = np.array([[float(word) for word in line.split()] for line in lines[4:]])
    law = stats.gamma(1.5)
    probability = np.diff(law.cdf(np.linspace(0.0, 10.0, 201)))
    # Kinetic energies every 0.2 time units are nearly independent between atoms, not between looks: the distance is judged by its size.
    distance = 0.5 * np.abs(table[:, 3] - probability / probability.sum()).sum()
    check(f"melt, {how}: total variation from Maxwell-Boltzmann", (distance < 0.02) == expected, f"{distance:.4f}")

# --- The plugin: what it hands over is the fix, and makes the same strokes. (Debian's LAMMPS has no PLUGIN package to load it with.)
own_lmp, lmp = lmp, host
os.environ["POWERSTROKE_PLUGIN"] = plugin
lammps("plugin", gas(fix, 20**3, steps=200, every=100))
check("the plugin's fix makes the same strokes", velocities("through", 200) == velocities("plugin", 200))
lmp = own_lmp

# --- Mistakes in the command.
for line, words in (
    ("transition 1.0 2.0 balance thermal 1.0", "there is no 'seed'"),
    ("transition 1.0 2.0 seed 5", "there is no 'balance'"),
    ("balance exchange seed 5", "there is no 'transition"),
    ("transition -1.0 2.0 balance exchange seed 5", "DELTA_E is -1"),
    ("transition 1.0 balance exchange seed 5", "two or three numbers"),
    ("transition 1.0 2.0 balance thermal 0 seed 5", "temperature"),
    ("transition 1.0 2.0 0.5 balance exchange seed 5", "under it alone"),
    ("transition 1.0 2.0 balance fixed seed 5", "under it alone"),
    ("transition 1.0 2.0 balance exchang seed 5", "allowed: fixed, thermal T"),
    ("transition 1.0 2.0 balance exchange rates quick seed 5", "constant or microreversible"),
    ("transition 1.0 2.0 balance exchange seed -5", "whole number"),
    ("transition 1.0 2.0 balance exchange sed 5", "'sed'"),
):
    _, said = lammps("wrong", gas(f"fix s all powerstroke {line}", 5**3, steps=1), fails=True)
    check(f"refused: {line}", words in said, "" if words in said else said[-300:])
_, said = lammps("no-map", gas(fix, 5**3, steps=1).replace("atom_modify map yes", ""), fails=True)
check("refused: no atom map", "atom_modify map yes" in said)

print(f"{len(failures)} failed", *failures)
sys.exit(bool(failures))
