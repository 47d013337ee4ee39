"""The pictures of the way back: what is multiplied, what is added, and which numbers stand in which frame."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from helpers.labs import backprop_stepper
from helpers.plots import backpropagation
from helpers.plots.style import BLUE, VERMILION

SHARED = [("sum", 0.8), ("h1", 1)]
UPPER, LOWER = [("o1", 0.7), ("error", -0.668)], [("o2", -0.3), ("error", 0.172)]


def written(picture):
    return [text.get_text() for text in picture.figure.axes[0].texts]


def test_each_path_is_multiplied_and_the_two_are_added():
    picture = backpropagation.paths("w", SHARED, [UPPER, LOWER])
    for line in ("0.8 · 1 · 0.7 · (−0.668) = −0.3741", "0.8 · 1 · (−0.3) · 0.172 = −0.0413", "together: −0.4154"):
        assert line in written(picture) and line in str(picture)
    assert str(picture).startswith("Two paths lead from w to the error.")


def test_every_number_on_the_way_is_drawn_with_its_local_slope():
    texts = written(backpropagation.paths("w", SHARED, [UPPER, LOWER]))
    assert [name for name in ("w", "sum", "h1", "o1", "o2", "error") if name not in texts] == []
    assert [
        slope for slope in ("× 0.8", "× 1", "× 0.7", "× (−0.3)", "× (−0.668)", "× 0.172") if slope not in texts
    ] == []


def test_the_paths_come_to_what_the_stepper_computes():
    every = {number.name: number.value for number in backprop_stepper.numbers(**backprop_stepper.START)}
    upper = [("o1", 0.7), ("error", every["delta of o1"])]
    lower = [("o2", -0.3), ("error", every["delta of o2"])]
    said = str(backpropagation.paths("w", SHARED, [upper, lower]))
    assert f"together: −{abs(0.8 * every['delta of h1']):.4f}" in said


def test_after_two_paths_have_met_a_shared_way_may_follow():
    lower = [("o2", -0.3), ("sum of both", 0.172)]
    picture = backpropagation.paths("w", SHARED, [[("o1", 0.7), ("sum of both", -0.668)], lower], [("error", -2)])
    for line in ("0.8 · 1 · 0.7 · (−0.668) · (−2) = 0.7482", "0.8 · 1 · (−0.3) · 0.172 · (−2) = 0.0826"):
        assert line in written(picture)
    assert str(picture).startswith("Two paths lead from w to the error.")
    assert "together: 0.8307" in str(picture) and "× (−2)" in written(picture)


@pytest.fixture
def both_ways():
    return backpropagation.both_ways([[0.7, -0.3], [0.4, 0.5], [-0.2, 0.8]])


def test_a_table_stands_beside_its_transpose(both_ways):
    texts = written(both_ways)
    assert [texts.count(number) for number in ("0.7", "−0.3", "0.4", "0.5", "−0.2", "0.8")] == [2] * 6
    assert "with the same numbers" in str(both_ways) and "those out of h1: 0.7, −0.3." in str(both_ways)


def test_the_frames_hold_what_leads_into_one_unit_and_out_of_another(both_ways):
    axes = both_ways.figure.axes[0]
    frames = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    numbers = [text for text in axes.texts if text.get_text().replace("−", "").replace(".", "").isdigit()]

    def inside(frame):
        (left, bottom), (width, height) = frame.get_xy(), (frame.get_width(), frame.get_height())
        places = [(text, text.get_position()) for text in numbers]
        return [t.get_text() for t, (x, y) in places if left < x < left + width and bottom < y < bottom + height]

    blue, row, column = frames
    assert [to_hex(frame.get_edgecolor()) for frame in frames] == [c.lower() for c in (BLUE, VERMILION, VERMILION)]
    assert inside(blue) == ["0.7", "0.4", "−0.2"]
    assert inside(row) == inside(column) == ["0.7", "−0.3"]
    assert [frame.get_linestyle() for frame in frames] == ["-", "--", "--"]  # colour is not the only difference


def test_any_table_can_be_drawn():
    said = str(backpropagation.both_ways(np.arange(8.0).reshape(2, 4), "x", "h"))
    assert said.startswith("W2, 2 rows by 4 columns") and "into h1: 0, 4" in said and "out of x1: 0, 1, 2, 3" in said
