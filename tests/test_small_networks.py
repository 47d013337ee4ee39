"""The small networks: what they compute, their gradients and steps, and ten of them in one stack."""

import dataclasses
import functools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import small_networks, toy_data
from helpers.plots import decision_maps
from helpers.small_designs import PROBLEMS, SmallDesign
from helpers.small_networks import ACTIVATIONS, REGULARISATIONS, Learners, SmallNetworks
from helpers.toy_data import FEATURES

STEP = 1e-5  # of the central difference, with which the error is smallest in float64
SKIPPED = 0.05  # share of parameters that may sit so near a kink of ReLU that a difference says nothing


# --- The network ----------------------------------------------------------------------------------------------------


def a_problem(activation, hidden, seeds, problem="classification"):
    """Networks in float64 with all numbers away from their start, and a batch for each."""
    design = SmallDesign(("x1", "x2", "sin x1"), hidden, activation, problem)
    networks = SmallNetworks(design, seeds, np.float64)
    random = np.random.default_rng(seeds[0])
    networks.values += random.normal(scale=0.3, size=networks.values.shape)
    x, y = random.normal(size=(len(seeds), 7, 3)), random.choice([-1.0, 1.0], size=(len(seeds), 7))
    return networks, x, y if problem == "classification" else y * random.uniform(size=y.shape)


def loss(networks, x, y, regularisation, rate):
    """The loss of each network, as the docstrings put it in words."""
    error = np.mean((networks.forward(x)[-1][..., 0] - y) ** 2, axis=1)
    part = {"none": np.zeros_like, "L1": np.abs, "L2": lambda W: W * W / 2}[regularisation]
    return error + rate * sum(part(W).sum(axis=(1, 2)) for W in networks.weights)


def on_or_off(networks, x):
    return [signal > 0 for signal in networks.forward(x)[1:-1]] if networks.design.activation == "ReLU" else []


@pytest.mark.parametrize("hidden", [(), (5,), (4, 3)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("regularisation", REGULARISATIONS)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_gradients_agree_with_differences(activation, regularisation, hidden, problem):
    networks, x, y = a_problem(activation, hidden, (1, 2), problem)
    found = networks.backward(networks.forward(x), y)
    if regularisation != "none":
        found += networks.regularisation_gradient(regularisation, 0.1)
    difference, at_a_kink = np.zeros_like(found), np.zeros_like(found, bool)
    before = on_or_off(networks, x)
    for number in range(
        networks.values.shape[1]
    ):  # of both networks at once, which have nothing to do with one another
        for sign in (1, -1):
            networks.values[:, number] += sign * STEP
            difference[:, number] += sign * loss(networks, x, y, regularisation, 0.1) / (2 * STEP)
            for old, new in zip(before, on_or_off(networks, x), strict=True):
                at_a_kink[:, number] |= (old != new).any(axis=(1, 2))
            networks.values[:, number] -= sign * STEP
    assert at_a_kink.mean() < SKIPPED
    found, difference = found[~at_a_kink], difference[~at_a_kink]
    error = np.linalg.norm(found - difference) / (np.linalg.norm(found) + np.linalg.norm(difference))
    assert error < 1e-6


def test_weights_and_biases_start_as_the_recipe_says_and_by_seed():
    networks = SmallNetworks(SmallDesign(hidden=(50, 50)), (3, 3, 4))
    assert all((b == np.float32(0.1)).all() for b in networks.biases)
    middle = networks.weights[1]
    assert np.array_equal(middle[0], middle[1]) and not np.array_equal(middle[0], middle[2])
    assert -0.5 <= middle.min() < -0.49 and 0.49 < middle.max() <= 0.5


def test_a_first_step_of_adam_moves_every_number_by_the_learning_rate():
    networks, x, y = a_problem("tanh", (5,), (1,))
    before, gradient = networks.values.copy(), networks.backward(networks.forward(x), y)
    networks.step(x, y, 0.01)
    assert networks.values - before == pytest.approx(-0.01 * np.sign(gradient), rel=1e-3)


def test_ten_in_a_stack_learn_what_each_learns_alone():
    design, seeds = SmallDesign(tuple(FEATURES), (6, 5), "tanh"), (0, 7, 8)
    planes = [toy_data.make(seed=seed) for seed in seeds]
    stack = Learners(design, planes, seeds)
    alone = [Learners(design, [plane], [seed]) for plane, seed in zip(planes, seeds, strict=True)]
    for learners in (stack, *alone):
        for _ in range(60):
            learners.step(0.01, batch_size=30, regularisation="L2", regularisation_rate=0.001)
    for place, each in enumerate(alone):
        assert stack.networks.values[place] == pytest.approx(each.networks.values[0], abs=1e-5)
        assert stack.measure()[:, place] == pytest.approx(each.measure()[:, 0], abs=1e-3)


def test_every_point_comes_once_an_epoch_and_in_another_order_the_next():
    learners = Learners(SmallDesign(), [toy_data.make(points=40)], [0])
    seen = []
    learners.networks.step = lambda x, y, rate: seen.append(x[0])
    for _ in range(8):
        learners.step(0.01, batch_size=5)
    first, second = np.concatenate(seen[:4]), np.concatenate(seen[4:])
    everything = learners.train[0][0]
    for epoch in (first, second):
        assert sorted(map(tuple, epoch)) == sorted(map(tuple, everything))
    assert not np.array_equal(first, second)


@settings(max_examples=30)
@given(
    features=st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True),
    hidden=st.lists(st.integers(1, 50), max_size=6),
    activation=st.sampled_from(list(ACTIVATIONS)),
    batch_size=st.integers(1, 700),
)
def test_any_design_learns_and_counts_its_parameters(features, hidden, activation, batch_size):
    design = SmallDesign(tuple(features), tuple(hidden), activation)
    learners = Learners(design, [toy_data.make(points=100)], [0])
    networks = learners.networks
    assert design.parameters == sum(W[0].size for W in networks.weights) + sum(b[0].size for b in networks.biases)
    before = networks.values.copy()
    for _ in range(3):
        learners.step(0.01, batch_size)
    assert np.isfinite(learners.measure()).all()
    assert not np.array_equal(networks.values, before)
    assert decision_maps.outputs(networks).shape == (1, 100, 100)


# --- Regression, and copies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", toy_data.REGRESSIONS)
def test_values_are_learned_and_have_a_loss_but_no_accuracy(kind):
    design = SmallDesign(tuple(FEATURES), (8,), "tanh", "regression")
    learners = Learners(design, [toy_data.make(kind, seed=4)], [4])
    before = learners.measure()[:, 0]
    for _ in range(1500):
        learners.step(0.02)
    loss, accuracy, test_loss, test_accuracy = learners.measure()[:, 0]
    assert loss < before[0] / 5 and test_loss < before[2] / 5
    assert np.isnan(accuracy) and np.isnan(test_accuracy)
    assert str(design) == "7-8-1 tanh on 7 features, 73 parameters, regression"


def test_a_copy_goes_its_own_way_and_one_of_a_stack_is_that_one():
    networks, x, y = a_problem("tanh", (5,), (1, 2, 3))
    networks.step(x, y, 0.01)
    twin, last = networks.copy(), networks.copy(-1)
    before = networks.values.copy()
    networks.step(x, y, 0.01)
    assert np.array_equal(twin.values, before) and np.array_equal(last.values, before[2:])
    twin.step(x, y, 0.01)
    last.step(x[2:], y[2:], 0.01)
    assert np.array_equal(twin.values, networks.values) and last.values == pytest.approx(networks.values[2:])
    assert (networks.steps, twin.steps, last.steps) == (2, 2, 2)
    networks.restore(twin)
    assert networks.weights[0].base is not None and np.array_equal(networks.weights[0], twin.weights[0])
    with pytest.raises(IndexError):
        networks.copy(3)


def test_networks_that_are_handed_in_are_those_that_learn():
    networks = SmallNetworks(SmallDesign(), [9])
    learners = Learners(networks.design, [toy_data.make(points=40)], [0], networks)
    learners.step(0.01)
    assert learners.networks is networks and networks.steps == 1


# --- Ten at a time --------------------------------------------------------------------------------------------------


def test_ten_networks_are_told_apart_by_their_seeds_and_come_out_the_same_again():
    trials, again = (small_networks.try_ten((4,), steps=50, seed=20) for _ in range(2))
    assert trials.seeds == tuple(range(20, 30)) and trials.test_accuracy.shape == (10,)
    assert np.array_equal(trials.test_accuracy, again.test_accuracy)
    assert len(set(trials.test_accuracy)) > 3
    shifted = small_networks.try_ten((4,), steps=50, seed=21)
    assert shifted.test_accuracy[:9] == pytest.approx(trials.test_accuracy[1:], abs=0.01)


def test_rates_side_by_side_are_what_each_alone_would_be():
    settings = {"steps": 60, "seeds": 3, "seed": 20, "initialisation": "He"}
    both = small_networks.try_rates((4,), [0.01, 0.1], **settings)
    for rate, trials in both.items():
        alone = small_networks.try_rates((4,), [rate], **settings)[rate]
        assert trials.seeds == alone.seeds == (20, 21, 22)
        assert np.allclose(trials.networks.values, alone.networks.values, atol=1e-5)
    assert not np.allclose(both[0.01].networks.values, both[0.1].networks.values, atol=1e-2)
    assert "of 3 reach" in repr(both[0.01])


def test_other_points_and_another_start_than_the_usual_ones():
    def begin(networks):
        networks.biases[0][...] = np.arange(3).reshape(3, 1, 1)

    points = functools.partial(toy_data.make, "circle", points=40)
    settings = {"steps": 1, "seeds": 3, "seed": 5, "begin": begin}
    rates = small_networks.try_rates((4,), [1e-9, 1e-8], plane=lambda seed: points(seed=seed), **settings)
    for trials in rates.values():
        assert [each.train.x.tolist() for each in trials.planes] == [points(seed=n).train.x.tolist() for n in (5, 6, 7)]
        assert np.allclose(trials.networks.biases[0], [[[0.0] * 4], [[1.0] * 4], [[2.0] * 4]], atol=1e-6)
        assert np.allclose(trials.networks.weights[0], SmallNetworks(trials.design, (5, 6, 7)).weights[0], atol=1e-6)


def test_hes_start_fits_the_inputs_of_each_layer():
    networks = SmallNetworks(SmallDesign(hidden=(24, 6), initialisation="He"), seeds=range(40))
    for W in networks.weights:
        reach = (6 / W.shape[1]) ** 0.5
        assert 0.9 * reach < np.abs(W).max() <= reach


def test_success_is_counted_from_95_per_cent():
    trials = small_networks.try_ten((4,), steps=1)
    accuracy = np.array([0.95, 0.949, 1.0, *[0.5] * 7], np.float32)
    trials = dataclasses.replace(trials, test_accuracy=accuracy)
    assert trials.reached == 2
    assert trials.figures == {"reached": 2, "median": 0.5, "lowest": 0.5}
    assert repr(trials).endswith("2 of 10 reach 95%; median 50.0%, from 50.0% to 100.0%.")
    assert "one: 2 of 10; two: 2 of 10" in decision_maps.success({"one": trials, "two": trials}).words
    assert "2 of 10 reach 95%" in decision_maps.ten(trials).words
    by_rate = decision_maps.by_rate({"one": {0.01: trials, 0.1: trials}}).words
    assert "one: 2 of 10 at rate 0.01, 2 of 10 at rate 0.1" in by_rate


# --- TensorFlow as the judge ----------------------------------------------------------------------------------------

TENSORFLOWS = {"ReLU": tf.nn.relu, "tanh": tf.tanh, "sigmoid": tf.sigmoid, "none": tf.identity}
PENALTIES = {"none": tf.zeros_like, "L1": tf.abs, "L2": lambda W: W**2 / 2}
every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)
every_regularisation = pytest.mark.parametrize("regularisation", REGULARISATIONS)


def on_the_tape(variables, activation, x, y, regularisation, rate, problem="classification"):
    """Outputs and gradients of the stack with weights and biases `variables`, in turns, as TensorFlow has them."""
    with tf.GradientTape() as tape:
        signal = x
        for W, b in zip(variables[:-2:2], variables[1:-2:2], strict=True):
            signal = TENSORFLOWS[activation](signal @ W + b)
        output = (signal @ variables[-2] + variables[-1])[..., 0]
        output = tf.tanh(output) if problem == "classification" else output
        penalty = sum(tf.reduce_sum(PENALTIES[regularisation](W)) for W in variables[::2])
        value = tf.reduce_sum(tf.reduce_mean((output - y) ** 2, axis=1)) + rate * penalty
    return output, tape.gradient(value, variables)


def in_turns(parts):
    """The weights and biases of a network's layers, each layer's weights before its biases."""
    return [part for layer in zip(*parts, strict=True) for part in layer]


@every_activation
@every_regularisation
@pytest.mark.parametrize("hidden", [(), (5,), (4, 3)])
@pytest.mark.parametrize("problem", PROBLEMS)
def test_outputs_and_gradients_are_tensorflows(activation, regularisation, hidden, problem):
    networks, x, y = a_problem(activation, hidden, (1, 2), problem)
    signals = networks.forward(x)
    gradient = networks.backward(signals, y)
    if regularisation != "none":
        gradient += networks.regularisation_gradient(regularisation, 0.1)
    variables = [tf.Variable(part) for part in in_turns((networks.weights, networks.biases))]
    output, expected = on_the_tape(variables, activation, x, y, regularisation, 0.1, problem)
    assert signals[-1][..., 0] == pytest.approx(output.numpy(), abs=1e-6)
    for part, of_tape in zip(in_turns(networks.layers(gradient)), expected, strict=True):
        assert part == pytest.approx(of_tape.numpy(), abs=1e-6)


def follow_keras(networks, x, y, rates, regularisation, rate, optimiser="Adam"):
    """Take the same steps with the networks and with Keras' optimiser; return the values that each ends with.

    We divide by √v̂ + ε, as Adam's paper does in its algorithm. Keras divides by √v + ε instead, where v is not yet
    corrected for having begun at 0, v̂ = v / (1 − 0.999^t). So at step t its ε has to be ours times √(1 − 0.999^t).
    """
    values = tf.keras.Variable(networks.values, dtype="float64")
    if optimiser == "Adam":
        keras = tf.keras.optimizers.Adam(beta_1=np.float64(0.9), beta_2=np.float64(0.999))  # plain 0.9: a float32
    else:
        keras = tf.keras.optimizers.SGD()
    for number, learning_rate in enumerate(rates, start=1):
        variables = [tf.Variable(part) for part in in_turns(networks.layers(values.numpy()))]
        _, of_tape = on_the_tape(variables, networks.design.activation, x, y, regularisation, rate)
        gradient = np.empty_like(networks.values)
        for part, got in zip(in_turns(networks.layers(gradient)), of_tape, strict=True):
            part[...] = got
        keras.learning_rate, keras.epsilon = learning_rate, 1e-8 * np.sqrt(1 - 0.999**number)
        keras.apply([gradient], [values])
        networks.step(x, y, learning_rate, regularisation, rate, optimiser)
    return networks.values, values.numpy()


@every_activation
@every_regularisation
@pytest.mark.parametrize(("optimiser", "moved"), [("Adam", 0.03), ("gradient descent", 0.01)])
def test_steps_are_those_of_kerass_optimisers(activation, regularisation, optimiser, moved):
    networks, x, y = a_problem(activation, (5, 4), (1, 2))
    before = networks.values.copy()
    rates = 0.03 * (1 - np.arange(10) / 10)  # falling, as in the lesson
    ours, theirs = follow_keras(networks, x, y, rates, regularisation, 0.01, optimiser)
    assert ours == pytest.approx(theirs, abs=1e-6)
    assert np.abs(networks.values - before).mean() > moved


def test_adam_begins_anew_after_steps_of_gradient_descent():
    networks, x, y = a_problem("tanh", (5,), (1, 2))
    for optimiser in ("Adam", "gradient descent", "Adam"):
        ours, theirs = follow_keras(
            networks, x, y, [0.03] * 4, "L2", 0.01, optimiser
        )  # Keras' is a fresh one each time
        assert ours == pytest.approx(theirs, abs=1e-6)
    assert networks.steps == 12


def test_an_optimiser_that_there_is_not_is_refused_in_words_and_changes_nothing():
    networks, x, y = a_problem("tanh", (5,), (1,))
    before = networks.values.copy()
    with pytest.raises(ValueError, match="optimiser should be one of Adam, gradient descent; got 'SGD'"):
        networks.step(x, y, 0.01, optimiser="SGD")
    assert np.array_equal(networks.values, before) and networks.steps == 0


def test_where_hardly_any_slope_is_left_steps_are_those_of_kerass_adam_too():
    networks, x, y = a_problem("none", (), (1, 2))
    networks.values *= 1e-9  # so that outputs nearly are what they should be, and slopes as small as Adam's ε
    ours, theirs = follow_keras(networks, x, 0 * y, [1e-3] * 5, "none", 0.0)
    assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-9)


def test_a_regularisation_without_a_rate_pulls_at_nothing():
    (one, x, y), (other, _, _) = (a_problem("tanh", (5,), (1,)) for _ in range(2))
    one.step(x, y, 0.01, "L2")
    other.step(x, y, 0.01)
    assert np.array_equal(one.values, other.values)


# --- What is said, and what is left to itself -----------------------------------------------------------------------


def test_networks_are_of_seed_0_and_float32_unless_one_says_otherwise():
    networks = SmallNetworks(SmallDesign())
    assert networks.values.dtype == np.float32
    assert np.array_equal(networks.values, SmallNetworks(SmallDesign(), (0,)).values)


def test_what_is_left_of_an_epoch_is_left_out():
    learners, seen = Learners(SmallDesign(), [toy_data.make(points=40)], [0]), []
    learners.networks.step = lambda x, y, rate: seen.append(set(map(tuple, x[0])))
    for _ in range(20):
        learners.step(0.01, batch_size=8)  # of 20 points, so that 4 stay
    assert {len(batch) for batch in seen} == {8}
    assert all(first.isdisjoint(second) for first, second in zip(seen[::2], seen[1::2], strict=True))
    assert set.union(*seen) == set(map(tuple, learners.train[0][0]))


def test_steps_to_the_end_of_an_epoch_are_those_for_which_a_whole_batch_is_left():
    learners = Learners(SmallDesign(), [toy_data.make(points=40)], [0])  # 20 of them to learn from
    assert [learners.to_the_end(size) for size in (1, 8, 10, 20, 50)] == [20, 2, 2, 1, 1]
    learners.step(0.01, 3)
    assert [learners.to_the_end(size) for size in (1, 8, 10, 17, 18, 50)] == [17, 2, 1, 1, 1, 1]


def test_an_epoch_is_counted_when_it_begins_whatever_the_sizes_of_its_batches():
    learners, begun = Learners(SmallDesign(), [toy_data.make(points=40)], [0]), []
    for size in (5, 5, 10, 20, 20, 1, 1, 18, 2):  # of 20: a whole epoch, two of one batch, one that all but ends
        learners.step(0.01, size)
        begun.append(learners.epochs)
    assert begun == [1, 1, 1, 2, 3, 4, 4, 4, 5] and learners.steps == learners.networks.steps == 9
    learners.learn_from([toy_data.make(points=40, seed=1)])
    learners.step(0.01, 1)
    assert learners.epochs == 6 and learners.steps == 10  # 18 points of the fifth are never shown


def test_points_keep_their_kind_and_every_network_learns_from_its_own():
    planes = [toy_data.make(points=40, seed=seed) for seed in (1, 2)]
    learners, seen = Learners(SmallDesign(), planes, (1, 2)), []
    learners.networks.step = lambda x, y, rate: seen.append((x, y))
    learners.step(0.01, batch_size=20)
    ((x, y),) = seen
    for place, plane in enumerate(planes):
        kinds = {
            tuple(point): kind for point, kind in zip(plane.train.x.astype(np.float32), plane.train.y, strict=True)
        }
        assert [kinds[tuple(point)] for point in x[place]] == y[place].tolist()


def test_figures_are_those_of_each_networks_own_points():
    planes = [
        toy_data.make("two clouds", points=60, train_share=share, seed=seed) for share, seed in ((0.4, 1), (0.4, 2))
    ]
    learners = Learners(SmallDesign(hidden=(5,)), planes, (1, 2))
    figures = learners.measure()
    for place, (plane, seed) in enumerate(zip(planes, (1, 2), strict=True)):
        alone, expected = SmallNetworks(SmallDesign(hidden=(5,)), (seed,)), []
        for points in (plane.train, plane.test):
            output = alone.forward(points.x)[-1][0, :, 0]
            right = [(value > 0) == (kind > 0) for value, kind in zip(output, points.y, strict=True)]
            expected += [sum((output - points.y) ** 2) / len(points.y), sum(right) / len(right)]
        assert figures[:, place] == pytest.approx(expected, rel=1e-5)


def test_the_recipe_is_5000_steps_of_50_points_at_a_rate_that_falls_from_a_hundredth_to_0(monkeypatch):
    steps = []
    monkeypatch.setattr(SmallNetworks, "step", lambda _, x, y, rate: steps.append((x.shape, y.shape, rate)))
    trials = small_networks.try_ten()
    assert np.allclose([rate for *_, rate in steps], np.linspace(0.01, 0, 5001)[:-1, None, None])
    assert {(x, y) for x, y, _ in steps} == {((10, 50, 2), (10, 50))}
    assert trials.seeds == tuple(range(10))
    assert str(trials.design) == str(SmallDesign())
    assert [plane.test.x.tolist() for plane in trials.planes] == [
        toy_data.make(noise=0, seed=seed).test.x.tolist() for seed in range(10)
    ]


def test_trials_tell_the_accuracy_on_the_test_points_and_cannot_be_changed():
    trials = small_networks.try_ten((6,), steps=200, noise=0.3)
    for place, plane in enumerate(trials.planes):
        output = trials.networks.forward(plane.test.x.astype(np.float32))[-1][place, :, 0]
        assert trials.test_accuracy[place] == pytest.approx(np.mean(np.sign(output) == plane.test.y))
    with pytest.raises(dataclasses.FrozenInstanceError):
        trials.test_accuracy = np.ones(10)


def test_the_order_of_points_is_drawn_apart_from_the_weights():
    learners = Learners(SmallDesign(), [toy_data.make(points=40)], [0])
    assert learners.randoms[0].random() != np.random.default_rng(0).random()
