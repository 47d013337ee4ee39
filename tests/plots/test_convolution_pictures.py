"""Pictures of what layers of filters do: what they show, and what they say."""

import numpy as np
import pytest

from helpers import convolutional, filters
from helpers.plots import convolutions

IMAGE = np.zeros((12, 12))
IMAGE[4:8, 4:8] = 1
LEFT, TOP = filters.PRESETS["left edge"], filters.PRESETS["top edge"]


def test_the_matrix_does_what_the_filter_does():
    weights = np.arange(1.0, 5).reshape(2, 2)
    picture = convolutions.as_matrix(weights, side=4)
    shown = np.nan_to_num(picture.figure.axes[1].images[0].get_array().filled(0))
    image = np.random.default_rng(0).random((4, 4))
    assert np.allclose(shown @ image.ravel(), filters.convolve(image, weights).ravel())
    assert "from 16 pixels to 9 outputs: 36 of its 144 places are filled" in picture.words


def test_pooling_marks_the_block_and_what_is_kept_of_it():
    picture = convolutions.pooled_twice({"a square": IMAGE, "moved": np.roll(IMAGE, 1, axis=1)}, LEFT)
    assert "its map of 10 × 10" in picture.words and "pooling keeps 3.0" in picture.words
    edges, once, twice = (axes.images[0].get_array() for axes in picture.figure.axes[1:4])
    (block,), (kept,) = picture.figure.axes[1].patches, picture.figure.axes[2].patches
    column, row = (int(corner + 0.5) for corner in block.get_xy())
    assert edges[row : row + 2, column : column + 2].max() == 3
    assert kept.get_xy() == (column / 2 - 0.5, row / 2 - 0.5) and block.get_width() == 2 * kept.get_width() == 2
    assert np.array_equal(once, filters.max_pool(edges)) and np.array_equal(twice, filters.max_pool(once))
    assert not picture.figure.axes[5].patches  # of the second row


def test_the_slices_of_a_filter_are_added_up():
    maps = {"left": np.maximum(filters.convolve(IMAGE, LEFT), 0), "top": np.maximum(filters.convolve(IMAGE, TOP), 0)}
    slices = [np.eye(3), -np.ones((3, 3))]
    picture = convolutions.over_several_maps(IMAGE, maps, slices, 2.5)
    total = filters.convolve(maps["left"], slices[0]) + filters.convolve(maps["top"], slices[1]) + 2.5
    axes = {each.get_title(loc="left"): each for each in picture.figure.axes}
    assert np.allclose(axes["all added up, +2.5, ReLU"].images[0].get_array(), np.maximum(total, 0))
    row, column = np.unravel_index(total.argmax(), total.shape)
    assert f"at row {row}, column {column}, which sees 5 × 5 pixels" in picture.words
    (seen,) = axes["the digit"].patches
    assert seen.get_xy() == (column - 0.5, row - 0.5) and seen.get_width() == 5


@pytest.mark.parametrize("how_many", [1, 4])
def test_the_strongest_windows_come_first_and_one_of_an_image(how_many):
    images = np.zeros((3, 6, 6))
    images[1, 2, 4], images[2, 0, 0] = 1, 0.5
    maps = images[:, ::2, ::2, None].repeat(how_many, axis=3)  # each number sees the one pixel at twice its place
    picture = convolutions.strongest_windows(images, maps, size=2, stride=2, count=2)
    sheets = [axes.images[0].get_array() for axes in picture.figure.axes if axes.images]
    assert len(sheets) == how_many
    assert sheets[0][0, 0] == 1 and sheets[0][0, 3] == 0.5  # the brightest pixel, a gap, the next brightest
    assert f"For {how_many} filters the 2 windows of 2 × 2 pixels, each from another of 3 images" in picture.words


def test_the_way_of_an_image_has_a_pile_for_each_stage_and_frames_that_fit():
    design = convolutional.Design()
    picture = convolutions.on_the_way(design)
    assert picture.words.startswith("What becomes of an image: 28 × 28 × 1 → 12 × 12 × 16 → 10 × 10 × 32 → 5 × 5 × 32")
    assert "32 filters, 3 × 3 × 16" in picture.words
    sides = [patch.get_width() for patch in picture.figure.axes[0].patches]
    assert sides.count(28) == 1 and sides.count(12) == sides.count(10) == sides.count(5) - 1 == 4  # a window of 5, too
    assert sides.count(1) == 3 and sides.count(3) == sides.count(2) == 1


def test_filters_stand_below_their_start_on_the_scale_of_both():
    before = np.zeros((2, 2, 1, 3))
    before[0, 0] = 1
    after = before * [2, -4, 0.5]
    picture = convolutions.learned_filters(before, after)
    sheets = [axes.images[0].get_array() for axes in picture.figure.axes]
    assert [sheet[0, 0] for sheet in sheets] == [0.5, 1, 1, 0.5]
    assert sheets[0][0, 3] == 0.25 and sheets[1][0, 3] == -1
    assert "from -1.00 to 1.00" in picture.words
