"""The exercises of lesson 06: right answers in any form, and the usual wrong ones."""

import numpy as np
import pytest

from helpers import checks


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
