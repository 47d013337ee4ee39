"""Exercises on the ReLU: the function, its dead units, and the way back through it."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import Verdict


def relu(answer: Callable) -> Verdict:
    """Check ReLU as a function of an array [n, units]. Exercise 1 of lesson 03."""
    sums = np.array([[-2.0, 3.0, 0.5], [4.0, -0.1, -7.0]])
    return judge.judge(
        lambda: answer(sums.copy()),
        np.maximum(sums, 0),
        {
            "Negative sums became positive. ReLU makes them 0.": np.abs(sums),
            "These are the negative sums. ReLU keeps the positive ones.": np.minimum(sums, 0),
            "That is the slope of ReLU, 0 or 1. Its value above 0 is the sum itself.": (sums > 0) * 1.0,
            "That is one number for the whole array. np.maximum compares number by number; max picks the largest.": (
                np.array(4.0)
            ),
            "That is one number for each image. Every sum should become a number of its own.": sums.max(axis=1),
            "np.max took the 0 for an axis and picked the largest of each column. np.maximum compares with 0.": (
                sums.max(axis=0)
            ),
            "The negative sums were left out. They become 0 and keep their places.": sums[sums > 0],
            "The sums came back as they were. Those below 0 become 0.": sums,
            "These are the negative sums, as positive numbers. ReLU keeps the positive ones.": np.maximum(-sums, 0),
            "It was cut at 1 too. ReLU has no upper end.": np.clip(sums, 0, 1),
        },
        praise="One comparison and no exponential: it is also the cheapest of the activations.",
        usual_errors={
            "ambiguous": "Python's `if` and `max` ask for one truth, and here are many. Use np.maximum or np.where.",
            "scalar index": "np.max takes one array and an axis. To compare with 0 number by number, use np.maximum.",
        },
    )


def way_back(answer: Callable) -> Verdict:
    """Check a function from x, W, b and the slopes of a ReLU layer's outputs to the slopes of its weights.

    Exercise 2 of lesson 03. Shapes: x [n, inputs], W [inputs, outputs], b [outputs], slopes [n, outputs].
    """
    random = np.random.default_rng(6)
    x, W, b = random.random((5, 4)), random.normal(size=(4, 3)), random.normal(size=3)
    slopes = random.normal(size=(5, 3))
    sums = x @ W + b
    return judge.judge(
        lambda: answer(x.copy(), W.copy(), b.copy(), slopes.copy()),
        x.T @ (slopes * (sums > 0)),
        {
            "ReLU is missing: where the sum is below 0 nothing comes back. Multiply the slopes by 0 or 1 first.": (
                x.T @ slopes
            ),
            "The mask is turned round: slopes pass where the sum is above 0.": x.T @ (slopes * (sums <= 0)),
            "The slopes were cut where they are negative themselves. What decides is the sum, x @ W + b.": (
                x.T @ np.maximum(slopes, 0)
            ),
            "The slopes were multiplied by what the layer puts out. ReLU's slope is 1 there, not its value.": (
                x.T @ (slopes * np.maximum(sums, 0))
            ),
            "That is the mean. These slopes are of the whole loss already: add them up.": (
                x.T @ (slopes * (sums > 0)) / 5
            ),
            "The bias was forgotten: whether a unit is on depends on x @ W + b.": x.T @ (slopes * (x @ W > 0)),
            "The slopes were multiplied by the sums. ReLU's slope is 0 or 1: compare, x @ W + b > 0.": (
                x.T @ (slopes * sums)
            ),
            "The slopes from behind are missing: multiply them by 0 or 1 where a unit was off or on.": x.T @ (sums > 0),
            "That takes what the layer puts out, and no slopes. Multiply the slopes from behind by 0 or 1.": (
                x.T @ np.maximum(sums, 0)
            ),
            "The mask was made of the weights. What decides is the sum, x @ W + b.": (x.T @ slopes) * (W > 0),
            "These are the slopes of the sums. Those of W are x, transposed, times them.": slopes * (sums > 0),
            "These are the slopes of x, which the layer before would need. Those of W take x, transposed.": (
                (slopes * (sums > 0)) @ W.T
            ),
            "It lies on its side. The slopes of W have the shape of W.": (x.T @ (slopes * (sums > 0))).T,
        },
        praise="This is one layer of backpropagation, and the same as GradientTape finds.",
        usual_errors={
            "matmul": "The shapes do not fit. x, transposed, is [inputs, n]; what it meets should be [n, outputs].",
            "broadcast": (
                "The shapes do not fit. The mask has the shape of the slopes, [n, outputs]: multiply the two first, "
                "number by number, then x, transposed, @ that."
            ),
        },
    )


def dead(answer: Callable) -> Verdict:
    """Check a function from ReLU activations [n, units] to the share of dead units. Exercise 3 of lesson 03."""
    activations = np.array(  # two units of five are dead, and for one image of four all are off; of no image 0.4 are 0
        [[0, 1, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0.5]], dtype=float
    )
    zero = activations == 0
    return judge.judge(
        lambda: answer(activations),
        np.array(0.4),
        {
            "That is the share of zeros. A unit is dead only if it is 0 for every image.": zero.mean(),
            "That is the share of units that are 0 for some image. Dead means for every image: all, not any.": np.mean(
                zero.any(axis=0)
            ),
            "That looks for images on which every unit is 0. A unit is a column: use axis=0.": np.mean(
                zero.all(axis=1)
            ),
            "That is the share of units that are alive. Take the others.": np.array(0.6),
            "That looks at one image only. Does the return stand inside the loop?": np.array(0.8),
            "That is how many are dead. Divide by the number of units, or take the mean.": np.array(2),
            "That is in per cent. A share runs from 0 to 1.": np.array(40),
            "The dead units were divided by the number of images. Divide by the number of units.": np.array(0.5),
            "The dead units were divided by the number of activations. Divide by the number of units.": np.array(0.1),
            "That is 0. Ask for each unit by itself: axis=0. Or did // cut off the share?": np.array(0),
            "These are the units, dead or not. Take their mean.": zero.all(axis=0),
        },
        praise="Dead for these images, to be exact: the more images you look at, the surer you are.",
    )
