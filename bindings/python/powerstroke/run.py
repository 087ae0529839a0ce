"""Runs and solutions."""

from __future__ import annotations

from typing import Callable

from . import _engine
from .config import Config, text_of
from .result import Result


def run(config: Config, progress: bool | Callable[[float, int], None] = True) -> Result:
    """Simulates the particles of a config, solves the master equation, holds them against each other: `powerstroke run`.

    config: a dict as in docs/formats.md (or a `Simulation`, or the path of a file).
    progress: True shows a bar, in a notebook too; a function is called as progress(fraction, strokes) now and then.
    Other Python threads run meanwhile, and Ctrl-C ends the run with KeyboardInterrupt. The same seed gives the same bits as the
    program, with any number of threads.

    Raises ConfigError (a ValueError) if the config is wrong: the message says where, what was found and what is allowed.
    """
    text, origin = text_of(config)
    if callable(progress):
        return Result(_engine.run(text, progress, origin))
    if not progress:
        return Result(_engine.run(text, None, origin))
    from tqdm.auto import tqdm

    with tqdm(total=100, unit="%", leave=False, bar_format="{desc}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}") as bar:

        def show(fraction: float, strokes: int) -> None:
            note = "solving the equation" if fraction >= 1.0 else f"{strokes:.3g} strokes"
            if fraction < 1.0 or bar.n < 100:
                bar.set_postfix_str(note, refresh=False)
                bar.update(100.0 * fraction - bar.n)

        return Result(_engine.run(text, show, origin))


def solve(config: Config) -> Result:
    """The master equation of a config alone: `powerstroke solve`. Ctrl-C ends it with KeyboardInterrupt.

    Raises ConfigError where there is none to solve.
    """
    return Result(_engine.solve(*text_of(config)))
