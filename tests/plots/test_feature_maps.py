"""Pictures of filters and feature maps: what they show, and what they say."""

import numpy as np
import pytest

from helpers import filters
from helpers.plots import feature_maps

IMAGE = np.zeros((9, 9))
IMAGE[3:6, 3:6] = 1


def test_tiles_stand_beside_and_below_one_another():
    sheet = feature_maps.tiles(np.arange(3.0)[:, None, None] * np.ones((3, 2, 2)), across=2)
    assert sheet.shape == (5, 5)
    assert sheet[:2, :2].tolist() == [[0, 0], [0, 0]] and sheet[0, 3] == 1 and sheet[3, 0] == 2
    assert np.isnan(sheet[2]).all() and np.isnan(sheet[3, 3])


def test_one_filter_marks_its_place_in_both_and_says_the_sum():
    picture = feature_maps.one_filter(IMAGE, filters.PRESETS["left edge"], (3, 1), name="left edge")
    assert "7 × 7 sums from -3.00 to 3.00" in picture.words
    assert "At row 3, column 1 it is 3.00." in picture.words
    digit, _, output = picture.figure.axes
    assert [patch.get_xy() for patch in (*digit.patches, *output.patches)] == [(0.5, 2.5), (0.5, 2.5)]
    assert [patch.get_width() for patch in (*digit.patches, *output.patches)] == [3, 1]


def test_with_a_stride_the_window_lies_where_its_number_comes_from():
    picture = feature_maps.one_filter(IMAGE, filters.PRESETS["spot"], (1, 2), stride=2)
    digit, _, output = picture.figure.axes
    assert digit.patches[0].get_xy() == (3.5, 1.5) and output.patches[0].get_xy() == (1.5, 0.5)


def test_several_filters_say_where_their_sums_lie():
    words = feature_maps.several_filters(IMAGE, filters.PRESETS).words
    assert "left edge: sums from -3.0 to 3.0" in words and "spot: sums from -3.0 to 5.0" in words


def test_maps_follow_the_network():
    maps = [np.zeros((4, 4, 3)), np.zeros((2, 2, 5))]
    panel = feature_maps.FeatureMapsPanel(lambda: (IMAGE, maps), lambda: "reads 4")
    assert "3 of them empty" in panel.words and "5 of them empty" in panel.words and "reads 4" in panel.words
    maps[0] = np.ones((4, 4, 3)) * [0, 2, 1]
    panel.update()
    assert "layer 1: 3 maps of 4 × 4, 1 of them empty" in panel.words
    assert panel.sheets[0].get_clim() == (0, 2)
    assert np.nanmax(panel.sheets[0].get_array()) == 2


def test_filters_have_a_scale_each():
    weights = np.zeros((2, 2, 1, 2))
    weights[0, 0, 0] = [0.1, -5]
    panel = feature_maps.FiltersPanel(lambda: weights)
    assert np.nanmin(panel.image.get_array()) == -1 and np.nanmax(panel.image.get_array()) == 1
    assert panel.words == "The 2 filters of layer 1, 2 × 2 numbers each, from -5 to 0.1."


@pytest.mark.parametrize(("wrong", "shown"), [(0, 0), (5, 5), (200, 144)])
def test_every_mistake_is_shown_with_both_digits(wrong, shown):
    labels = np.zeros(300, int)
    read = labels.copy()
    read[:wrong] = 7
    picture = feature_maps.every_mistake(np.zeros((300, 28, 28), np.uint8), labels, read)
    titles = [axes.get_title() for axes in picture.figure.axes if axes.get_title()]
    assert titles == ["0 read 7"] * shown
    assert f"All {wrong} of 300" in picture.words
    assert ("the first 144" in picture.words) == (wrong > 144)
