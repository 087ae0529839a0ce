#!/usr/bin/env python3
"""The master equation of powerstroke beside SciPy's DOP853 on the same right-hand side, start and tolerance.

    ./bench.sh --benchmark_filter=none        (builds; once)
    python3 bench/solver_against_scipy.py     (needs numpy and scipy)
"""
import pathlib
import subprocess
import time

import numpy as np
from scipy.integrate import solve_ivp

PROGRAM = pathlib.Path(__file__).resolve().parents[1] / "build" / "bin" / "powerstroke_solver_bench"
LEVELS, NODES, END, UP, DOWN = 2000, 64, 100.0, 0.5, 1.0


def slope(conserving):
    def of(_, flat):
        p = flat.reshape(NODES, LEVELS)
        up = DOWN * p[:, 1:].sum() if conserving else UP  # (8): w+ = w- phi
        flow = up * p[:, :-1] - DOWN * p[:, 1:]
        out = np.zeros_like(p)
        out[:, :-1] -= flow
        out[:, 1:] += flow
        return out.ravel()

    return of


def scipy_seconds(conserving):
    p = np.zeros((NODES, LEVELS))
    for node in range(NODES):
        p[node, node % 7] = 1.0 / NODES
    begin = time.perf_counter()
    # atol: 1e-10 in total variation over all cells
    solution = solve_ivp(slope(conserving), (0.0, END), p.ravel(), method="DOP853", rtol=1e-10, atol=1e-10 / (NODES * LEVELS))
    seconds = time.perf_counter() - begin
    end = solution.y[:, -1].reshape(NODES, LEVELS).sum(axis=0)
    return seconds, float((end * np.arange(LEVELS)).sum())


def powerstroke_seconds(kind, threads):
    out = subprocess.run([PROGRAM, kind, str(LEVELS), str(NODES), str(threads)], check=True, capture_output=True, text=True)
    seconds, level = out.stdout.split()
    return float(seconds), float(level)


for kind in ("fixed", "conserving"):
    one, level = powerstroke_seconds(kind, 1)
    two, _ = powerstroke_seconds(kind, 2)
    theirs, their_level = scipy_seconds(kind == "conserving")
    print(f"{kind:>10}: powerstroke {one:.3f} s (two threads {two:.3f} s, {one / two:.2f} x), DOP853 {theirs:.2f} s: "
          f"{theirs / one:.0f} x; <level> differs by {abs(level - their_level):.1e}")
