#!/usr/bin/env python3
"""Draws the figures of README.md and docs/ from results of the examples: run.sh first, then

    build/bin/powerstroke run examples/maxwell_boltzmann.json --force
    build/bin/powerstroke run examples/phase_space/oscillator.json --force
    python3 docs/figures/make_figures.py            (needs matplotlib and h5py)
"""
import json
import pathlib

import h5py
import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
BLUE, ORANGE, PURPLE = "#0072b2", "#d55e00", "#882255"
plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
                     "savefig.facecolor": "white"})


def summary(name):
    return json.loads((ROOT / "out" / name / "summary.json").read_text())


def density(axes, name, t):
    with h5py.File(ROOT / "out" / name / "result.h5") as result:
        k = int(np.argmin(np.abs(result["series/t"][:] - t)))
        edges = result["histogram/edges"][:]
        counts = result["histogram/counts"][k]
        solution = result["solution/bin_probability"][k]
        mean = result["solution/mean_energy"][-1]
        particles = counts.sum() + result["histogram/overflow"][k]
    middle, width = 0.5 * (edges[1:] + edges[:-1]), np.diff(edges)
    axes.fill_between(middle, counts / particles / width, step="mid", color=BLUE, alpha=0.3, lw=0, label="particles")
    axes.plot(middle, solution / width, color=ORANGE, lw=0.8, label="master equation")
    if t > 0:
        axes.plot(middle, np.exp(-middle / mean) / mean, color=PURPLE, ls=":", label="the paper's exponential (11)")
    axes.set(xlim=(0, 14), ylim=(0, None), xlabel="energy $E$", title=f"$t$ = {t:g}")


def entropies(axes, result, colour, label):
    s, e = result["series"], result["solution"]
    axes.plot(e["t"], e["S_1"], color=ORANGE, lw=1.2, label="master equation")
    axes.errorbar(s["t"][::4], s["S_1"][::4], s["S_1_err"][::4], fmt=".", ms=3, lw=0.8, color=colour, label=label)
    axes.set(xlabel="time $t$", ylabel="$S^{(1)}$ ($k_B$)")


def relaxation():
    result = summary("relaxation")
    figure, axes = plt.subplots(1, 4, figsize=(11, 2.6), constrained_layout=True)
    for axis, t in zip(axes, (0.0, 2.0, 100.0)):
        density(axis, "relaxation", t)
    axes[0].set_ylabel("$P(E, t)$")
    axes[2].legend(fontsize=7)
    entropies(axes[3], result, BLUE, "particles")
    axes[3].set(ylim=(5.2, 5.32), title="$S^{(1)}$ overshoots, then falls")
    axes[3].legend(fontsize=7, loc="lower right")
    figure.savefig(HERE / "relaxation.png", dpi=150)


def maxwell_boltzmann():
    result = summary("maxwell_boltzmann")
    s, e = result["series"], result["solution"]
    figure, axes = plt.subplots(1, 2, figsize=(7, 2.6), constrained_layout=True)
    axes[0].plot(e["t"], e["S_E"], color=ORANGE, lw=1.2, label="master equation")
    axes[0].errorbar(s["t"][::4], s["S_E"][::4], s["S_E_err"][::4], fmt=".", ms=3, lw=0.8, color=BLUE, label="particles")
    axes[0].set(xlabel="time $t$", ylabel="$S_E$ ($k_B$)", title="$S_E$ rises, (A.6)")
    axes[0].legend(fontsize=7, loc="lower right")
    entropies(axes[1], result, BLUE, "particles")
    axes[1].set_title("$S^{(1)}$ falls: (A.8) is no proof")
    figure.savefig(HERE / "maxwell_boltzmann.png", dpi=150)


def oscillator():
    result = summary("oscillator")
    t = np.array(result["series"]["t"])
    figure, axes = plt.subplots(1, 4, figsize=(11, 2.6), constrained_layout=True)
    for name, colour, label in (("strokes", BLUE, "strokes"), ("langevin", ORANGE, "Langevin bath")):
        side = result["phase_space"][name]
        for axis, key in zip(axes, ("total_energy", "S_1")):
            axis.errorbar(t, side[key], side[key + "_err"], fmt=".-", ms=3, lw=0.8, color=colour, label=label)
        for axis, key in zip(axes[2:], ("end_x", "end_E")):
            end = side[key]
            edges, counts = np.array(end["edges"]), np.array(end["counts"])
            axis.stairs(counts / end["total"] / np.diff(edges), edges, color=colour, label=label)
    for axis, key in zip(axes[2:], ("end_x", "end_E")):
        end = result["phase_space"]["strokes"][key]
        edges, probability = np.array(end["edges"]), np.array(end["probability"])
        axis.plot(0.5 * (edges[1:] + edges[:-1]), probability / np.diff(edges), color=PURPLE, ls=":", label="Boltzmann's law")
    axes[0].set(xlabel="time $t$", title=r"energy $\langle E + V\rangle$")
    axes[1].set(xlabel="time $t$", title="$S^{(1)}$ ($k_B$)")
    axes[2].set(xlabel="position $x$", title="at the end")
    axes[3].set(xlabel="kinetic energy $E$", xlim=(0, 8), title="at the end")
    axes[0].legend(fontsize=7)
    axes[3].legend(fontsize=7)
    figure.savefig(HERE / "oscillator.png", dpi=150)


relaxation()
maxwell_boltzmann()
oscillator()
