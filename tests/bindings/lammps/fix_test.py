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

# Two incommensurate transitions and microreversible rates reach the Maxwell-Boltzmann distribution, whatever the mass.
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
for old, new, words in (("transition 1.0 2.0", "transition 1.5 2.0", "1 where the command has 1.5 for the DELTA_E of transition 1"),
                        ("1.41421356 2.0", "1.41421356 2.5", "RATE_DOWN of transition 2"), ("thermal 1.0", "thermal 1.1", "Tstart"),
                        ("thermal 1.0", "energy_conserving", "another 'balance'"),
                        ("rates microreversible", "rates constant", "another 'rates'")):  # fmt: skip
    _, said = lammps("second-other", tail.replace(old, new), fails=True)
    check(f"a restart with another law is refused: {words}", words in said, "" if words in said else said[-300:])
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

os.environ["POWERSTROKE_HOST_VERSION"] = "20991231"
lmp = host
_, said = lammps("plugin-other", gas(fix, 5**3, steps=1), fails=True)
refused = "refused by LAMMPS 20991231" in said and "Loop time" not in said
check("a plugin compiled for another LAMMPS is refused by version", refused, "" if refused else said[-300:])
del os.environ["POWERSTROKE_HOST_VERSION"]
lmp = own_lmp

# --- As fix langevin: thermo's ecouple and econserve, with and without fix_modify energy.
for more, counted in (("", 1), ("fix_modify s energy yes", 0)):
    script = gas(strokes("thermal 1.0"), 10**3, steps=200, every=50, more=more).replace("etotal f_s ", "etotal ecouple econserve f_s ")
    seen, _ = lammps("econserve", script)
    steady = np.abs(seen["Econserve"] - seen["Econserve"][0]).max() < 1e-9 * seen["Econserve"][0]
    right = (seen["Ecouple"] == counted * seen["f_s"]).all() and seen["f_s"][-1] > 100
    check(f"econserve is constant{' with ' + more if more else ''}", steady and right, f"{seen['Econserve']} {seen['Ecouple']}")

# --- Temperatures that change: a ramp, and a variable, which may need computes.
plain = gas(strokes("thermal 1.0"), 10**3, steps=200, every=50)
lammps("heat-plain", plain)
for how, line in (("ramp", "thermal 1.0 1.0"), ("variable", "thermal v_heat")):
    lammps(f"heat-{how}", "variable heat equal 1.0+0.0*pe\n" + plain.replace("thermal 1.0", line))
    check(f"a {how} that stays has the same strokes", velocities("heat-plain", 200) == velocities(f"heat-{how}", 200))
cooling = {"ramp": "thermal 3.0 1.0", "formula": "thermal v_heat"}
for how, line in cooling.items():
    script = gas(strokes(line, "microreversible", transitions=both), 20**3, steps=2000, every=500)
    cooling[how], _ = lammps(f"cooling-{how}", "variable heat equal 3.0-2.0*step/2000\n" + script)
check("a ramp and its formula agree", np.allclose(cooling["ramp"]["c_mean"], cooling["formula"]["c_mean"], rtol=0.05))
mean = cooling["ramp"]["c_mean"][-1]  # of 8000 atoms that relax in a twentieth of the ramp: a little behind it
check("an ensemble follows a slow ramp from T = 3 to 1", 1.45 < mean < 1.8, f"{mean:.3f}, in equilibrium 1.5")
_, said = lammps("cold", "variable heat equal 1.0-step/10\n" + plain.replace("thermal 1.0", "thermal v_heat"), fails=True)
check("refused: a variable that falls to 0", "the variable 'heat' gives the temperature 0" in said, said[-300:])

# --- Random numbers of a seed are used once: by two fixes, and by one after another.
half = "fix s all powerstroke transition 1.0 1.0 balance thermal 1.0 seed 5"
once = gas(half, 10**3, steps=50, every=50, by_id=True)
_, said = lammps("again", once + f"unfix s\n{half}\nvelocity all set v_vx v_vy v_vz\nrun 50\n")
check("a fix after another of its seed goes on with its clock", "its random numbers go on at step 50" in said, said[-300:])
ends = [velocities("again", step).split("vz")[1] for step in (50, 100)]
check("and makes other strokes of the same start", ends[0] != ends[1])
other = half.replace("fix s", "fix s2")
seen, _ = lammps("pair", once.replace(half, f"{half}\n{other}").replace("f_s[6]", "f_s[6] f_s2[1]"))
check("two fixes of one seed make different strokes", seen["f_s[1]"][-1] != seen["f_s2[1]"][-1] and seen["f_s2[1]"][-1] > 10)


# --- Cost goes with the atoms, not with the highest ID.
def seconds(first):
    """Of what fixes do in 500 steps: 256 atoms whose IDs begin there."""
    places = "\n".join(f"{first + i} 1 {i % 8 + 0.5} {i // 8 % 8 + 0.5} {i // 64 + 0.5}" for i in range(256))
    speeds = "\n".join(f"{first + i} {x} {y} {z}" for i, (x, y, z) in enumerate(np.random.default_rng(1).normal(size=(256, 3))))
    (work / "atoms").write_text("a gas\n\n256 atoms\n1 atom types\n0 8 xlo xhi\n0 8 ylo yhi\n0 8 zlo zhi\n\nMasses\n\n1 2.0\n\n"
                                f"Atoms # atomic\n\n{places}\n\nVelocities\n\n{speeds}\n")  # fmt: skip
    script = gas(strokes("thermal 1.0"), steps=500, every=500, velocity=False).replace("map yes", "map hash")
    script = script[: script.index("lattice")] + f"read_data {work}/atoms\n" + script[script.index("pair_style") :]
    said = [lammps("far", script)[1] for _ in range(3)]
    return min(float(re.search(r"^Modify *\| *([0-9.e+-]+)", text, re.M).group(1)) for text in said)


near, far = seconds(1), seconds(10_000_001)
check("the cost does not go with the highest ID", far < 5 * near + 0.02, f"{near:.4f} s from 1 on, {far:.4f} s from 10^7 on")

# --- What other fixes hold, and atoms that no fix moves.
free = gas(strokes("thermal 1.0"), 5**3, steps=1, every=1)
low = "region low block -0.5 1.5 INF INF INF INF\ngroup low region low\ngroup high subtract all low\n"
for name, lines, words in (
    ("frozen", "fix move all nve\nfix hold low setforce 0.0 0.0 0.0", "50 atoms of its group are held by fix setforce hold"),
    ("unmoved", "fix move high nve", "50 atoms of its group are moved by no fix"),
):
    _, said = lammps(name, free.replace("fix move all nve", low + lines))
    check(f"warned: {name}", words in said, "" if words in said else said[-600:])
_, said = lammps("free", free)
check("not warned: free atoms", "Fix powerstroke s" not in said)

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
    ("transition 1.0 2.0 balance exchang seed 5", "allowed: fixed, thermal Tstart"),
    ("transition 1.0 2.0 balance exchange rates quick seed 5", "constant or microreversible"),
    ("transition 1.0 2.0 balance exchange seed -5", "whole number"),
    ("transition 1.0 2.0 balance exchange sed 5", "'sed'"),
    ("transition 1.0 1e9 balance thermal 1.0 seed 5", "attempts of an atom in a timestep; allowed: at most 250"),
    ("transition 1.0 1e9 balance exchange seed 5", "attempts of an atom in a timestep; allowed: at most 250"),
    ("transition 1.0 1e9 balance energy_conserving seed 5", "attempts of an atom in a timestep; allowed: at most 250"),
    ("transition 1.0 1e300 1e300 balance fixed seed 5", "attempts of an atom in a timestep; allowed: at most 250"),
    ("transition 1.0 2.0 balance thermal 1.0 -1.0 seed 5", "the temperature is -1.0"),
    ("transition 1.0 2.0 balance thermal v_none seed 5", "there is no variable 'none'"),
):
    _, said = lammps("wrong", gas(f"fix s all powerstroke {line}", 5**3, steps=1), fails=True)
    fine = words in said and str(examples.parent) not in said  # no path of the build
    check(f"refused: {line}", fine, "" if fine else said[-300:])
_, said = lammps("no-map", gas(fix, 5**3, steps=1).replace("atom_modify map yes", ""), fails=True)
check("refused: no atom map", "atom_modify map yes" in said)

print(f"{len(failures)} failed", *failures)
sys.exit(bool(failures))
