"""Networks with convolutions: what a design says of itself, the numbers, and the code that makes the same ones."""

import numpy as np
import pytest
import tensorflow as tf

from helpers import convolutional, training
from helpers.convolutional import Convolution, Design, Network
from helpers.optimisers import Adam

SMALL = Design((Convolution(3, 4, stride=3), Convolution(5, 3, pool=True)), hidden=7, seed=2)
DESIGNS = {
    "the lesson's": Design(),
    "small": SMALL,
    "none": Design((), hidden=9, dropout=0.0),
    "pooled twice": Design((Convolution(2, 5, pool=True), Convolution(4, 1, 2, pool=True))),
}


@pytest.fixture
def x(small):
    return tf.cast(small.train.images[:50].reshape(50, 784), tf.float32) / 255


def variables(network):
    return [*network.filters, *network.filter_biases, *network.weights, *network.biases]


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_a_design_knows_the_sizes_of_its_network(design, x):
    network = Network(design)
    assert design.parameters == sum(int(tf.size(variable)) for variable in variables(network))
    layers = network.layers(x)
    if design.convolutions:
        assert [tuple(maps.shape[1:]) for maps, _ in layers] == design.maps
        assert [tuple(after.shape[1:]) for _, after in layers] == design.handed_on
    assert network(x).shape == (50, 10)


def test_the_lesson_s_network_in_numbers():
    design = Design()
    assert design.maps == [(12, 12, 16), (10, 10, 32)] and design.handed_on == [(12, 12, 16), (5, 5, 32)]
    assert design.parameters == 416 + 4640 + 102_528 + 1290
    assert str(design) == "16 of 5 × 5, stride 2; 32 of 3 × 3, pooled; 128 units; 10 classes"


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_the_code_makes_the_same_network_to_the_last_bit(design, x):
    names = {}
    exec(convolutional.as_code(design), names)
    network = Network(design)
    assert np.array_equal(names["model"](x), network(x))
    # the same chance, for dropout
    assert np.array_equal(names["model"](x, training=True), network(x, training=True))


def test_dropout_is_in_training_only_and_keeps_the_mean():
    network = Network(Design((), hidden=400, dropout=0.5))
    network.weights[1].assign(tf.ones([400, 10]))
    x = tf.random.stateless_uniform([200, 784], [0, 0])
    tested, trained = network(x), network(x, training=True)
    assert np.array_equal(tested, network(x))
    assert not np.allclose(tested, trained)
    assert np.mean(trained) == pytest.approx(np.mean(tested), rel=0.02)
    share = 1 - np.mean(trained) / np.mean(tested)
    assert abs(share) < 0.02


def test_it_can_start_again_from_any_seed(small, x):
    network, other = Network(SMALL), Network(Design(SMALL.convolutions, hidden=7, seed=5))
    training.train(network, small, learning_rate=0.01, steps=5, optimiser=Adam())
    network.start_again(5)
    for ours, theirs in zip(variables(network), variables(other), strict=True):
        assert np.array_equal(ours, theirs)
    assert np.array_equal(network(x, training=True), other(x, training=True))


def test_a_start_by_he_s_rule_counts_every_number_of_a_window():
    network = Network(Design((Convolution(64, 5), Convolution(64, 3))))
    assert float(tf.math.reduce_std(network.filters[0])) == pytest.approx((2 / 25) ** 0.5, rel=0.05)
    assert float(tf.math.reduce_std(network.filters[1])) == pytest.approx((2 / (9 * 64)) ** 0.5, rel=0.05)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((Convolution(4, 29),), "Layer 1 cannot be: 29 × 29 filters needs more than the 28 × 28"),
        (
            (Convolution(4, 9, 4, pool=True), Convolution(4, 3)),
            "Layer 2 cannot be: 3 × 3 filters needs more than the 2 × 2",
        ),
        ((Convolution(4, 9, 4), Convolution(4, 5, pool=True)), "Layer 2 cannot be: pooling needs more than the 5 × 5"),
    ],
)
def test_what_does_not_fit_is_answered_in_words(layers, words):
    with pytest.raises(ValueError, match=words):
        Design(layers)


def test_it_learns(small):
    history = training.train(Network(SMALL), small, learning_rate=0.01, steps=120, optimiser=Adam(), test_every=120)
    assert history.train_loss[-20:].mean() < 0.8 * history.train_loss[:5].mean()


def test_other_images_than_mnist_s(small):
    network = Network(Design((Convolution(2, 3),), hidden=5, shape=(14, 14), outputs=4))
    assert network(tf.zeros([3, 196])).shape == (3, 4)
