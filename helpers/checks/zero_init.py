"""Exercises of lesson 04, the zero-initialisation pitfall."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import NotAsAskedError, Verdict, softmax


def different_units(answer: Callable) -> Verdict:
    """Check a function from weights [inputs, units] to the number of different units. Exercise 2 of lesson 04."""
    columns = np.round(np.random.default_rng(3).normal(size=(6, 3)), 1)
    columns[:, 2] = columns[[0, 1, 2, 3, 5, 4], 1]  # the same sum and the same first weight, and yet another unit
    W = columns[:, [0, 1, 0, 2, 1]]  # five units, three of them different
    cases = {
        "a layer of five units": W,
        "a layer of one unit": W[:, :1],
        "a layer of seven zero units": np.zeros((4, 7)),
    }
    return judge.judge(
        lambda: judge.all_of(answer(each.copy()) for each in cases.values()),
        np.array([3, 1, 1]),
        {
            "That counts different rows. A unit is a column: use axis=1.": np.array([6, 6, 1]),
            "That counts different numbers. Compare whole columns: np.unique takes an axis.": np.array(
                [len(np.unique(each)) for each in cases.values()]
            ),
            "That counts rows: the len of an array is how many rows it has. Its columns are its shape[1].": np.array(
                [6, 6, 4]
            ),
            "That counts the numbers in the different columns. The columns are the shape[1].": np.array([18, 6, 4]),
            "That compares the sums of the columns. Two units may differ and have one sum: compare whole columns.": (
                np.array([2, 1, 1])
            ),
            "These are all the units. Count those that differ.": np.array([5, 1, 7]),
            "That is how many have a twin before them. Count the others.": np.array([2, 0, 6]),
            "That is the rank. Two units may differ and still be multiples of one another: compare them exactly.": (
                np.array([3, 1, 0])
            ),
        },
        praise="A network whose layer answers 1 has one unit's worth of opinions, however wide it is.",
        usual_errors={"unhashable": "A set takes no arrays. Make each column a tuple, or let np.unique compare them."},
        names=[f"for {name}" for name in cases],
    )


def glorot(answer: Callable) -> Verdict:
    """Check a function from inputs, outputs and a NumPy generator to weights by Glorot's rule. Exercise 3 of lesson 04.

    What is judged is how the numbers spread, since there are many ways to draw them.
    """
    inputs, outputs = 200, 100
    try:
        got = judge.answered(
            lambda: answer(inputs, outputs, np.random.default_rng(8)),
            {
                "at most 3 positional": "The size is one argument, a pair: random.uniform(−r, r, (inputs, outputs)).",
                "Generator'": "`random` is a generator, not a number: ask it for numbers, random.uniform(…).",
            },
        )
        weights = judge.numbers(got)
    except NotAsAskedError as error:
        return Verdict(False, str(error))
    if weights.shape != (inputs, outputs):
        return Verdict(False, f"Expected shape [{inputs}, {outputs}]; got shape {list(weights.shape)}.")
    wrong = _wrong_spread(weights, inputs, outputs)
    praise = "No layer louder or quieter than its neighbours: that is what lets five layers start at once."
    return Verdict(not wrong, wrong or praise)


def _wrong_spread(weights: np.ndarray, inputs: int, outputs: int) -> str:
    """What is wrong with weights drawn by Glorot's rule, in words; "" if nothing is."""
    r = np.sqrt(6 / (inputs + outputs))
    low, high, std = weights.min(), weights.max(), weights.std()
    if np.ptp(weights) == 0:
        return "All of them are the same number: these are twins."
    if low >= 0:
        return f"These run from 0 to {high:.3g}. Half of them should be negative: draw between −r and r."
    if high <= 0:
        return "None of these is positive. Draw between −r and r."
    if len(np.unique(weights)) < 100:
        return "These are a few numbers again and again. Draw from all between −r and r: random.uniform."
    if max(-low, high) > 2.5 * std:  # of a uniform distribution the ends are 1.7 standard deviations away
        return "These come from a bell curve, with a few far out. The rule asks for a uniform draw: random.uniform."
    usual_mistakes = {
        "The square root is missing.": r**2,
        "Under the root there should be a 6, not a 1.": r / np.sqrt(6),
        "Under the root there should be a 6, not a 2.": r / np.sqrt(3),
        "These run from −1 to 1: multiply them by r.": 1.0,
        "These run from −r/2 to r/2: they should reach r on both sides.": r / 2,
        "The inputs alone are under the root. The rule adds inputs and outputs.": np.sqrt(6 / inputs),
        "The outputs alone are under the root. The rule adds inputs and outputs.": np.sqrt(6 / outputs),
        "Put inputs + outputs in brackets: Python divides before it adds.": np.sqrt(6 / inputs + outputs),
        "Add inputs and outputs under the root instead of multiplying them.": np.sqrt(6 / (inputs * outputs)),
        "The root should reach over the whole fraction, 6 / (inputs + outputs).": np.sqrt(6) / (inputs + outputs),
    }
    for sentence, mistake in usual_mistakes.items():
        if np.allclose([-low, high], mistake, rtol=0.02):
            return sentence
    if not np.allclose([-low, high], r, rtol=0.02) or not np.isclose(std, r / np.sqrt(3), rtol=0.03):
        return (
            f"For {inputs} inputs and {outputs} outputs r is {r:.3g}. Yours run from {low:.3g} to {high:.3g}, "
            f"with a standard deviation of {std:.3g} instead of {r / np.sqrt(3):.3g}."
        )
    return ""


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
            raise NotAsAskedError(f"Expected ten biases, shape [10]; got shape {list(biases.shape)}.")
        return softmax(biases)  # a number added to all biases changes no probability

    return judge.judge(
        probabilities,
        shares,
        {
            "These are the shares themselves. Softmax will take their exponential: take the logarithm first.": softmax(
                shares
            ),
            "These are the counts. Softmax will take their exponential: take the logarithm first.": softmax(counts),
            "That is another logarithm. What undoes the exponential is np.log.": softmax(np.log10(shares)),
            "That is the logarithm to the base 2. What undoes the exponential is np.log.": softmax(np.log2(shares)),
            "np.log1p adds 1 first. Take np.log.": softmax(np.log1p(counts)),
            "That is the softmax. It is taken of your biases anyway: what undoes it?": softmax(softmax(shares)),
            "That takes the exponential, as the softmax will do once more. What undoes an exponential?": softmax(
                np.exp(shares)
            ),
            "The sign is turned round: the rarest digit gets the highest probability.": softmax(-np.log(shares)),
            "All biases are alike, so every digit gets the same probability. Count the labels.": np.full(10, 0.1),
        },
        praise="The loss of these biases is the least that a network can have without looking at the image.",
        names=[f"the softmax of your biases for digit {digit}" for digit in range(10)],
    )
