#!/usr/bin/env python3
"""Reads trajectories with MDAnalysis and compares with the numbers in the files: read_trajectory.py FILE_OR_RESULT_FOLDER...

Exit code 0 if MDAnalysis finds in each what HDF5 has in it.
"""
import pathlib
import sys

import h5py
import MDAnalysis
import numpy as np

GROUP = "particles/trajectory"


def has_units(path):
    with h5py.File(path) as file:
        return "h5md/modules/units" in file


def load(path):
    """A Universe whose atoms have the species and masses of the file; in Angstrom and ps if the file has units."""
    with h5py.File(path) as file:
        particles = file[GROUP]["position/value"].shape[1]
        reduced = {} if has_units(path) else {"n_atoms": particles, "convert_units": False}
        universe = MDAnalysis.Universe(str(path), **reduced)
        universe.add_TopologyAttr("types", file[GROUP]["species"][:].astype(str))
        universe.add_TopologyAttr("masses", file[GROUP]["mass"][:])
    return universe


def close(found, expected):
    """Equal but for rounding to single precision, at most three times: on reading, of the factor, and of the product."""
    np.testing.assert_allclose(found, expected, rtol=3 * np.finfo(np.float32).eps, atol=0)


def check(path):
    """MDAnalysis and h5py see the same trajectory. Returns the Universe."""
    universe = load(path)
    with h5py.File(path) as file:
        group = file[GROUP]
        angstrom = 10.0 if has_units(path) else 1.0  # a nm
        frames, particles, components = group["position/value"].shape
        assert components == 3, components
        assert len(universe.atoms) == particles > 0, (len(universe.atoms), particles)
        assert len(universe.trajectory) == frames > 0, (len(universe.trajectory), frames)
        boundary = [text.decode() for text in group["box"].attrs["boundary"]]
        for frame, seen in enumerate(universe.trajectory):
            assert seen.time == group["position/time"][frame]
            assert seen.data["step"] == group["position/step"][frame]
            close(seen.positions, angstrom * group["position/value"][frame])
            close(seen.velocities, angstrom * group["velocity/value"][frame])
            if boundary == ["periodic"] * 3:
                close(seen.dimensions[:3], angstrom * np.diagonal(group["box/edges/value"][frame]))
                assert list(seen.dimensions[3:]) == [90, 90, 90]
            else:
                assert seen.dimensions is None, seen.dimensions  # MDAnalysis knows boxes of three periodic axes alone
        assert np.array_equal(universe.atoms.masses, group["mass"][:])
    return universe


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        universe = check(path / "trajectory.h5md" if path.is_dir() else path)
        print(f"{name}: {len(universe.atoms)} particles, {len(universe.trajectory)} frames")
