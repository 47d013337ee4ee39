"""Losses of a single image as pictures."""

import numpy as np

from helpers.plots import loss


def test_two_losses_of_a_mistake_are_drawn_beside_their_pull():
    measured = {"patched": [(1.0, 1.0), (23.0, 4e-8)], "from logits": [(1.0, 1.0), (40.0, 1.0)]}
    picture = loss.by_mistake([0.0, 40.0], measured)
    losses, pulls = picture.figure.axes
    np.testing.assert_array_equal([line.get_ydata() for line in losses.lines], [[1, 23], [1, 40]])
    np.testing.assert_array_equal([line.get_ydata() for line in pulls.lines], [[1, 4e-8], [1, 1]])
    assert [text.get_text() for text in losses.get_legend().get_texts()] == list(measured)
    assert "lies 40 below the other: patched, loss 23 and pull 4e-08; from logits, loss 40 and pull 1" in picture.words
