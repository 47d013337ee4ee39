"""The same training from several seeds: other weights and shuffles each, kept when interrupted, told in a sentence."""

import dataclasses
import signal

import numpy as np
import pytest
import tensorflow as tf

from helpers import pace, several_seeds, training
from helpers.data import Dataset
from helpers.errors import ReaderError
from helpers.networks import Design, Network
from helpers.optimisers import LINEAR_TO_ZERO, SGD
from helpers.plots import several_seeds as pictures

pytestmark = pytest.mark.usefixtures("plain_tensorflow")
DESIGN = Design(hidden=(8,), activation="ReLU", initialisation="He")
QUICK = {"learning_rate": 0.3, "steps": 60, "test_every": 20}


def one_layer(seed):
    W = tf.Variable(tf.random.stateless_normal([784, 10], [seed, 0]) * 0.01)
    return lambda x: x @ W


def test_each_seed_is_the_run_that_training_gives_with_it(small):
    runs = several_seeds.train(DESIGN, small, seeds=3, **QUICK)
    assert list(runs.histories) == [0, 1, 2]
    for seed, history in runs.histories.items():
        network = Network(Design(hidden=(8,), activation="ReLU", initialisation="He", seed=seed))
        alone = training.train(network, small, seed=seed, **QUICK)
        assert np.array_equal(history.train_loss, alone.train_loss)
    assert len({float(history.train_loss[0]) for history in runs.histories.values()}) == 3


def test_what_differs_by_seed_and_rate_alone_is_compiled_once(small, monkeypatch):
    compiled = []

    class Counted(training.Loop):
        def __init__(self, model, *rest, **choices):
            compiled.append(model)
            super().__init__(model, *rest, **choices)

    monkeypatch.setattr(training, "Loop", Counted)
    several_seeds._of_design.cache_clear()
    slow, quick, again = (
        several_seeds.train(DESIGN, small, seeds=2, **(QUICK | {"learning_rate": rate})) for rate in (0.1, 0.3, 0.1)
    )
    assert len(compiled) == 1
    assert np.array_equal(slow.histories[1].train_loss, again.histories[1].train_loss)
    assert not np.array_equal(slow.histories[1].train_loss, quick.histories[1].train_loss)
    kept = Network(DESIGN)

    def start_again(seed):
        kept.start_again(dataclasses.replace(DESIGN, seed=seed))
        return kept

    by_hand = several_seeds.train(start_again, small, seeds=2, **QUICK)
    assert compiled[1:] == [kept]
    assert np.array_equal(by_hand.histories[1].train_loss, quick.histories[1].train_loss)
    several_seeds.train(DESIGN, small, seeds=1, l2=0.01, **QUICK)
    assert len(compiled) == 3


def test_it_prints_as_a_sentence_with_mean_and_range(small):
    runs = several_seeds.train(DESIGN, small, seeds=3, **QUICK)
    expected = [history.test_accuracy.mean() for history in runs.histories.values()]
    assert runs.results == pytest.approx(expected)
    assert f"3 of 3 runs: test accuracy {np.mean(expected):.1%} on average, from {min(expected):.1%}" in repr(runs)


def test_it_can_be_judged_by_what_is_held_out(small):
    held_out = Dataset(small.train[:1500], small.test[:0], small.train[1500:])
    runs = several_seeds.train(one_layer, held_out, seeds=2, judged_by="validation", **QUICK)
    expected = [run.validation_accuracy.mean() for run in runs.histories.values()]
    assert runs.results == pytest.approx(expected)
    assert runs.losses == pytest.approx([run.validation_loss.mean() for run in runs.histories.values()])
    assert f"validation accuracy {np.mean(expected):.1%} on average" in repr(runs)
    assert "validation accuracy" in pictures.accuracy({"one": runs}).figure.axes[0].get_title(loc="left")
    for data, judged_by in ((small, "validation"), (held_out, "training")):
        with pytest.raises(ReaderError, match="judged by"):
            several_seeds.train(one_layer, data, judged_by=judged_by, **QUICK)


def test_it_says_beforehand_how_long_it_takes(small, monkeypatch, capsys):
    monkeypatch.setattr(pace, "WORTH_SAYING", 0.0)
    several_seeds.train(DESIGN, small, seeds=2, **QUICK)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("2 runs: about 1 s on ")


def test_interrupted_it_keeps_what_is_done_and_goes_on(small, capsys):
    made = []

    def make(seed):
        made.append(seed)
        if made == [0, 1]:
            signal.raise_signal(signal.SIGINT)
        return one_layer(seed)

    runs = several_seeds.train(make, small, seeds=3, **QUICK)
    assert list(runs.histories) == [0]
    assert "Stopped: 1 of 3 runs are done and kept." in capsys.readouterr().out
    first = runs.histories[0]
    runs.run()
    assert list(runs.histories) == [0, 1, 2] and runs.histories[0] is first
    assert "Going on: 1 of 3" in capsys.readouterr().out
    assert made == [0, 1, 1, 2]


def test_a_run_that_is_known_already_is_not_made_again(small, capsys):
    known = training.train(one_layer(0), small, seed=0, **QUICK)
    runs = several_seeds.train(one_layer, small, seeds=2, known=[known], **QUICK)
    assert runs.histories[0] is known and list(runs.histories) == [0, 1]
    assert "Going on: 1 of 2" in capsys.readouterr().out
    for wrong in ({"steps": 80}, {"learning_rate": 0.1}):
        with pytest.raises(ReaderError, match=r"should have (steps|learning_rate)"):
            several_seeds.train(one_layer, small, seeds=2, known=[known], **QUICK | wrong)
    with pytest.raises(ReaderError, match="should have seed 1"):
        several_seeds.train(one_layer, small, seeds=2, known=[known, known], **QUICK)
    with pytest.raises(ReaderError, match="2 known runs for 1 seeds"):
        several_seeds.train(one_layer, small, seeds=1, known=[known, known], **QUICK)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"batch_size": 20}, "batch_size 20; this one has 100"),
        ({"test_every": 30}, "test_every 30; this one has 20"),
        ({"loss": training.sum_cross_entropy}, "loss sum_cross_entropy; this one has mean_cross_entropy"),
        ({"optimiser": SGD(0.9)}, "optimiser momentum 0.9; this one has SGD"),
        ({"schedule": LINEAR_TO_ZERO}, "schedule linear to 0; this one has constant"),
        ({"l2": 0.1}, "L2 0.1; this one has 0"),
        ({"shift": 1}, "shift 1; this one has 0"),
    ],
)
def test_a_known_run_of_other_settings_is_refused(small, other, words):
    known = training.train(one_layer(0), small, seed=0, **QUICK)
    with pytest.raises(ReaderError, match=words):
        several_seeds.train(one_layer, small, known=[known], **QUICK | other)


def test_a_loss_or_optimiser_of_ones_own_is_taken_as_it_is_now(small):
    share = 0.0

    def smoothed(labels, logits):
        return training.mean_cross_entropy(labels * (1 - share) + share / 10, logits)

    @dataclasses.dataclass
    class Own:
        slots = SGD().slots

        def update(self, variable, gradient, slots, rate, _step):
            variable.assign_sub((1 - share) * rate * gradient)

    settings = {"loss": smoothed, "optimiser": Own()}
    for name, choice in settings.items():
        share = 0.0
        before = several_seeds.train(DESIGN, small, seeds=2, **QUICK, **{name: choice})
        share = 0.5
        after = several_seeds.train(DESIGN, small, seeds=2, **QUICK, **{name: choice})
        for seed in (0, 1):
            assert not np.allclose(before.histories[seed].train_loss[-1], after.histories[seed].train_loss[-1])


def test_a_run_that_diverges_is_counted_as_such(small):
    def make(seed):
        W = tf.Variable(tf.zeros([784, 10]))
        return lambda x: x @ W * (1e30 if seed else 1.0)

    runs = several_seeds.train(make, small, seeds=2, **QUICK)
    assert np.isnan(runs.results).tolist() == [False, True]
    assert repr(runs).endswith("; 1 diverged.")


@pytest.mark.parametrize("wrong", [0, -1, 2.0, True, "3"])
def test_a_number_of_seeds_that_makes_no_sense_is_answered_in_words(small, wrong):
    with pytest.raises((ValueError, TypeError), match="seeds should be"):
        several_seeds.train(one_layer, small, seeds=wrong, **QUICK)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"steps": 20}, "learning_rate is missing"),
        ({"learning_rate": 0.1, "leraning_rate": 0.3}, "got 'leraning_rate'"),
        ({"learning_rate": 0.1, "steps": 0}, "steps should be 1 or more"),
        ({"learning_rate": -1}, "finite number above 0"),
        ({"learning_rate": 0.1, "l2": -1}, "l2 should be"),
    ],
)
def test_settings_that_make_no_sense_are_answered_in_words_before_the_first_run(small, settings, words):
    with pytest.raises(ReaderError, match=words):
        several_seeds.train(one_layer, small, **settings)


def test_a_network_instead_of_a_way_to_make_one_is_answered_in_words(small):
    with pytest.raises(TypeError, match=r"a function from a seed to a fresh model; got Tensor|got EagerTensor"):
        several_seeds.train(tf.zeros([784, 10]), small, **QUICK)


def test_each_kind_has_a_panel_and_the_first_ones_mean_lies_behind_the_others(small):
    slow = several_seeds.train(DESIGN, small, seeds=2, **QUICK)
    quick = several_seeds.train(DESIGN, small, seeds=2, **(QUICK | {"learning_rate": 0.2}))
    picture = pictures.beside_the_first({"slow": slow, "quick": quick}, lowest=0.2, highest=1)
    alone, beside = picture.figure.axes
    *runs_drawn, mean = alone.lines
    assert len(runs_drawn) == 2 and len(beside.lines) == 4
    assert np.allclose(mean.get_ydata(), np.mean([line.get_ydata() for line in runs_drawn], axis=0))
    assert np.array_equal(beside.lines[0].get_ydata(), mean.get_ydata())
    assert not np.array_equal(beside.lines[-1].get_ydata(), mean.get_ydata())
    assert beside.get_title(loc="left") == f"quick: {quick.results.mean():.1%}"
    assert picture.words == f"slow: {slow!r} quick: {quick!r}"


def test_the_picture_shows_every_run_and_says_it(small):
    runs = {"small": several_seeds.train(DESIGN, small, seeds=3, **QUICK)}
    picture = pictures.accuracy(runs, lowest=0.2)
    curves, points = picture.figure.axes
    *runs_drawn, mean = curves.lines
    assert len(runs_drawn) == 3
    assert np.allclose(mean.get_ydata(), np.mean([line.get_ydata() for line in runs_drawn], axis=0))
    assert mean.get_linewidth() > runs_drawn[0].get_linewidth()
    assert np.array_equal(points.lines[0].get_ydata(), runs["small"].results)
    assert picture.words == f"small: {runs['small']!r}"
