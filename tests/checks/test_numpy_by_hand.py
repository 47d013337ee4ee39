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


# --- A distance from two units --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda: (np.array([[1, -1], [-1, 1]]), np.array([1, 1])),
        lambda: ([[-2, 0.5], [2, -0.5]], [0.5, 2]),
        lambda: [np.array([[1, -1], [-1, 1]]), [1.0, 1.0]],
    ],
)
def test_the_units_may_have_any_weights_that_do_it(answer):
    assert checks.distance(answer).right


@pytest.mark.parametrize(
    ("W", "v", "sentence"),
    [
        ([[1, 0], [-1, 0]], [1, 1], "a − b where a is larger"),
        ([[-1, 0], [1, 0]], [1, 1], "b − a where b is larger"),
        ([[1, -1], [-1, 1]], [1, -1], "The two units cancel: one"),
        ([[1, -1], [-1, 1]], [-1, 1], "and the sign is turned round: both"),
        ([[1, -1], [-1, 1]], [-1, -1], "a distance is never negative"),
        ([[1, -1], [-1, 1]], [2, 2], "twice the distance"),
        ([[1, 0], [0, 1]], [1, 1], "and the two are added"),
        ([[1, 1], [1, 1]], [1, 1], "The two units add a and b"),
        ([1, -1], [1, 1], "got [2] and [2]"),
        ([[1, -1], [-1, 1]], [[1], [1]], "got [2, 2] and [2, 1]"),
        ("W", [1, 1], "Expected an array of numbers"),
    ],
)
def test_usual_wrong_units_are_recognised(W, v, sentence):
    says(checks.distance(lambda: (W, v)), sentence)


def test_units_are_two_arrays():
    says(checks.distance(lambda: np.eye(2)[0]), "got one ndarray")


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
