"""What to simulate, as typed objects: each is a piece of a config, and `to_dict` gives that piece."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Mapping, Sequence, Union

if TYPE_CHECKING:
    from .result import Result

#: A number in units of yours, or a text with a unit, such as "200 cm^-1".
Quantity = Union[float, str]

#: What ties w+ to w-; how rates depend on a particle's energy; how strokes are timed.
Balance = Literal["fixed", "thermal", "energy_conserving", "exchange", "bath"]
Rates = Literal["constant", "microreversible", "rosen_zener"]
Timing = Literal["uniformization", "waiting_times", "snapshots"]


def _piece(value: Any) -> Any:
    """Objects of this module as plain JSON values; None is left out."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): _piece(part) for key, part in value.items() if part is not None}
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return value.item() if hasattr(value, "item") else value
    return [_piece(part) for part in value]


class _Piece:
    def to_dict(self) -> dict[str, Any]:
        """This piece of a config."""
        return _piece({part.name: getattr(self, part.name) for part in fields(self)})  # type: ignore[arg-type]


class EnergyLaw(_Piece):
    """A law of kinetic energies at the start."""

    distribution: str

    def to_dict(self) -> dict[str, Any]:
        return {"distribution": self.distribution, **super().to_dict()}


@dataclass
class Delta(EnergyLaw):
    """All particles have one energy."""

    value: Quantity
    distribution = "delta"


@dataclass
class Uniform(EnergyLaw):
    """Equally likely between two energies."""

    low: Quantity
    high: Quantity
    distribution = "uniform"


@dataclass
class Normal(EnergyLaw):
    """Gaussian, truncated at E = 0."""

    mean: Quantity
    sigma: Quantity
    distribution = "normal"


@dataclass
class Exponential(EnergyLaw):
    """exp(-E / mean) / mean."""

    mean: Quantity
    distribution = "exponential"


@dataclass
class MaxwellBoltzmann(EnergyLaw):
    """Of momenta in the ensemble's dimension, at a temperature (k_B T, or with a unit such as "300 K")."""

    temperature: Quantity
    distribution = "maxwell_boltzmann"


@dataclass
class Ensemble(_Piece):
    """Particles as they start. `mass` and `dimension` (1 to 3) are those of the momenta: E = p^2 / 2m."""

    particles: int
    energy: EnergyLaw | Mapping[str, Any]
    dimension: int = 3
    mass: Quantity = 1.0
    direction: str | Sequence[float] = "isotropic"


@dataclass
class Transition(_Piece):
    """Energy of a stroke, and attempts per particle and time: to release it (w-), and under "fixed" to take it up (w+)."""

    delta_e: Quantity
    rate_down: Quantity | None = None
    rate_up: Quantity | None = None


@dataclass
class StrokeLaw(_Piece):
    """Which strokes there are, and what ties w+ to w-.

    balance: "fixed", "thermal" (needs `temperature`), "energy_conserving", "exchange", "bath" (needs `bath`).
    rates: of a particle's energy: "constant", "microreversible", "rosen_zener" (needs `rosen_zener`).
    """

    transitions: Sequence[Transition | Mapping[str, Any]]
    balance: Balance = "energy_conserving"
    temperature: Quantity | None = None
    rates: Rates = "constant"
    bath: Mapping[str, Any] | None = None
    rosen_zener: Mapping[str, Any] | None = None
    timing: Timing | None = None


@dataclass
class Simulation(_Piece):
    """A whole run: `Simulation(ensemble, strokes, end=100).run()`.

    end: the last time, in the unit of 1/rate; snapshots: how many looks at the ensemble, 0 and end included, or a list of times.
    more: further keys of a config, such as {"histogram": {"max": 40, "bins": 800}} or "phase_space".
    """

    ensemble: Ensemble | Mapping[str, Any]
    strokes: StrokeLaw | Mapping[str, Any] | None = None
    end: Quantity | None = None
    snapshots: int | Sequence[Quantity] = 51
    seed: int = 1
    title: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The config."""
        time = {"end": self.end, "snapshots": self.snapshots}
        parts = {"title": self.title or None, "seed": self.seed, "ensemble": self.ensemble, "strokes": self.strokes, "time": time}
        return _piece({"format": "powerstroke/1", **parts, **self.more})

    def run(self, progress: bool = True) -> Result:
        """As `powerstroke.run`."""
        from .run import run

        return run(self, progress=progress)

    def solve(self) -> Result:
        """As `powerstroke.solve`."""
        from .run import solve

        return solve(self)


#: What `run` and `solve` take: a config as a dict, a `Simulation`, or the path of a file.
Config = Union[Mapping[str, Any], Simulation, str, Path]


def text_of(config: Config) -> tuple[str, str]:
    """A config's JSON, and what stands for its file's name in messages."""
    if isinstance(config, (str, Path)):
        return Path(config).read_text(encoding="utf-8"), str(config)
    if not isinstance(config, (Simulation, Mapping)):
        raise TypeError(f"config: found {type(config).__name__}; expected a dict, a Simulation, or the path of a file")
    document = config.to_dict() if isinstance(config, Simulation) else _piece(config)
    return json.dumps({"format": "powerstroke/1", **document}, indent=1), "config"
