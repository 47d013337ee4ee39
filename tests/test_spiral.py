"""The spiral and the small networks: data sets, features, gradients, and ten networks in one stack."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import maps, small_network, spiral
from helpers.small_network import ACTIVATIONS, REGULARISATIONS, Learners, SmallDesign, SmallNetworks
from helpers.spiral import FEATURES, KINDS

STEP = 1e-5  # of the central difference, with which the error is smallest in float64
SKIPPED = 0.05  # share of parameters that may sit so near a kink of ReLU that a difference says nothing


# --- Data -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_data_set_has_two_kinds_of_points_and_is_split(kind):
    plane = spiral.make(kind, points=200, train_share=0.3, seed=4)
    assert (plane.train.x.shape, plane.train.y.shape) == ((60, 2), (60,))
    assert (plane.test.x.shape, plane.test.y.shape) == ((140, 2), (140,))
    y = np.concatenate([plane.train.y, plane.test.y])
    assert sorted(set(y)) == [-1, 1] and y.sum() == 0
    assert repr(plane) == f"{kind}: 60 points to learn from, 140 to test with"
    assert maps.points(plane).words.startswith(repr(plane))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_points_and_another_seed_others(kind):
    one, again, other = (spiral.make(kind, noise=0.1, seed=seed) for seed in (3, 3, 5))
    assert np.array_equal(one.train.x, again.train.x) and np.array_equal(one.test.y, again.test.y)
    assert not np.array_equal(one.train.x, other.train.x)


def all_points(plane):
    return np.concatenate([plane.train.x, plane.test.x]), np.concatenate([plane.train.y, plane.test.y])


def test_the_arms_of_the_spiral_go_round_one_and_three_quarter_times_and_are_one_turned_round():
    x, y = all_points(spiral.make())
    radius = np.hypot(*x.T)
    first, second = (x[y == kind][np.argsort(radius[y == kind])] for kind in (1, -1))
    assert first == pytest.approx(-second)
    angle = np.unwrap(np.arctan2(*first.T))
    assert angle[-1] - angle[0] == pytest.approx(1.75 * 2 * np.pi, rel=0.01)
    assert radius.max() == pytest.approx(5)


def test_without_noise_each_kind_lies_where_it_should():
    x, y = all_points(spiral.make("circle"))
    assert np.array_equal(np.hypot(*x.T) < 3, y > 0)
    x, y = all_points(spiral.make("exclusive or"))
    assert np.array_equal(x[:, 0] * x[:, 1] > 0, y > 0)
    assert (y[(x > 0).all(axis=1)] == 1).sum() > 100  # both of its squares have points
    x, y = all_points(spiral.make("two clouds"))
    assert x[y > 0].mean(axis=0) == pytest.approx([2, 2], abs=0.2)
    assert x[y < 0].mean(axis=0) == pytest.approx([-2, -2], abs=0.2)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_moves_every_point_by_no_more_than_it_says(kind):
    still, moved = (all_points(spiral.make(kind, noise=noise)) for noise in (0, 0.5))
    assert np.array_equal(still[1], moved[1])
    away = np.abs(moved[0] - still[0])
    assert 0.45 < away.max() <= 0.5


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "helix"}, "no data set 'helix'"),
        ({"points": 7}, "even whole number"),
        ({"noise": -0.1}, "from 0 to 6"),
        ({"train_share": 1}, "have to stay for the test"),
        ({"points": 10, "train_share": 0.01}, "leaves none to learn from"),
        ({"seed": -1}, "seed should be"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_words(wrong, words):
    with pytest.raises(ValueError, match=words):
        spiral.make(**wrong)


def test_features_are_what_their_names_say():
    x = np.array([[2.0, -3.0], [0.5, 1.0]])
    expected = [x[:, 0], x[:, 1], x[:, 0] ** 2, x[:, 1] ** 2, x[:, 0] * x[:, 1], np.sin(x[:, 0]), np.sin(x[:, 1])]
    assert spiral.features(x, tuple(FEATURES)) == pytest.approx(np.stack(expected, axis=1))
    assert spiral.features(x, ["x1x2"]) == pytest.approx(np.array([[-6.0], [0.5]]))


@pytest.mark.parametrize(
    ("names", "error", "words"),
    [
        ("x1", TypeError, "list of names"),
        (["x3"], ValueError, "no feature 'x3'"),
        ([], ValueError, "at least one"),
        (["x1", "x1"], ValueError, "each once"),
    ],
)
def test_wrong_features_are_refused_in_words(names, error, words):
    with pytest.raises(error, match=words):
        spiral.features(np.zeros((3, 2)), names)


# --- The network ----------------------------------------------------------------------------------------------------


def a_problem(activation, hidden, seeds):
    """Networks in float64 with all numbers away from their start, a batch for each, and what the loss then is."""
    design = SmallDesign(("x1", "x2", "sin x1"), hidden, activation)
    networks = SmallNetworks(design, seeds, np.float64)
    random = np.random.default_rng(seeds[0])
    networks.values += random.normal(scale=0.3, size=networks.values.shape)
    x, y = random.normal(size=(len(seeds), 7, 3)), random.choice([-1.0, 1.0], size=(len(seeds), 7))
    return networks, x, y


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
def test_gradients_agree_with_differences(activation, regularisation, hidden):
    networks, x, y = a_problem(activation, hidden, (1, 2))
    found = networks.backward(networks.forward(x), y)
    if regularisation != "none":
        found += networks.pull(regularisation, 0.1)
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
    planes = [spiral.make(seed=seed) for seed in seeds]
    stack = Learners(design, planes, seeds)
    alone = [Learners(design, [plane], [seed]) for plane, seed in zip(planes, seeds, strict=True)]
    for learners in (stack, *alone):
        for _ in range(60):
            learners.step(0.01, batch_size=30, regularisation="L2", regularisation_rate=0.001)
    for place, each in enumerate(alone):
        assert stack.networks.values[place] == pytest.approx(each.networks.values[0], abs=1e-5)
        assert stack.measure()[:, place] == pytest.approx(each.measure()[:, 0], abs=1e-3)


def test_every_point_comes_once_an_epoch_and_in_another_order_the_next():
    learners = Learners(SmallDesign(), [spiral.make(points=40)], [0])
    seen = []
    learners.networks.step = lambda x, y, rate: seen.append(x[0])
    for _ in range(8):
        learners.step(0.01, batch_size=5)
    first, second = np.concatenate(seen[:4]), np.concatenate(seen[4:])
    everything = learners.train[0][0]
    for epoch in (first, second):
        assert sorted(map(tuple, epoch)) == sorted(map(tuple, everything))
    assert not np.array_equal(first, second)


@settings(max_examples=30, deadline=None)
@given(
    features=st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True),
    hidden=st.lists(st.integers(1, 50), max_size=6),
    activation=st.sampled_from(list(ACTIVATIONS)),
    batch_size=st.integers(1, 700),
)
def test_any_design_learns_and_counts_its_parameters(features, hidden, activation, batch_size):
    design = SmallDesign(tuple(features), tuple(hidden), activation)
    learners = Learners(design, [spiral.make(points=100)], [0])
    networks = learners.networks
    assert design.parameters == sum(W[0].size for W in networks.weights) + sum(b[0].size for b in networks.biases)
    before = networks.values.copy()
    for _ in range(3):
        learners.step(0.01, batch_size)
    assert np.isfinite(learners.measure()).all()
    assert not np.array_equal(networks.values, before)
    assert maps.outputs(networks).shape == (1, 100, 100)


@pytest.mark.parametrize("wrong", [{"hidden": (0,)}, {"hidden": (51,)}, {"hidden": (2,) * 7}, {"activation": "swish"}])
def test_designs_that_cannot_be_built_are_refused_in_words(wrong):
    with pytest.raises(ValueError, match=r"hidden should list|no activation 'swish'"):
        SmallDesign(**wrong)
    assert dataclasses.replace(SmallDesign(), hidden=(50,) * 6).sizes == (2, *[50] * 6, 1)


# --- Ten at a time --------------------------------------------------------------------------------------------------


def test_ten_networks_are_told_apart_by_their_seeds_and_come_out_the_same_again():
    trials, again = (small_network.try_ten((4,), steps=50, seed=20) for _ in range(2))
    assert trials.seeds == tuple(range(20, 30)) and trials.test_accuracy.shape == (10,)
    assert np.array_equal(trials.test_accuracy, again.test_accuracy)
    assert len(set(trials.test_accuracy)) > 3
    shifted = small_network.try_ten((4,), steps=50, seed=21)
    assert shifted.test_accuracy[:9] == pytest.approx(trials.test_accuracy[1:], abs=0.01)


def test_success_is_counted_from_95_per_cent():
    trials = small_network.try_ten((4,), steps=1)
    accuracy = np.array([0.95, 0.949, 1.0, *[0.5] * 7], np.float32)
    trials = dataclasses.replace(trials, test_accuracy=accuracy)
    assert trials.reached == 2
    assert trials.figures == {"reached": 2, "median": 0.5, "lowest": 0.5}
    assert repr(trials).endswith("2 of 10 reach 95%; median 50.0%, from 50.0% to 100.0%.")
    assert "one: 2 of 10; two: 2 of 10" in maps.success({"one": trials, "two": trials}).words
    assert "2 of 10 reach 95%" in maps.ten(trials).words


def test_the_boundary_is_drawn_where_the_sign_changes():
    values = np.full((6, 6), -1.0)
    values[:, 3:] = 1.0
    image = maps.with_boundary(values)
    dark = (image < 60).all(axis=-1)
    assert dark[:, 2].all() and dark.sum() == 6
    blue, orange = image[0, 5].astype(int), image[0, 0].astype(int)
    assert blue[2] > blue[0] and orange[0] > orange[2]
    assert maps.features().words.startswith("The seven features")
