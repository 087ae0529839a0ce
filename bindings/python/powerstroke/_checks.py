"""Arguments by name: what was found, and what is allowed."""

from __future__ import annotations

import operator
from typing import Any

_LARGEST = 2**64 - 1


def whole(name: str, value: Any, least: int = 0, largest: int = _LARGEST) -> int:
    """`value` as an integer from `least` to `largest`. Raises TypeError or ValueError that names the argument."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: found {_shown(value)}; expected a whole number") from None
    if not least <= number <= largest:
        raise ValueError(f"{name}: found {number}; allowed: a whole number from {least} to {largest}")
    return number


def real(name: str, value: Any) -> float:
    """`value` as a float. Raises TypeError that names the argument."""
    if isinstance(value, (str, bytes)) or getattr(value, "ndim", 0) != 0:
        raise TypeError(f"{name}: found {_shown(value)}; expected a number")
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: found {_shown(value)}; expected a number") from None


def _shown(value: Any) -> str:
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"an array of shape {value.shape}"
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"
