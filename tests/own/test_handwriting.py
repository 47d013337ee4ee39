"""Ink made into an image like those of MNIST."""

import numpy as np
import pytest

from helpers.own import handwriting

SIDE = handwriting.SIDE


def blot(top, left, height, width, side=handwriting.DOTS):
    ink = np.zeros((side, side), np.uint8)
    ink[top : top + height, left : left + width] = 255
    return ink


def test_an_image_of_mnist_stays_as_it_is(mnist):
    for image in mnist.test.images[:300]:
        np.testing.assert_array_equal(handwriting.as_mnist(handwriting.on_pad(image)), image)
        np.testing.assert_array_equal(handwriting.as_it_lies(handwriting.on_pad(image)), image)


@pytest.mark.parametrize("place", [(0, 0), (10, 60), (70, 3)])
def test_wherever_and_however_large_it_is_drawn_the_longest_side_is_twenty_and_the_mass_is_in_the_middle(place):
    image = handwriting.as_mnist(blot(*place, 40, 20))
    assert handwriting.bounds(image)[2:] == (20, 10)
    assert np.abs(np.subtract(handwriting.centre_of_mass(image), 14)).max() <= 0.5
    np.testing.assert_array_equal(image, handwriting.as_mnist(blot(5, 7, 80, 40)))


def test_a_heavy_side_pulls_the_digit_away_from_the_middle_of_its_box_and_may_push_the_rest_off_the_image():
    ink = blot(0, 0, 112, 30) | blot(0, 0, 3, 112)
    image = handwriting.as_mnist(ink)
    _top, left, height, width = handwriting.bounds(image)
    assert (height, width) == (20, 20 - max(0, left + 20 - SIDE))
    assert left + width / 2 > 15


def test_no_ink_and_a_single_dot_are_no_error():
    assert not handwriting.as_mnist(blot(0, 0, 0, 0)).any()
    assert handwriting.as_mnist(blot(50, 50, 1, 1)).any()
    faint = blot(0, 0, 0, 0)
    faint[0, 0] = faint[111, 111] = 1
    assert handwriting.as_mnist(faint).shape == (SIDE, SIDE)


def test_small_ink_is_noticed():
    assert handwriting.is_small(blot(50, 50, 40, 20)) and not handwriting.is_small(blot(10, 10, 80, 8))
    assert not handwriting.is_small(blot(0, 0, 0, 0))


def test_other_arrays_than_ink_are_answered_in_words():
    with pytest.raises(ValueError, match=r"uint8 \[height, width\].*got float64 \[3\]"):
        handwriting.as_mnist(np.zeros(3))
