"""Results that a lesson stores because they are too long to make: made again, they come out about the same."""

import pytest

from helpers import claims, data, optimisers, small_networks, training
from helpers.networks import Design, Network
from tools import bands

LAST_TESTS = 20
COMPARED = [  # the last four each at the rate that was chosen for it, and on the test set too
    ("sigmoid, std 1", 0.3),
    ("sigmoid, std 0.1", 0.3),
    ("sigmoid, std 1", 3),
    ("sigmoid, std 0.1", 2),
    ("tanh, std 0.1", 0.3),
    ("ReLU, std 0.1", 0.3),
]
ROUNDING = 0.006  # two runs of the same settings differ by some tenths of a point, on another machine


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "activation", "std", "rate"),
    [
        ("sigmoid, std 1, rate 0.3", "sigmoid", 1.0, 0.3),
        ("sigmoid, std 0.1, rate 2", "sigmoid", 0.1, 2.0),
        ("ReLU, std 0.1, rate 0.3", "ReLU", 0.1, 0.3),
        ("ReLU, std 1, rate 0.00001", "ReLU", 1.0, 0.00001),
    ],
)
def test_the_first_seed_of_lesson_03_comes_out_as_stored(name, activation, std, rate):
    network = Network(Design(activation=activation, std=std))
    run = training.train(network, data.load_mnist(validation=5000), learning_rate=rate)
    result = run.validation_accuracy[-LAST_TESTS:].mean()
    assert result == pytest.approx(claims.stored("two_changes")[name][0], abs=ROUNDING)


def test_what_lesson_03_compares_was_made_with_five_seeds():
    stored = claims.stored("two_changes")
    on_validation = (f"{name}, rate {rate}" for name, rate in COMPARED)
    on_test = (f"{name}, rate {rate}, test set" for name, rate in COMPARED[-4:])
    parted = (f"sigmoid, {name}, rate 0.3" for name in ("minus a half", "four times as steep", "both"))
    for name in (*on_validation, *on_test, *parted):
        assert len(stored[name]) >= 5, name
        assert all(0.9 < value < 1 for value in stored[name]), name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "name", "hidden", "settings"),
    [
        ("layouts_and_rates", "100 at 0.5", (100,), {"learning_rate": 0.5, "steps": 1000}),
        ("layouts_and_rates", "100, 100 at 0.3", (100, 100), {"learning_rate": 0.3, "steps": 1000}),
        (
            "ways_and_rates",
            "Adam at 0.003",
            (100, 100),
            {"learning_rate": 0.003, "steps": 2000, "optimiser": optimisers.Adam()},
        ),
    ],
)
def test_the_first_of_the_seeds_that_lesson_06_chooses_by_comes_out_as_stored(table, name, hidden, settings):
    mnist = data.load_mnist(validation=5000)
    practice = data.Dataset(mnist.train, mnist.test[:0], mnist.validation)
    network = Network(Design(hidden=hidden, activation="ReLU", initialisation="He", seed=5))
    run = training.train(network, practice, test_every=20, seed=5, **settings)
    result = run.validation_accuracy[-LAST_TESTS:].mean()
    assert result == pytest.approx(claims.stored(table)[name][0], abs=ROUNDING)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "hidden", "rate"),
    [("one layer", (26,), 0.05), ("two layers", (8, 7), 0.03), ("three layers", (6, 6, 6), 0.02)],
)
def test_a_hundred_of_lesson_05_end_as_well_as_stored(name, hidden, rate):
    """Of seed 401, the fourth that is stored, each shape at the rate that it chose there."""
    with bands.other_seed(401):
        again = small_networks.try_rates(hidden, [rate], initialisation="He", seeds=100, seed=20)
    # Another processor rounds otherwise, and a network at the edge ends on its other side.
    assert again[rate].reached == pytest.approx(claims.stored("more_hundreds")[name][3], abs=8)
