"""Straight pieces: how a fold makes them, and how many a network of ReLUs has."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import pieces
from helpers.small_networks import SmallDesign, SmallNetworks


def folded(layers, crease=0.5, height=1.0):
    x = y = np.array([0.0, 1.0])
    for _ in range(layers):
        x, y = pieces.fold(x, y, crease, height)
    return x, y


@pytest.mark.parametrize("crease", [0.5, 0.2, 0.75])
@pytest.mark.parametrize("layers", [0, 1, 2, 5, 8])
def test_every_fold_that_reaches_the_top_doubles_the_pieces(layers, crease):
    assert pieces.count(*folded(layers, crease)) == 2**layers


def test_a_fold_that_ends_before_the_crease_is_not_folded_again():
    assert pieces.count(*folded(4, height=0.4)) == 2


@given(st.floats(0.05, 0.95), st.floats(0.1, 1), st.integers(1, 4))
def test_the_corners_are_those_of_the_layer_of_two_relus(crease, height, layers):
    x, y = folded(layers, crease, height)
    inside = np.linspace(0, 1, 257)
    value = inside
    for _ in range(layers):
        up, both = 1 / crease, 1 / crease + 1 / (1 - crease)
        value = height * (up * np.maximum(value, 0) - both * np.maximum(value - crease, 0))
    assert np.allclose(np.interp(inside, x, y), value, atol=1e-6)


def test_along_a_line_one_layer_has_a_piece_more_than_units_whose_crease_it_meets():
    networks = SmallNetworks(SmallDesign(hidden=(3,)), seeds=(0, 1))
    networks.weights[0][...] = np.array([[1, 0, 1], [0, 1, 1]])
    networks.biases[0][...] = [[0.5, 1.0, -0.7]]
    # Along the axes one of the creases is parallel to the line; in all other directions the three are met, unless
    # outside the plane that is drawn.
    assert np.allclose(pieces.along_lines(networks), pieces.along_lines(networks)[0])
    assert 3.3 < pieces.along_lines(networks)[0] <= 4


def test_units_that_are_always_on_make_no_pieces():
    networks = SmallNetworks(SmallDesign(hidden=(5,)))
    networks.weights[0][...] = 0.01
    networks.biases[0][...] = 1.0
    assert pieces.along_lines(networks).tolist() == [1.0]
