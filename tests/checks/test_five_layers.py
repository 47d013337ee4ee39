"""The checks of lessons 02 and 03: right answers in any form, and the usual wrong ones told apart."""

from itertools import pairwise

import numpy as np
import pytest
import tensorflow as tf

from helpers import checks


def sigmoid(sums):
    return 1 / (1 + np.exp(-sums))


def says(verdict, sentence):
    assert not verdict.right
    assert sentence in repr(verdict)


# --- Parameters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda sizes: sum(a * b + b for a, b in pairwise(sizes)),
        lambda sizes: np.dot(sizes[:-1], sizes[1:]) + np.sum(sizes[1:]),
        lambda sizes: float(sum((a + 1) * b for a, b in pairwise(sizes))),
    ],
)
def test_parameters_may_be_counted_in_any_way(answer):
    assert checks.parameters(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda sizes: sum(a * b for a, b in pairwise(sizes)), "the weights alone"),
        (lambda sizes: sum(a * b + a for a, b in pairwise(sizes)), "for every input"),
        (lambda sizes: sum(a * b for a, b in pairwise(sizes)) + sum(sizes), "counted for the pixels too"),
        (lambda sizes: sum(a * b + 1 for a, b in pairwise(sizes)), "One bias was counted for each layer"),
        (lambda sizes: sum(a + b for a, b in pairwise(sizes)), "multiply the two sizes"),
        (sum, "That counts the units"),
        (lambda sizes: 185_300, "right for one network only"),
        (lambda sizes: "many", "Expected an array of numbers; got 'many'"),
        (lambda sizes: sizes, "Expected one number; got an array of shape [6]"),
        (lambda sizes: 1, "for the sizes [784, 200, 100, 60, 30, 10], expected 185300, got 1."),
    ],
)
def test_usual_wrong_counts_are_recognised(answer, sentence):
    says(checks.parameters(answer), sentence)


# --- The chain -------------------------------------------------------------------------------------------------------


def chain(x, weights):
    slope = x
    for w, following in pairwise(weights):
        x = sigmoid(w * x)
        slope = slope * x * (1 - x) * following
    return slope


def chain_by_the_tape(x, weights):
    first = tf.Variable(weights[0])
    with tf.GradientTape() as tape:
        signal = tf.sigmoid(first * x)
        for w in weights[1:-1]:
            signal = tf.sigmoid(w * signal)
        out = weights[-1] * signal
    return tape.gradient(out, first)


def chain_by_trying(x, weights):
    def out(first):
        signal = sigmoid(first * x)
        for w in weights[1:-1]:
            signal = sigmoid(w * signal)
        return weights[-1] * signal

    return (out(weights[0] + 1e-6) - out(weights[0] - 1e-6)) / 2e-6


def chain_output(x, weights):
    for w in weights[:-1]:
        x = sigmoid(w * x)
    return weights[-1] * x


def chain_with(factor):
    def answer(x, weights):
        slope = x
        for w, following in pairwise(weights):
            x = sigmoid(w * x)
            slope = slope * factor(x, following)
        return slope

    return answer


@pytest.mark.parametrize("answer", [chain, chain_by_the_tape, chain_by_trying])
def test_the_slope_through_a_chain_may_be_found_in_any_way(answer):
    assert checks.chain(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x, weights: chain(x, weights) / x, "The input is missing"),
        (lambda x, weights: chain(x, weights) / x * weights[0], "the slope for the input x"),
        (lambda x, weights: chain(x, weights) * weights[0], "One factor too many"),
        (lambda x, weights: x * np.prod(weights[1:]), "The sigmoids' slopes are missing"),
        (chain_with(lambda y, following: y * following), "These are the sigmoids' values"),
        (chain_with(lambda y, following: y * (1 - y)), "The weights after the first are missing"),
        (chain_output, "That is the output of the chain"),
        (lambda x, weights: x, "The shape is right, the numbers are not"),
        (lambda x, weights: x * weights, "take them one by one"),
    ],
)
def test_usual_wrong_slopes_through_a_chain_are_recognised(answer, sentence):
    says(checks.chain(answer), sentence)


# --- Saturated ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda a: np.mean(np.logical_or(a < 0.05, a > 0.95)),
        lambda a: np.mean(np.abs(a - 0.5) > 0.45),
        lambda a: sum(1 for value in a.ravel() if value < 0.05 or value > 0.95) / a.size,
    ],
)
def test_the_saturated_share_may_be_written_in_any_way(answer):
    assert checks.saturated(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda a: np.mean(a < 0.05), "near 0 alone"),
        (lambda a: np.mean(a > 0.95), "near 1 alone"),
        (lambda a: np.mean((a >= 0.05) & (a <= 0.95)), "not saturated"),
        (lambda a: np.sum((a < 0.05) | (a > 0.95)), "how many there are"),
        (lambda a: 100 * np.mean((a < 0.05) | (a > 0.95)), "in per cent"),
        (lambda a: np.mean((a < 0.05) | (a > 0.95), axis=0), "for each unit"),
        (lambda a: np.mean((a < 0.05) | (a > 0.95), axis=1), "for each image"),
        (lambda a: (a < 0.05) | (a > 0.95), "the single activations"),
        (lambda a: np.mean((a < 0.05) & (a > 0.95)), "join the two with | (or). Or did //"),
        (lambda a: np.mean((a < 0.05) or (a > 0.95)), "ask for one truth"),
    ],
)
def test_usual_wrong_shares_are_recognised(answer, sentence):
    says(checks.saturated(answer), sentence)


# --- The forward pass -----------------------------------------------------------------------------------------------


def forward(x, weights, biases, activation=sigmoid, with_biases=1):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        x = activation(x @ W + with_biases * b)
    return x @ weights[-1] + with_biases * biases[-1]


def in_tensorflow(x, weights, biases):
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        x = tf.matmul(x, W) + b
        if layer < len(weights) - 1:
            x = tf.sigmoid(x)
    return x


def always_the_images(x, weights, biases):
    for W, b in zip(weights, biases, strict=True):
        signal = sigmoid(x @ W + b)
    return signal


def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


@pytest.mark.parametrize("answer", [forward, in_tensorflow])
def test_the_forward_pass_may_be_written_in_any_way(answer):
    assert checks.forward(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x, weights, biases: sigmoid(forward(x, weights, biases)), "The last layer went through the sigmoid"),
        (lambda x, weights, biases: softmax(forward(x, weights, biases)), "These are probabilities"),
        (lambda x, weights, biases: forward(x, weights, biases, activation=lambda z: z), "The sigmoid is missing"),
        (lambda x, weights, biases: forward(x, weights, biases, with_biases=0), "The biases are missing"),
        (
            lambda x, weights, biases: forward(x, weights, biases, activation=lambda z: sigmoid(-z)),
            "The sign in the sigmoid",
        ),
        (lambda x, weights, biases: forward(x, weights, biases, activation=lambda z: np.maximum(z, 0)), "That is ReLU"),
        (always_the_images, "Each layer takes what the one before put out"),
        (lambda x, weights, biases: x @ weights[0] + biases[0], "the first layer alone. Go through"),
    ],
)
def test_usual_wrong_forward_passes_are_recognised(answer, sentence):
    says(checks.forward(answer), sentence)


# --- ReLU -----------------------------------------------------------------------------------------------------------


def changed_in_place(sums):
    sums[sums < 0] = 0
    return sums


@pytest.mark.parametrize(
    "answer", [tf.nn.relu, lambda sums: sums * (sums > 0), lambda sums: (sums + abs(sums)) / 2, changed_in_place]
)
def test_relu_may_be_written_in_any_way(answer):
    assert checks.relu(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (np.abs, "Negative sums became positive"),
        (lambda sums: np.minimum(sums, 0), "These are the negative sums"),
        (lambda sums: sums > 0, "the slope of ReLU"),
        (np.max, "one number for the whole array"),
        (lambda sums: np.max(sums, axis=1), "one number for each image"),
        (lambda sums: sums[sums > 0], "were left out"),
        (lambda sums: sums, "came back as they were"),
        (lambda sums: max(sums, 0), "ask for one truth"),
        (lambda sums: np.max(sums, 0), "np.max took the 0 for an axis"),
        (lambda sums: np.max(0, sums), "np.max takes one array and an axis"),
        (lambda sums: sums if sums > 0 else 0, "ask for one truth"),
        (sigmoid, "The shape is right, the numbers are not"),
    ],
)
def test_usual_wrong_relus_are_recognised(answer, sentence):
    says(checks.relu(answer), sentence)


# --- Dead units -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda a: np.mean((a == 0).all(axis=0)),
        lambda a: np.mean(a.max(axis=0) == 0),
        lambda a: np.sum(a.sum(axis=0) == 0) / a.shape[1],
    ],
)
def test_the_dead_share_may_be_written_in_any_way(answer):
    assert checks.dead(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda a: np.mean(a == 0), "the share of zeros"),
        (lambda a: np.mean(np.any(a == 0, axis=0)), "all, not any"),
        (lambda a: np.mean(np.all(a == 0, axis=1)), "use axis=0"),
        (lambda a: np.mean(a.sum(axis=0) > 0), "that are alive"),
        (lambda a: np.sum(np.all(a == 0, axis=0)), "how many are dead"),
        (lambda a: np.mean(a[0] == 0), "return stand inside the loop"),
        (lambda a: 100 * np.mean(np.all(a == 0, axis=0)), "in per cent"),
        (lambda a: np.all(a == 0, axis=0), "These are the units"),
    ],
)
def test_usual_wrong_dead_shares_are_recognised(answer, sentence):
    says(checks.dead(answer), sentence)


# --- The way back ---------------------------------------------------------------------------------------------------


def with_the_tape(x, W, b, slopes):
    W = tf.Variable(W)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.nn.relu(x @ W + b) * slopes)
    return tape.gradient(loss, W)


def weight_by_weight(x, W, b, slopes):
    gradient = np.zeros_like(W)
    for image, slope in zip(x, slopes, strict=True):
        gradient += np.outer(image, np.where(image @ W + b > 0, slope, 0))
    return gradient


@pytest.mark.parametrize("answer", [with_the_tape, weight_by_weight])
def test_the_way_back_may_be_written_in_any_way_and_is_that_of_the_tape(answer):
    assert checks.way_back(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x, W, b, slopes: x.T @ slopes, "ReLU is missing"),
        (lambda x, W, b, slopes: x.T @ (slopes * (np.maximum(x @ W + b, 0) >= 0)), "ReLU is missing"),
        (lambda x, W, b, slopes: x.T @ (slopes * (x @ W + b <= 0)), "The mask is turned round"),
        (lambda x, W, b, slopes: x.T @ (slopes * (slopes > 0)), "What decides is the sum"),
        (lambda x, W, b, slopes: x.T @ (slopes * np.maximum(x @ W + b, 0)), "ReLU's slope is 1 there, not its value"),
        (lambda x, W, b, slopes: x.T @ (slopes * (x @ W + b > 0)) / len(x), "That is the mean"),
        (lambda x, W, b, slopes: x.T @ (slopes * (x @ W > 0)), "The bias was forgotten"),
        (lambda x, W, b, slopes: (slopes * (x @ W + b > 0)).T @ x, "It lies on its side"),
        (lambda x, W, b, slopes: slopes * (x @ W + b > 0), "the slopes of the sums. Those of W"),
    ],
)
def test_usual_wrong_ways_back_are_recognised(answer, sentence):
    says(checks.way_back(answer), sentence)
