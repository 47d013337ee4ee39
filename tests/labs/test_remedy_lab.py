"""The remedy lab and its explorers without a page: what its controls mean, what it measures, what it leaves alone."""

import dataclasses

import numpy as np
import pytest

from helpers import training
from helpers.data import Dataset
from helpers.labs import remedy_explorers, remedy_lab
from helpers.labs.remedy_lab import RemedyLab
from helpers.networks import Design, Network
from helpers.optimisers import SGD, exponential

pytestmark = pytest.mark.usefixtures("plain_tensorflow")
QUICK = {"hidden": (12, 8), "steps": 60, "learning_rate": 0.1, "images": 500}


@pytest.fixture
def held_out(small):
    return Dataset(small.train[:1500], small.test, small.train[1500:])


@pytest.fixture
def bench(new_lab, held_out):
    return new_lab(RemedyLab, held_out, test_every=30)


def test_a_run_of_the_lab_is_that_of_the_training_loop(bench, held_out):
    settings = {"l2": 0.01, "shift": 2, "optimiser": "momentum 0.9", "schedule": "exponential to 0.03", "dropout": 0.5}
    history = bench.run(**QUICK, **settings)
    design = Design(hidden=(12, 8), activation="ReLU", std=0.1, dropout=0.5)
    by_hand = training.train(
        Network(design),
        Dataset(held_out.train[:500], held_out.test[:0], held_out.validation),
        learning_rate=0.1,
        steps=60,
        test_every=30,
        l2=0.01,
        shift=2,
        optimiser=SGD(momentum=0.9),
        schedule=exponential(to=0.03),
    )
    assert np.array_equal(history.train_loss, by_hand.train_loss)
    assert np.array_equal(history.validation_loss, by_hand.validation_loss)


@pytest.mark.parametrize(
    "change",
    [{"l2": 0.01}, {"shift": 1}, {"dropout": 0.3}, {"optimiser": "Adam"}, {"schedule": "constant"}, {"images": 1000}],
)
def test_every_control_makes_a_difference_and_is_named_on_the_chart(bench, change):
    plain, other = bench.run(**QUICK), bench.run(**{**QUICK, **change})
    assert not np.array_equal(plain.train_loss, other.train_loss)
    ((name, value),) = change.items()
    told = {"l2": "L2"}.get(name, name)
    shown = bench.chart().labels[1]
    assert shown.startswith(f"2: {told} {value:,}" if name == "images" else f"2: {told} {value}"), shown
    bench.form.use_preset("plain")
    again = bench.run(**QUICK)
    assert np.array_equal(plain.train_loss, again.train_loss)


def test_the_test_set_is_left_alone(bench):
    history = bench.run(**QUICK)
    assert not len(history.test_accuracy) and len(history.validation_accuracy) == 2
    assert "validation accuracy" in bench.status.value and "test accuracy" not in bench.status.value
    assert "validation accuracy" in bench.chart().words
    assert "validation_accuracy" in bench.kept.to_csv() and "test_accuracy" not in bench.kept.to_csv()
    assert (
        f"{history.validation_accuracy[-1]:.1%}" in bench.kept.table_place.widget.value
        or not bench.kept.table_place.shown
    )


def test_data_without_validation_images_is_refused_in_words(small):
    with pytest.raises(ValueError, match="holds none out"):
        RemedyLab(small)


def test_presets_are_what_their_names_say(bench):
    for name, changed in remedy_lab.PRESETS.items():
        bench.form.use_preset(name)
        assert {key: bench.settings[key] for key in changed} == changed
        assert all(
            bench.settings[key] == value for key, value in remedy_lab.START.items() if key not in (*changed, "images")
        )


def test_a_state_travels_as_text(bench, new_lab, held_out):
    bench.form.set(**QUICK, l2=0.002, optimiser="Adam")
    assert new_lab(RemedyLab, held_out, state=bench.to_json()).settings == bench.settings
    with pytest.raises(ValueError, match="dropout can be"):
        new_lab(RemedyLab, held_out, state='{"dropout": 1}')


def test_the_shown_code_trains_this_very_network(bench, held_out, monkeypatch):
    monkeypatch.setattr("helpers.data.load_mnist", lambda validation: held_out)
    monkeypatch.setattr("helpers.data.MNIST_COUNTS", (2000, 1000))
    history = bench.run(**QUICK, shift=1, l2=0.001, optimiser="Adam")
    pasted = {}
    exec(bench.code(), pasted)
    assert np.array_equal(pasted["history"].train_loss, history.train_loss)
    bench.form.set(dropout=0.5)
    assert "def model(x, training=False):" in bench.code() and "tf.nn.dropout(x, 0.5)" in bench.code()


def test_panels_measure_the_network_as_it_is(bench):
    assert [bench.panel(name) for name in remedy_lab.LOOKS] == [None] * 4
    bench.run(**QUICK)
    gap, weights = bench.panel(remedy_lab.GAP), bench.panel("size of the weights")
    accuracy, loss = bench.source.inside.results()[1]
    assert f"{accuracy:.1%} and {loss:.3f}" in gap.words.replace("\n", " ")
    inside = bench.source.inside
    assert f"on {len(inside.seen):,} images that it learns from" in gap.words
    assert f"on {len(inside.sample):,} validation images" in gap.words
    network = bench.source.inside.network
    lengths = ", ".join(f"{np.linalg.norm(W):.3g}" for W in network.weights)
    assert weights.words == f"Length of the weights by layer: {lengths}."
    network.weights[0].assign(network.weights[0] * 0)
    before = gap.words
    for panel in (gap, weights):
        panel.update()
    assert weights.words.startswith("Length of the weights by layer: 0, ") and gap.words != before
    network.weights[0].assign(network.weights[0] * np.nan)
    for panel in (gap, weights):
        panel.update()  # a network that has diverged is shown, too


# --- Explorers ------------------------------------------------------------------------------------------------------


@pytest.fixture
def network():
    return Network(Design(hidden=(20, 10), activation="ReLU", initialisation="He"))


def test_each_press_draws_other_units_and_no_share_draws_none(network, small):
    explorer = remedy_explorers.dropout_explorer(network, small.test.images[0])
    seen = set()
    for _ in range(3):
        seen.add(explorer.picture().words)
        explorer.controls["again"].click()
    assert len(seen) == 3
    explorer.controls["share"].value = 0
    x = small.test.images[:1].reshape(1, -1).astype(np.float32) / 255
    says = int(np.argmax(network(x)))
    assert "Switched off, by layer: 0 of 20, 0 of 10." in explorer.picture().words
    assert f"It says {says}," in explorer.picture().words


def test_a_digit_moves_where_the_sliders_say(network, small):
    explorer = remedy_explorers.shift_explorer(small.test.images[0], 7, {"one": network, "other": network})
    explorer.controls["right"].value = 0
    assert "not moved: 0 of 784 pixels differ" in explorer.picture().words
    explorer.controls["right"].value, explorer.controls["down"].value = -2, 3
    assert "moved 2 left and 3 down" in explorer.picture().words
    moved = np.zeros((28, 28), np.uint8)
    moved[3:, :-2] = small.test.images[0][:-3, 2:]
    differ = np.count_nonzero(moved != small.test.images[0])
    assert f"{differ} of 784 pixels differ" in explorer.picture().words


def test_l2_shows_the_weights_of_the_strength_chosen(network):
    W = network.weights[0].numpy()
    explorer = remedy_explorers.l2_explorer({0.0: W, 0.01: W / 2}, [0.9, 0.92], [0.4, 0.3], first=0.0)
    assert explorer.picture().words.startswith("L2 0: ")
    explorer.controls["l2"].value = 0.01
    assert (
        f"are {np.linalg.norm(W) / 2:.1f} long together, where they are {np.linalg.norm(W):.1f}"
        in explorer.picture().words
    )
    assert "Validation accuracy 92.0%, loss 0.30" in explorer.picture().words


def test_dropout_of_a_network_keeps_its_sums_level_and_draws_anew():
    network = Network(Design(hidden=(500,), activation="ReLU", initialisation="He", dropout=0.4))
    x = np.random.default_rng(0).random((200, 784)).astype(np.float32)
    whole, (first, _), (second, _) = (
        network.layers(x)[0],
        network.layers(x, training=True),
        network.layers(x, training=True),
    )
    assert not np.array_equal(first, second)
    on = np.asarray(whole) > 0
    assert np.mean(np.asarray(first)[on] == 0) == pytest.approx(0.4, abs=0.01)
    assert np.mean(first) == pytest.approx(np.mean(whole), rel=0.02)
    network.start_again(network.design)
    assert np.array_equal(network.layers(x, training=True)[0], first)
    network.start_again(dataclasses.replace(network.design, seed=1))
    assert not np.array_equal(network.layers(x, training=True)[0] == 0, np.asarray(first) == 0)
    with pytest.raises(ValueError, match="cannot become"):
        network.start_again(dataclasses.replace(network.design, dropout=0.2))
    with pytest.raises(ValueError, match="dropout should be"):
        Design(dropout=1.0)
