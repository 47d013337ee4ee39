"""Exercises of lesson 04, the zero-initialisation pitfall."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import Verdict, softmax


def different_units(answer: Callable) -> Verdict:
    """Check a function from weights [inputs, units] to the number of different units. Exercise 2 of lesson 04."""
    columns = np.random.default_rng(3).normal(size=(6, 3))
    W = columns[:, [0, 1, 0, 2, 1]]  # five units, three of them different
    return judge.judge(
        lambda: judge.all_of(answer(each.copy()) for each in (W, W[:, :1], np.zeros((4, 7)))),
        np.array([3, 1, 1]),
        {
            "That counts different rows. A unit is a column: use axis=1.": np.array([6, 6, 1]),
            "That counts different numbers. Compare whole columns: np.unique takes an axis.": np.array([18, 6, 1]),
            "These are all the units. Count those that differ.": np.array([5, 1, 7]),
            "That is how many have a twin before them. Count the others.": np.array([2, 0, 6]),
            "That is the rank. Two units may differ and still be multiples of one another: compare them exactly.": (
                np.array([3, 1, 0])
            ),
        },
        praise="A network whose layer answers 1 has one unit's worth of opinions, however wide it is.",
    )


def glorot(answer: Callable) -> Verdict:
    """Check a function from inputs, outputs and a NumPy generator to weights by Glorot's rule. Exercise 3 of lesson 04.

    What is judged is how the numbers spread, since there are many ways to draw them.
    """
    inputs, outputs = 200, 100
    reach = np.sqrt(6 / (inputs + outputs))

    def spread(weights: np.ndarray) -> np.ndarray:
        """Both ends and the standard deviation, against the reach: the same for whatever way they were drawn."""
        return np.round(np.array([weights.min(), weights.max(), weights.std()]) / reach, 1)

    def drawn() -> np.ndarray | None:
        weights = answer(inputs, outputs, np.random.default_rng(8))
        if weights is None:
            return None
        weights = judge.numbers(weights)
        if weights.shape != (inputs, outputs):
            raise judge.NotAsAskedError(f"Expected shape [{inputs}, {outputs}]; got shape {list(weights.shape)}.")
        return spread(weights)

    even = np.linspace(-1, 1, inputs * outputs)
    return judge.judge(
        drawn,
        spread(reach * even),
        {
            "These run from 0 to the reach. Half of them should be negative.": spread(reach * (even + 1) / 2),
            "The square root is missing.": spread(reach**2 * even),
            "Under the root there should be a 6, not a 1.": spread(reach / np.sqrt(6) * even),
            "Under the root there should be a 6, not a 2.": spread(reach / np.sqrt(3) * even),
            "These run from −1 to 1: multiply them by the reach.": spread(even),
            "All of them are the same number: these are twins.": spread(np.full(2, reach)),
        },
        praise="No layer louder or quieter than its neighbours: that is what lets five layers start at once.",
    )


def best_biases(answer: Callable) -> Verdict:
    """Check a function from labels [n] to ten biases whose softmax is each digit's share. Exercise 1 of lesson 04."""
    labels = np.repeat(np.arange(10), np.arange(1, 11))
    counts = np.arange(1.0, 11)
    shares = counts / counts.sum()

    def probabilities() -> np.ndarray | None:
        biases = answer(labels.copy())
        if biases is None:
            return None
        biases = judge.numbers(biases)
        if biases.shape != (10,):
            raise judge.NotAsAskedError(f"Expected ten biases, shape [10]; got shape {list(biases.shape)}.")
        return softmax(biases)  # a number added to all biases changes no probability

    return judge.judge(
        probabilities,
        shares,
        {
            "These are the shares themselves. Softmax will take their exponential: take the logarithm first.": softmax(
                shares
            ),
            "These are the counts. Softmax will take their exponential: take the logarithm first.": softmax(counts),
            "The sign is turned round: the rarest digit gets the highest probability.": softmax(-np.log(shares)),
            "All biases are alike, so every digit gets the same probability. Count the labels.": np.full(10, 0.1),
        },
        praise="The loss of these biases is the least that a network can have without looking at the image.",
    )
