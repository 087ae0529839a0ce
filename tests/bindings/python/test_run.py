"""Runs and results through Python: the program's bits, arrays without copies, plots, progress, Ctrl-C."""

import _thread
import copy
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import threading
import time

import numpy as np
import pytest

import powerstroke as ps

CONFIG = {
    "seed": 5,
    "ensemble": {"particles": 20000, "energy": {"distribution": "exponential", "mean": 2.0}},
    "strokes": {"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], "balance": "energy_conserving"},
    "time": {"end": 4.0, "snapshots": 5},
}


@pytest.fixture(scope="module")
def result():
    return ps.run(CONFIG, progress=False)


def same_fields(a, b):
    for name in a.names():
        if not name.startswith("performance/"):
            np.testing.assert_array_equal(a[name], b[name], err_msg=name, strict=True)
    assert a.names() == b.names()


@pytest.mark.parametrize("example", ["relaxation", "thermal", "exchange", "bath", "incommensurate", "phase_space/oscillator"])
def test_same_bits_as_the_program(example, tmp_path):
    program, examples = os.environ["POWERSTROKE_PROGRAM"], os.environ["POWERSTROKE_EXAMPLES"]
    config = os.path.join(examples, example + ".json")
    subprocess.run([program, "run", config, "-o", tmp_path / "out", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    ours = ps.run(config, progress=False)
    same_fields(ours, ps.read(tmp_path / "out"))


def test_a_result_goes_to_a_folder_and_back(result, tmp_path):
    result.save(tmp_path / "out")
    same_fields(result, ps.read(tmp_path / "out"))
    assert (tmp_path / "out" / "report.html").exists()
    with pytest.raises(ps.ConfigError, match="out"):
        result.save(tmp_path / "out")
    result.save(tmp_path / "out", replace=True)


def test_arrays_share_the_results_memory_and_keep_it_alive():
    result = ps.run(CONFIG, progress=False)
    energy, counts = result.series.mean_energy, result.histogram.counts
    assert np.shares_memory(energy, result.series.mean_energy)
    assert np.shares_memory(counts, result["histogram/counts"])
    assert not energy.flags.writeable and energy.base is not None
    assert counts.dtype == np.uint64 and (counts.sum(axis=1) + result.histogram.overflow == 20000).all()
    kept = energy.copy()
    del result
    np.testing.assert_array_equal(energy, kept)


def test_groups_name_what_they_have(result):
    assert result.verdict == "consistent" and result.verdict in repr(result)
    assert "S_1" in dir(result.series) and "series" in dir(result)
    assert result.series.units("S_1") == "k_B" and "(10)" in result.series.description("S_1")
    assert result.comparison.stationary.exists == 1
    with pytest.raises(AttributeError, match="S_2"):
        result.series.S_2
    with pytest.raises(KeyError, match="S_2"):
        result["series/S_2"]
    assert result.config["seed"] == 5


def test_typed_objects_are_the_dict(result):
    typed = ps.Simulation(
        ps.Ensemble(20000, ps.Exponential(2.0)), ps.StrokeLaw([ps.Transition(1.0, 1.0)]), end=4.0, snapshots=5, seed=5
    )
    same_fields(typed.run(progress=False), result)
    units = ps.Simulation(
        ps.Ensemble(1000, ps.MaxwellBoltzmann("300 K"), mass="28 u"),
        ps.StrokeLaw([ps.Transition("200 cm^-1", "1 ps^-1")], "thermal", temperature="300 K", rates="microreversible"),
        end="5 ps", snapshots=3,
    )  # fmt: skip
    assert units.run(progress=False).comparison.verdict != "inconsistent"


@pytest.mark.parametrize("law", [ps.Delta(3.5), ps.Uniform(1, 2), ps.Normal(3, 0.5), ps.MaxwellBoltzmann(1.5)])
def test_every_energy_law(law):
    simulation = ps.Simulation(ps.Ensemble(1000, law), ps.StrokeLaw([ps.Transition(1.0, 1.0)], "exchange"), end=1.0)
    assert simulation.solve().solution.mass_error < 1e-10


def test_solve_and_compare(result):
    equation = ps.solve(CONFIG)
    assert equation.series.t.size == 0 and "Solution" in repr(equation)
    np.testing.assert_array_equal(equation.solution.S_E, result.solution.S_E)
    assert ps.compare(result, equation).verdict == "consistent"
    warmer = copy.deepcopy(CONFIG)
    warmer["ensemble"]["energy"]["mean"] = 2.1
    other = ps.compare(result, ps.solve(warmer))
    assert other.verdict == "inconsistent" and other.worst


def test_progress_is_told_and_its_errors_come_back():
    seen = []
    ps.run(CONFIG, progress=lambda fraction, strokes: seen.append((fraction, strokes)))
    assert seen and seen == sorted(seen) and seen[-1][0] == 1.0

    def broken(fraction, strokes):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        ps.run(CONFIG, progress=broken)
    ps.run(CONFIG)  # with a bar


LONG = {**CONFIG, "ensemble": {**CONFIG["ensemble"], "particles": 200000}, "time": {"end": 200000.0, "snapshots": 100}}


def test_ctrl_c_ends_a_run_and_other_threads_live_on():
    ticks = []

    def tick():
        for _ in range(20):
            time.sleep(0.02)
            ticks.append(time.monotonic())
        _thread.interrupt_main()

    other = threading.Thread(target=tick)
    other.start()
    with pytest.raises(KeyboardInterrupt):
        ps.run(LONG, progress=False)
    other.join()
    assert len(ticks) == 20
    assert ps.run(CONFIG, progress=False).verdict == "consistent"


#: An equation that takes minutes: particles climb 60 000 levels.
HARD = {
    "ensemble": {"particles": 1000, "energy": {"distribution": "exponential", "mean": 2.0}},
    "strokes": {"transitions": [{"delta_e": 1.0, "rate_up": 3.0, "rate_down": 1.0}], "balance": "fixed", "timing": "snapshots"},
    "time": {"snapshots": [0, 1, 3e4]},
    "comparison": {"stationary": False},
}


@pytest.mark.parametrize("work", ["solve", "run"])
def test_ctrl_c_ends_the_equation_within_a_second(work):
    pressed = []

    def press():
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(1.5, press)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            ps.solve(HARD) if work == "solve" else ps.run(HARD, progress=False)
    finally:
        timer.cancel()  # or it would end the tests
    assert pressed and time.monotonic() - pressed[0] < 1.0
    assert ps.solve(CONFIG).solution.mass_error < 1e-10


def solved(seed):
    return ps.run({**CONFIG, "seed": seed}, progress=False).series.mean_energy


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Python's own word on fork in a process with threads
def test_forked_workers_compute_after_a_run():
    ps.set_threads(3)
    try:
        here = [solved(seed) for seed in (1, 2)]
        with multiprocessing.get_context("fork").Pool(2) as pool:
            there = pool.map_async(solved, (1, 2)).get(timeout=60)
        np.testing.assert_array_equal(here, there)
        np.testing.assert_array_equal(here[0], solved(1))
    finally:
        ps.set_threads(0)


def test_results_are_copied_and_pickled(result):
    for again in (copy.deepcopy(result), copy.copy(result), pickle.loads(pickle.dumps(result))):
        same_fields(again, result)
        assert again.verdict == result.verdict and again.config == result.config
    series = copy.deepcopy(result.series)
    np.testing.assert_array_equal(series.S_1, result.series.S_1)
    comparison = pickle.loads(pickle.dumps(ps.compare(result, result)))
    assert comparison.verdict == "consistent"
    bytes_of = bytearray(result._result.__getstate__())
    bytes_of[len(bytes_of) // 2] ^= 1
    with pytest.raises(ps.IoError, match="a pickled result.*damaged"):
        ps._engine.Result.__new__(ps._engine.Result).__setstate__(bytes(bytes_of))


def test_exceptions_say_what_they_are():
    for error, base in ((ps.ConfigError, ValueError), (ps.NumericsError, ArithmeticError), (ps.IoError, OSError)):
        assert issubclass(error, base) and len(error.__doc__) > 40 and error.__doc__ != base.__doc__


def test_words_of_the_types_are_those_of_configs():
    import typing

    schema = json.loads(ps._engine.config_schema())["properties"]["strokes"]["properties"]
    for name, words in (("balance", ps.config.Balance), ("rates", ps.config.Rates), ("timing", ps.config.Timing)):
        assert list(typing.get_args(words)) == schema[name]["enum"]


def test_what_is_wrong_is_said_with_its_place(tmp_path):
    wrong = copy.deepcopy(CONFIG)
    wrong["strokes"]["balance"] = "energy_conservin"
    with pytest.raises(ps.ConfigError, match=r"config:\d+: at strokes.balance.*energy_conserving"):
        ps.run(wrong)
    with pytest.raises(ValueError, match="ensemble"):  # a ConfigError is one
        ps.run({})
    with pytest.raises(OSError, match="nowhere"):
        ps.read(tmp_path / "nowhere")
    with pytest.raises(OSError):
        ps.run(tmp_path / "nowhere.json")
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(wrong))
    with pytest.raises(ps.ConfigError, match="mine.json:1"):
        ps.run(file)


def test_plot_and_xarray(result, tmp_path):
    import matplotlib

    matplotlib.use("agg")
    figure = result.plot()
    assert len(figure.axes) == 2
    figure.savefig(tmp_path / "figure.png")
    ps.solve(CONFIG).plot()
    data = result.to_xarray()
    assert data.sizes["t"] == 5 and data["S_1"].attrs["units"] == "k_B"
    np.testing.assert_array_equal(data["S_1"], result.series.S_1)
    width = np.diff(result.histogram.edges)
    inside = 1.0 - result.histogram.overflow / 20000
    np.testing.assert_allclose((data["density"] * width).sum("E"), inside, rtol=1e-12)
    assert ps.solve(CONFIG).to_xarray()["solution_density"].dims == ("t", "E")
