"""Results: what a run or a solution knows at its end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

import numpy as np
import numpy.typing as npt

from . import _engine

if TYPE_CHECKING:
    import matplotlib.figure
    import xarray


class Group:
    """Fields of one group, as attributes: `result.series.S_1`. Arrays share the result's memory and are read-only."""

    def __init__(self, result: _engine.Result, prefix: str) -> None:
        self._result, self._prefix = result, prefix

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        path = self._prefix + name
        try:
            return self._result[path]
        except KeyError:
            if any(known.startswith(path + "/") for known in self._result.names()):
                return Group(self._result, path + "/")
            raise AttributeError(f"'{path}' is not in this result; there are {', '.join(self)}") from None

    def __iter__(self) -> Iterator[str]:
        """Names, without those of deeper groups."""
        start = len(self._prefix)
        seen = dict.fromkeys(name[start:].split("/")[0] for name in self._result.names() if name.startswith(self._prefix))
        return iter(seen)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def units(self, name: str) -> str:
        """Units of a field: "energy" and "time" stand for those of the config's numbers."""
        return self._result.units(self._prefix + name)

    def description(self, name: str) -> str:
        """What a field is, in a sentence."""
        return self._result.description(self._prefix + name)

    def __repr__(self) -> str:
        return f"<{self._prefix.rstrip('/')}: {', '.join(self)}>"


@dataclass
class Comparison:
    """Whether two results show the same physics within their errors."""

    verdict: str  #: "consistent", "inconsistent" or "not_comparable"
    why: str
    false_alarm_rate: float
    worst: list[dict[str, Any]]  #: of each quantity its worst snapshot


class Result:
    """What particles show (`series`, `histogram`), what the equation says (`solution`), and whether they agree (`verdict`).

    Groups have the names of result.h5 (docs/formats.md): `result.series.mean_energy`, `result.histogram.counts` [snapshot][bin],
    `result.solution.bin_probability`, `result.comparison.stationary.temperature`. `result["series/S_1"]` is the same.
    Energies are in the units of the config, entropies in k_B, times in the unit of 1/rate; `*_err` are standard errors.
    """

    def __init__(self, engine_result: _engine.Result) -> None:
        self._result = engine_result

    def __getitem__(self, name: str) -> Any:
        return self._result[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(Group(self._result, ""), name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *Group(self._result, "")]

    def names(self) -> list[str]:
        """Paths of all fields."""
        return self._result.names()

    @property
    def config(self) -> dict[str, Any]:
        """The config that was run, with everything that was set."""
        return json.loads(self._result.config)

    @property
    def verdict(self) -> str:
        """Do particles and equation agree: "consistent", "inconsistent" or "not_comparable"."""
        return self["comparison/verdict"]

    @property
    def why(self) -> str:
        """The verdict's reason, in a sentence."""
        return self["comparison/why"]

    def save(self, folder: str | Path, replace: bool = False) -> list[str]:
        """Writes a whole result folder, with its report, as the program does.

        Returns remarks, such as that gnuplot is missing. Raises ConfigError if the folder holds a result and `replace` is
        False; IoError (an OSError) if it cannot be written.
        """
        return self._result.write(Path(folder), replace)

    def density(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """P(E, t) of the particles and of the equation, each [snapshot][bin], per energy; NaN where there are none."""
        width = np.diff(self["histogram/edges"])
        counts, exact = self["histogram/counts"], self["solution/bin_probability"]
        shape = (max(len(counts), len(exact)), len(width))
        empty = np.full(shape, np.nan)
        total = counts.sum(axis=1) + self["histogram/overflow"] if counts.size else None
        return (counts / total[:, None] / width if total is not None else empty, exact / width if exact.size else empty)

    def plot(self, figure: matplotlib.figure.Figure | None = None) -> matplotlib.figure.Figure:
        """P(E) at the start, on the way and at the end, and the entropies against time: particles beside the equation.

        Needs matplotlib. Returns the figure.
        """
        from .plot import draw

        return draw(self, figure)

    def to_xarray(self) -> xarray.Dataset:
        """Series, solution and densities as a Dataset over time `t` and energy `E`, with units and descriptions. Needs xarray."""
        import xarray

        data: dict[str, Any] = {}
        times = self["series/t"] if self._result.has_particles else self["solution/t"]
        for group, prefix in (("series", ""), ("solution", "solution_")):
            for name in Group(self._result, group + "/"):
                path = f"{group}/{name}"
                value = self[path]
                if name != "t" and isinstance(value, np.ndarray) and value.shape == times.shape:
                    about = {"units": self._result.units(path), "description": self._result.description(path)}
                    data[prefix + name] = ("t", value, about)
        edges = self["histogram/edges"]
        for name, density in zip(("density", "solution_density"), self.density()):
            if density.shape[0] == len(times):
                data[name] = (("t", "E"), density, {"description": "P(E, t)"})
        units = self._result.units("histogram/edges")
        coordinates = {"t": ("t", times, {"units": self._result.units("series/t")}),
                       "E": ("E", 0.5 * (edges[1:] + edges[:-1]), {"units": units, "description": "Middle of a bin"})}
        about = {"title": self.config.get("title", ""), "verdict": self.verdict, "why": self.why}
        return xarray.Dataset(data, coords=coordinates, attrs=about)

    def __repr__(self) -> str:
        kind = "Result" if self._result.has_particles else "Solution"
        return f"<{kind}: {self.verdict}: {self.why}>"


def read(folder: str | Path) -> Result:
    """Reads the result folder of a run, of the program's or of `Result.save`. Raises IoError (an OSError)."""
    return Result(_engine.read(Path(folder)))


def compare(a: Result, b: Result) -> Comparison:
    """Do two results show the same physics within their errors? Two runs, a run and a solution, or two solutions."""
    return Comparison(**_engine.compare(a._result, b._result))
