"""The exercises of lesson 05 about the plane: right answers, the usual wrong ones, and anything else."""

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
        (lambda x1, x2: None, "returns nothing so far"),
        (lambda x1, x2: x1, "tells them apart. Square"),
        (lambda x1, x2: x1 + x2, "tells them apart. Square"),
        (lambda x1, x2: x1**2, "x1 and x2 in the same way"),
        (lambda x1, x2: x1**2 - x2**2, "x1 and x2 in the same way"),
        (lambda x1, x2: x1 * x2, "distance from the centre alone"),
        (lambda x1, x2: (x1 + x2) ** 2, "distance from the centre alone"),
        (lambda x1, x2: 3, "shape [500]; came shape []"),
        (lambda x1, x2: np.stack([x1, x2], axis=1), "came shape [500, 2]"),
        (lambda x1, x2: "far", "Expected an array of numbers"),
        (lambda x1, x2: x1 * np.nan, "NaN or infinite"),
        (lambda x1, x2: x1 @ x2.reshape(2, 2), "ValueError"),
        (lambda x1: x1, "TypeError"),
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
