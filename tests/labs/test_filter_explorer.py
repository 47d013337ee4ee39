"""The filter in the reader's hand, without a page: what it offers, and what it refuses."""

import numpy as np
import pytest

from helpers import filters
from helpers.labs.filter_explorer import FilterExplorer


def test_it_begins_with_a_digit_a_filter_and_a_window(mnist):
    explorer = FilterExplorer(mnist.train, digit=5)
    assert np.array_equal(explorer.weights, filters.PRESETS["left edge"])
    assert np.array_equal(explorer.images[explorer.view.chosen], mnist.train.images[0])
    assert explorer.place == (9, 10)
    sum_there = filters.convolve(mnist.train.images[0] / 255, explorer.weights)[9, 10]
    assert f"At row 9, column 10 it is {sum_there:.2f}." in explorer.picture().words


def test_filter_and_place_can_be_set(mnist):
    explorer = FilterExplorer(mnist.train, preset="spot")
    explorer.weights = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    explorer.place = 3, 4
    assert explorer.view.weights == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert "At row 3, column 4" in explorer.picture().words
    for wrong in ([1, 2, 3], np.ones((5, 5)), [[np.nan] * 3] * 3):
        with pytest.raises(ValueError, match="3 × 3 numbers"):
            explorer.weights = wrong
    assert explorer.weights[1, 1] == 1


def test_what_there_is_not_is_answered_in_words(mnist):
    with pytest.raises(ValueError, match="preset should be one of left edge"):
        FilterExplorer(mnist.train, preset="corner")
    with pytest.raises(ValueError, match="0 to 9; got 11"):
        FilterExplorer(mnist.train, digit=11)
