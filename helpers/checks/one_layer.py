"""The exercises on a single layer, lesson 01."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import Verdict, flat, pair, softmax


def one_hot(answer: Callable) -> Verdict:
    """Check a function from labels [n] to one-hot labels [n, 10]. Exercise 1 of notebooks/01_one_layer.ipynb."""
    labels = np.array([5, 0, 4, 9])
    expected = np.eye(10)[labels]
    return judge.judge(
        lambda: answer(labels),
        expected,
        {
            "The table lies on its side: each image should be a row. Its shape should be [n, 10].": expected.T,
            "The ones stand one place too far left. Digit 0 belongs in column 0, as Python counts.": np.eye(10)[
                labels - 1
            ],
            "These are the labels themselves. Each should become a row of ten numbers.": labels,
            "This is the same table for any labels. Pick its rows by label: row 5 for a 5.": np.eye(10),
            "This marks one image only. Make one row for every label.": expected[0],
            "Only the first row is marked. Does the return stand inside the loop?": expected * [[1], [0], [0], [0]],
            "There is a column for each image. There should be one for each of the ten digits: np.eye(10).": np.eye(4),
            "The rows were picked by the place of the image. Pick them by its label: row 5 for a 5.": np.eye(10)[:4],
            "All is 0 so far. Each row needs a 1 in the column of its digit.": np.zeros((4, 10)),
            "Ones and zeros are turned round.": 1 - expected,
        },
        praise="Each row has a single 1, in the column of its digit: the loss compares the probabilities with it.",
        usual_errors={
            "with size 4": "The table needs room for ten digits, however many images there are: np.eye(10).",
            "with size 9": "There are ten digits, 0 to 9: np.eye(10).",
        },
    )


def accuracy(answer: Callable) -> Verdict:
    """Check a function from logits [n, 10] and labels [n] to the share of right answers. Exercise 2 of lesson 01."""
    logits = np.random.default_rng(4).normal(size=(20, 10))
    digits = logits.argmax(axis=1)
    common = np.bincount(digits[1:]).argmax()
    logits[0, common] = 9.5  # the largest of all: its place in the whole table is a digit, which some labels are
    digits[0] = common
    labels = digits.copy()
    labels[3::4] = (labels[3::4] + 1) % 10
    right = 0.75
    return judge.judge(
        lambda: answer(logits, labels),
        np.array(right),
        {
            "That is the number of right answers. Divide by how many there are.": np.array(right * 20),
            "That is in per cent. A share runs from 0 to 1, which is what the charts plot.": np.array(right * 100),
            "That is the share of wrong answers. Compare with ==.": np.array(1 - right),
            "These are the single answers, right or wrong. Take their mean.": digits == labels,
            "These are the digits that are read. Compare them with the labels, and take the mean.": digits,
            "The largest logit was looked for in the whole table. Look for it in each row: argmax with axis=1.": (
                np.mean(labels == common)
            ),
            "That counts the first image only. Does the return stand inside the loop?": np.array(1 / 20),
            "Compare the position of the largest logit: argmax, not max. Or did // cut off the share?": np.array(0.0),
        },
        praise="argmax picks the digit with the largest logit; the softmax would not change which one that is.",
        # Ten answers cannot be compared with twenty labels, and NumPy says so.
        usual_errors={
            "(10,)": "The largest logit was looked for down the columns. Each image is a row: use axis=1.",
            "(20,10) (20,)": "Ten logits cannot be compared with one label. Find the place of the largest: argmax.",
        },
    )


def gradients(answer: Callable) -> Verdict:
    """Check a function from x, one-hot labels, W and b to the gradients of W and b. Exercise 3 of lesson 01.

    The loss is the mean cross-entropy. Shapes: x [n, 784], labels [n, 10], W [784, 10], b [10].
    """
    random = np.random.default_rng(2)
    x, labels = random.random((6, 784)), np.eye(10)[random.integers(10, size=6)]
    W, b = random.normal(scale=0.05, size=(784, 10)), random.normal(size=10)
    logits = x @ W + b
    delta = softmax(logits, axis=1) - labels

    def both(delta):
        return flat((x.T @ delta, delta.sum(axis=0)))

    probabilities = softmax(logits, axis=1)
    over_all = np.exp(logits) / np.exp(logits).sum()

    return judge.judge(
        lambda: flat(pair(answer(x, labels, W, b), "gradient_W, gradient_b", W.shape, b.shape)),
        both(delta / 6),
        {
            "The sign is turned round. Take probabilities minus labels, not labels minus probabilities.": both(
                -delta / 6
            ),
            "These are the gradients of the sum. For the mean, divide both by the number of images.": both(delta),
            "The softmax is missing: the difference is probabilities minus labels, not logits minus labels.": both(
                (logits - labels) / 6
            ),
            "The softmax was taken down the columns. Each image is a row: use axis=1.": both(
                (softmax(logits, axis=0) - labels) / 6
            ),
            "The labels are missing: take probabilities minus labels.": both(probabilities / 6),
            "The bias is missing from the logits: they are x @ W + b.": both(
                (softmax(logits - b, axis=1) - labels) / 6
            ),
            "The exponentials were divided by the sum of them all. Each row has a sum of its own: axis=1.": both(
                (over_all - labels) / 6
            ),
            "Only the labels were divided by the number of images. Put the difference in brackets.": both(
                probabilities - labels / 6
            ),
            "Divide by the number of images, not by the number of digits.": both(delta / 10),
            "W is right, but b is divided by the number of images twice: sum the divided delta, without a mean.": flat(
                (x.T @ delta / 6, delta.mean(axis=0) / 6)
            ),
            "W is right, but b is not divided by the number of images.": flat((x.T @ delta / 6, delta.sum(axis=0))),
            "b is right, but W is not divided by the number of images.": flat((x.T @ delta, delta.mean(axis=0))),
        },
        praise="The whole of the training step in three lines, and the same numbers that GradientTape finds.",
        usual_errors={
            "(6,10) (6,)": "The sum of each row should stay a column, to divide its row: keepdims=True.",
            "matmul": "The shapes do not fit. Write them beside each line; the cure is nearly always a .T.",
        },
        names=judge.places("gradient_W, gradient_b", W.shape, b.shape),
    )
