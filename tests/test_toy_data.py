"""Points of two kinds on a plane, and the features that a network may be given of them."""

import dataclasses

import numpy as np
import pytest

from helpers import toy_data
from helpers.plots import decision_maps
from helpers.toy_data import FEATURES, KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_data_set_has_two_kinds_of_points_and_is_split(kind):
    plane = toy_data.make(kind, points=200, train_share=0.3, seed=4)
    assert (plane.train.x.shape, plane.train.y.shape) == ((60, 2), (60,))
    assert (plane.test.x.shape, plane.test.y.shape) == ((140, 2), (140,))
    y = np.concatenate([plane.train.y, plane.test.y])
    assert sorted(set(y)) == [-1, 1] and y.sum() == 0
    assert repr(plane) == f"{kind}: 60 points to learn from, 140 to test with"
    assert decision_maps.points(plane).words.startswith(repr(plane))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_points_and_another_seed_others(kind):
    one, again, other = (toy_data.make(kind, noise=0.1, seed=seed) for seed in (3, 3, 5))
    assert np.array_equal(one.train.x, again.train.x) and np.array_equal(one.test.y, again.test.y)
    assert not np.array_equal(one.train.x, other.train.x)


def all_points(plane):
    return np.concatenate([plane.train.x, plane.test.x]), np.concatenate([plane.train.y, plane.test.y])


def test_the_arms_of_the_spiral_go_round_one_and_three_quarter_times_and_are_one_turned_round():
    x, y = all_points(toy_data.make())
    radius = np.hypot(*x.T)
    first, second = (x[y == kind][np.argsort(radius[y == kind])] for kind in (1, -1))
    assert first == pytest.approx(-second)
    angle = np.unwrap(np.arctan2(*first.T))
    assert angle[-1] - angle[0] == pytest.approx(1.75 * 2 * np.pi, rel=0.01)
    assert radius.max() == pytest.approx(5)


def test_without_noise_each_kind_lies_where_it_should():
    x, y = all_points(toy_data.make("circle"))
    assert np.array_equal(np.hypot(*x.T) < 3, y > 0)
    x, y = all_points(toy_data.make("exclusive or"))
    assert np.array_equal(x[:, 0] * x[:, 1] > 0, y > 0)
    assert (y[(x > 0).all(axis=1)] == 1).sum() > 100  # both of its squares have points
    x, y = all_points(toy_data.make("two clouds"))
    assert x[y > 0].mean(axis=0) == pytest.approx([2, 2], abs=0.2)
    assert x[y < 0].mean(axis=0) == pytest.approx([-2, -2], abs=0.2)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_moves_every_point_by_no_more_than_it_says(kind):
    still, moved = (all_points(toy_data.make(kind, noise=noise)) for noise in (0, 0.5))
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
        toy_data.make(**wrong)


def test_features_are_what_their_names_say():
    x = np.array([[2.0, -3.0], [0.5, 1.0]])
    expected = [x[:, 0], x[:, 1], x[:, 0] ** 2, x[:, 1] ** 2, x[:, 0] * x[:, 1], np.sin(x[:, 0]), np.sin(x[:, 1])]
    assert toy_data.features(x, tuple(FEATURES)) == pytest.approx(np.stack(expected, axis=1))
    assert toy_data.features(x, ["x1x2"]) == pytest.approx(np.array([[-6.0], [0.5]]))


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
        toy_data.features(np.zeros((3, 2)), names)


# --- Where the points lie -------------------------------------------------------------------------------------------


def test_a_plane_has_500_points_to_learn_from_and_as_many_to_test_with_unless_one_says_otherwise():
    plane = toy_data.make()
    assert repr(plane) == "spiral: 500 points to learn from, 500 to test with"
    asked_for = toy_data.make("spiral", points=1000, noise=0, train_share=0.5, seed=0)
    assert np.array_equal(plane.train.x, asked_for.train.x) and np.array_equal(plane.test.y, asked_for.test.y)


def test_planes_and_points_cannot_be_changed():
    plane = toy_data.make()
    with pytest.raises(dataclasses.FrozenInstanceError):
        plane.train = plane.test
    with pytest.raises(dataclasses.FrozenInstanceError):
        plane.train.x = plane.test.x


def test_the_first_arm_winds_out_of_the_middle_clockwise_and_ends_on_the_left():
    x, y = all_points(toy_data.make())
    arm = x[y > 0][np.argsort(np.hypot(*x[y > 0].T))]
    assert arm[0] == pytest.approx([0, 0], abs=0.02)
    assert arm[-1] == pytest.approx([-5, 0])
    half_a_turn = np.argmin(np.abs(np.hypot(*arm.T) - 5 * 0.5 / 1.75))
    assert arm[half_a_turn] == pytest.approx([0, -5 * 0.5 / 1.75], abs=0.02)
    assert (arm[:half_a_turn, 0] > 0).all()


def shares_of_the_quarters(x):
    """How many of the points lie in each quarter of the plane."""
    return [np.mean((np.sign(x) == signs).all(axis=1)) for signs in ([1, 1], [1, -1], [-1, 1], [-1, -1])]


def test_the_disc_and_the_ring_are_full_and_lie_apart():
    x, y = all_points(toy_data.make("circle", points=4000))
    radius = np.hypot(*x.T)
    disc, ring = radius[y > 0], radius[y < 0]
    assert (0, 2.5, 3.5, 5) == pytest.approx((disc.min(), disc.max(), ring.min(), ring.max()), abs=0.01)
    assert (disc.max(), ring.max()) <= (2.5, 5) and ring.min() >= 3.5
    assert shares_of_the_quarters(x) == pytest.approx([0.25] * 4, abs=0.03)


def test_the_four_squares_are_full_alike_and_keep_off_the_axes():
    x, _ = all_points(toy_data.make("exclusive or", points=4000))
    assert (0.3, 5) == pytest.approx((np.abs(x).min(), np.abs(x).max()), abs=0.01)
    assert shares_of_the_quarters(x) == pytest.approx([0.25] * 4, abs=0.03)


def test_the_clouds_are_round_and_spread_by_1():
    x, y = all_points(toy_data.make("two clouds", points=4000))
    away = x - 2 * y[:, None]
    assert np.cov(away.T) == pytest.approx(np.eye(2), abs=0.08)


def test_noise_moves_points_as_often_one_way_as_the_other():
    still, moved = (all_points(toy_data.make(noise=noise))[0] for noise in (0, 6))
    assert (moved - still).mean(axis=0) == pytest.approx([0, 0], abs=0.4)
    assert (moved - still).min(axis=0) == pytest.approx([-6, -6], abs=0.1)


# --- Settings at their limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"points": 10},
        {"noise": 6},
        {"noise": np.float32(0.5)},
        {"points": 10, "train_share": 0.1},
        {"seed": np.int64(1)},
    ],
)
def test_settings_at_their_limits_are_taken(settings):
    plane = toy_data.make(**settings)
    assert len(plane.train.y) + len(plane.test.y) == settings.get("points", 1000)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"points": 8}, "an even whole number of 10 or more"),
        ({"points": 11}, "an even whole number of 10 or more"),
        ({"points": "100"}, "an even whole number of 10 or more"),
        ({"points": 100.0}, "an even whole number of 10 or more"),
        ({"noise": 6.01}, "noise should be a number from 0 to 6"),
        ({"noise": "0.2"}, "noise should be a number from 0 to 6"),
        ({"train_share": 0}, "train_share should lie between 0 and 1"),
        ({"train_share": "half"}, "train_share should lie between 0 and 1"),
        ({"points": 10, "train_share": 0.99}, "none to learn from, or none to test"),
        ({"seed": 0.5}, "seed should be a whole number of 0 or more"),
        ({"seed": "0"}, "seed should be a whole number of 0 or more"),
    ],
)
def test_settings_beyond_their_limits_are_refused_in_words(wrong, words):
    with pytest.raises(ValueError, match=words):
        toy_data.make(**wrong)


# --- Regression, and points of one's own ----------------------------------------------------------------------------


def test_the_plane_climbs_to_the_upper_right_and_the_gaussians_are_hills_and_hollows():
    x, y = all_points(toy_data.make("plane"))
    assert y == pytest.approx(x.sum(axis=1) / 12)
    x, y = all_points(toy_data.make("gaussians", points=4000))
    assert np.abs(y).max() <= 1.01 and np.abs(x).max() <= 6
    expected = 0
    for place, middle in enumerate([(x1, x2) for x2 in (2.5, -2.5) for x1 in (-4, 0, 4)]):
        expected += (-1) ** place * np.exp(-((x - middle) ** 2).sum(axis=1) / 2)  # by turns up and down, spread 1
    assert y == pytest.approx(expected)


def test_a_data_set_knows_its_problem():
    assert toy_data.make("plane").problem == toy_data.make("gaussians").problem == "regression"
    assert {toy_data.make(kind).problem for kind in KINDS} == {"classification"}


def test_noise_moves_points_and_leaves_them_their_values():
    (still, values), (moved, same) = (all_points(toy_data.make("plane", noise=noise, seed=1)) for noise in (0, 1))
    assert np.array_equal(values, same) and 0.9 < np.abs(moved - still).max() <= 1


def test_the_squares_of_the_chessboard_change_their_kind_from_one_to_the_next():
    x, y = all_points(toy_data.make("chessboard", points=4000))
    squares = np.floor(x / 2.5).astype(int)
    assert np.array_equal(y > 0, squares.sum(axis=1) % 2 == 0)
    assert sorted(map(tuple, np.unique(squares, axis=0))) == [(i, j) for i in range(-2, 2) for j in range(-2, 2)]
    inside = x - 2.5 * squares
    assert (0.15, 2.35) == pytest.approx((inside.min(), inside.max()), abs=0.01)  # so that neighbours lie apart


def test_the_moons_reach_into_one_another_and_do_not_touch():
    x, y = all_points(toy_data.make("two moons"))
    one, other = x[y > 0], x[y < 0]
    assert one[:, 0].max() > other[:, 0].min() and one[:, 1].min() < other[:, 1].max()
    assert np.hypot(*(one[:, None] - other[None]).transpose(2, 0, 1)).min() > 0.4


def test_the_moons_are_half_rings_one_open_below_and_one_above():
    x, y = all_points(toy_data.make("two moons", points=4000))
    for kind in (1, -1):
        ring = x[y == kind] + [kind * 1.5, kind * 0.75]
        width = np.hypot(*ring.T)
        assert (2.6, 3.4) == pytest.approx((width.min(), width.max()), abs=0.01)
        assert (kind * ring[:, 1] >= 0).all()
        assert ring[:, 0].mean() == pytest.approx(0, abs=0.2) and np.abs(ring[:, 0]).max() > 3.3


def test_points_of_ones_own_keep_their_kinds_and_places_if_they_fit():
    points = np.array([[x1, x2] for x1 in range(-4, 5) for x2 in range(-4, 5)])
    labels = ["inside" if np.hypot(*point) < 3 else "outside" for point in points]
    own, words = toy_data.own_points(points, labels)
    assert np.array_equal(own.x, points) and words == "inside is shown as −1, outside as 1."
    plane = toy_data.of_points(own, train_share=0.3, seed=2)
    x, y = all_points(plane)
    assert np.array_equal(y > 0, np.hypot(*x.T) >= 3) and len(plane.train.y) == round(0.3 * 81)
    assert plane.problem == "classification" and repr(plane) == "your points: 24 points to learn from, 57 to test with"


@pytest.mark.parametrize(("scale", "shift"), [(1000, 0), (0.01, 0), (1, 90), (1e-9, 1e-9)])
def test_points_that_do_not_fit_are_moved_and_scaled_both_ways_alike(scale, shift):
    points = np.random.default_rng(0).normal(size=(50, 2)) * [1, 2]
    own, words = toy_data.own_points(points * scale + shift, np.arange(50) % 2)
    assert np.abs(own.x).max() == pytest.approx(5)
    ratio = np.ptp(own.x, axis=0) / np.ptp(points, axis=0)
    assert ratio[0] == pytest.approx(ratio[1], rel=1e-4)
    assert "moved and scaled" in words


SQUARE = np.random.default_rng(1).uniform(-5, 5, size=(20, 2))


@pytest.mark.parametrize(
    ("points", "labels", "error", "words"),
    [
        (SQUARE[:, 0], np.arange(20) % 2, ValueError, r"shape \[n, 2\]; got \[20\]"),
        (SQUARE.T, np.arange(20) % 2, ValueError, r"shape \[n, 2\]; got \[2, 20\]"),
        (SQUARE, np.arange(19) % 2, ValueError, r"each of the 20 points: shape \[20\]; got \[19\]"),
        (SQUARE, np.eye(20)[:, :2], ValueError, r"got \[20, 2\]"),
        (SQUARE[:9], np.arange(9) % 2, ValueError, "10 points or more"),
        (np.where(SQUARE == SQUARE[7], np.nan, SQUARE), np.arange(20) % 2, ValueError, "point 7 is"),
        (SQUARE, np.arange(20) % 3, ValueError, "got 3: 0, 1, 2"),
        (SQUARE, np.zeros(20), ValueError, "got 1: 0"),
        ("points", ["a", "b"], TypeError, "numbers in two columns"),
        (SQUARE, [None, 1] * 10, TypeError, "labels of two kinds"),
        ([[1, 2], [3]], [0, 1], TypeError, "numbers in two columns"),
    ],
)
def test_points_that_cannot_be_learned_from_are_refused_in_words(points, labels, error, words):
    with pytest.raises(error, match=words):
        toy_data.own_points(points, labels)


def test_the_share_of_points_of_ones_own_is_of_those_there_are():
    own, _ = toy_data.own_points(np.random.default_rng(0).normal(size=(10, 2)), [0, 1] * 5)
    with pytest.raises(ValueError, match=r"Of 10 points, a share of 0.04 leaves none"):
        toy_data.of_points(own, train_share=0.04)
    assert len(toy_data.of_points(own, train_share=0.5).train.y) == 5
