"""The checks of lesson 08: right answers in any form, and the usual wrong ones told apart."""

import numpy as np
import pytest

from helpers import checks


def says(verdict, sentence):
    assert not verdict.right
    assert sentence in repr(verdict)


# --- A distance from two units --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda: (np.array([[1, -1], [-1, 1]]), np.array([1, 1])),
        lambda: ([[-2, 0.5], [2, -0.5]], [0.5, 2]),
        lambda: [np.array([[1, -1], [-1, 1]]), [1.0, 1.0]],
    ],
)
def test_the_units_may_have_any_weights_that_do_it(answer):
    assert checks.distance(answer).right


@pytest.mark.parametrize(
    ("W", "v", "sentence"),
    [
        ([[1, 0], [-1, 0]], [1, 1], "a − b where a is larger"),
        ([[-1, 0], [1, 0]], [1, 1], "b − a where b is larger"),
        ([[1, -1], [-1, 1]], [1, -1], "The two units cancel: one"),
        ([[1, -1], [-1, 1]], [-1, 1], "and the sign is turned round: both"),
        ([[1, -1], [-1, 1]], [-1, -1], "a distance is never negative"),
        ([[1, -1], [-1, 1]], [2, 2], "twice the distance"),
        ([[1, 0], [0, 1]], [1, 1], "and the two are added"),
        ([[1, 1], [1, 1]], [1, 1], "The two units add a and b"),
        ([1, -1], [1, 1], "got [2] and [2]"),
        ([[1, -1], [-1, 1]], [[1], [1]], "got [2, 2] and [2, 1]"),
        ("W", [1, 1], "Expected an array of numbers"),
    ],
)
def test_usual_wrong_units_are_recognised(W, v, sentence):
    says(checks.distance(lambda: (W, v)), sentence)


def test_units_are_two_arrays():
    says(checks.distance(lambda: np.eye(2)[0]), "got one ndarray")


# --- Shares by digit ------------------------------------------------------------------------------------------------


def by_digit(on, labels, of=lambda part: part.mean(axis=0)):
    return np.array([of(on[labels == digit]) for digit in range(10)])


@pytest.mark.parametrize(
    "answer",
    [
        by_digit,
        lambda on, labels: list(by_digit(on, labels)),
        lambda on, labels: np.eye(10)[labels].T @ on / np.bincount(labels)[:, None],
    ],
)
def test_shares_may_be_computed_in_any_way(answer):
    assert checks.shares_by_digit(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda on, labels: by_digit(on, labels, lambda part: part.sum(axis=0)), "Those are counts"),
        (lambda on, labels: by_digit(on, labels, lambda part: part.sum(axis=0) / len(on)), "not of all"),
        (lambda on, labels: by_digit(on, labels).T, "turned on its side"),
        (lambda on, labels: by_digit(on, labels, np.mean), "one number for each digit"),
        (lambda on, labels: np.tile(on.mean(axis=0), (10, 1)), "the same row for every digit"),
        (lambda on, labels: 1 - by_digit(on, labels), "is off"),
        (lambda on, labels: on.mean(axis=0), "Expected shape [10, 4]; got shape [4]"),
    ],
)
def test_usual_wrong_shares_are_recognised(answer, sentence):
    says(checks.shares_by_digit(answer), sentence)
