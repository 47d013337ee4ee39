"""The init lab: gradients at the start and after a hundred steps, every start, what blows up."""

import numpy as np
import pytest
import tensorflow as tf

from helpers import layer_statistics, networks, training
from helpers.history import DivergedError
from helpers.labs import init_lab
from helpers.labs.init_lab import InitLab
from helpers.labs.network_form import MOST_LAYERS, design_of

QUICK = {"hidden": (12,), "steps": 500}


@pytest.fixture(scope="module")
def compiled():
    """The networks of all labs here, once they are compiled, which takes longer than to train them."""
    return {}


@pytest.fixture
def bench(new_lab, small, compiled):
    made = new_lab(InitLab, small)
    made.source.compiled = compiled
    return made


def test_the_lab_measures_the_gradients_at_the_start_and_after_a_hundred_steps(bench, small):
    bench.run(**QUICK, initialisation="uniform", std=0.05)
    network = networks.Network(design_of(bench.settings))
    loop = training.Loop(network, training.mean_cross_entropy, small)
    images, labels = training.on_device(small.test[:100])
    batch, one_hot = tf.cast(images, tf.float32) / 255, tf.one_hot(labels, 10)
    assert list(bench.gradient_norms) == [0, 100]
    for step, norms in bench.gradient_norms.items():
        if step:
            training.train(loop, small, learning_rate=0.5, steps=step)
        expected = layer_statistics.look_inside(network, batch, one_hot, training.mean_cross_entropy).gradient_norms
        np.testing.assert_allclose(norms, expected, rtol=1e-5)


@pytest.mark.parametrize("initialisation", networks.INITIALISATIONS)
def test_every_start_can_be_seen(bench, initialisation):
    bench.run(**QUICK, initialisation=initialisation)
    panel = bench.panel(init_lab.PANEL)
    weights = bench.source.inside.network.weights
    spread, image, gradients = panel.figure.axes
    for outline, W in zip(spread.lines, weights, strict=True):
        assert outline.get_ydata().sum() == pytest.approx(1)
        assert np.average(outline.get_xdata(), weights=outline.get_ydata()) == pytest.approx(np.mean(W), abs=0.02)
    units = {"zeros": "all weights of the 12 units are 0", "constant": "all 12 units are the same"}
    assert units.get(initialisation, "12 different among 12 units") in panel.words
    assert image.images[0].get_array().shape == (100, 12)
    for step, line in zip((0, 100), gradients.lines, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), bench.gradient_norms[step])


def test_zeros_are_dead_and_the_runs_are_kept(bench):
    dead = bench.run(**QUICK, initialisation="zeros")
    alive = bench.run(**QUICK, initialisation="He")
    assert np.ptp(dead.test_loss) < 0.05 and alive.test_accuracy[-1] > dead.test_accuracy[-1] + 0.3
    assert bench.histories == [dead, alive]
    assert bench.gradient_norms[0].all()
    assert (dead.notes["start"], alive.notes["start"]) == ("zeros", "He")


def test_a_run_that_blows_up_is_still_shown(bench):
    with pytest.raises(DivergedError):
        bench.run(hidden=(90, 90, 90, 90), initialisation="truncated normal", std=10.0, learning_rate=10.0, steps=500)
    assert list(bench.gradient_norms) == [0]
    assert "weights are NaN" in bench.panel(init_lab.PANEL).words


def test_both_presets_and_the_other_panels_are_there(bench, new_lab, small):
    assert bench.panels[init_lab.PANEL].value
    assert bench.panel(init_lab.PANEL) is None  # there is no network before the first run
    assert bench.settings["hidden"] == (100,) and bench.settings["steps"] == 1000
    assert new_lab(InitLab, small, preset="five layers").settings["hidden"] == (200, 100, 60, 30)
    bench.run(**QUICK)
    assert all(bench.panel(name) is not None for name in bench.panels)


def test_the_deepest_network_that_can_be_chosen_has_a_look_for_each_of_its_layers(bench):
    bench.run(hidden=(8,) * MOST_LAYERS, steps=20)
    looks = {(line.get_color(), str(line.get_linestyle())) for line in bench.panel(init_lab.PANEL).outlines}
    assert len(looks) == MOST_LAYERS + 1
