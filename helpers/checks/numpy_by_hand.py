"""The exercises of lesson 07, which the lesson calls by `checks`."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import NotAsAskedError, Verdict, flat, pair


def slope_by_trying(answer: Callable) -> Verdict:
    """Check a function from f, w and h to the central difference of f at w. Exercise 1 of lesson 07."""
    cases = [(lambda w: w**3, 2.0, 0.1), (lambda w: np.exp(w), 0.5, 0.2), (lambda w: -5 * w, -3.0, 0.5)]

    def of_each(slope: Callable) -> np.ndarray:
        return np.array([slope(*case) for case in cases])

    return judge.judge(
        lambda: judge.all_of(answer(*case) for case in cases),
        of_each(lambda f, w, h: (f(w + h) - f(w - h)) / (2 * h)),
        {
            "The two places lie 2h apart. Divide by 2 * h.": of_each(lambda f, w, h: (f(w + h) - f(w - h)) / h),
            "That looks to one side only. Take one value above w and one below: the errors of the two cancel.": of_each(
                lambda f, w, h: (f(w + h) - f(w)) / h
            ),
            "That looks below w only. Take one value above and one below: the errors of the two cancel.": of_each(
                lambda f, w, h: (f(w) - f(w - h)) / h
            ),
            "The sign is turned round: what f gives above w, minus what it gives below.": of_each(
                lambda f, w, h: (f(w - h) - f(w + h)) / (2 * h)
            ),
            "Python read `/ 2 * h` from left to right: it divides by 2 and multiplies by h. Write / (2 * h).": of_each(
                lambda f, w, h: (f(w + h) - f(w - h)) / 2 * h
            ),
            "That is how much f changes. A slope is the change divided by the distance, 2 * h.": of_each(
                lambda f, w, h: f(w + h) - f(w - h)
            ),
            "That is f itself at w. Its slope is wanted.": of_each(lambda f, w, h: f(w)),
            "Put the difference in brackets: Python divides before it subtracts.": of_each(
                lambda f, w, h: f(w + h) - f(w - h) / (2 * h)
            ),
            "That is a distance divided by itself. Call f at both places: f(w + h) and f(w - h).": np.ones(3),
            "That is 0 whatever f is. The h belongs inside: f(w + h) and f(w - h).": np.zeros(3),
            "The two values should be subtracted.": of_each(lambda f, w, h: (f(w + h) + f(w - h)) / (2 * h)),
            "Divide by the distance between the two places, 2 * h, instead of by 2.": of_each(
                lambda f, w, h: (f(w + h) - f(w - h)) / 2
            ),
            "One of the two values is f(w) itself. Take one at w + h and one at w - h.": of_each(
                lambda f, w, h: (f(w + h) - f(w)) / (2 * h)
            ),
            "The two places should be a whole h away from w, on either side.": of_each(
                lambda f, w, h: (f(w + h / 2) - f(w - h / 2)) / h
            ),
            "A slope may be negative: leave the sign.": of_each(lambda f, w, h: abs(f(w + h) - f(w - h)) / (2 * h)),
            "That takes another distance than h. Use the h that the function is given.": of_each(
                lambda f, w, h: (f(w + 0.001) - f(w - 0.001)) / 0.002
            ),
        },
        praise="It needs no calculus, which is why it can judge what calculus gave.",
        usual_errors={
            "not callable": "f is a function and w a number: call f at w + h and at w - h.",
            "'function'": "f is a function and w a number: call f at w + h and at w - h.",
        },
        names=[
            "for f(w) = w³ at w = 2 with h = 0.1",
            "for f(w) = exp(w) at w = 0.5 with h = 0.2",
            "for f(w) = −5w at w = −3 with h = 0.5",
        ],
    )


def distance(answer: Callable) -> Verdict:
    """Check a function that returns W [2, 2] and v [2], for which relu([a, b] @ W) @ v is |a − b|.

    Exercise 2 of lesson 07.
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


def tanh_deltas(answer: Callable) -> Verdict:
    """Check a function from x, goals and weights to both weight deltas of a network with tanh as its activation.

    Exercise 3 of lesson 07. Shapes: x [n, inputs], goals [n, outputs], W1 [inputs, hidden], W2 [hidden, outputs].
    """
    random = np.random.default_rng(7)
    x, goals = random.normal(size=(5, 4)), random.normal(size=(5, 2))
    W1, W2 = random.normal(size=(4, 3)), random.normal(size=(3, 2))
    sums = x @ W1
    hidden = np.tanh(sums)
    delta = hidden @ W2 - goals

    def of_reader():
        deltas = answer(x.copy(), goals.copy(), [W1.copy(), W2.copy()])
        if isinstance(deltas, tuple | list) and len(deltas) in (2, 3) and np.shape(deltas[0]) == goals.shape:
            raise NotAsAskedError("Return the two weight deltas alone, without the outputs: return W1_delta, W2_delta.")
        lead = "Each weight delta has the shape of its weights. "
        return flat(pair(deltas, "W1_delta, W2_delta", W1.shape, W2.shape, lead=lead))

    def both(slope, output_delta=delta, hidden=hidden):
        return flat([x.T @ (output_delta @ W2.T * slope), hidden.T @ output_delta])

    rectified = np.maximum(sums, 0)
    slope = 1 - hidden**2
    return judge.judge(
        of_reader,
        both(slope),
        {
            "The slope of the activation is missing on the way back.": both(1.0),
            "The slope is 1 − tanh(sum)²: square what came out of the unit, not the sum.": both(1 - sums**2),
            "The square is missing: the slope of tanh is 1 − tanh(sum)².": both(1 - hidden),
            "tanh was taken twice: hidden is tanh of the sums already.": both(1 - np.tanh(hidden) ** 2),
            "Forward is right, but ReLU's slope came back. The slope of tanh is 1 − tanh(sum)².": both(sums > 0),
            "That is the network with ReLU. Put np.tanh in its place, and its slope.": both(
                sums > 0, rectified @ W2 - goals, rectified
            ),
            "The sign is turned round: outputs minus goals.": both(slope, -delta),
            "That is the mean. Here the weight deltas are summed over the images.": both(slope) / len(x),
            "That is twice as large. The loss is half the squared error, whose slope is outputs minus goals.": (
                2 * both(slope)
            ),
            "The 1 − is missing: the slope of tanh is 1 − tanh(sum)².": both(hidden**2),
            "That is tanh itself on the way back. Its slope is 1 − tanh(sum)².": both(hidden),
            "The square belongs to tanh alone: 1 − tanh(sum)².": both((1 - hidden) ** 2),
            "In Python a square is written ** 2; * 2 doubles.": both(1 - 2 * hidden),
            "The outputs went through tanh too. In this network only the hidden units do.": both(
                slope, np.tanh(hidden @ W2) - goals
            ),
            "The first is right, but the second has the wrong hidden values: it takes what the units put out.": flat(
                [x.T @ (delta @ W2.T * slope), sums.T @ delta]
            ),
        },
        names=judge.places("W1_delta, W2_delta", W1.shape, W2.shape),
        praise="One line of the forward pass changed, and one factor of the backward pass: that is all there is to it.",
        usual_errors={
            "matmul": "The shapes do not fit. Write them beside each line; the cure is nearly always a .T.",
            "broadcast": "The shapes do not fit. Write them beside each line; the cure is nearly always a .T.",
        },
    )
