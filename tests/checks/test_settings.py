"""The exercises of lesson 06: right answers in any form, and the usual wrong ones."""

import numpy as np
import pytest

from helpers import checks


def best(accuracies, widths, rates):
    row, column = np.unravel_index(np.nanargmax(accuracies), accuracies.shape)
    return widths[row], rates[column]


def in_a_loop(accuracies, widths, rates):
    return max((a, w, r) for row, w in zip(accuracies, widths, strict=True) for a, r in zip(row, rates, strict=True)
               if not np.isnan(a))[1:]  # fmt: skip


@pytest.mark.parametrize(
    "answer", [best, in_a_loop, lambda *each: list(best(*each)), lambda *each: np.array(best(*each))]
)
def test_the_best_may_be_chosen_in_any_way(answer):
    assert checks.choose(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda a, w, r: (w[np.argmax(a) // 2], r[np.argmax(a) % 2]), "run diverged"),
        (lambda a, w, r: best(a, w, r)[::-1], "turned round"),
        (lambda a, w, r: np.unravel_index(np.nanargmax(a), a.shape), "its row and column"),
        (lambda a, w, r: np.nanargmax(a), "its place among all cells"),
        (lambda a, w, r: np.nanmax(a), "the accuracy itself"),
        (lambda a, w, r: (w[np.nanargmin(a) // 2], r[np.nanargmin(a) % 2]), "the worst"),
        (lambda a, w, r: "200 and 0.1", "Expected an array of numbers"),
        (lambda a, w, r: (100, 0.01), "expected 0.1, got 0.01"),
    ],
)
def test_usual_wrong_choices_are_recognised(answer, sentence):
    verdict = checks.choose(answer)
    assert not verdict.right
    assert sentence in repr(verdict)


def momentum(w, velocity, slope, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * slope
    return w + velocity, velocity


@pytest.mark.parametrize("answer", [momentum, lambda *each: list(momentum(*each))])
def test_a_step_with_momentum_may_be_made_in_any_way(answer):
    verdict = checks.momentum_step(answer)
    assert verdict.right, verdict


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda w, v, s, r, m: (w + v, m * v - r * s), "not by the old"),
        (lambda w, v, s, r, m: (w + m * v - r * s, v), "is the old one"),
        (lambda w, v, s, r, m: (w + m * v + r * s, m * v + r * s), "goes uphill"),
        (lambda w, v, s, r, m: (w - m * v + r * s, m * v - r * s), "add it"),
        (lambda w, v, s, r, m: (w + m * v - s, m * v - s), "multiplied by the rate"),
        (lambda w, v, s, r, m: (w + v - r * s, v - r * s), "multiplied by the momentum"),
        (lambda w, v, s, r, m: (w - r * s, -r * s), "a plain step"),
        (lambda w, v, s, r, m: (m * v - r * s, w + m * v - r * s), "turned round"),
        (lambda w, v, s, r, m: w, "velocity"),
    ],
)
def test_usual_wrong_steps_with_momentum_are_recognised(answer, sentence):
    verdict = checks.momentum_step(answer)
    assert not verdict.right
    assert sentence in repr(verdict)
