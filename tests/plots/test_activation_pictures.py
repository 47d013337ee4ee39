"""The activation explorer: values, slopes, and what ten slopes leave, over the slider's whole range."""

import numpy as np
import pytest
import tensorflow as tf

from helpers.activations import ACTIVATIONS
from helpers.labs import explorers
from helpers.plots import activations

FUNCTIONS = {"sigmoid": tf.nn.sigmoid, "tanh": tf.nn.tanh, "ReLU": tf.nn.relu}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("z", [-6.0, -0.3, 0.0, 1.0, 6.0])
def test_the_slopes_are_those_that_the_tape_finds(name, z):
    inputs = tf.Variable(z, dtype=tf.float64)
    with tf.GradientTape() as tape:
        value = FUNCTIONS[name](inputs)
    assert activations._slope(ACTIVATIONS[name], z) == pytest.approx(float(tape.gradient(value, inputs)), abs=1e-12)


def test_what_ten_layers_leave_is_said():
    words = str(activations.slopes_through_layers(1.0))
    sigmoid = (np.e / (1 + np.e) ** 2) ** 10
    assert f"sigmoid gives 0.731, slope 0.197, and ten such slopes leave {sigmoid:.2g} of a gradient" in words
    assert "ReLU gives 1, slope 1, and ten such slopes leave all of a gradient" in words
    assert "ReLU gives 0, slope 0, and ten such slopes leave nothing" in str(activations.slopes_through_layers(-1.0))


def test_the_bars_are_the_powers_of_the_slope():
    bars = activations.slopes_through_layers(0.0).figure.axes[3].patches
    assert [bar.get_height() for bar in bars] == pytest.approx([0.25**layers for layers in range(1, 11)])


def test_the_tangent_touches_the_curve_with_its_slope():
    curve, tangent, point = activations.slopes_through_layers(-1.5).figure.axes[1].lines
    (x0, x1), (y0, y1) = tangent.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(1 - np.tanh(-1.5) ** 2)
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (-1.5, pytest.approx(np.tanh(-1.5)))
    assert np.interp((x0 + x1) / 2, *curve.get_data()) == pytest.approx((y0 + y1) / 2, abs=1e-3)


def test_the_explorer_follows_its_slider_to_both_ends():
    explorer = explorers.slope_explorer()
    slider = explorer.controls["z"]
    for end in (slider.min, slider.max):
        slider.value = end
    assert str(explorer.picture()).startswith("At input 6: sigmoid gives")
    assert explorer.status.value == ""
