"""Activation functions: each is TensorFlow's own, and what is added to the registry is known everywhere."""

import numpy as np
import pytest
import tensorflow as tf

from helpers import layer_statistics, networks, small_networks, training
from helpers.activations import ACTIVATIONS, FLAT, Activation
from helpers.plots import activations as pictures

every_activation = pytest.mark.parametrize("name", ACTIVATIONS)
SUMS = np.array([-40.0, -6.0, -1.0, -0.3, 0.0, 0.2, 1.5, 6.0, 40.0])
LEAKY = Activation(
    name="leaky ReLU",
    value=lambda z: np.where(z > 0, z, 0.2 * z),
    slope=lambda a: np.where(a > 0, 1.0, 0.2),
    tensorflow="nn.leaky_relu",
    words="Leaky ReLU lets a fifth through below 0.",
)


@pytest.fixture
def leaky(monkeypatch):
    """One more activation, added in one place for the length of a test."""
    monkeypatch.setitem(ACTIVATIONS, LEAKY.name, LEAKY)
    return LEAKY.name


def compared_with_tensorflow(activation):
    sums = tf.Variable(SUMS)
    with tf.GradientTape() as tape:
        outputs = activation.of_tensors(sums)
    values = activation.value(SUMS)
    np.testing.assert_allclose(values, outputs, rtol=1e-7, atol=1e-15)
    np.testing.assert_allclose(activation.slope(values), tape.gradient(outputs, sums), rtol=1e-7, atol=1e-12)


@every_activation
def test_value_and_slope_are_those_of_tensorflow(name):
    compared_with_tensorflow(ACTIVATIONS[name])
    assert ACTIVATIONS[name].name == name


@every_activation
def test_small_numbers_stay_small_numbers_and_none_overflows(name):
    with np.errstate(all="raise", under="ignore"):
        values = ACTIVATIONS[name].value(np.float32([-1e4, 0, 1e4]))
    assert values.dtype == np.float32 and np.isfinite(values).all()


@every_activation
def test_the_code_names_the_function_itself(name):
    activation, scope = ACTIVATIONS[name], {"tf": tf}
    assert eval(activation.code or "tf.identity", scope) is activation.of_tensors


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_an_s_is_flat_beyond_its_edges(name):
    activation = ACTIVATIONS[name]
    beyond = np.array([-1.001, -0.999, 0.0, 0.999, 1.001]) * activation.edge
    assert activation.flat(activation.value(beyond)).tolist() == [True, False, False, False, True]


def test_a_saturated_sigmoid_lets_less_than_a_fifth_of_its_largest_slope_through():
    sigmoid = ACTIVATIONS["sigmoid"]
    assert FLAT * (1 - FLAT) < sigmoid.slope(sigmoid.value(0.0)) / 5


# --- One more of them -----------------------------------------------------------------------------------------------


def test_a_new_one_is_compared_like_the_others(leaky):
    compared_with_tensorflow(LEAKY)
    assert list(networks.ACTIVATIONS)[-1] == list(small_networks.ACTIVATIONS)[-1] == leaky


def test_a_network_trains_with_a_new_one_and_its_code_gives_the_same_network(leaky, small):
    design = networks.Design(hidden=(12, 7), activation=leaky, initialisation="He", seed=4)
    network, pasted = networks.Network(design), {}
    exec(networks.as_code(design), pasted)
    assert "x = tf.nn.leaky_relu(x @ W1 + b1)" in networks.as_code(design)
    x = tf.cast(small.test.images[:20].reshape(20, -1), tf.float32) / 255
    assert np.array_equal(pasted["model"](x), network(x))
    history = training.train(network, small, learning_rate=0.1, steps=60, test_every=60)
    assert history.train_loss[-10:].mean() < history.train_loss[:10].mean()
    inside = layer_statistics.look_inside(
        network, x, tf.one_hot(small.test.labels[:20], 10), training.mean_cross_entropy
    )
    assert inside.saturated.tolist() == [0, 0]


def test_small_networks_use_a_new_one_and_their_gradients_are_right(leaky):
    x, y = np.random.default_rng(2).normal(size=(2, 9, 2)), np.sign(np.random.default_rng(3).normal(size=(2, 9)))
    stack = small_networks.SmallNetworks(small_networks.SmallDesign(hidden=(5, 4), activation=leaky), (1, 2), float)
    gradient, differences = stack.backward(stack.forward(x), y), np.zeros_like(stack.values)
    for number in range(stack.values.shape[1]):
        for sign in (1, -1):
            stack.values[:, number] += sign * 1e-6
            output = stack.forward(x)[-1][..., 0]
            differences[:, number] += sign * np.mean((output - y) ** 2, axis=1) / 2e-6
            stack.values[:, number] -= sign * 1e-6
    np.testing.assert_allclose(gradient, differences, atol=1e-8)


def test_the_pictures_draw_a_new_one(leaky):
    picture = pictures.value_and_slope(leaky)
    values, slopes = (axes.lines[0].get_ydata() for axes in picture.figure.axes)
    assert (values[0], values[-1]) == pytest.approx((-1.2, 6.0)) and set(slopes) == {0.2, 1.0}
    assert repr(picture) == LEAKY.words
    beside = pictures.slopes_through_layers(-2.0)
    assert len(beside.figure.axes) == 2 * 4
    assert repr(beside).endswith("leaky ReLU gives -0.4, slope 0.2, and ten such slopes leave 1e-07 of a gradient.")
