"""Convolution by hand: the sums are those of a plain loop and of TensorFlow."""

import numpy as np
import pytest
import tensorflow as tf

from helpers import filters

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(("side", "stride"), [(1, 1), (3, 1), (3, 2), (5, 2), (5, 3), (10, 1)])
def test_a_filter_gives_what_tensorflow_gives(side, stride):
    image, weights = RANDOM.normal(size=(10, 12)), RANDOM.normal(size=(side, side))
    expected = tf.nn.conv2d(image[None, :, :, None], weights[:, :, None, None], stride, "VALID")[0, :, :, 0]
    assert np.allclose(filters.convolve(image, weights, stride), expected)
    assert expected.shape == tuple(filters.output_size(size, side, stride) for size in image.shape)


def test_one_sum_by_hand():
    image = np.arange(16.0).reshape(4, 4)
    assert filters.convolve(image, filters.PRESETS["left edge"]).tolist() == [[6, 6], [6, 6]]
    assert filters.convolve(image, filters.PRESETS["top edge"]).tolist() == [[24, 24], [24, 24]]


@pytest.mark.parametrize("weights", [np.ones((5, 5)), np.ones((2, 3)), np.ones(3)])
def test_a_filter_that_does_not_fit_is_answered_in_words(weights):
    with pytest.raises(ValueError, match="square, and no larger than the image"):
        filters.convolve(np.ones((4, 4)), weights)


def test_edges_are_found_on_the_side_that_they_are_named_after():
    ink = np.zeros((9, 9))
    ink[3:6, 3:6] = 1
    for name, (row, column) in {"left": (3, 1), "right": (3, 5), "top": (1, 3), "bottom": (5, 3)}.items():
        output = filters.convolve(ink, filters.PRESETS[f"{name} edge"])
        assert output[row, column] == output.max() == 3, name


def test_flat_ink_says_nothing_to_edges_and_spots():
    for name, weights in filters.PRESETS.items():
        assert filters.convolve(np.ones((3, 3)), weights)[0, 0] == pytest.approx(0.99 if name == "blur" else 0)


def test_pooling_keeps_the_largest_of_each_block_and_leaves_out_an_odd_row():
    values = np.array([[1, 2, -5], [3, 0, -1], [9, 9, 9]])
    assert filters.max_pool(values).tolist() == [[3]]
    assert np.allclose(filters.max_pool(RANDOM.normal(size=(8, 6))).shape, (4, 3))
