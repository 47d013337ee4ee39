"""The pictures of the plane: what is drawn, and what is said for those who cannot see it."""

import numpy as np

from helpers.plots import decision_maps


def test_the_boundary_is_drawn_where_the_sign_changes():
    values = np.full((6, 6), -1.0)
    values[:, 3:] = 1.0
    image = decision_maps.with_boundary(values)
    dark = (image < 60).all(axis=-1)
    assert dark[:, 2].all() and dark.sum() == 6
    blue, orange = image[0, 5].astype(int), image[0, 0].astype(int)
    assert blue[2] > blue[0] and orange[0] > orange[2]
    assert decision_maps.features().words.startswith("The seven features")
