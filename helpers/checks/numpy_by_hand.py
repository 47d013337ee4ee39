"""The exercises of lesson 07, which the lesson calls by `checks`."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import NotAsAskedError, Verdict, flat, pair


def slope_by_trying(answer: Callable) -> Verdict:
    """Check a function from f, w and h to the central difference of f at w. Exercise 2 of lesson 07."""
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


def tanh_deltas(answer: Callable) -> Verdict:
    """Check a function from x, goals and weights to both weight deltas of a network with tanh as its activation.

    Exercise 1 of lesson 07. Shapes: x [n, inputs], goals [n, outputs], W1 [inputs, hidden], W2 [hidden, outputs].
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


def bias_rule(answer: Callable) -> Verdict:
    """Check a function from the slope of `sums + b`, [n, units], to those of sums, [n, units], and of b, [units].

    Exercise 3 of lesson 07.
    """
    slope = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0], [0.25, 4.0, 2.0], [-5.0, 1.0, 1.5]])
    kept, shapes = slope.copy(), (slope.shape, slope.shape[1:])
    names = "slope_of_sums, slope_of_b"

    def call():
        got = answer(slope.copy())
        if isinstance(got, tuple | list) and len(got) == 2 and np.shape(got[0]) == np.shape(got[1]) == slope.shape:
            raise NotAsAskedError(
                "Each bias is used once for every image, so its slope is one number, with all its paths added: b has "
                f"shape {list(shapes[1])}, and what you return for it has {list(slope.shape)}."
            )
        return flat(pair(got, names, *shapes, row=True))

    def both(of_b, of_sums=kept) -> np.ndarray:
        return flat([of_sums, of_b])

    return judge.judge(
        call,
        both(kept.sum(axis=0)),
        {
            "The slope of b is the mean over the images. Where paths meet, slopes are added: take the sum.": both(
                kept.mean(axis=0)
            ),
            "The slope of b is that of one image only. Every image is a path: add them all.": both(kept[0]),
            "The slope of b is that of the last image only. Every image is a path: add them all.": both(kept[-1]),
            "The slope of sums should come back as it is: a sum answers to each of its parts one for one.": both(
                kept.sum(axis=0), np.ones_like(kept)
            ),
            "An added bias changes the result one for one: its own local slope is 1, not 0.": both(np.zeros(3)),
        },
        names=judge.places(names, *shapes),
        praise="A bias has a path through every image, and where paths meet, slopes are added.",
    )
