"""The checks of lesson 07: right answers in any form, and the usual wrong ones told apart."""

import numpy as np
import pytest

from helpers import checks


def says(verdict, sentence):
    assert not verdict.right
    assert sentence in repr(verdict)


# --- A slope by trying ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda f, w, h: (f(w + h) - f(w - h)) / (2 * h),
        lambda f, w, h: ((f(w + h) - f(w)) / h + (f(w) - f(w - h)) / h) / 2,
        lambda f, w, h: np.float32(f(w - h) - f(w + h)) / (-h - h),
    ],
)
def test_a_slope_may_be_tried_in_any_way(answer):
    assert checks.slope_by_trying(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda f, w, h: (f(w + h) - f(w - h)) / h, "lie 2h apart"),
        (lambda f, w, h: (f(w + h) - f(w)) / h, "to one side only"),
        (lambda f, w, h: (f(w) - f(w - h)) / h, "below w only"),
        (lambda f, w, h: (f(w - h) - f(w + h)) / (2 * h), "sign is turned round"),
        (lambda f, w, h: (f(w + h) - f(w - h)) / 2 * h, "from left to right"),
        (lambda f, w, h: f(w + h) - f(w - h), "divided by the distance"),
        (lambda f, w, h: f(w), "f itself"),
        (lambda f, w, h: w(f), "f is a function and w a number"),
        (lambda f, w, h: 7.0, "for f(w) = w³ at w = 2 with h = 0.1, expected 12.01, got 7."),
    ],
)
def test_usual_wrong_slopes_are_recognised(answer, sentence):
    says(checks.slope_by_trying(answer), sentence)


# --- The deltas with tanh -------------------------------------------------------------------------------------------


def deltas(x, goals, weights, *, slope=lambda sums, hidden: 1 - hidden**2, activation=np.tanh, sign=1.0, second=None):
    W1, W2 = weights
    sums = x @ W1
    hidden = activation(sums)
    delta = sign * (hidden @ W2 - goals)
    return x.T @ (delta @ W2.T * slope(sums, hidden)), (hidden if second is None else second(sums)).T @ delta


@pytest.mark.parametrize(
    "answer",
    [
        deltas,
        lambda *given: list(deltas(*given)),
        lambda *given: deltas(*given, slope=lambda sums, hidden: np.cosh(sums) ** -2.0),
    ],
)
def test_the_deltas_may_be_written_in_any_way(answer):
    assert checks.tanh_deltas(answer).right


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"slope": lambda sums, hidden: 1.0}, "slope of the activation is missing"),
        ({"slope": lambda sums, hidden: 1 - sums**2}, "not the sum"),
        ({"slope": lambda sums, hidden: 1 - hidden}, "The square is missing"),
        ({"slope": lambda sums, hidden: 1 - np.tanh(hidden) ** 2}, "tanh was taken twice"),
        ({"slope": lambda sums, hidden: sums > 0}, "ReLU's slope came back"),
        ({"slope": lambda s, h: s > 0, "activation": lambda s: np.maximum(s, 0)}, "the network with ReLU"),
        ({"sign": -1.0}, "The sign is turned round: outputs"),
        ({"sign": 2.0}, "That is twice as large"),
        ({"second": lambda sums: sums}, "wrong hidden values"),
        ({"activation": np.sin}, "in W1_delta at [0, 0], expected"),
    ],
)
def test_usual_wrong_deltas_are_recognised(wrong, sentence):
    says(checks.tanh_deltas(lambda *given: deltas(*given, **wrong)), sentence)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x, goals, weights: tuple(delta / len(x) for delta in deltas(x, goals, weights)), "That is the mean"),
        (lambda *given: deltas(*given)[::-1], "in this order: return W1_delta, W2_delta"),
        (lambda *given: deltas(*given)[0], "Expected two arrays"),
        (lambda x, goals, weights: x @ goals, "The shapes do not fit"),
        (lambda x, goals, weights: goals - weights[0], "The shapes do not fit"),
    ],
)
def test_deltas_in_another_form_are_answered(answer, sentence):
    says(checks.tanh_deltas(answer), sentence)


def test_an_answer_that_changes_its_arguments_is_judged_all_the_same():
    def answer(x, goals, weights):
        made = deltas(x, goals, weights)
        x[:] = goals[:] = weights[0][:] = weights[1][:] = 0
        return made

    assert checks.tanh_deltas(answer).right


# --- A rule for biases ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda slope: (slope, slope.sum(axis=0)),
        lambda slope: [slope, np.ones(len(slope)) @ slope],
        lambda slope: (slope, slope.sum(axis=0, keepdims=True)),
    ],
)
def test_the_rule_may_be_written_in_any_way(answer):
    assert checks.bias_rule(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda slope: (slope, slope.mean(axis=0)), "take the sum"),
        (lambda slope: (slope, slope[0]), "one image only"),
        (lambda slope: (slope, slope[-1]), "the last image only"),
        (lambda slope: (np.ones_like(slope), slope.sum(axis=0)), "as it is"),
        (lambda slope: (slope, np.zeros(3)), "not 0"),
        (lambda slope: (slope, slope), "with all its paths added"),
        (lambda slope: (slope, slope.sum(axis=1)), "got [4, 3] and [4]"),
        (lambda slope: (slope.sum(axis=0), slope), "turned round"),
        (lambda slope: slope, "got one ndarray"),
        (lambda slope: (slope, 2 * slope.sum(axis=0)), "in slope_of_b at [0], expected"),
    ],
)
def test_usual_wrong_rules_are_recognised(answer, sentence):
    says(checks.bias_rule(answer), sentence)
