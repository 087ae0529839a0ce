"""The picture of a result. Black: particles; orange: the equation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import matplotlib.figure

    from .result import Result

_particles, _equation = "#222222", "#e07b00"


def draw(result: Result, figure: matplotlib.figure.Figure | None) -> matplotlib.figure.Figure:
    """See `Result.plot`."""
    import matplotlib.pyplot as plt

    if figure is None:
        figure = plt.figure(figsize=(9.0, 3.4), layout="constrained")
    energies, entropies = figure.subplots(1, 2)
    edges = result["histogram/edges"]
    middle = 0.5 * (edges[1:] + edges[:-1])
    seen, exact = result.density()
    times = result["series/t"] if result["series/t"].size else result["solution/t"]
    shown = np.unique([0, len(times) // 8, len(times) - 1])
    for shade, k in zip(np.linspace(0.35, 1.0, len(shown)), shown):
        energies.plot(middle, exact[k], color=_equation, alpha=shade, lw=1.2)
        energies.plot(middle, seen[k], ".", color=_particles, alpha=shade, ms=2.0, label=f"t = {times[k]:g}")
    likely = np.nan_to_num(np.where(np.isnan(seen), exact, seen)[shown]).max(axis=0)
    energies.set_xlim(0.0, edges[1:][likely > 1e-3 * likely.max()].max() if likely.any() else edges[-1])
    energies.set(xlabel=f"E ({result._result.units('histogram/edges')})", ylabel="P(E, t)", ylim=(0.0, None))
    energies.legend(frameon=False, fontsize="small")
    for name, label in (("S_1", "$S^{(1)}$"), ("S_E", "$S_E$")):
        entropies.plot(result["solution/t"], result["solution/" + name], color=_equation, lw=1.2)
        if result["series/t"].size:
            value, error = result["series/" + name], result[f"series/{name}_err"]
            entropies.errorbar(result["series/t"], value, error, fmt=".", color=_particles, ms=3.0, lw=0.8)
        known = result["solution/" + name]
        known = known[np.isfinite(known)]
        if known.size:
            entropies.annotate(label, (result["solution/t"][-1], known[-1]), xytext=(3, 0), textcoords="offset points", va="center")
    entropies.set(xlabel="t (1/rate)", ylabel="entropy ($k_B$)")
    for axes in (energies, entropies):
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(result.config.get("title", "") or result.verdict, fontsize="medium")
    return figure
