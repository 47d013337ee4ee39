"""The exercises of lessons 02 and 03, which the lessons call by `checks`."""

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
            "Every activation is above 0.05 or below 0.95. Turn the two comparisons round.": np.array(1),
            "No activation is below and above at once: join the two comparisons with | (or), not & (and).": np.array(0),
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


def dead(answer: Callable) -> Verdict:
    """Check a function from ReLU activations [n, units] to the share of dead units. Exercise 2 of lesson 03."""
    activations = np.array(  # two units of five are dead, and for one image of four all are off
        [[0, 1, 0, 2, 1], [0, 0, 0, 1, 3], [0, 0, 0, 0, 0], [0, 0, 0, 4, 0.5]], dtype=float
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
            "That is how many are dead. Divide by the number of units, or take the mean.": np.array(2),
            "That is in per cent. A share runs from 0 to 1.": np.array(40),
            "The dead units were divided by the number of images. Divide by the number of units.": np.array(0.5),
            "The dead units were divided by the number of activations. Divide by the number of units.": np.array(0.1),
            "That asks whether all of it is 0. Ask for each unit by itself: axis=0.": np.array(0),
            "These are the units, dead or not. Take their mean.": zero.all(axis=0),
        },
        praise="Dead for these images, to be exact: the more images you look at, the surer you are.",
    )


def way_back(answer: Callable) -> Verdict:
    """Check a function from x, W, b and the slopes of a ReLU layer's outputs to the slopes of its weights.

    Exercise 3 of lesson 03. Shapes: x [n, inputs], W [inputs, outputs], b [outputs], slopes [n, outputs].
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


def _sigmoid(sums: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-sums))
