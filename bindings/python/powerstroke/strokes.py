"""Strokes in place on momenta that another code owns."""

from __future__ import annotations

import json
import pickle
from typing import Any, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from . import _engine
from ._checks import real, whole
from .config import StrokeLaw, _piece

_kept: dict[tuple[bytes, int, int, float], _engine.ParsedLaw] = {}


def _parsed(law: StrokeLaw | Mapping[str, Any], particles: int, dimension: int, mass: float) -> _engine.ParsedLaw:
    """A law is parsed once, so that a loop over `stroke` costs microseconds; one that was changed is another."""
    if not (hasattr(law, "to_dict") or isinstance(law, Mapping)):
        raise TypeError(f"law: found {type(law).__name__}; expected a StrokeLaw, or the \"strokes\" of a config as a dict")
    try:
        key = (pickle.dumps(law), particles, dimension, mass)
    except Exception:  # of a class that cannot be pickled
        key = (json.dumps(_piece(law)).encode(), particles, dimension, mass)
    parsed = _kept.get(key)
    if parsed is None:
        parsed = _engine.ParsedLaw(json.dumps(_piece(law)), particles, dimension, mass)
        if len(_kept) >= 64:
            _kept.clear()
        _kept[key] = parsed
    return parsed


def _check(momenta: Any) -> None:
    """Whether strokes can change them in place."""
    if not isinstance(momenta, np.ndarray) or momenta.dtype != np.float64 or momenta.ndim != 2:
        found = f"{momenta.dtype} of shape {momenta.shape}" if isinstance(momenta, np.ndarray) else type(momenta).__name__
        raise TypeError(f"momenta: found {found}; expected a NumPy array of float64 and shape (particles, dimension)")
    if not momenta.flags.writeable:
        raise ValueError("momenta are read-only; strokes change them in place")
    if len(momenta) == 0:
        raise ValueError("momenta have no particles")


class Strokes(_engine.Strokes):
    """Strokes of any balance for the steps of your own dynamics: `strokes(momenta, dt)` makes those of a time dt, in place.

    law: a `StrokeLaw`, or the "strokes" of a config as a dict; plain numbers, in your units with k_B = 1.
    particles: of the whole ensemble; dimension: of the momenta, 1 to 3; mass: of a particle, E = p^2 / 2m.
    seed: of the random numbers. step and net: from a restart, what `step` and `net` were.
    """

    def __init__(
        self,
        law: StrokeLaw | Mapping[str, Any],
        particles: int,
        dimension: int = 3,
        mass: float = 1.0,
        seed: int = 1,
        step: int = 0,
        net: Sequence[int] = (),
    ) -> None:
        parsed = _parsed(law, whole("particles", particles), whole("dimension", dimension, 0, 2**31 - 1), real("mass", mass))
        so_far = [whole("net", number, -(2**63), 2**63 - 1) for number in net]
        super().__init__(parsed, whole("seed", seed), whole("step", step), so_far)
        self._particles = int(particles)

    def __call__(self, momenta: npt.NDArray[np.float64], dt: float, first_id: int = 0) -> None:
        """All strokes of a time dt >= 0 (unit of 1/rate), in place. |p| changes, the direction stays.

        momenta: float64, shape (particles, dimension), rows or columns side by side; never copied.
        first_id: particle i has the random numbers of first_id + i.
        Raises TypeError or ValueError for an array that cannot be changed in place, or has more particles than the strokes were made
        for; NumericsError for momenta that are not finite.
        """
        _check(momenta)
        first = whole("first_id", first_id)
        if first + len(momenta) > self._particles:
            raise ValueError(f"momenta: found {len(momenta)} particles from id {first} on; the strokes were made for {self._particles}")
        self.advance(momenta, real("dt", dt), first)

    def __repr__(self) -> str:
        return f"<Strokes: {self.uptakes} uptakes, {self.releases} releases, energy {self.energy:+g}, step {self.step}>"


def stroke(
    momenta: npt.NDArray[np.float64],
    mass: float,
    law: StrokeLaw | Mapping[str, Any],
    dt: float,
    rng: tuple[int, int] = (1, 0),
    first_id: int = 0,
    net: Sequence[int] = (),
) -> Strokes:
    """All strokes of one time dt, in place on an (N, d) array of momenta, as a function without a memory.

    rng: (seed, step) of the random numbers. The same pair gives the same strokes; go on with (seed, s.step) of the `Strokes`
    that is returned, which has the counts and the energy of this call. first_id, net: as in `Strokes`.

        step = 0
        for _ in range(1000):
            momenta += forces(x) * dt
            step = ps.stroke(momenta, mass, law, dt, rng=(seed, step)).step
    """
    _check(momenta)
    particles, dimension = momenta.shape
    try:
        seed, step = rng
    except (TypeError, ValueError):
        raise TypeError(f"rng: found {rng!r}; expected (seed, step), two whole numbers") from None
    strokes = Strokes(law, particles, dimension, mass, seed, step, net)
    strokes.advance(momenta, real("dt", dt), whole("first_id", first_id))
    return strokes
