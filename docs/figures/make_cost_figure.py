#!/usr/bin/env python3
"""Measures what runs cost against the number of particles, the time and the number of transitions, and draws docs/figures/cost.png
with the model of docs/performance.md beside it. After ./run.sh; needs matplotlib; takes two minutes.

    python3 docs/figures/make_cost_figure.py
"""
import json
import pathlib
import subprocess
import tempfile

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE.parents[1] / "build" / "bin" / "powerstroke"
BLUE, ORANGE, PURPLE = "#0072b2", "#d55e00", "#882255"
plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
                     "savefig.facecolor": "white"})


def seconds(particles=1_000_000, end=100.0, transitions=1, timing="uniformization", snapshots=2, repeats=3):
    """What the particles of a thermal run take on one thread: the median."""
    config = {
        "format": "powerstroke/1", "ensemble": {"particles": particles, "energy": {"distribution": "uniform", "low": 0.0, "high": 8.0}},
        "strokes": {"transitions": [{"delta_e": float(k), "rate_down": 1.0} for k in range(1, transitions + 1)],
                    "balance": "thermal", "temperature": 2.0, "timing": timing},
        "time": {"end": end, "snapshots": snapshots}, "histogram": {"max": 40.0, "bins": 800}}
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "cost.json"
        path.write_text(json.dumps(config))
        for _ in range(repeats):
            subprocess.run([PROGRAM, "run", path, "-o", pathlib.Path(folder) / "out", "--force", "--quiet", "--threads", "1"],
                           check=True, capture_output=True)
            summary = json.loads((pathlib.Path(folder) / "out" / "summary.json").read_text())
            found.append(summary["performance"]["wall_s"])
    return sorted(found)[len(found) // 2]


def line(axes, x, model, label):
    axes.plot(x, model, color="0.4", lw=0.9, ls="--", label=label)


candidate, particle, look, table = 0.55e-9, 12e-9, 2.2e-9, 1.5e-3  # seconds: of the model


def sorting(particles):
    """S_E without bins, at both snapshots: of a million particles at most."""
    return 2 * 45e-9 * np.minimum(particles, 1e6)


up = np.exp(-0.5)
figure, axes = plt.subplots(1, 3, figsize=(11, 3.0), constrained_layout=True)

n = np.logspace(3, 8, 11).astype(int)
took = [seconds(particles=int(k), repeats=1 if k > 2e7 else 3) for k in n]
axes[0].loglog(n, took, "o", ms=4, color=BLUE, label="measured")
line(axes[0], n, 2e-4 + sorting(n) + n * (particle + 100 * (1 + up) * candidate + 2 * look), "model")
axes[0].set(xlabel="particles", ylabel="seconds of one core", title="$t$ = 100")
axes[0].legend(fontsize=7)

t = np.logspace(0, 4, 9)
for timing, colour in (("uniformization", BLUE), ("snapshots", ORANGE)):
    axes[1].loglog(t, [seconds(end=float(k), timing=timing) for k in t], "o", ms=4, color=colour, label=timing)
line(axes[1], t, sorting(1e6) + 1e6 * (particle + t * (1 + up) * candidate + 2 * look), "model")
axes[1].axhline(table + sorting(1e6) + 1e6 * (particle + 4 * look), color="0.4", lw=0.9, ls=":", label="model")
axes[1].set(xlabel="time $t$ (1/$w^-$)", title="$10^6$ particles")
axes[1].legend(fontsize=7)

lines = np.array([1, 2, 4, 8, 16, 32])
axes[2].loglog(lines, [seconds(particles=100_000, end=30.0, transitions=int(k)) for k in lines], "o", ms=4, color=BLUE, label="measured")
total = np.array([sum(1 + np.exp(-0.5 * j) for j in range(1, k + 1)) for k in lines])
line(axes[2], lines, sorting(1e5) + 1e5 * (particle + 30 * total * np.where(lines == 1, candidate, 2.4e-9) + 2 * look), "model")
axes[2].set(xlabel="transitions", title="$10^5$ particles, $t$ = 30")
axes[2].legend(fontsize=7)
figure.savefig(HERE / "cost.png", dpi=150)
