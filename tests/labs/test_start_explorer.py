"""The explorer of starts: the rule of He keeps the spread, and what is shown was measured on the network shown."""

import numpy as np
import pytest
import tensorflow as tf

from helpers import layer_statistics, losses, networks
from helpers.labs import start_explorer


@pytest.fixture
def batch():
    images = np.random.default_rng(0).random((50, 784), np.float32)
    return images, tf.one_hot(np.arange(50) % 10, 10)


def test_spreads_are_those_of_the_layers_and_gradients(batch):
    network = networks.Network(networks.Design(hidden=(20, 30), activation="tanh", std=0.1))
    activations, gradients = layer_statistics.spreads(network, *batch, losses.mean_cross_entropy)
    with tf.GradientTape() as tape:
        loss = losses.mean_cross_entropy(batch[1], network(batch[0]))
    expected = [gradient.numpy().std() for gradient in tape.gradient(loss, network.weights)]
    np.testing.assert_allclose(gradients, expected, rtol=1e-4)
    np.testing.assert_allclose(activations, [layer.numpy().std() for layer in network.layers(batch[0])[:-1]], rtol=1e-4)


def test_it_follows_its_controls_to_both_ends(batch):
    explorer = start_explorer.start_explorer(*batch)
    for activation in ("ReLU", "tanh", "sigmoid"):
        explorer.controls["activation"].value = activation
        for layers in (1, 10):
            explorer.controls["layers"].value = layers
            assert f"{layers} hidden layer" in str(explorer.picture())
            assert activation in str(explorer.picture())
    assert explorer.status.value == ""


def test_he_keeps_the_spread_of_relus_and_small_weights_lose_it(batch):
    words = str(start_explorer.start_explorer(*batch).picture())
    kept, lost = (words.split(f"{name}: activations ")[1].split(",")[0].split(" to ") for name in ("He", "std 0.01"))
    assert 0.2 < float(kept[1]) / float(kept[0]) < 5
    assert float(lost[1]) / float(lost[0]) < 1e-7
