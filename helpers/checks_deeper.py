"""The exercises of lesson 05, and the mistakes that their checks recognise."""

from collections.abc import Callable

import numpy as np

from helpers import judging
from helpers.judging import Verdict


def collapse(answer: Callable) -> Verdict:
    """Check a function from W1, b1, W2, b2 of two linear layers to W and b of the one layer that equals them.

    Shapes: W1 [inputs, middle], b1 [middle], W2 [middle, outputs], b2 [outputs]. Exercise of lesson 05.
    """
    random = np.random.default_rng(5)
    W1, b1, W2, b2 = (random.normal(size=size) for size in [(4, 3), (3,), (3, 2), (2,)])
    W, b = W1 @ W2, b1 @ W2 + b2

    def together(W, b):
        return np.concatenate([np.ravel(W), np.ravel(b)])

    def flat():
        came = answer(W1, b1, W2, b2)
        if came is None:
            return None
        if not isinstance(came, tuple | list) or len(came) != 2:
            raise judging.NotAsAskedError(
                f"Expected two arrays, as in: return W, b; came one {type(came).__name__}. Return both, with a comma."
            )
        shapes = [list(judging.numbers(each).shape) for each in came]
        if shapes[0] != [4, 2] or shapes[1] not in ([2], [1, 2]):
            raise judging.NotAsAskedError(
                f"For layers of sizes 4-3-2, expected W of shape [4, 2] and b of shape [2]; came {shapes[0]} and "
                f"{shapes[1]}."
            )
        return together(*came)

    return judging.judge(
        flat,
        together(W, b),
        {
            "W is right, but the first bias got lost: it passes through the second layer too, so W2 acts on it.": (
                together(W, b2)
            ),
            "W is right, but the second bias got lost: it is added at the end, as it is.": together(W, b1 @ W2),
            "W is right, and there is no bias at all: both belong in it, the first after passing W2.": together(
                W, np.zeros(2)
            ),
        },
        praise="One layer does what the two did, for every input there is.",
        usual_errors={
            "mismatch": "The matrices do not fit in that order. An image, a row x, meets W1 first: x @ W1 @ W2.",
            "broadcast": "The two biases have different lengths. Send b1 through the second layer before you add b2.",
        },
    )


def choose(answer: Callable) -> Verdict:
    """Check a function from accuracies [widths, rates], with NaN, widths and rates to the best pair of settings.

    Exercise of lesson 05.
    """
    accuracies = np.array([[0.91, 0.95, np.nan], [0.93, 0.97, 0.2]])
    widths, rates = [20, 200], [0.01, 0.1, 1.0]
    return judging.judge(
        lambda: answer(accuracies, widths, rates),
        np.array([200, 0.1]),
        {
            "That run diverged: a NaN is not a high accuracy, though argmax takes it for one. Use np.nanargmax.": (
                np.array([20, 1.0])
            ),
            "The two are turned round. Return the width first, then the rate.": np.array([0.1, 200]),
            "That is its row and column. Return the width and the rate that stand there.": np.array([1, 1]),
            "That is its place among all cells, counted row by row. np.unravel_index makes row and column of it.": (
                np.array(4)
            ),
            "That is the accuracy itself. Return the settings that reached it.": np.array(0.97),
            "That is the worst of the runs that finished. Look for the largest accuracy.": np.array([200, 1.0]),
        },
        praise="The best of those that finished. How it does on images nobody has chosen by is another question.",
    )
