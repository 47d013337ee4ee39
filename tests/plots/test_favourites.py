"""The images that single units answer to most: averaged, and their commonest digit counted."""

import numpy as np

from helpers.plots import favourites


def test_the_commonest_digit_among_a_units_images_is_counted_and_dead_units_are_left_out():
    labels = np.repeat(np.arange(10), 100)
    images = np.broadcast_to((labels * 20)[:, None, None], (1000, 28, 28)).astype(np.uint8)
    sure = np.eye(10)[labels] * 2.0  # a unit for each digit
    mixed = np.zeros((1000, 12))
    mixed[::2] = 1.0  # every second image, whatever its digit: the first hundred of them are two digits
    mixed[:, 3] = 0.0
    words = favourites.by_layer(images, labels, [mixed, sure]).words
    assert "layer 1: 50%" in words
    assert "logits: 100%" in words
