"""The four corners of exclusive or: what is drawn, what is counted, and the sliders above."""

import itertools

import numpy as np
import pytest

from helpers.labs import explorers
from helpers.plots import exclusive_or


def relu(sums):
    return np.maximum(sums, 0)


def test_two_relu_units_have_all_four_corners_right():
    picture = exclusive_or.corners(lambda a, b: relu(a + b) - 2 * relu(a + b - 1), "two units")
    assert picture.figure.axes[0].get_title(loc="left") == "two units: 4 of 4 right"
    assert "two units: 4 of 4 corners right: 0 for 0 and 0 (right), 1 for 0 and 1 (right)" in str(picture)


def test_what_is_wrong_is_said_with_its_value():
    said = str(exclusive_or.weighted_sum(1, -1, 0))
    assert "3 of 4 corners right" in said and "−1 for 0 and 1 (wrong)" in said


def test_no_weighted_sum_has_more_than_three():
    values = np.linspace(-2, 2, 9)
    counts = [
        int(str(exclusive_or.weighted_sum(u, v, c)).split(" of 4")[0].split()[-1])
        for u, v, c in itertools.product(values[::4], values[::4], values)
    ]
    assert max(counts) == 3


@pytest.mark.parametrize(("place", "blue"), [((1, 0), True), ((0, 0), False), ((1.4, 1.4), False), ((0, 1), True)])
def test_the_map_has_above_to_the_right_and_up(place, blue):
    (image,) = exclusive_or.corners(lambda a, b: relu(a + b) - 2 * relu(a + b - 1)).figure.axes[0].images
    x, y = place
    row = int((exclusive_or.HIGH - y) / 2 * exclusive_or.SIDE)
    column = int((x - exclusive_or.LOW) / 2 * exclusive_or.SIDE)
    red, _, blue_part = image.get_array()[row, column]
    assert (blue_part > red) == blue


def test_the_sliders_move_the_line():
    explorer = explorers.exclusive_or_explorer()
    assert "3 of 4" in str(explorer.picture())
    explorer.controls["weight_of_b"].value = 1.0
    explorer.controls["bias"].value = 0.6
    assert "1.6 for 1 and 0 (right)" in str(explorer.picture())
    assert "2 of 4" in str(explorer.picture())


@pytest.mark.parametrize(("weights", "right"), [((1, -2), 4), ((1, 0), 3), ((1, -1), 3)])
def test_the_units_move_the_corners_and_the_line_that_follows_is_judged_there(weights, right):
    picture = exclusive_or.new_columns(lambda a, b: (relu(a + b), relu(a + b - 1)), weights)
    before, after = picture.figure.axes
    assert sorted(tuple(float(line.get_xydata()[0][axis]) for axis in (0, 1)) for line in after.lines) == [
        (0, 0), (1, 0), (1, 0), (2, 1)
    ]  # fmt: skip
    assert {text.get_text() for text in after.texts} == {"(0, 0)", "(0, 1) and (1, 0)", "(1, 1)"}
    assert len(before.texts) == 4
    assert f"One line has {right} of 4 right there" in str(picture).replace("\n", " ")
