"""The exercises of lesson 05: what a right answer is, and the usual mistakes."""

from collections.abc import Callable

import numpy as np

from helpers import toy_data
from helpers.checks import judge
from helpers.checks.judge import NotAsAskedError, Verdict, flat, pair

ENOUGH = 0.99  # share that one threshold must get right; without noise there is a gap between the kinds
SIGNS = (
    "Points on opposite sides of the centre lie equally far out, and your feature tells them apart. Square the "
    "coordinates, so that their signs are gone."
)
ALIKE = (
    "Swap the coordinates of a point and it lies as far out as before, but your feature changes. Use x1 and x2 in the "
    "same way."
)
IN_FEATURES = {  # what the error says, and the sentence
    "0-dimensional": "The functions of math take one number, and x1 is a whole array. Use NumPy's: np.sqrt.",
    "bitwise_xor": "In Python a power is written **; ^ is something else.",
    "ambiguous": "Python's `if` asks for one truth, and x1 is a whole array. Return numbers, without a threshold.",
}


def one_feature(answer: Callable) -> Verdict:
    """Check a function of x1 and x2 (arrays [n]) to one feature [n] that tells the circle's two kinds apart.

    One neuron can only compare with a threshold, so the feature is judged by the best threshold there is.
    An exercise of notebooks/05_why_depth.ipynb.
    """
    plane = toy_data.make("circle", seed=11)
    x, y = plane.train.x, plane.train.y
    try:
        got, mirrored, swapped = judge.answered(
            lambda: [_feature(answer, points) for points in (x, -x, x[:, ::-1])], IN_FEATURES
        )
    except NotAsAskedError as error:
        return Verdict(False, str(error))
    best = _best_threshold(got, y)
    if best >= ENOUGH:
        return Verdict(True, f"One neuron without a hidden layer now gets {best:.0%}: the feature did the bending.")
    words = f"With this feature the best that one neuron can do is {best:.0%} of the points. "
    if not np.allclose(got, mirrored):
        return Verdict(False, words + SIGNS)
    if not np.allclose(got, swapped):
        return Verdict(False, words + ALIKE)
    return Verdict(False, words + "The two kinds differ in their distance from the centre alone. How is that computed?")


def _feature(answer: Callable, x: np.ndarray) -> np.ndarray:
    """What the reader's function makes of points x [n, 2]: n numbers, or NotAsAskedError in words."""
    got = answer(x[:, 0].copy(), x[:, 1].copy())
    if got is None:
        raise judge.NothingReturnedError
    got = judge.numbers(got)
    if got.shape != (len(x),):
        raise NotAsAskedError(
            f"Expected one number for each of the {len(x)} points, shape [{len(x)}]; got shape {list(got.shape)}."
        )
    if not np.isfinite(got).all():
        raise NotAsAskedError("Some of the numbers are NaN or infinite. Is there a root or a logarithm of a negative?")
    return got


def _best_threshold(feature: np.ndarray, y: np.ndarray) -> float:
    """The largest share of points that one threshold on the feature can put right, either way round."""
    thresholds = np.concatenate([[-np.inf], np.unique(feature)])
    right = np.mean((feature[:, None] > thresholds) == (y[:, None] > 0), axis=0)
    return float(max(right.max(), 1 - right.min()))


def fold(answer: Callable) -> Verdict:
    """Check a function from x [n], between 0 and 1, and a crease to what a layer of two ReLUs folds it to, [n].

    Exercise of lesson 05.
    """
    x, crease = np.array([0.0, 0.1, 0.2, 0.3, 0.6, 0.8, 1.0]), 0.2
    first, second = np.maximum(x, 0), np.maximum(x - crease, 0)
    up, down = 1 / crease, 1 / (1 - crease)
    return judge.judge(
        lambda: answer(x.copy(), crease),
        up * first - (up + down) * second,
        {
            "Up to the crease it is right. Behind it the first ReLU goes on climbing, so the second has to take away "
            "that slope as well: up + down.": up * first - down * second,
            "Up to the crease it is right, but then it stays level: the second ReLU takes away the slope of the first, "
            "and should take away the way down besides.": up * first - up * second,
            "That climbs on behind the crease: the second ReLU is to be subtracted.": up * first + (up + down) * second,
            "That folds in the middle, whatever the crease.": 2 * first - 4 * np.maximum(x - 0.5, 0),
            "That is the lesson's 2 and 4, which fit a crease in the middle only.": 2 * first - 4 * second,
            "That is the way up. Behind the crease, the second ReLU has to be subtracted.": up * first,
        },
        praise="Wherever it folds, two ReLUs are enough.",
        usual_errors={
            "ambiguous": "Python's `if` and `max` ask for one truth, and x is an array. The two ReLUs do the choosing.",
        },
    )


def collapse(answer: Callable) -> Verdict:
    """Check a function from W1, b1, W2, b2 of two linear layers to W and b of the one layer that equals them.

    Shapes: W1 [inputs, middle], b1 [middle], W2 [middle, outputs], b2 [outputs]. Exercise of lesson 05.
    """
    random = np.random.default_rng(5)
    W1, b1, W2, b2 = (random.normal(size=size) for size in [(4, 3), (3,), (3, 2), (2,)])
    W, b = W1 @ W2, b1 @ W2 + b2

    def two_arrays():
        got = answer(W1, b1, W2, b2)
        return flat(pair(got, "W, b", (4, 2), (2,), lead="The layers have sizes 4-3-2. ", row=True))

    return judge.judge(
        two_arrays,
        flat([W, b]),
        {
            "W is right, but the first bias got lost: it passes through the second layer too, so W2 acts on it.": (
                flat([W, b2])
            ),
            "W is right, but the second bias got lost: it is added at the end, as it is.": flat([W, b1 @ W2]),
            "W is right, but the biases were multiplied. The first, sent through W2, and the second add up.": flat(
                [W, b1 @ W2 * b2]
            ),
            "W is right, and there is no bias at all: both belong in it, the first after passing W2.": flat(
                [W, np.zeros(2)]
            ),
        },
        names=judge.places("W, b", W.shape, b.shape),
        praise="One layer does what the two did, for every input there is.",
        usual_errors={
            "mismatch": "The matrices do not fit in that order. An image, a row x, meets W1 first: x @ W1 @ W2.",
            "(4,3) (3,2)": "Two layers, one after the other, are a product of matrices: W1 @ W2.",
            "(4,) (2,)": "The first bias does not meet W1, which lies before it. Send it through the second: b1 @ W2.",
            "broadcast": "The two biases have different lengths. Send b1 through the second layer before you add b2.",
        },
    )
