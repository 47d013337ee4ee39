"""What is measured inside a network, against the same computed by hand in NumPy, step by step."""

import numpy as np
import pytest
import tensorflow as tf

from helpers import layer_statistics, training
from helpers.networks import Design, Network
from helpers.plots.panels import SharesPanel

SATURATED = {
    "sigmoid": lambda a: (a < 0.05) | (a > 0.95),
    "tanh": lambda a: abs(a) > 0.9,
    "ReLU": lambda a: a == 0,
    "none": lambda a: np.zeros(a.shape, bool),
}
VALUES = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "ReLU": (lambda z: np.maximum(z, 0), lambda a: a > 0),
    "none": (lambda z: z, np.ones_like),
}


def by_hand(network, x, labels):
    """Outputs of every layer, and the gradients of the mean cross-entropy by every layer's weights, in float64."""
    value, slope = VALUES[network.design.activation]
    weights = [W.numpy().astype(float) for W in network.weights]
    outputs = [x.numpy().astype(float)]
    for number, (W, b) in enumerate(zip(weights, network.biases, strict=True), start=1):
        z = outputs[-1] @ W + b.numpy()
        outputs.append(z if number == len(weights) else value(z))
    shares = np.exp(outputs[-1] - outputs[-1].max(axis=1, keepdims=True))
    error = (shares / shares.sum(axis=1, keepdims=True) - labels.numpy()) / len(x)
    gradients = []
    for W, inputs in zip(reversed(weights), reversed(outputs[:-1]), strict=True):
        gradients.insert(0, inputs.T @ error)
        error = error @ W.T * slope(inputs)
    return outputs[1:], gradients


@pytest.fixture
def batch():
    random = np.random.default_rng(0)
    return tf.constant(random.uniform(0, 1, (40, 784)), tf.float32), tf.one_hot(random.integers(0, 10, 40), 10)


@pytest.mark.parametrize("activation", VALUES)
def test_every_figure_is_the_one_computed_by_hand(activation, batch):
    network = Network(Design(hidden=(30, 20), activation=activation, std=0.2))
    outputs, gradients = by_hand(network, *batch)
    inside = layer_statistics.look_inside(network, *batch, training.mean_cross_entropy)
    for measured, arrays in [
        (inside.weights, network.weights),
        (inside.activations, outputs),
        (inside.gradients, gradients),
    ]:
        expected = [np.percentile(array, [5, 25, 50, 75, 95]) for array in arrays]
        np.testing.assert_allclose(measured, expected, rtol=1e-3, atol=1e-6)
    norms = [np.sqrt((gradient**2).sum()) for gradient in gradients]
    np.testing.assert_allclose(inside.gradient_norms, norms, rtol=1e-4)
    saturated = [SATURATED[activation](output).mean() for output in outputs[:-1]]
    np.testing.assert_allclose(inside.saturated, saturated, atol=2 / outputs[0].size)  # rounding may tip one or two
    assert 0 < max(saturated) or activation == "none"


def test_a_unit_is_dead_if_it_is_0_for_the_whole_batch_and_not_before(batch):
    network = Network(Design(hidden=(10, 4), activation="ReLU", initialisation="He"))
    network.biases[0].assign([-1000.0] * 3 + [1000.0] * 7)
    inside = layer_statistics.look_inside(network, *batch, training.mean_cross_entropy)
    assert inside.dead[0] == pytest.approx(0.3)
    assert inside.saturated[0] == pytest.approx(0.3)
    alive = network.layers(batch[0])[1].numpy().max(axis=0) > 0
    assert inside.dead[1] == pytest.approx(1 - alive.mean())


def test_looking_inside_changes_nothing(batch):
    network = Network(Design(hidden=(5,)))
    before = [variable.numpy() for variable in network.variables]
    layer_statistics.look_inside(network, *batch, training.mean_cross_entropy)
    assert all(np.array_equal(old, new) for old, new in zip(before, network.variables, strict=True))


def test_a_network_that_has_diverged_is_measured_too(batch):
    network = Network(Design(hidden=(5,), activation="ReLU"))
    network.weights[0].assign(tf.fill([784, 5], np.inf))
    inside = layer_statistics.look_inside(network, *batch, training.mean_cross_entropy)
    assert not np.isfinite(inside.weights[0]).any() and not np.isfinite(inside.gradient_norms).all()
    assert np.isfinite(inside.weights[1]).all()


def test_of_a_network_that_has_diverged_nobody_says_what_is_dead():
    network = Network(Design(hidden=(5, 4), activation="ReLU"))
    network.weights[1].assign(network.weights[1] * np.nan)
    x, labels = tf.random.stateless_uniform([20, 784], [0, 0]), tf.one_hot(np.arange(20) % 10, 10)
    panel = SharesPanel(lambda: layer_statistics.look_inside(network, x, labels, training.mean_cross_entropy))
    assert panel.words.count("NaN") == 2 and "0%, NaN. Dead" in panel.words.replace("%, NaN", "0%, NaN", 1)
