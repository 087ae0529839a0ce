"""powerstroke: energy passed between classical motion and quantum levels, by random strokes.

    import powerstroke as ps

    result = ps.run({"ensemble": {"particles": 100000, "energy": {"distribution": "normal", "mean": 3.5, "sigma": 0.2}},
                     "strokes": {"transitions": [{"delta_e": 1, "rate_down": 1}], "balance": "energy_conserving"},
                     "time": {"end": 100, "snapshots": 51}})
    print(result.verdict, result.series.S_1)
    result.plot()

Units are yours, with k_B = 1: energies in one unit, times in the unit of 1/rate; or give every quantity its unit as a text, such as
"200 cm^-1". Equal seeds give the bits of the program `powerstroke`.
"""

from ._engine import ConfigError, IoError, NumericsError, set_threads, version as __version__
from .config import (
    Delta,
    Ensemble,
    Exponential,
    MaxwellBoltzmann,
    Normal,
    Simulation,
    StrokeLaw,
    Transition,
    Uniform,
)
from .result import Comparison, Result, compare, read
from .run import run, solve
from .strokes import Strokes, stroke

__all__ = [
    "Comparison",
    "ConfigError",
    "Delta",
    "Ensemble",
    "Exponential",
    "IoError",
    "MaxwellBoltzmann",
    "Normal",
    "NumericsError",
    "Result",
    "Simulation",
    "StrokeLaw",
    "Strokes",
    "Transition",
    "Uniform",
    "__version__",
    "compare",
    "read",
    "run",
    "set_threads",
    "solve",
    "stroke",
]
