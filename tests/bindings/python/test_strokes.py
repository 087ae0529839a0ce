"""Strokes in place on NumPy arrays."""

import math

import numpy as np
import pytest

import powerstroke as ps

THERMAL = ps.StrokeLaw([ps.Transition(1.0, 1.0)], "thermal", temperature=1.0, rates="microreversible")


def some_momenta(n=4000, d=3, seed=1):
    return np.random.default_rng(seed).normal(size=(n, d)) * 1.5


def energy(momenta, mass=1.0):
    return math.fsum((momenta**2).sum(axis=1)) / (2.0 * mass)


@pytest.mark.parametrize("dimension", [1, 2, 3])
@pytest.mark.parametrize("balance", ["fixed", "thermal", "energy_conserving", "exchange", "bath"])
def test_books_balance_and_directions_stay(balance, dimension):
    up = 0.3 if balance == "fixed" else None
    law = ps.StrokeLaw([ps.Transition(0.7, 1.0, up)], balance, temperature=1.2 if balance == "thermal" else None,
                       bath={"systems": 3000, "excited": 0.4} if balance == "bath" else None)  # fmt: skip
    p = some_momenta(d=dimension)
    start, mass = p.copy(), 2.0
    strokes = ps.Strokes(law, len(p), dimension, mass, seed=3)
    for _ in range(10):
        strokes(p, 0.1)
    # Rounding: some units in the last place a particle and call.
    bound = np.finfo(float).eps * energy(start, mass) * 16 * 10 + np.finfo(float).eps * len(p)
    assert strokes.uptakes > 100 and strokes.releases > 100
    assert abs(energy(p, mass) - energy(start, mass) - strokes.energy) < bound
    assert strokes.energy == pytest.approx(0.7 * strokes.net[0], rel=1e-15)
    cosine = (p * start).sum(axis=1) / np.linalg.norm(p, axis=1) / np.linalg.norm(start, axis=1)
    np.testing.assert_allclose(cosine, 1.0, atol=1e-12)
    if balance == "exchange":
        assert strokes.energy == 0.0


def test_layouts_parts_and_calls_have_the_same_bits():
    p = some_momenta()
    rows, columns, wide = p.copy(), np.asfortranarray(p), np.zeros((len(p), 5))
    wide[:, :3] = p
    for array in (rows, columns, wide[:, :3]):
        ps.stroke(array, 1.0, THERMAL, 0.05, rng=(9, 4))
    np.testing.assert_array_equal(rows, columns)
    np.testing.assert_array_equal(rows, wide[:, :3])
    assert not (rows == p).all() and (wide[:, 3:] == 0).all()
    parts = p.copy()
    ps.stroke(parts[:1500], 1.0, THERMAL, 0.05, rng=(9, 4))
    ps.stroke(parts[1500:], 1.0, THERMAL, 0.05, rng=(9, 4), first_id=1500)
    np.testing.assert_array_equal(rows, parts)

    function, kept = p.copy(), p.copy()
    strokes, step = ps.Strokes(THERMAL, len(p), seed=9), 0
    for _ in range(3):
        strokes(kept, 0.3)
        step = ps.stroke(function, 1.0, THERMAL, 0.3, rng=(9, step)).step
    np.testing.assert_array_equal(function, kept)
    assert step == strokes.step


def test_a_restart_goes_on_with_the_same_bits():
    law = ps.StrokeLaw([ps.Transition(1.0, 1.0)], "bath", bath={"systems": 3000, "excited": 0.5})
    through, broken = some_momenta(), some_momenta()
    one, first = ps.Strokes(law, 4000), ps.Strokes(law, 4000)
    one(through, 0.5), first(broken, 0.5)
    again = ps.Strokes(law, 4000, step=first.step, net=first.net)
    one(through, 0.5), again(broken, 0.5)
    np.testing.assert_array_equal(through, broken)


def test_microreversible_strokes_lead_to_maxwell_and_boltzmann():
    """Mean energy at the end, from energies mixed over many incommensurate strokes: 3/2 T, var 3/2 T^2 over N."""
    n, temperature = 40000, 1.3
    law = ps.StrokeLaw([ps.Transition(1.0, 1.0), ps.Transition(math.sqrt(2.0), 1.0)], "thermal", temperature, "microreversible")
    p = some_momenta(n, seed=2)
    strokes = ps.Strokes(law, n, seed=4)
    strokes(p, 60.0)
    deviation = (energy(p) / n - 1.5 * temperature) / (temperature * math.sqrt(1.5 / n))
    assert abs(deviation) < 4.9  # normal: two-sided 1e-6


def test_what_cannot_be_stroked_in_place_is_refused_untouched():
    p = some_momenta(100)
    before = p.copy()
    frozen = p.copy()
    frozen.flags.writeable = False
    for array, error, words in (
        (p.astype(np.float32), TypeError, "float32"),
        (p[0], TypeError, "shape"),
        (p.tolist(), TypeError, "list"),
        (frozen, ValueError, "read-only"),
        (p[:, ::2], ValueError, "side by side"),
        (p[:0], ValueError, "no particles"),
        (p.T, ps.ConfigError, "100 dimensions"),
    ):
        with pytest.raises(error, match=words):
            ps.stroke(array, 1.0, THERMAL, 0.1)
    with pytest.raises(ps.NumericsError, match="dt"):
        ps.stroke(p, 1.0, THERMAL, -0.1)
    with pytest.raises(ps.ConfigError, match="mass"):
        ps.stroke(p, 0.0, THERMAL, 0.1)
    with pytest.raises(ps.ConfigError, match="temperature"):
        ps.stroke(p, 1.0, ps.StrokeLaw([ps.Transition(1.0, 1.0)], "thermal"), 0.1)
    with pytest.raises(ValueError, match="2 components"):
        ps.Strokes(THERMAL, 100)(p[:, :2], 0.1)
    np.testing.assert_array_equal(p, before)
    p[3, 1] = np.nan
    with pytest.raises(ps.NumericsError, match="particle 3"):
        ps.stroke(p, 1.0, THERMAL, 100.0)
