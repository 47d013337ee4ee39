"""The exercises of lesson 02, which it calls by `checks`."""

import itertools
from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import Verdict, softmax


def parameters(answer: Callable) -> Verdict:
    """Check a function from layer sizes to the number of weights and biases. Exercise 1 of lesson 02."""
    cases = [[784, 200, 100, 60, 30, 10], [784, 10], [5, 4, 3, 2]]

    def of_each(count: Callable) -> np.ndarray:
        return np.array([sum(count(*pair) for pair in itertools.pairwise(sizes)) for sizes in cases])

    weights = of_each(lambda inputs, outputs: inputs * outputs)
    return judge.judge(
        lambda: judge.all_of(answer(list(sizes)) for sizes in cases),
        of_each(lambda inputs, outputs: inputs * outputs + outputs),
        {
            "These are the weights alone. Each layer has a bias for every output as well.": weights,
            "A bias was counted for every input. It belongs to the output: there are as many as outputs.": of_each(
                lambda inputs, outputs: inputs * outputs + inputs
            ),
            "A bias was counted for the pixels too. They come in as they are: biases begin with the first layer.": (
                weights + [sum(sizes) for sizes in cases]
            ),
            "One bias was counted for each layer. Each layer has a bias for every output.": (
                weights + [len(sizes) - 1 for sizes in cases]
            ),
            "Every output is joined to every input: multiply the two sizes instead of adding them.": of_each(
                lambda inputs, outputs: inputs + outputs
            ),
            "That counts the units. Count what lies between two layers.": np.array([sum(sizes) for sizes in cases]),
            "That is right for one network only. Compute it from the sizes.": np.full(3, 185_300),
            "That is the first layer alone. Does the return stand inside the loop?": np.array(
                [sizes[0] * sizes[1] + sizes[1] for sizes in cases]
            ),
            "The last layer is missing. There is one layer less than there are sizes.": np.array(
                [sum(a * b + b for a, b in itertools.pairwise(sizes[:-1])) for sizes in cases]
            ),
            "The biases of the last layer are missing: its outputs have them too.": weights
            + [sum(sizes[1:-1]) for sizes in cases],
        },
        praise="Most of the 185,300 lie between the pixels and the first 200 units.",
        usual_errors={"index out of range": "There is one layer less than there are sizes. End the loop one earlier."},
        names=[f"for the sizes {sizes}" for sizes in cases],
    )


def chain(answer: Callable) -> Verdict:
    """Check a function from x and the weights of a chain of single units to the slope of its output for weights[0].

    Every weight but the last is followed by a sigmoid. Exercise 2 of lesson 02.
    """
    cases = [(0.5, [1.0, -2.0]), (0.8, [0.5, -1.5, 2.0]), (2.0, [-1.0, 3.0, 0.5, 4.0])]

    def factors(x, weights):
        """What is multiplied: the input, then for each link the sigmoid's slope, its value, and the weight after it."""
        slopes, values = [], []
        for w in weights[:-1]:
            x = float(_sigmoid(np.array(w * x)))
            values.append(x)
            slopes.append(x * (1 - x))
        return np.array(slopes), np.array(values), np.array(weights[1:])

    def of_each(product: Callable) -> np.ndarray:
        return np.array([product(x, weights[0], *factors(x, weights)) for x, weights in cases])

    return judge.judge(
        lambda: judge.all_of(answer(x, list(weights)) for x, weights in cases),
        of_each(lambda x, _, slopes, __, after: x * np.prod(slopes) * np.prod(after)),
        {
            "The input is missing: the first sum changes x times as fast as the first weight.": of_each(
                lambda _, __, slopes, ___, after: np.prod(slopes) * np.prod(after)
            ),
            "That is the slope for the input x: it has weights[0] where the slope for weights[0] has x.": of_each(
                lambda _, first, slopes, __, after: first * np.prod(slopes) * np.prod(after)
            ),
            "One factor too many: weights[0] itself is not on its own way to the output.": of_each(
                lambda x, first, slopes, __, after: x * first * np.prod(slopes) * np.prod(after)
            ),
            "The sigmoids' slopes are missing. Each lets y * (1 - y) through.": of_each(
                lambda x, _, __, ___, after: x * np.prod(after)
            ),
            "These are the sigmoids' values. Their slopes are y * (1 - y).": of_each(
                lambda x, _, __, values, after: x * np.prod(values) * np.prod(after)
            ),
            "The weights after the first are missing: each multiplies what passes it.": of_each(
                lambda x, _, slopes, __, ___: x * np.prod(slopes)
            ),
            "That is the output of the chain. What is asked for is how fast it changes with weights[0].": of_each(
                lambda _, __, ___, values, after: values[-1] * after[-1]
            ),
        },
        praise="A loop forwards is enough for one weight. For all of them at once, one goes backwards.",
        usual_errors={"multiply sequence": "The weights come as a list of numbers: take them one by one."},
    )


def saturated(answer: Callable) -> Verdict:
    """Check a function from activations [n, units] to the share below 0.05 or above 0.95. Exercise 3 of lesson 02."""
    activations = np.array([[0.01, 0.5, 0.97, 0.3], [0.04, 0.99, 0.2, 0.6], [0.02, 0.96, 0.98, 0.94]])
    low, high = activations < 0.05, activations > 0.95
    either = low | high
    return judge.judge(
        lambda: answer(activations),
        np.mean(either),
        {
            "That is the flat end near 0 alone. The sigmoid is flat near 1 as well.": np.mean(low),
            "That is the flat end near 1 alone. The sigmoid is flat near 0 as well.": np.mean(high),
            "That is the share that is not saturated. Take what lies outside, not between.": np.mean(~either),
            "That is how many there are. Divide by the number of activations, or take the mean.": either.sum(),
            "That is in per cent. A share runs from 0 to 1.": 100 * np.mean(either),
            "That is the share for each unit. Take the mean over everything.": either.mean(axis=0),
            "That is the share for each image. Take the mean over everything.": either.mean(axis=1),
            "These are the single activations, saturated or not. Take their mean.": either,
            "That is the mean of the saturated activations. Take the mean of the comparison itself.": np.mean(
                activations[either]
            ),
            "These are the saturated activations. Which share of all are they?": activations[either],
            "That is how many there are for each image. Divide by the number of activations, or take the mean.": (
                either.sum() / len(activations)
            ),
            "Each is above 0.05 or below 0.95. Turn the two comparisons round, and take the mean.": np.array(1),
            "None is below and above at once: join the two with | (or). Or did // cut off the share?": np.array(0),
        },
        praise="The bars in this lesson are drawn from this very number.",
        usual_errors={
            "ambiguous": (
                "Python's `or`, `and`, `if` and a chain such as 0.05 < a < 0.95 ask for one truth, and here are many. "
                "Compare twice, each in its own brackets, and join the comparisons with |."
            ),
            "bitwise": "Each of the two comparisons needs its own brackets: | binds more tightly than < and >.",
        },
    )


def forward(answer: Callable) -> Verdict:
    """Check a function from x [n, inputs], weights and biases to logits: sigmoid layers, the last one without.

    Exercise 4 of lesson 02.
    """
    random = np.random.default_rng(5)
    sizes = [6, 5, 4, 3]
    x = random.random((2, 6))
    weights = [random.normal(size=pair) for pair in itertools.pairwise(sizes)]
    biases = [random.normal(size=width) for width in sizes[1:]]

    def hidden(bias=1.0, activation=_sigmoid):
        signal = x
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            signal = activation(signal @ W + bias * b)
        return signal

    def network(*, bias=1.0, activation=_sigmoid, last=lambda logits: logits):
        return last(hidden(bias, activation) @ weights[-1] + bias * biases[-1])

    return judge.judge(
        lambda: answer(x.copy(), [W.copy() for W in weights], [b.copy() for b in biases]),
        network(),
        {
            "The last layer went through the sigmoid too. Logits are plain sums: leave it out there.": network(
                last=_sigmoid
            ),
            "These are probabilities. The softmax belongs to the loss: return the logits.": network(
                last=lambda logits: softmax(logits, axis=1)
            ),
            "The sigmoid is missing: without it, all layers together are one multiplication.": network(
                activation=lambda sums: sums
            ),
            "The biases are missing. Every layer adds its own.": network(bias=0.0),
            "The sign in the sigmoid is turned round: it is 1 / (1 + exp(-z)).": network(
                activation=lambda z: _sigmoid(-z)
            ),
            "That is ReLU. This lesson bends with the sigmoid.": network(activation=lambda sums: np.maximum(sums, 0)),
            "The minus reaches x @ W only. In the sigmoid it belongs to the whole sum: -(x @ W + b).": (
                hidden(bias=-1.0) @ weights[-1] + biases[-1]
            ),
            "The bias of the last layer is missing.": network() - biases[-1],
            "Sigmoid and biases are missing: without the first, all layers together are one multiplication.": network(
                bias=0.0, activation=lambda sums: sums
            ),
            "That is what the last hidden layer puts out. One more layer follows, without the sigmoid.": hidden(),
            "That is the first layer alone. Go through all of them in a loop.": x @ weights[0] + biases[0],
            "That is the first layer alone. Does the return stand inside the loop?": _sigmoid(
                x @ weights[0] + biases[0]
            ),
        },
        praise="A network of any depth in three lines. `networks.Network` does the same.",
        usual_errors={
            "size 5 is different from 6": (
                "The shapes do not fit. Each layer takes what the one before put out, not the images once more."
            ),
            "size 4 is different from 5": (
                "The shapes do not fit: a layer was left out. Does the return stand inside the loop?"
            ),
            "matmul": "The shapes do not fit. Write them beside each line: [n, inputs] @ [inputs, outputs].",
        },
    )


def _sigmoid(sums: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-sums))
