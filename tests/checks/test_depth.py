"""The exercises of lesson 05: right answers in any form, the usual wrong ones, and anything else."""

import numpy as np
import pytest

from helpers import checks


@pytest.mark.parametrize(
    "answer",
    [
        lambda x1, x2: x1**2 + x2**2,
        lambda x1, x2: np.hypot(x1, x2),
        lambda x1, x2: -3 * np.sqrt(x1 * x1 + x2 * x2) + 1,
        lambda x1, x2: (x1**2 + x2**2 < 9) * 1,
        lambda x1, x2: x1**2 + x2**2 < 9,
    ],
)
def test_anything_that_measures_the_distance_is_right(answer):
    verdict = checks.one_feature(answer)
    assert verdict.right, verdict
    assert "gets 100%" in repr(verdict)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x1, x2: x1, "tells them apart. Square"),
        (lambda x1, x2: x1 + x2, "tells them apart. Square"),
        (lambda x1, x2: x1**2, "x1 and x2 in the same way"),
        (lambda x1, x2: x1**2 - x2**2, "x1 and x2 in the same way"),
        (lambda x1, x2: x1 * x2, "distance from the centre alone"),
        (lambda x1, x2: (x1 + x2) ** 2, "distance from the centre alone"),
        (lambda x1, x2: 3, "shape [500]; got shape []"),
        (lambda x1, x2: np.stack([x1, x2], axis=1), "got shape [500, 2]"),
        (lambda x1, x2: "far", "Expected an array of numbers"),
        (lambda x1, x2: x1 * np.nan, "NaN or infinite"),
        (lambda x1, x2: x1 @ x2.reshape(2, 2), "ValueError"),
        (lambda x1: x1, "Keep its first line as it was"),
    ],
)
def test_the_usual_mistakes_are_told_in_words(answer, words):
    verdict = checks.one_feature(answer)
    assert not verdict.right
    assert words in repr(verdict)
    assert repr(verdict).startswith("Not yet. ")


def test_the_answer_cannot_change_the_points():
    def greedy(x1, x2):
        x1 *= 0
        return x1

    assert not checks.one_feature(greedy).right
    assert checks.one_feature(lambda x1, x2: x1**2 + x2**2).right


@pytest.mark.parametrize(
    "answer",
    [
        lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2),
        lambda W1, b1, W2, b2: [np.dot(W1, W2), np.sum(b1[:, None] * W2, axis=0) + b2],
        lambda W1, b1, W2, b2: (W1 @ W2, (b1 @ W2 + b2)[None]),
    ],
)
def test_two_layers_may_be_made_one_in_any_way(answer):
    assert checks.collapse(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda W1, b1, W2, b2: (W1 @ W2, b2), "the first bias got lost"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2), "the second bias got lost"),
        (lambda W1, b1, W2, b2: (W1 @ W2, np.zeros(2)), "no bias at all"),
        (lambda W1, b1, W2, b2: (W2 @ W1, b2), "do not fit in that order"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2), "different lengths"),
        (lambda W1, b1, W2, b2: W1 @ W2, "Expected two arrays"),
        (lambda W1, b1, W2, b2: (W1, b1), "Expected W of shape [4, 2]"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 - b2), "expected"),
    ],
)
def test_usual_wrong_collapses_are_recognised(answer, sentence):
    verdict = checks.collapse(answer)
    assert not verdict.right
    assert sentence in repr(verdict)


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, crease: np.where(x < crease, x / crease, (1 - x) / (1 - crease)),
        lambda x, crease: np.maximum(x, 0) / crease - np.maximum(x - crease, 0) / (crease * (1 - crease)),
    ],
)
def test_a_fold_may_be_made_in_any_way(answer):
    verdict = checks.fold(answer)
    assert verdict.right, verdict


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x, crease: 2 * relu(x) - 4 * relu(x - 0.5), "folds in the middle"),
        (lambda x, crease: 2 * relu(x) - 4 * relu(x - crease), "2 and 4"),
        (lambda x, crease: relu(x) / crease - relu(x - crease) / (1 - crease), "up + down"),
        (lambda x, crease: (relu(x) - relu(x - crease)) / crease, "stays level"),
        (lambda x, crease: relu(x) / crease + relu(x - crease) / (crease * (1 - crease)), "to be subtracted"),
        (lambda x, crease: relu(x) / crease, "the way up"),
        (lambda x, crease: x if x < crease else 1 - x, "The two ReLUs do the choosing"),
        (lambda x, crease: 0.5, "7"),
    ],
)
def test_usual_wrong_folds_are_recognised(answer, sentence):
    verdict = checks.fold(answer)
    assert not verdict.right
    assert sentence in repr(verdict)


def relu(z):
    return np.maximum(z, 0)
