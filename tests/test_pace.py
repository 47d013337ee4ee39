"""How long a run takes on the reader's machine: measured once, kept, and said before a run that is worth it."""

import numpy as np
import pytest
import tensorflow as tf

from helpers import own_folder, pace, training
from helpers.compiled_loop import Loop
from helpers.errors import ReaderError
from helpers.history import History
from helpers.networks import Design, Network


def a_run(seconds, *, expected=2.0, steps=5000, ended="finished"):
    history = History(steps, 100, "mean_cross_entropy", "mean", 100, 0, [(1, 0.5)], ended=ended)
    history.seconds, history.expected_seconds = seconds, expected
    history.add_steps(np.zeros(steps), np.zeros(steps))
    return history


def test_before_it_is_measured_the_machine_of_the_lessons_is_named():
    assert pace.about(6.3) == ("about 6 s on the machine that these lessons were made on; lesson 00 measures yours")


def test_once_measured_durations_are_those_of_the_readers_machine():
    measured = pace.keep(a_run(6.0, expected=2.0))
    assert "3.0 times as slow as the one" in repr(measured)
    assert pace.about(2) == "about 6 s on your machine"
    assert "2.0 times as fast as the one" in repr(pace.keep(a_run(1.0, expected=2.0)))
    assert pace.about(2) == "about 1 s on your machine"
    assert "about as fast as the one" in repr(pace.keep(a_run(2.2, expected=2.0)))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (3.6, "4 s"), (9.6, "10 s"), (23, "25 s"), (89, "90 s"), (95, "2 minutes"), (300, "5 minutes")],
)
def test_it_is_no_more_exact_than_it_can_be(seconds, words):
    assert pace.about(seconds).startswith(f"about {words} on")


@pytest.mark.parametrize("run", [a_run(1.0, steps=999), a_run(1.0, ended="stopped"), a_run(1.0, ended="")])
def test_a_run_that_was_too_short_or_did_not_end_measures_nothing(run):
    with pytest.raises(ReaderError, match="should be finished and have 1,000 steps"):
        pace.keep(run)
    assert own_folder.kept(pace.FILE) is None


def test_where_it_cannot_be_kept_it_is_told_all_the_same(empty_own_folder):
    empty_own_folder.write_text("a file where the folder should be")
    said = repr(pace.keep(a_run(4.0)))
    assert "2.0 times as slow" in said and "This could not be kept" in said and "cannot be written" in said
    assert pace.about(2).startswith("about 2 s on the machine that these lessons were made on")


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"slower": "quick"}', b'{"slower": 0}', b'{"slower": NaN}'])
def test_a_file_that_holds_no_measurement_is_named(content):
    own_folder.keep(pace.FILE, content)
    assert pace.about(2).endswith("holds no measurement: run lesson 00 to write it anew")


def test_a_run_that_is_long_says_so_before_its_first_step_and_a_short_one_does_not(
    small, new_model, capsys, monkeypatch
):
    training.train(new_model(), small, learning_rate=0.1, steps=20)
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(pace, "WORTH_SAYING", 0.0)
    said_first = []
    training.train(
        new_model(), small, learning_rate=0.1, steps=20, watch=lambda _: said_first.append(capsys.readouterr().out)
    )
    assert said_first[0].startswith("20 steps: about 1 s on ")


def test_what_is_expected_of_the_two_networks_that_were_measured():
    run = {"steps": 10_000, "batch_size": 100, "tests": 100, "tested": 10_000}
    assert pace.expected(7850, **run) == pytest.approx(1.7, rel=0.03)
    assert pace.expected(185_300, **run) == pytest.approx(6.3, rel=0.03)


def test_multiplications_are_counted_for_dense_layers_convolutions_and_what_cannot_be_looked_into(small):
    dense = Network(Design(hidden=(50, 20)))
    assert Loop(dense, training.mean_cross_entropy, small).multiplications == 784 * 50 + 50 * 20 + 20 * 10 + 80
    layers = tf.keras.layers
    convolution = tf.keras.Sequential(
        [tf.keras.Input([784]), layers.Reshape([28, 28, 1]), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)]
    )
    counted = Loop(convolution, training.mean_cross_entropy, small).multiplications
    assert counted == 3 * (26 * 26 * 8 * 9) + 26 * 26 * 8 * 10
    W = tf.Variable(tf.zeros([784, 10]))
    hidden = tf.function(lambda x: x @ W)
    assert Loop(lambda x: hidden(x), training.mean_cross_entropy, small).multiplications == 7840


@pytest.mark.alone
def test_a_larger_network_takes_as_much_longer_as_expected_within_a_factor_of_three(mnist):
    designs = {"small": Design(hidden=()), "large": Design(hidden=(500, 500))}
    loops = {name: Loop(Network(design), training.mean_cross_entropy, mnist) for name, design in designs.items()}
    took = {name: [] for name in loops}
    for _ in range(5):
        for name, loop in loops.items():
            run = training.Training(loop, mnist, learning_rate=0.01, steps=200, batch_size=100, test_every=100, seed=0)
            *_, history = run
            took[name].append(history.seconds / history.expected_seconds)
    assert 1 / 3 < np.median(took["large"]) / np.median(took["small"]) < 3
