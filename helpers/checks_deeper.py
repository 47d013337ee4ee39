"""The exercises of lesson 05 about the plane, which the lesson calls by `checks`."""

from collections.abc import Callable

import numpy as np

from helpers import judging, spiral
from helpers.judging import NotAsAskedError, Verdict

ENOUGH = 0.99  # of the points, which without noise leave a gap that one threshold can lie in
SIGNS = (
    "Points on opposite sides of the centre lie equally far out, and your feature tells them apart. Square the "
    "coordinates, so that their signs are gone."
)
ALIKE = (
    "Swap the coordinates of a point and it lies as far out as before, but your feature changes. Use x1 and x2 in the "
    "same way."
)


def one_feature(answer: Callable) -> Verdict:
    """Check a function of x1 and x2 (arrays [n]) to one feature [n] that tells the circle's two kinds apart.

    One neuron can only compare with a threshold, so the feature is judged by the best threshold there is.
    An exercise of notebooks/05_deeper_and_wider.ipynb.
    """
    plane = spiral.make("circle", seed=11)
    x, y = plane.train.x, plane.train.y
    try:
        came = _feature(answer, x)
        best = _best_threshold(came, y)
        mirrored, swapped = _feature(answer, -x), _feature(answer, x[:, ::-1])
    except NotAsAskedError as error:
        return Verdict(False, str(error))
    except Exception as error:
        return Verdict(False, judging.stopped(error))
    if best >= ENOUGH:
        return Verdict(True, f"One neuron without a hidden layer now gets {best:.0%}: the feature did the bending.")
    words = f"With this feature the best that one neuron can do is {best:.0%} of the points. "
    if not np.allclose(came, mirrored):
        return Verdict(False, words + SIGNS)
    if not np.allclose(came, swapped):
        return Verdict(False, words + ALIKE)
    return Verdict(False, words + "The two kinds differ in their distance from the centre alone. How is that computed?")


def _feature(answer: Callable, x: np.ndarray) -> np.ndarray:
    """What the reader's function makes of points x [n, 2]: n numbers, or NotAsAskedError in words."""
    came = answer(x[:, 0].copy(), x[:, 1].copy())
    if came is None:
        raise NotAsAskedError("Your function returns nothing so far. Write its body, ending in a return.")
    came = judging.numbers(came)
    if came.shape != (len(x),):
        raise NotAsAskedError(
            f"Expected one number for each of the {len(x)} points, shape [{len(x)}]; came shape {list(came.shape)}."
        )
    if not np.isfinite(came).all():
        raise NotAsAskedError("Some of the numbers are NaN or infinite. Is there a root or a logarithm of a negative?")
    return came


def _best_threshold(feature: np.ndarray, y: np.ndarray) -> float:
    """The largest share of points that one threshold on the feature can put right, either way round."""
    thresholds = np.concatenate([[-np.inf], np.unique(feature)])
    right = np.mean((feature[:, None] > thresholds) == (y[:, None] > 0), axis=0)
    return float(max(right.max(), 1 - right.min()))
