#!/usr/bin/env python3
"""Draws docs/figures/melt.png from runs of examples/lammps/melt.in; needs matplotlib, and lmp_powerstroke in build/bin.

    python3 docs/figures/make_melt_figure.py
"""
import pathlib
import subprocess
import tempfile

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COLOURS = {"microreversible": "#0072b2", "langevin": "#d55e00", "constant": "#882255"}
LABELS = {"microreversible": "strokes, microreversible", "langevin": "fix langevin", "constant": "strokes, constant rates"}
plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
                     "savefig.facecolor": "white"})

with tempfile.TemporaryDirectory() as folder:
    series, energies = {}, {}
    for how in COLOURS:
        command = [ROOT / "build/bin/lmp_powerstroke", "-in", ROOT / "examples/lammps/melt.in", "-log", "none", "-var", "how", how]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        series[how] = np.loadtxt(f"{folder}/{how}.thermo")
        lines = pathlib.Path(folder, f"{how}.energies").read_text().splitlines()[4:]
        energies[how] = np.array([[float(word) for word in line.split()] for line in lines])

figure, axes = plt.subplots(1, 3, figsize=(10, 2.8), constrained_layout=True)
middle = energies["langevin"][:, 1]
axes[0].plot(middle, 2 * np.sqrt(middle / np.pi) * np.exp(-middle), color="black", lw=3, alpha=0.25, label="Maxwell-Boltzmann, T = 1")
for how, colour in COLOURS.items():
    axes[0].plot(energies[how][:, 1], energies[how][:, 3] / 0.05, color=colour, lw=1, label=LABELS[how])
    time, values = 0.004 * series[how][:, 0], series[how][:, 1:]
    smooth = np.ones(20) / 20
    for axis, column in zip(axes[1:], (0, 2)):
        axis.plot(np.convolve(time, smooth, "valid"), np.convolve(values[:, column], smooth, "valid"), color=colour, lw=0.7)
axes[0].set(xlim=(0, 5), ylim=(0, 1.6), xlabel="kinetic energy of an atom", ylabel="$P$")
axes[0].legend(fontsize=7)
axes[1].set(xlabel="time", ylabel="temperature", ylim=(0.4, 1.2))
axes[2].set(xlabel="time", ylabel="pressure")
figure.savefig(HERE / "melt.png", dpi=120)
