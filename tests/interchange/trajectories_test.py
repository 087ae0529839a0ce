#!/usr/bin/env python3
"""MDAnalysis reads what the program write_trajectories wrote: trajectories_test.py PATH_OF_WRITE_TRAJECTORIES"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

from read_trajectory import check, close


def expected(ids, frame, dimension):
    """Positions and momenta by the formulas of write_trajectories.cpp."""
    particle, axis = np.asarray(ids, float)[:, None], np.arange(3.0)[None, :]
    inside = axis < dimension
    positions = np.where(inside, 0.25 * particle + axis + 0.125 * frame, 0.0)
    momenta = np.where(inside, 0.5 * particle - axis - 0.25 * frame, 0.0)
    return positions, momenta


def check_sample(path, *, ids, masses, species, frames, dimension, box, length=1.0, time=1.0):
    """The file's numbers, times the sizes of the run's units in those of MDAnalysis."""
    universe = check(path)
    assert len(universe.atoms) == len(ids)
    assert len(universe.trajectory) == frames
    assert list(universe.atoms.types) == [str(one) for one in species], universe.atoms.types
    np.testing.assert_allclose(universe.atoms.masses, masses, rtol=1e-6)  # editions of CODATA differ in the mass unit
    for frame, seen in enumerate(universe.trajectory):
        positions, momenta = expected(ids, frame, dimension)
        np.testing.assert_allclose(seen.time, 0.5 * frame * time, rtol=1e-14)
        assert seen.data["step"] == 100 * frame
        close(seen.positions, positions * length)
        close(seen.velocities, momenta / np.asarray(masses, float)[:, None] * length / time)
        if box is None:
            assert seen.dimensions is None
        else:
            close(seen.dimensions, [*(length * edge for edge in box), 90, 90, 90])


def check_documented_lines(path):
    """The lines of docs/formats.md do what they say. Runs in the folder above the file's `out`."""
    text = (pathlib.Path(__file__).resolve().parents[2] / "docs/formats.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names = {}
    os.chdir(path.parents[2])
    exec(lines, names)
    momenta = expected(range(10), 6, 3)[1]
    close(names["velocities"], momenta / np.asarray(masses_of_gas, float)[:, None] / 1000)  # nm/ns in nm/ps
    assert list(names["species"]) == [0] * 6 + [1] * 4
    np.testing.assert_allclose(names["mass"], masses_of_gas, rtol=1e-6)
    np.testing.assert_allclose(names["times"], 500.0 * np.arange(7), rtol=1e-14)
    assert np.array_equal(names["last"], names["universe"].trajectory[0].positions)  # where a finished loop rewinds to


masses_of_gas = [2] * 6 + [8] * 4

with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    subprocess.run([sys.argv[1], name], check=True)
    check_sample(folder / "gas.h5md", ids=range(10), masses=masses_of_gas, species=[0] * 6 + [1] * 4, frames=7,
                 dimension=3, box=[4, 5, 6], length=10.0, time=1000.0)  # nm in Angstrom, ns in ps
    check_sample(folder / "trap.h5md", ids=range(5), masses=[0.5] * 5, species=[0] * 5, frames=3, dimension=1, box=None)
    check_sample(folder / "slab.h5md", ids=range(0, 40, 4), masses=[1] * 5 + [2] * 5, species=[0] * 5 + [1] * 5, frames=3,
                 dimension=2, box=None)
    documented = folder / "out/gas/trajectory.h5md"
    documented.parent.mkdir(parents=True)
    (folder / "gas.h5md").rename(documented)
    check_documented_lines(documented)
    os.chdir("/")  # the temporary folder can be removed now
