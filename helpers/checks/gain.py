"""The exercises of lesson 08, which the lesson calls by `checks`."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import Verdict, pair


def distance(answer: Callable) -> Verdict:
    """Check a function that returns W [2, 2] and v [2], for which relu([a, b] @ W) @ v is |a − b|.

    Exercise 1 of lesson 08.
    """
    pairs = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [3.0, 5.0], [-2.0, 4.0], [-1.0, -6.0]])
    a, b = pairs.T

    def call():
        W, v = pair(answer(), "W, v", (2, 2), (2,))
        return np.maximum(pairs @ W, 0) @ v

    return judge.judge(
        call,
        np.abs(a - b),
        {
            "That is a − b where a is larger, and 0 elsewhere. The other unit should be on where b is larger.": (
                np.maximum(a - b, 0)
            ),
            "That is b − a where b is larger, and 0 elsewhere. The other unit should be on where a is larger.": (
                np.maximum(b - a, 0)
            ),
            "The two units cancel: one of them enters with a minus. Both should add to the distance.": a - b,
            "The two units cancel, and the sign is turned round: both should enter with a plus.": b - a,
            "The sign is turned round: a distance is never negative.": -np.abs(a - b),
            "That is twice the distance.": 2 * np.abs(a - b),
            "That is half the distance.": np.abs(a - b) / 2,
            "Both units follow a − b. Let one of them follow b − a: a unit is a column of W.": 2 * np.maximum(a - b, 0),
            "Both units follow b − a. Let one of them follow a − b: a unit is a column of W.": 2 * np.maximum(b - a, 0),
            "That is |a + b|: in each column of W, which is a unit, one of the two weights needs a minus.": (
                np.abs(a + b)
            ),
            "The two units add a and b. A distance is a difference: each unit needs a minus.": 2 * np.maximum(a + b, 0),
            "The two units cancel, whatever comes in. Both should add to the distance.": np.zeros(len(pairs)),
            "Each unit looks at one input only, without a minus. Let one follow a − b, and the other b − a.": (
                np.maximum(a, 0) - np.maximum(b, 0)
            ),
            "Each unit looks at one of the inputs only. Let one follow a − b, and the other b − a.": (
                np.abs(np.maximum(a, 0) - np.maximum(b, 0))
            ),
            "Each unit looks at one input only, and the two are added. Let one follow a − b, the other b − a.": (
                np.maximum(a, 0) + np.maximum(b, 0)
            ),
        },
        praise="One unit is on when a is larger, the other when b is: a condition, made of two weighted sums.",
        names=[f"for a = {a:g} and b = {b:g}" for a, b in pairs],
    )


def shares_by_digit(answer: Callable) -> Verdict:
    """Check a function from on, bool [n, units], and labels [n] to the share of each digit's images, [10, units].

    Exercise 2 of lesson 08.
    """
    random = np.random.default_rng(3)
    labels = np.concatenate([np.arange(10), random.integers(10, size=30)])
    on = random.random((40, 4)) < np.array([0.1, 0.5, 0.9, 0.4])
    parts = [on[labels == digit] for digit in range(10)]
    right = np.array([part.mean(axis=0) for part in parts])
    return judge.judge(
        lambda: answer(on.copy(), labels.copy()),
        right,
        {
            "Those are counts. Divide by the number of images of the digit, or take the mean.": np.array(
                [part.sum(axis=0) for part in parts]
            ),
            "Divide by the number of images of that digit, not of all.": np.array(
                [part.sum(axis=0) / len(on) for part in parts]
            ),
            "A row for each digit, a column for each unit: yours is turned on its side.": right.T,
            "That is one number for each digit. Take the mean down the columns: axis=0.": np.array(
                [part.mean() for part in parts]
            ),
            "That is the same row for every digit. Choose the images of the digit: on[labels == digit].": np.tile(
                on.mean(axis=0), (10, 1)
            ),
            "That is the share of images on which the unit is off.": 1 - right,
        },
        usual_errors={
            "inhomogeneous": "The digits have different numbers of images: take the mean of each digit's rows."
        },
        praise="Ten rows that tell you what each unit is for, as far as one word for it exists.",
    )
