"""Initial weights: drawn and written as code from one entry, and what is added to the registry is known everywhere."""

import numpy as np
import pytest
import tensorflow as tf

from helpers import networks, training
from helpers.initialisations import INITIALISATIONS, Initialisation, glorot_reach, he_std
from helpers.networks import Design, Network

every_initialisation = pytest.mark.parametrize("name", INITIALISATIONS)
LECUN = Initialisation("LeCun", "random.stateless_normal", lambda shape, _: {"stddev": shape[0] ** -0.5})
ALTERNATIVES = [
    LECUN,
    Initialisation("normal", "random.stateless_normal", lambda _, std: {"stddev": std}, takes_scale=True),
    Initialisation("ones", "ones", lambda _shape, _: {}, random=False),
]


@every_initialisation
@pytest.mark.parametrize("scale", [0.3, 0, 1, np.float64(0.3)])
def test_what_is_drawn_is_what_the_code_gives_in_float32(name, scale):
    initialisation, shape, seed = INITIALISATIONS[name], (30, 20), (np.int64(5), 2)
    drawn = initialisation.draw(shape, scale, seed)
    assert drawn.dtype == tf.float32 and drawn.shape == shape
    assert np.array_equal(drawn, eval(initialisation.code(shape, scale, seed), {"tf": tf}))


@every_initialisation
def test_the_scale_and_the_seed_make_a_difference_where_they_are_said_to(name):
    initialisation = INITIALISATIONS[name]
    first, wider, other = (
        initialisation.draw((30, 20), scale, seed).numpy()
        for scale, seed in ((0.1, (1, 1)), (0.2, (1, 1)), (0.1, (1, 2)))
    )
    assert np.array_equal(first, wider) != initialisation.takes_scale
    assert np.array_equal(first, other) != initialisation.random
    assert initialisation.name == name


def test_the_two_rules():
    assert he_std((200, 7)) == 0.1
    assert glorot_reach((100, 50)) == 0.2


@pytest.mark.parametrize("added", ALTERNATIVES, ids=lambda added: added.name)
def test_a_new_one_starts_a_network_and_its_code_gives_the_same_network(monkeypatch, small, added):
    monkeypatch.setitem(INITIALISATIONS, added.name, added)
    assert list(networks.INITIALISATIONS)[-1] == added.name
    design = Design(hidden=(9, 8), activation="ReLU", initialisation=added.name, std=0.2, seed=6)
    assert design.start == (f"{added.name} 0.2" if added.takes_scale else added.name)
    network, pasted = Network(design), {}
    exec(networks.as_code(design), pasted)
    for layer, weights in enumerate(network.weights, start=1):
        assert np.array_equal(pasted[f"W{layer}"], weights)
        assert np.array_equal(weights, added.draw(tuple(weights.shape), 0.2, (6, layer)))
    before = [weights.numpy() for weights in network.weights]
    training.train(network, small, learning_rate=0.01, steps=5, test_every=5)
    assert not any(np.array_equal(weights, values) for weights, values in zip(network.weights, before, strict=True))
    network.start_again(design)
    assert all(np.array_equal(weights, values) for weights, values in zip(network.weights, before, strict=True))
