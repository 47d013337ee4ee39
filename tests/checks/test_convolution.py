"""The exercises of lesson 10: right answers are right, and the usual mistakes are named."""

import numpy as np
import pytest

from helpers import checks, filters


def says(verdict, right, *words):
    assert verdict.right == right, verdict
    assert all(each in verdict.words for each in words), verdict


def window(image, weights, row, column):
    return image[row : row + len(weights), column : column + len(weights)]


def by_loop(image, weights, row, column):
    total = 0
    for down in range(weights.shape[0]):
        for right in range(weights.shape[1]):
            total += image[row + down, column + right] * weights[down, right]
    return total


@pytest.mark.parametrize("answer", [by_loop, lambda *all_of: (window(*all_of) * all_of[1]).sum()])
def test_one_window_right(answer):
    says(checks.one_window(answer), True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda i, f, r, c: (window(i, f, c, r) * f).sum(), "turned round"),
        (lambda i, f, r, c: (window(i, f, r, c) * f[::-1, ::-1]).sum(), "turns the filter over"),
        (lambda i, f, r, c: (window(i, f, r, c) * f).mean(), "is the mean"),
        (lambda i, f, r, c: window(i, f, r, c).sum() * f.sum(), "number by number"),
        (lambda i, f, r, c: window(i, f, r, c).sum(), "the window alone"),
        (lambda i, f, r, c: (i[r : r + 3, c : c + 3] * f).sum(), "differ in size"),
        (lambda i, f, r, c: window(i, f, r, c) * f, "Expected one number"),
        (lambda i, f, r, c: (window(i, f, r, c) @ f).sum(), "other numbers than expected"),
    ],
)
def test_one_window_wrong(answer, words):
    says(checks.one_window(answer), False, words)


@pytest.mark.parametrize(
    "answer", [filters.output_size, lambda size, width, stride: len(range(0, size - width + 1, stride))]
)
def test_output_side_right(answer):
    says(checks.output_side(answer), True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda size, width, stride: (size - width) // stride, "One is missing"),
        (lambda size, width, stride: (size - width) / stride + 1, "a fraction"),
        (lambda size, width, stride: -(-(size - width) // stride) + 1, "rounds up"),
        (lambda size, width, stride: (size - width + 1) // stride, "after the division"),
        (lambda size, width, stride: size - width + 1, "stride is missing"),
        (lambda size, width, stride: size // stride, "filter's size is missing"),
    ],
)
def test_output_side_wrong(answer, words):
    says(checks.output_side(answer), False, words)


def by_corners(values):
    corners = [values[down::2, right::2] for down in (0, 1) for right in (0, 1)]
    return np.max(corners, axis=0)


@pytest.mark.parametrize("answer", [filters.max_pool, by_corners])
def test_pooled_right(answer):
    says(checks.pooled(answer), True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda v: v.reshape(2, 2, 3, 2).mean(axis=(1, 3)), "the mean"),
        (lambda v: v.reshape(2, 2, 3, 2).min(axis=(1, 3)), "the smallest"),
        (lambda v: v[::2, ::2], "as a stride of 2 would"),
        (lambda v: filters.windows(v, 2).max(axis=(2, 3)), "do not overlap"),
        (lambda v: np.maximum(by_corners(v), 0), "begins at 0"),
        (lambda v: v.reshape(2, 2, 6).max(axis=1), "rows only"),
        (lambda v: v.reshape(4, 3, 2).max(axis=2), "columns only"),
        (lambda v: v.max(), "one number for the whole map"),
        (lambda v: v.reshape(2, 2, 2, 2), "A block is 2 × 2"),
    ],
)
def test_pooled_wrong(answer, words):
    says(checks.pooled(answer), False, words)
