"""The figures in the prose, measured: each notebook's own cells are run again over other shuffles and initial weights.

With the seed that the reader gets, nbval runs them; here the claims have to hold whatever the seed. `make test` tries
one other seed, `make claims` the five that the bands of helpers/expected.toml were made with.
"""

import functools
from pathlib import Path

import nbformat
import numpy as np
import pytest
import tensorflow as tf

from helpers import by_hand, expected, lab, small_network, sweep, training
from helpers.history import History

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


def pytest_generate_tests(metafunc):
    """Give every test that takes a seed as many as were asked for."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(1, metafunc.config.getoption("seeds") + 1))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_claim_of_a_notebook_holds_for_other_seeds(path, seed, monkeypatch):
    checked, check = [], expected.check

    def check_and_note(run, result):
        check(run, result)
        if isinstance(result, History):
            settings = expected.runs()[run]["settings"]
            assert settings == {name: getattr(result, name) for name in settings}
            assert result.seed == seed
        checked.append(run)

    monkeypatch.setattr(expected, "check", check_and_note)
    for room in (training, by_hand):
        monkeypatch.setattr(room, "train", functools.partial(room.train, seed=seed))
    monkeypatch.setattr(training, "_compiled", functools.cache(training._compiled))  # each network once only
    monkeypatch.setattr(small_network, "try_ten", functools.partial(small_network.try_ten, seed=10 * seed))
    monkeypatch.setattr(sweep, "Sweep", functools.partial(sweep.Sweep, seed=seed))
    monkeypatch.setattr(lab.Lab, "run", lambda *_self, **_settings: None)  # no claim is made about the lab's runs
    tf.keras.utils.set_random_seed(seed)
    names = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, path.name, "exec"), names)
    assert checked


@pytest.mark.parametrize(
    ("run", "name", "claim"),
    [(run, name, claim) for run in expected.runs() for name, claim in expected.claims(run).items()],
)
def test_what_the_prose_says_lies_in_its_band(run, name, claim):
    says = float(claim.says.removesuffix("%")) / (100 if claim.says.endswith("%") else 1)
    assert claim.low < claim.high
    assert claim.low <= says <= claim.high


# --- How claims are checked -----------------------------------------------------------------------------------------


def a_history(test_accuracy):
    history = History(
        steps=2000,
        batch_size=100,
        loss="mean_cross_entropy",
        reduction="mean",
        test_every=100,
        seed=0,
        rates=[(1, 0.003)],
    )
    history.train_accuracy = np.repeat(np.float32([0.5, 0.9]), 1000)
    history.test_accuracy, history.test_loss = np.float32([0.7, test_accuracy]), np.float32([2.0, 0.7])
    return history


def test_a_claim_that_holds_is_printed_with_its_band(capsys):
    expected.check("one_layer_rate_too_low", a_history(0.857))
    claim = expected.claims("one_layer_rate_too_low")["test_accuracy"]
    words = f"test_accuracy is 0.8570; claimed {claim.says}, from {claim.low} to {claim.high}: holds"
    assert capsys.readouterr().out == f"one_layer_rate_too_low: {words}\n"


def test_figures_that_are_no_history_are_checked_by_name(capsys):
    claim = expected.claims("one_layer_rate_too_low")["test_accuracy"]
    expected.check("one_layer_rate_too_low", {"test_accuracy": claim.high})
    assert capsys.readouterr().out.endswith(": holds\n")
    with pytest.raises(AssertionError, match="claim about test_accuracy"):
        expected.check("one_layer_rate_too_low", {"test_accuracy": claim.high + 0.01})


@pytest.mark.parametrize("accuracy", [0.5, 0.99, float("nan")])
def test_a_claim_that_does_not_hold_stops_with_the_likely_cause(capsys, accuracy):
    with pytest.raises(AssertionError, match="claim about test_accuracy of one_layer_rate_too_low does not hold"):
        expected.check("one_layer_rate_too_low", a_history(accuracy))
    assert capsys.readouterr().out.endswith(": BROKEN\n")


def test_figures_are_measured_where_the_prose_says():
    measured = expected.measured(a_history(0.857))
    assert measured == pytest.approx(
        {"test_accuracy": 0.857, "test_loss": 0.7, "train_accuracy": 0.9, "first_test_accuracy": 0.7}
    )
