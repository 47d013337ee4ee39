"""Networks by design: what they start from, what they compute, and what is measured inside them."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
import tensorflow as tf

from helpers import layer_statistics, networks, training
from helpers.data import batches
from helpers.errors import ReaderError
from helpers.networks import Design, Network

SMALL = Design(hidden=(12, 7, 5), activation="sigmoid", std=0.5, seed=3)
every_activation = pytest.mark.parametrize("activation", list(networks.ACTIVATIONS))
every_start = pytest.mark.parametrize("initialisation", networks.INITIALISATIONS)


def a_batch(examples=40, seed=0):
    """Made-up images [examples, 784] and one-hot labels [examples, 10]."""
    random = np.random.default_rng(seed)
    x = (random.random((examples, 784)) * (random.random((examples, 784)) < 0.2)).astype(np.float32)
    return x, np.eye(10, dtype=np.float32)[random.integers(10, size=examples)]


def values(network):
    return [variable.numpy() for variable in (*network.weights, *network.biases)]


def same_values(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


# --- Designs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "parameters"),
    [((200, 100, 60, 30), 185_300), ((), 7850), ((1000,), 784 * 1000 + 1000 + 1000 * 10 + 10)],
)
def test_parameters_are_counted_as_the_lessons_count_them(hidden, parameters):
    design = Design(hidden=hidden)
    assert design.parameters == parameters
    assert design.parameters == sum(value.size for value in values(Network(design)))


def test_a_design_prints_as_what_it_is():
    assert str(Design()) == "784-200-100-60-30-10, sigmoid, truncated normal 1"
    assert str(Design(hidden=[20], activation="ReLU", initialisation="He")) == "784-20-10, ReLU, He"
    assert str(Design(hidden=(), initialisation="constant", std=0.01)) == "784-10, sigmoid, constant 0.01"


@every_start
def test_a_design_travels_as_json_and_back(initialisation):
    design = Design(hidden=(3, 500), activation="tanh", initialisation=initialisation, std=0.037, seed=9)
    assert Design.from_json(design.to_json()) == design
    assert "\n" not in design.to_json()


@pytest.mark.parametrize("hidden", [[20, 10], np.array([20, 10]), (np.int64(20), 10)])
def test_widths_may_come_in_any_kind_of_list(hidden):
    assert Design(hidden=hidden) == Design(hidden=(20, 10))
    assert Design.from_json(Design(hidden=hidden).to_json()).hidden == (20, 10)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"hidden": (0,)}, "hidden should be whole numbers of neurons, 1 or more, such as (200, 100); got (0,)."),
        ({"hidden": (20.0,)}, "hidden should be whole numbers"),
        ({"hidden": (True,)}, "hidden should be whole numbers"),
        ({"hidden": 200}, "such as (200, 100); got 200."),
        ({"hidden": "200"}, "hidden should be whole numbers"),
        ({"activation": "relu"}, "activation should be one of sigmoid, tanh, ReLU, none; got 'relu'."),
        (
            {"initialisation": "normal"},
            "initialisation should be one of truncated normal, uniform, He, Glorot, ",
        ),
        ({"std": -0.1}, "std should be a finite number, 0 or more; got -0.1."),
        ({"std": math.nan}, "std should be a finite number"),
        ({"std": math.inf}, "std should be a finite number"),
        ({"std": "1"}, "std should be a finite number, 0 or more; got '1'."),
        ({"seed": 0.5}, "seed should be a whole number, 0 or more; got 0.5."),
        ({"seed": -1}, "seed should be a whole number"),
    ],
)
def test_impossible_designs_are_refused_in_words(settings, words):
    with pytest.raises(ValueError) as refused:
        Design(**settings)
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "5", "[]x", '{"hidden": [0]}', '{"depth": 3}'])
def test_other_texts_are_no_designs(text):
    with pytest.raises(ReaderError):
        Design.from_json(text)


# --- What a network starts from -------------------------------------------------------------------------------------


@pytest.mark.parametrize("std", [1.0, 0.1])
def test_truncated_normal_never_lies_beyond_two_standard_deviations(std):
    for weights in networks.initial_weights(Design(std=std)):
        assert np.abs(weights).max() <= 2 * std * (1 + 1e-6)
    first = networks.initial_weights(Design(std=std))[0].numpy()
    # The tails are cut off, so what is left spreads a little less: 0.8796 standard deviations.
    assert first.std() == pytest.approx(0.8796 * std, rel=0.01)
    assert first.mean() == pytest.approx(0, abs=0.01 * std)
    assert np.abs(first).max() > 1.98 * std


def test_he_and_glorot_spread_as_their_papers_say():
    for inputs_outputs, weights in zip(
        itertools.pairwise((784, 400, 300, 10)),
        networks.initial_weights(Design(hidden=(400, 300), initialisation="He")),
        strict=True,
    ):
        assert tuple(weights.shape) == inputs_outputs
        assert np.std(weights) == pytest.approx(math.sqrt(2 / inputs_outputs[0]), rel=0.03)
    for (inputs, outputs), weights in zip(
        itertools.pairwise((784, 400, 300, 10)),
        networks.initial_weights(Design(hidden=(400, 300), initialisation="Glorot")),
        strict=True,
    ):
        reach = math.sqrt(6 / (inputs + outputs))
        assert reach * 0.98 < np.abs(weights).max() <= reach
        assert np.std(weights) == pytest.approx(math.sqrt(2 / (inputs + outputs)), rel=0.03)


def test_uniform_reaches_as_far_as_asked_to_either_side():
    first = networks.initial_weights(Design(initialisation="uniform", std=0.01))[0].numpy()
    assert (-0.01, 0.01) == pytest.approx((first.min(), first.max()), rel=0.001)
    assert first.std() == pytest.approx(0.01 / math.sqrt(3), rel=0.01)


def test_zeros_and_constants_are_just_that_and_biases_start_at_zero():
    for initialisation, value in (("zeros", 0.0), ("constant", 0.25)):
        network = Network(Design(hidden=(5,), initialisation=initialisation, std=0.25))
        assert all((weights.numpy() == value).all() for weights in network.weights)
    assert all((biases.numpy() == 0).all() for biases in Network(SMALL).biases)


def test_the_seed_alone_decides_the_numbers_and_layers_differ():
    np.random.seed(1)
    one = values(Network(SMALL))
    tf.random.set_seed(5)
    assert same_values(one, values(Network(SMALL)))
    other = values(Network(Design(hidden=(12, 7, 5), std=0.5, seed=4)))
    assert not any(np.array_equal(a, b) for a, b in zip(one[:4], other[:4], strict=True))
    square = Network(Design(hidden=(10, 10, 10))).weights
    assert not np.array_equal(square[1], square[2])


def test_std_scales_the_same_random_numbers():
    wide, narrow = (networks.initial_weights(Design(std=std))[1].numpy() for std in (1.0, 0.1))
    np.testing.assert_allclose(wide, 10 * narrow, rtol=1e-5)


@every_start
@every_activation
def test_the_code_that_is_shown_makes_the_same_network(initialisation, activation):
    design = Design(hidden=(9, 8), activation=activation, initialisation=initialisation, std=0.3, seed=2)
    pasted = {}
    exec(networks.as_code(design), pasted)
    network, (x, _) = Network(design), a_batch(3)
    assert np.array_equal(pasted["W2"], network.weights[1])
    assert np.array_equal(pasted["model"](x), network(x))


def test_start_again_sets_everything_to_the_new_start_in_the_same_variables():
    network = Network(SMALL)
    variables = [*network.weights, *network.biases]
    for variable in variables:
        variable.assign_add(tf.ones_like(variable))
    new = Design(hidden=(12, 7, 5), initialisation="He", seed=8)
    network.start_again(new)
    assert network.design == new
    assert same_values(values(network), values(Network(new)))
    assert all(a is b for a, b in zip(variables, [*network.weights, *network.biases], strict=True))


@pytest.mark.parametrize("other", [Design(hidden=(12, 7)), Design(hidden=(12, 7, 5), activation="tanh")])
def test_start_again_refuses_another_network(other):
    network = Network(SMALL)
    before = values(network)
    with pytest.raises(ValueError, match=r"it cannot become .* Build another one"):
        network.start_again(other)
    assert network.design == SMALL and same_values(before, values(network))


# --- The same in NumPy ----------------------------------------------------------------------------------------------

VALUE = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "ReLU": lambda z: np.maximum(z, 0),
    "none": lambda z: z,
}
SLOPE = {
    "sigmoid": lambda z: VALUE["sigmoid"](z) * (1 - VALUE["sigmoid"](z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "ReLU": lambda z: (z > 0).astype(float),
    "none": np.ones_like,
}


def by_hand(network, x, labels):
    """Outputs of every layer, and the gradients of the mean cross-entropy, by backpropagation in float64."""
    activation = network.design.activation
    weights, biases = ([v.numpy().astype(float) for v in each] for each in (network.weights, network.biases))
    entering, sums, signal = [], [], x.astype(float)
    for W, b in zip(weights, biases, strict=True):
        entering.append(signal)
        sums.append(signal @ W + b)
        signal = VALUE[activation](sums[-1])
    exponentials = np.exp(sums[-1] - sums[-1].max(axis=1, keepdims=True))
    delta = (exponentials / exponentials.sum(axis=1, keepdims=True) - labels) / len(x)
    of_weights, of_biases = [], []
    for layer in reversed(range(len(weights))):
        of_weights.insert(0, entering[layer].T @ delta)
        of_biases.insert(0, delta.sum(axis=0))
        if layer:
            delta = delta @ weights[layer].T * SLOPE[activation](sums[layer - 1])
    outputs = [VALUE[activation](z) for z in sums[:-1]] + [sums[-1]]
    return outputs, of_weights, of_biases


@every_activation
def test_layers_and_gradients_are_those_of_backpropagation_by_hand(activation):
    network, (x, labels) = Network(Design(hidden=(12, 7, 5), activation=activation, std=0.3, seed=1)), a_batch()
    for biases in network.biases:
        biases.assign(tf.random.stateless_normal(biases.shape, [4, 4], stddev=0.1))
    outputs, of_weights, of_biases = by_hand(network, x, labels)
    for got, expected in zip(network.layers(x), outputs, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(network(x), outputs[-1], rtol=1e-4, atol=1e-5)
    with tf.GradientTape() as tape:
        loss = training.mean_cross_entropy(labels, network(x))
    for got, expected in zip(
        tape.gradient(loss, [*network.weights, *network.biases]), [*of_weights, *of_biases], strict=True
    ):
        assert np.linalg.norm(got - expected) <= 1e-4 * np.linalg.norm(expected)


@every_activation
@pytest.mark.parametrize("loss", [training.mean_cross_entropy, training.sum_cross_entropy])
def test_the_lessons_step_by_hand_is_the_step_of_the_loop(small, activation, loss):
    design = Design(hidden=(12, 7, 5), activation=activation, std=0.3, seed=1)
    ours, theirs = Network(design), Network(design)
    rate = 0.3 if loss is training.mean_cross_entropy else 0.003
    chosen = next(batches(len(small.train), 100, seed=0))
    x = tf.constant(small.train.images[chosen].reshape(100, 784) / np.float32(255))
    labels = tf.one_hot(small.train.labels[chosen], 10)
    with tf.GradientTape() as tape:
        value = loss(labels, ours(x))
    variables = [*ours.weights, *ours.biases]
    for variable, slope in zip(variables, tape.gradient(value, variables), strict=True):
        variable.assign_sub(rate * slope)
    history = training.train(theirs, small, learning_rate=rate, steps=1, loss=loss)
    assert history.train_loss[0] == pytest.approx(
        float(training.mean_cross_entropy(labels, Network(design)(x))), rel=1e-5
    )
    for a, b in zip(values(ours), values(theirs), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


# --- What is measured inside ----------------------------------------------------------------------------------------


@every_activation
def test_statistics_of_every_layer_are_those_that_numpy_computes(activation):
    network, (x, labels) = Network(Design(hidden=(12, 7, 5), activation=activation, std=1.0, seed=6)), a_batch()
    outputs, of_weights, _ = by_hand(network, x, labels)
    inside = layer_statistics.look_inside(network, x, labels, training.mean_cross_entropy)

    def percentiles(arrays):
        return np.array([[np.quantile(array, share) for share in (0.05, 0.25, 0.5, 0.75, 0.95)] for array in arrays])

    np.testing.assert_allclose(inside.weights, percentiles([W.numpy() for W in network.weights]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(inside.activations, percentiles(outputs), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(inside.gradients, percentiles(of_weights), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(
        inside.gradient_norms, [np.sqrt((gradient**2).sum()) for gradient in of_weights], rtol=1e-4
    )
    flat = {
        "sigmoid": lambda a: (a < 0.05) | (a > 0.95),
        "tanh": lambda a: (a < -0.9) | (a > 0.9),
        "ReLU": lambda a: a == 0,
        "none": lambda a: a != a,
    }[activation]
    np.testing.assert_allclose(inside.saturated, [flat(output).mean() for output in outputs[:-1]], atol=0.01)
    dead = [np.mean([all(unit == 0) for unit in output.T]) for output in outputs[:-1]]
    np.testing.assert_allclose(inside.dead, dead)


def test_looking_inside_changes_nothing():
    network, (x, labels) = Network(SMALL), a_batch()
    before = values(network)
    layer_statistics.look_inside(network, x, labels, training.mean_cross_entropy)
    assert same_values(before, values(network))


def test_dead_units_are_those_that_are_off_for_every_image():
    network, (x, labels) = Network(Design(hidden=(4, 5), activation="ReLU", std=0.3)), a_batch()
    network.biases[0].assign([-1e3, 0, 0, -1e3])
    inside = layer_statistics.look_inside(network, x, labels, training.mean_cross_entropy)
    assert inside.dead[0] == 0.5
    network.biases[1].assign([-1e6] * 5)
    inside = layer_statistics.look_inside(network, x, labels, training.mean_cross_entropy)
    assert inside.dead[1] == inside.saturated[1] == 1
    assert inside.gradient_norms[0] == inside.gradient_norms[1] == 0


def test_a_network_without_hidden_layers_and_one_that_has_diverged_can_be_looked_into():
    x, labels = a_batch()
    inside = layer_statistics.look_inside(Network(Design(hidden=())), x, labels, training.mean_cross_entropy)
    assert len(inside.weights) == 1 and len(inside.saturated) == len(inside.dead) == 0
    for value in (np.nan, np.inf, 3e38):
        network = Network(Design(hidden=(4,), activation="ReLU"))
        network.weights[0].assign(tf.fill([784, 4], np.float32(value)))
        inside = layer_statistics.look_inside(network, x, labels, training.mean_cross_entropy)
        assert inside.activations.shape == (2, 5)


# --- At the limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activation", "flat", "alive"),
    [
        ("sigmoid", [0.0, 0.049, 0.951, 1.0], [0.051, 0.5, 0.949, 0.9]),
        ("tanh", [-1.0, -0.901, 0.901, 1.0], [-0.899, 0.0, 0.899, 0.5]),
        ("ReLU", [0.0, 0.0], [1e-6, 2.0]),
        ("none", [], [-5.0, 0.0, 5.0]),
    ],
)
def test_saturated_is_what_lies_in_the_outer_5_per_cent_or_at_0(activation, flat, alive):
    assert layer_statistics.saturated_share(np.array([flat + flat + alive]), activation) == pytest.approx(
        2 * len(flat) / (2 * len(flat) + len(alive))
    )


@pytest.mark.parametrize("settings", [{"hidden": (1,)}, {"std": 0}, {"std": np.float32(0.5)}, {"seed": np.int64(1)}])
def test_designs_at_their_limits_are_taken(settings):
    ((name, value),) = settings.items()
    assert getattr(Design(**settings), name) == value


@pytest.mark.parametrize(
    "settings",
    [
        {"dropout": 1},
        {"hidden": (5, 0)},
        {"hidden": (5, 2.5)},
        {"std": None},
        {"std": -math.inf},
        {"seed": True},
        {"seed": "0"},
    ],
)
def test_designs_beyond_their_limits_are_refused(settings):
    with pytest.raises(ValueError, match=f"{next(iter(settings))} should be"):
        Design(**settings)


def test_designs_and_statistics_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SMALL.std = 2.0
    inside = layer_statistics.look_inside(Network(SMALL), *a_batch(), training.mean_cross_entropy)
    with pytest.raises(dataclasses.FrozenInstanceError):
        inside.dead = None


def test_the_network_of_a_design_is_drawn_with_seed_0_unless_one_says_otherwise():
    default, seed_0 = Design(hidden=(4,)), Design((4,), "sigmoid", "truncated normal", 1.0, 0)
    assert default == seed_0
    seeds = [networks.initial_weights(Design((4,), seed=seed))[0].numpy() for seed in (0, 1)]
    assert not np.array_equal(*seeds)


def test_dropout_switches_off_its_share_anew_each_time_and_lets_the_rest_grow():
    design = Design(inputs=20, hidden=(1000,), activation="ReLU", dropout=0.25, seed=3)
    network, x = Network(design), tf.ones([1, 20])
    plain = network.layers(x)[0].numpy()
    first, second = (network.layers(x, training=True)[0].numpy() for _ in range(2))
    stays = (plain > 0) & (first > 0)
    assert 1 - stays.sum() / (plain > 0).sum() == pytest.approx(0.25, abs=0.06)
    assert first[stays] == pytest.approx(plain[stays] / 0.75)
    assert not np.array_equal(first, second)
    network.start_again(design)
    assert np.array_equal(network.layers(x, training=True)[0], first)  # the same run draws the same again
