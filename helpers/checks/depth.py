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
    An exercise of notebooks/06_deeper_and_wider.ipynb.
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


def choose(answer: Callable) -> Verdict:
    """Check a function from accuracies [widths, rates], with NaN, widths and rates to the best pair of settings.

    Exercise of lesson 05.
    """
    # The best is at a row and a column that differ, and cannot be found by a place among all cells.
    accuracies = np.array([[0.91, 0.95], [0.97, 0.2], [0.94, np.nan]])
    widths, rates = [20, 100, 200], [0.1, 1.0]
    return judge.judge(
        lambda: answer(accuracies, widths, rates),
        np.array([100, 0.1]),
        {
            "That run diverged: a NaN is not a high accuracy, though argmax takes it for one. Use np.nanargmax.": (
                np.array([200, 1.0])
            ),
            "The two are turned round. Return the width first, then the rate.": np.array([0.1, 100]),
            "That is its row and column. Return the width and the rate that stand there.": np.array([1, 0]),
            "That is row and column of a run that diverged: argmax takes NaN for the largest. Use np.nanargmax.": (
                np.array([2, 1])
            ),
            "That is NaN, which max takes for the largest. Leave it out, and return the settings, not the accuracy.": (
                np.array(np.nan)
            ),
            "That is the place of the run that diverged. Leave NaN out: np.nanargmax.": np.array(5),
            "Row and column have changed places. A row is a width, a column a rate.": np.array([20, 1.0]),
            "These are the width and the rate that are best on average. Look for the best single run.": np.array(
                [200, 0.1]
            ),
            "That is the width alone. Return the width, then the rate.": np.array(100),
            "That is the rate alone. Return the width, then the rate.": np.array(0.1),
            "Those are arrays with one place each: take the first of row and column, or use np.unravel_index.": (
                np.array([[1], [0]])
            ),
            "That is its place among all cells, counted row by row. np.unravel_index makes row and column of it.": (
                np.array(2)
            ),
            "That is the accuracy itself. Return the settings that reached it.": np.array(0.97),
            "That is the worst of the runs that finished. Look for the largest accuracy.": np.array([100, 1.0]),
        },
        praise="The best of those that finished. How it does on images nobody has chosen by is another question.",
        usual_errors={
            "list index": "argmax gives a place among all cells. np.unravel_index makes row and column of it.",
            "only integer scalar": "That is a list of places. Make it two numbers, row and column of the best run.",
            "ambiguous": "Python's `max` and `if` ask for one truth, and a row is many numbers. Use np.nanargmax.",
        },
    )
