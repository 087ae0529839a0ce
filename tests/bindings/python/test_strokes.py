"""Strokes in place on NumPy arrays."""

import math
import time

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


def test_a_mistake_in_an_argument_is_named():
    p = some_momenta(100)
    law = {"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], "balance": "thermal", "temperature": 1.0}
    for make, error, words in (
        (lambda: ps.Strokes(THERMAL, 10)(p, 0.1), ValueError, "100 particles from id 0 on; the strokes were made for 10"),
        (lambda: ps.Strokes(THERMAL, 100)(p, 0.1, first_id=1), ValueError, "from id 1 on"),
        (lambda: ps.set_threads(-1), ValueError, "threads: found -1"),
        (lambda: ps.Strokes(THERMAL, 100, mass=np.ones(100)), TypeError, r"mass: found an array of shape \(100,\)"),
        (lambda: ps.stroke(p, "2", THERMAL, 0.1), TypeError, "mass: found str '2'"),
        (lambda: ps.Strokes(THERMAL, 100, seed=-1), ValueError, "seed: found -1"),
        (lambda: ps.Strokes(THERMAL, 100, seed=1.5), TypeError, "seed: found float 1.5"),
        (lambda: ps.Strokes(THERMAL, 2**64), ValueError, "particles: found 18446744073709551616"),
        (lambda: ps.Strokes(THERMAL, 100, net=[0.5]), TypeError, "net: found float"),
        (lambda: ps.Strokes(THERMAL, 100, step=-3), ValueError, "step: found -3"),
        (lambda: ps.Strokes(THERMAL, 100)(p, "0.1"), TypeError, "dt: found str"),
        (lambda: ps.Strokes("thermal", 100), TypeError, "law: found str"),
        (lambda: ps.stroke(p, 1.0, THERMAL, 0.1, rng=7), TypeError, "rng: found 7"),
        (lambda: ps.Strokes({**law, "balance": "therml"}, 100), ps.ConfigError, 'balance: found "therml", did you mean "thermal"'),
        (lambda: ps.Strokes({**law, "temperature": "300 K"}, 100), ps.ConfigError, 'temperature: found "300 K"; strokes in place'),
        (lambda: ps.Strokes({**law, "transitions": [{"delta_e": "200 cm^-1", "rate_down": "1 ps^-1"}]}, 100), ps.ConfigError,
         'found "200 cm\\^-1"; strokes in place take plain numbers'),
        (lambda: ps.run(5), TypeError, "config: found int"),
    ):  # fmt: skip
        with pytest.raises(error, match=words) as found:
            make()
        assert "nanobind" not in str(found.value) and "ensemble" not in str(found.value)
    assert ps.Strokes(THERMAL, np.int64(100), seed=2**64 - 1).step == 0


def test_a_loop_over_stroke_costs_microseconds():
    p = some_momenta(4)
    ps.stroke(p, 1.0, THERMAL, 1e-3)

    def microseconds(call, repeats=300):
        def once():
            start = time.perf_counter()
            for _ in range(repeats):
                call()
            return (time.perf_counter() - start) / repeats * 1e6

        return min(once() for _ in range(5))

    # Parsing the law takes 800; the machine may be busy.
    assert microseconds(lambda: ps.stroke(p, 1.0, THERMAL, 1e-3)) < 200
    changed = ps.StrokeLaw([ps.Transition(1.0, 1.0)], "thermal", temperature=1.0)
    start = some_momenta(1000)
    cold, hot = start.copy(), start.copy()
    ps.stroke(cold, 1.0, changed, 5.0)
    changed.temperature = 30.0  # a law that was changed is not the one that was kept
    ps.stroke(hot, 1.0, changed, 5.0)
    assert energy(hot) > 1.5 * energy(cold)
