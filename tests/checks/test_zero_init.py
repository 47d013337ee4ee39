"""The exercises of lesson 04: right answers are right, and the usual mistakes are named."""

import numpy as np
import pytest

from helpers import checks


def says(verdict, right, *words):
    assert verdict.right == right, verdict
    assert all(each in verdict.words for each in words), verdict


def reach(inputs, outputs, top=6):
    return np.sqrt(top / (inputs + outputs))


@pytest.mark.parametrize(
    "answer",
    [
        lambda W: np.unique(W, axis=1).shape[1],
        lambda W: len({tuple(column) for column in W.T}),
    ],
)
def test_different_units_right(answer):
    says(checks.different_units(answer), True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda W: len(np.unique(W, axis=0)), "different rows"),
        (lambda W: len(np.unique(W)), "different numbers"),
        (lambda W: W.shape[1], "Count those that differ"),
        (lambda W: W.shape[1] - np.unique(W, axis=1).shape[1], "have a twin"),
        (lambda W: np.linalg.matrix_rank(W), "the rank"),
    ],
)
def test_different_units_wrong(answer, words):
    says(checks.different_units(answer), False, words)


@pytest.mark.parametrize(
    "answer",
    [
        lambda i, o, random: random.uniform(-reach(i, o), reach(i, o), (i, o)),
        lambda i, o, random: (2 * random.random((i, o)) - 1) * reach(i, o),
    ],
)
def test_glorot_right(answer):
    says(checks.glorot(answer), True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda i, o, random: random.random((i, o)) * reach(i, o), "Half of them should be negative"),
        (lambda i, o, random: random.uniform(-1, 1, (i, o)) * reach(i, o) ** 2, "square root is missing"),
        (lambda i, o, random: random.uniform(-1, 1, (i, o)) * reach(i, o, 1), "not a 1"),
        (lambda i, o, random: random.uniform(-1, 1, (i, o)) * reach(i, o, 2), "not a 2"),
        (lambda i, o, random: random.uniform(-1, 1, (i, o)), "multiply them by r"),
        (lambda i, o, random: np.full((i, o), reach(i, o)), "twins"),
        (lambda i, o, random: random.uniform(-1, 1, (o, i)), "Expected shape [200, 100]"),
    ],
)
def test_glorot_wrong(answer, words):
    says(checks.glorot(answer), False, words)


@pytest.mark.parametrize("shift", [0, 5, -3])
def test_best_biases_right_whatever_is_added_to_all(shift):
    says(checks.best_biases(lambda labels: np.log(np.bincount(labels, minlength=10)) + shift), True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda labels: np.bincount(labels, minlength=10) / len(labels), "shares themselves"),
        (lambda labels: np.bincount(labels, minlength=10), "These are the counts"),
        (lambda labels: -np.log(np.bincount(labels, minlength=10)), "sign is turned round"),
        (lambda labels: np.zeros(10), "All biases are alike"),
        (lambda labels: np.log(np.bincount(labels, minlength=12)[:9]), "Expected ten biases"),
    ],
)
def test_best_biases_wrong(answer, words):
    says(checks.best_biases(answer), False, words)
