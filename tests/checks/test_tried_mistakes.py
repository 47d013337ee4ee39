"""Mistakes that people made who had not written the checks: each is named, or at least not called something else."""

import signal
from itertools import pairwise

import numpy as np
import pytest

from helpers import checks
from helpers.checks.judge import Verdict


def softmax(logits):
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def first_row_only(labels):
    table = np.zeros((len(labels), 10))
    for row, digit in enumerate(labels):
        table[row, digit] = 1
        return table


def counts_one_image(logits, labels):
    right = 0
    for row, label in zip(logits, labels, strict=True):
        right += np.argmax(row) == label
        return right / len(labels)


def one_layer_of(sizes):
    for inputs, outputs in pairwise(sizes):
        return inputs * outputs + outputs


def returns_in_the_loop(x, weights, biases):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        x = 1 / (1 + np.exp(-(x @ W + b)))
        return x @ weights[-1] + biases[-1]


def hidden(x, weights, biases, sign=1):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        x = 1 / (1 + np.exp(-(x @ W + sign * b)))
    return x


def along_the_chain(x, weights, first=lambda x, w: x, link=lambda y: y * (1 - y)):
    slope, value = first(x, weights[0]), x
    for w, after in pairwise(weights):
        value = 1 / (1 + np.exp(-w * value))
        slope *= link(value) * after
    return slope


def max_of_window(image, filter, row, column):
    rows, columns = filter.shape
    return (image[row : row + rows, column : column + columns] * filter).max()


def gradients(x, delta):
    return x.T @ delta, delta.sum(axis=0)


def tanh_deltas(x, goals, weights, slope, outputs=lambda sums: sums):
    W1, W2 = weights
    hidden = np.tanh(x @ W1)
    delta = outputs(hidden @ W2) - goals
    return x.T @ (delta @ W2.T * slope(hidden)), hidden.T @ delta


def place(a):
    return np.unravel_index(np.nanargmax(a), a.shape)


def units(W, v):
    return lambda: (np.array(W), np.array(v))


r = np.sqrt(6 / 300)
TRIED = {
    checks.one_hot: [
        (first_row_only, "Does the return stand inside the loop?"),
        (lambda labels: np.eye(len(labels))[labels], "room for ten digits"),
        (lambda labels: np.eye(9)[labels], "ten digits, 0 to 9"),
        (lambda labels: np.eye(len(labels)), "a column for each image"),
        (lambda labels: [np.eye(10)[i] for i in range(len(labels))], "by its label"),
        (lambda labels: np.zeros((len(labels), 10)), "All is 0"),
        (lambda labels: 1 - np.eye(10)[labels], "turned round"),
    ],
    checks.accuracy: [
        (lambda logits, labels: np.mean(np.argmax(logits) == labels), "argmax with axis=1"),
        (lambda logits, labels: np.mean(np.max(logits) == labels), "argmax, not max"),
        (counts_one_image, "Does the return stand inside the loop?"),
        (
            lambda logits, labels: np.mean(logits == labels),
            "place of the largest: argmax. Your function stopped in its",
        ),
        (lambda logits, labels: np.argmax(logits, axis=1), "the digits that are read"),
    ],
    checks.gradients: [
        (lambda x, y, W, b: gradients(x, softmax(x @ W + b) - y / len(x)), "Put the difference in brackets"),
        (lambda x, y, W, b: gradients(x, (softmax(x @ W) - y) / len(x)), "bias is missing from the logits"),
        (lambda x, y, W, b: np.exp(x @ W + b) / np.exp(x @ W + b).sum(axis=1), "keepdims=True"),
        (lambda x, y, W, b: gradients(x, (np.exp(x @ W + b) / np.exp(x @ W + b).sum() - y) / len(x)), "axis=1"),
        (lambda x, y, W, b: gradients(x, (softmax(x @ W + b) - y) / 10), "not by the number of digits"),
        (lambda x, y, W, b: x @ (softmax(x @ W + b) - y), "nearly always a .T"),
    ],
    checks.parameters: [
        (one_layer_of, "the first layer alone"),
        (lambda sizes: sum(sizes[i] * sizes[i + 1] for i in range(len(sizes))), "one layer less"),
        (lambda s: sum(s[i] * s[i + 1] + s[i + 1] for i in range(len(s) - 2)), "The last layer is missing"),
        (lambda s: sum(s[i] * s[i + 1] for i in range(len(s) - 1)) + sum(s[1:-1]), "biases of the last layer"),
        (lambda s: [s[i] * s[i + 1] + s[i + 1] for i in range(len(s) - 1)], "Expected one number"),
        (lambda s: sum((s[i] + 1) * s[i + 1] for i in range(len(s) - 1)) + 7, "expected 185300, got 185307"),
    ],
    checks.saturated: [
        (lambda a: np.mean(0.05 < a < 0.95), "a chain such as"),
        (lambda a: np.mean(a < 0.05 | a > 0.95), "its own brackets"),
        (lambda a: np.mean(a[(a < 0.05) | (a > 0.95)]), "the mean of the saturated activations"),
        (lambda a: a[(a < 0.05) | (a > 0.95)], "Which share of all"),
        (lambda a: np.sum((a < 0.05) | (a > 0.95)) / len(a), "for each image"),
        (lambda a: np.mean((a > 0.05) | (a < 0.95)), "Turn the two comparisons round"),
    ],
    checks.forward: [
        (returns_in_the_loop, "Does the return stand inside the loop?"),
        (hidden, "One more layer follows"),
        (lambda x, W, b: hidden(x, W, b, sign=-1) @ W[-1] + b[-1], "The minus reaches x @ W only"),
        (lambda x, W, b: hidden(x, W, b) @ W[-1], "bias of the last layer"),
        (lambda x, W, b: x @ W[0] @ W[1] @ W[2], "Sigmoid and biases are missing"),
    ],
    checks.chain: [
        (lambda x, weights: along_the_chain(x, weights, first=lambda x, w: 1.0), "The input is missing"),
        (lambda x, weights: along_the_chain(x, weights, first=lambda x, w: w), "That is the slope for the input x"),
        (lambda x, weights: along_the_chain(x, weights, link=lambda y: 1.0), "The sigmoids' slopes are missing"),
        (lambda x, weights: along_the_chain(x, weights, link=lambda y: y), "These are the sigmoids' values"),
        (lambda x, weights: x * weights, "take them one by one"),
    ],
    checks.relu: [
        (lambda sums: max(0, sums), "`if` and `max`"),
        (lambda sums: -np.minimum(sums, 0), "the negative sums, as positive"),
        (lambda sums: np.clip(sums, 0, 1), "no upper end"),
    ],
    checks.dead: [
        (lambda a: np.all(a == 0), "Ask for each unit by itself"),
        (lambda a: np.mean(a.sum(axis=1) == 0), "A unit is a column"),
        (lambda a: np.all(a == 0, axis=0).sum() / len(a), "divided by the number of images"),
        (lambda a: np.all(a == 0, axis=0).sum() / a.size, "divided by the number of activations"),
        (lambda a: np.any(a == 0), "all, not any"),
    ],
    checks.way_back: [
        (lambda x, W, b, slopes: x.T @ (slopes * (x @ W + b)), "slopes were multiplied by the sums"),
        (lambda x, W, b, slopes: x.T @ (x @ W + b > 0), "slopes from behind are missing"),
        (lambda x, W, b, slopes: (slopes * (x @ W + b > 0)) @ W.T, "These are the slopes of x"),
        (lambda x, W, b, slopes: x @ (slopes * (x @ W + b > 0)), "transposed, is [inputs, n]"),
        (lambda x, W, b, slopes: (x.T @ slopes) * (x @ W + b > 0), "multiply the two first"),
        (lambda x, W, b, slopes: x.T @ np.maximum(x @ W + b, 0), "and no slopes"),
        (lambda x, W, b, slopes: (x.T @ slopes) * (W > 0), "made of the weights"),
    ],
    checks.different_units: [
        (lambda W: len(np.unique(W, axis=1)), "That counts rows"),
        (lambda W: np.unique(W, axis=1).size, "numbers in the different columns"),
        (lambda W: len(np.unique(W.sum(axis=0).round(6))), "sums of the columns"),
        (lambda W: len(set(W.T)), "Make each column a tuple"),
        (lambda W: 3, "for a layer of one unit, expected 1, got 3"),
    ],
    checks.glorot: [
        (lambda n, m, random: random.normal(0, np.sqrt(2 / (n + m)), (n, m)), "bell curve"),
        (lambda n, m, random: random.uniform(-np.sqrt(6 / n), np.sqrt(6 / n), (n, m)), "inputs alone"),
        (lambda n, m, random: random.uniform(-np.sqrt(6 / n + m), np.sqrt(6 / n + m), (n, m)), "in brackets"),
        (lambda n, m, random: random.uniform(-np.sqrt(6) / (n + m), np.sqrt(6) / (n + m), (n, m)), "whole fraction"),
        (lambda n, m, random: random.uniform(-np.sqrt(6 / (n * m)), np.sqrt(6 / (n * m)), (n, m)), "multiplying"),
        (lambda n, m, random: random.uniform(-r, r, n, m), "The size is one argument"),
        (lambda n, m, random: random * np.sqrt(6 / (n + m)), "`random` is a generator"),
        (lambda n, m, random: r * (random.random((n, m)) - 0.5), "from −r/2 to r/2"),
        (lambda n, m, random: random.uniform(-r, 0, (n, m)), "None of these is positive"),
        (lambda n, m, random: random.random((n, m)), "Half of them should be negative"),
        (lambda n, m, random: np.zeros((n, m)), "twins"),
        (lambda n, m, random: random.integers(-1, 2, (n, m)), "again and again"),
        (lambda n, m, random: random.uniform(-2 * r, 2 * r, (n, m)), "Yours run from -0.283 to 0.283"),
        (
            lambda n, m, random: np.clip(random.uniform(-2 * r, 2 * r, (n, m)), -r, r),
            "with a standard deviation of 0.115",
        ),
    ],
    checks.best_biases: [
        (lambda labels: np.log10(np.bincount(labels) / len(labels)), "another logarithm"),
        (lambda labels: np.log2(np.bincount(labels) / len(labels)), "base 2"),
        (lambda labels: np.exp(np.bincount(labels) / len(labels)), "takes the exponential"),
        (lambda labels: np.sqrt(np.bincount(labels)), "the softmax of your biases for digit 0, expected 0.0181818"),
    ],
    checks.one_feature: [
        (lambda x1, x2: x1 ^ 2, "a power is written **"),
        (lambda x1, x2: 1 if x1**2 + x2**2 < 9 else 0, "x1 is a whole array"),
        (lambda x1, x2: __import__("math").sqrt(x1**2 + x2**2), "np.sqrt"),
    ],
    checks.fold: [
        (lambda x, crease: x / crease, "That is the way up"),
        (lambda x, crease: 2 * np.maximum(x, 0) - 4 * np.maximum(x - crease, 0), "a crease in the middle only"),
        (lambda x, crease: x / crease if x < crease else (1 - x) / (1 - crease), "The two ReLUs do the choosing"),
        (lambda x, crease: x / crease - np.maximum(x - crease, 0) / (1 - crease), "goes on climbing"),
        (lambda x, crease: (x - np.maximum(x - crease, 0)) / crease, "then it stays level"),
    ],
    checks.collapse: [
        (lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2), "turned round"),
        (lambda W1, b1, W2, b2: (W1 * W2, b1 + b2), "a product of matrices"),
        (lambda W1, b1, W2, b2: (W1 @ W2, W1 @ b1 + b2), "b1 @ W2"),
        (lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 * b2), "biases were multiplied"),
        (lambda W1, b1, W2, b2: (W1, W2, b1), "got 3 things"),
    ],
    checks.momentum_step: [
        (lambda w, v, slope, rate, m: (w + v, m * v - rate * slope), "not by the old"),
        (lambda w, v, slope, rate, m: (w + m * v + rate * slope, m * v + rate * slope), "goes uphill"),
        (lambda w, v, slope, rate, m: (w + m * v - slope, m * v - slope), "multiplied by the rate"),
        (lambda w, v, slope, rate, m: (w + v - rate * slope, v - rate * slope), "multiplied by the momentum"),
        (lambda w, v, slope, rate, m: w + m * v - rate * slope, "Expected two numbers"),
    ],
    checks.choose: [
        (lambda a, w, r: (w[place(a)[1]], r[place(a)[0]]), "Row and column have changed places"),
        (lambda a, w, r: (w[np.nanargmax(a)], r[np.nanargmax(a)]), "a place among all cells"),
        (lambda a, w, r: np.unravel_index(np.argmax(a), a.shape), "a run that diverged"),
        (lambda a, w, r: np.max(a), "That is NaN"),
        (lambda a, w, r: np.argmax(a), "the run that diverged"),
        (lambda a, w, r: w[np.nanargmax(a, axis=0)], "a list of places"),
        (lambda a, w, r: max(a), "Use np.nanargmax"),
        (lambda a, w, r: w[place(a)[0]], "the width alone"),
        (lambda a, w, r: (w[np.nanargmax(np.nanmean(a, axis=1))], r[0]), "best on average"),
    ],
    checks.slope_by_trying: [
        (lambda f, w, h: abs(f(w + h) - f(w - h)) / (2 * h), "leave the sign"),
        (lambda f, w, h: f(w + h) - f(w - h) / (2 * h), "in brackets"),
        (lambda f, w, h: ((w + h) - (w - h)) / (2 * h), "divided by itself"),
        (lambda f, w, h: (f * (w + h) - f * (w - h)) / (2 * h), "f is a function"),
        (lambda f, w, h: (f(w + h) + f(w - h)) / (2 * h), "subtracted"),
        (lambda f, w, h: (f(w + h) - f(w - h)) / 2, "instead of by 2"),
        (lambda f, w, h: (f(w + h) - f(w - h), 2 * h), "Expected one number"),
    ],
    checks.distance: [
        (units(np.eye(2), [1, -1]), "without a minus"),
        (units([[1, -1], [1, -1]], [1, 1]), "|a + b|"),
        (units([[1, 1], [-1, -1]], [1, 1]), "Both units follow a − b"),
        (units([[1, 1], [1, 1]], [1, -1]), "cancel, whatever comes in"),
        (units([[1, -1], [-1, 1]], [0.5, 0.5]), "half the distance"),
        (units([[1, 1], [-1, 1]], [1, 1]), "for a = 1 and b = 0, expected 1, got 2"),
        (units([1, 1], [[1, -1], [-1, 1]]), "turned round"),
    ],
    checks.bias_rule: [
        (lambda slope: (slope, np.sum(slope)), "got [4, 3] and []"),
        (lambda slope: (slope, slope.sum(axis=1)), "got [4, 3] and [4]"),
        (lambda slope: slope.sum(axis=0), "got one ndarray"),
        (lambda slope: (slope, slope / len(slope)), "one number, with all its paths added"),
    ],
    checks.shares_by_digit: [
        (lambda on, labels: [on[labels == digit].sum() for digit in range(10)], "got shape [10]"),
        (lambda on, labels: [on[labels == digit] for digit in range(10)], "Expected an array of numbers"),
        (lambda on, labels: np.eye(10)[labels].T @ on, "Those are counts"),
        (lambda on, labels: on[labels].mean(axis=0), "got shape [4]"),
    ],
    checks.one_window: [
        (lambda image, filter, row, column: image[row : row + 3, column : column + 3], "Expected one number"),
        (lambda image, filter, row, column: image[row, column] * filter.sum(), "other numbers than expected"),
        (lambda image, filter, row, column: np.sum(image * filter), "differ in size"),
        (lambda image, filter, row, column: max_of_window(image, filter, row, column), "other numbers than expected"),
    ],
    checks.output_side: [
        (lambda size, width, stride: (size - width) // stride + stride, "for size 28, filter 5, stride 2, expected 12"),
        (lambda size, width, stride: (size - width + 1, size - width + 1), "Expected one number"),
        (lambda size, width, stride: round((size - width) / stride) + 1, "rounds up"),
        (lambda size, width, stride: (size - width + 2) // stride, "other numbers than expected"),
    ],
    checks.pooled: [
        (lambda values: values.max(axis=(0, 1)), "one number for the whole map"),
        (lambda values: values.max(axis=0), "got shape [6]"),
        (lambda values: [values[row, column] for row in (0, 2) for column in (0, 2, 4)], "got shape [6]"),
        (lambda values: values.reshape(2, 3, 2, 2).max(axis=(2, 3)), "the numbers are not"),
    ],
    checks.tanh_deltas: [
        (lambda x, goals, W: (x @ W[0] @ W[1], [x, x]), "without the outputs"),
        (lambda *given: tanh_deltas(*given, lambda hidden: hidden**2), "The 1 − is missing"),
        (lambda *given: tanh_deltas(*given, lambda hidden: hidden), "tanh itself"),
        (lambda *given: tanh_deltas(*given, lambda hidden: 1 - hidden * 2), "written ** 2"),
        (lambda *given: tanh_deltas(*given, lambda hidden: (1 - hidden) ** 2), "belongs to tanh alone"),
        (lambda *given: tanh_deltas(*given, lambda hidden: 1 - hidden**2, np.tanh), "outputs went through tanh"),
    ],
    checks.l2_step: [
        (lambda W, gradient, rate, l2: W - rate * (gradient + l2 * W), "The 2 is missing"),
        (lambda W, gradient, rate, l2: W - rate * gradient - 2 * l2 * W, "not multiplied by the learning rate"),
        (lambda W, gradient, rate, l2: W - rate * (gradient + l2 * W**2), "W squared"),
        (lambda W, gradient, rate, l2: W - rate * (gradient + 2 * l2), "expected"),
    ],
    checks.dropout: [
        (lambda hidden, draws, share: hidden * (draws >= share), "not scaled"),
        (lambda hidden, draws, share: hidden * (draws < share) / (1 - share), "Those that should go are kept"),
        (lambda hidden, draws, share: hidden * (draws >= share) / share, "Divide by the share that stays"),
        (lambda hidden, draws, share: hidden if draws >= share else 0, "ambiguous"),
    ],
    checks.move_image: [
        (lambda image, down, right: np.roll(image, (down, right), (0, 1)), "That is np.roll"),
        (lambda image, down, right: np.pad(image, ((max(down, 0), 0), (max(right, 0), 0))), "keep its size"),
        (lambda image, down, right: np.roll(image, down, 0), "for down 1, right 0, expected 0"),
    ],
}
EACH = [
    pytest.param(check, answer, words, id=f"{check.__name__}, {words}")
    for check, tried in TRIED.items()
    for answer, words in tried
]
every_check = pytest.mark.parametrize("check", TRIED, ids=lambda check: check.__name__)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize(("check", "answer", "words"), EACH)
def test_a_mistake_that_was_made_is_named(check, answer, words):
    verdict = check(answer)
    assert not verdict.right
    assert words in verdict.words


def test_every_exercise_was_tried():
    assert {check.__name__ for check in TRIED} == set(checks.__all__)
    assert min(map(len, TRIED.values())) >= 3


@every_check
def test_print_in_the_place_of_return_is_told_and_still_printed(check, capsys):
    def prints(*given):
        print("the answer")

    verdict = check(prints)
    assert "Your function prints something, but returns nothing." in verdict.words and not verdict.right
    assert "the answer" in capsys.readouterr().out


@pytest.fixture
def can_be_pressed():
    """SIGINT raises KeyboardInterrupt, as in a kernel; processes that run tests two at a time ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@every_check
def test_a_press_of_stop_in_an_endless_answer_is_one_sentence(check, can_be_pressed):
    def endless(*given):
        while True:
            signal.raise_signal(signal.SIGINT)

    verdict = check(endless)
    assert isinstance(verdict, Verdict) and not verdict.right
    assert "You stopped it in its line 'signal.raise_signal(signal.SIGINT)'. Was it ever going to end?" in repr(verdict)


@every_check
def test_what_cannot_be_called_is_not_said_to_have_stopped(check):
    assert "by its name alone, without brackets" in check(np.zeros(3)).words
    assert "Keep its first line as it was" in check(lambda a, b, c, d, e, f, g: 0).words


@every_check
def test_what_the_answer_does_to_its_arguments_is_its_own_business(check):
    def spoils(*given):
        for each in given:
            if isinstance(each, np.ndarray):
                each[...] = 0

    assert "returns nothing so far" in check(spoils).words
