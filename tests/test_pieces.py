"""Straight pieces: how a fold makes them, and how many a network of ReLUs has."""

import itertools
from fractions import Fraction

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


def exactly_folded(layers, crease, height):
    """The corners without rounding, as fractions: equal corners once, and only where two slopes meet."""
    corners = [(Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))]
    for _ in range(layers):
        found = corners[:1]
        for (left, low), (right, high) in itertools.pairwise(corners):
            if (low - crease) * (high - crease) < 0:
                found.append((left + (crease - low) / (high - low) * (right - left), crease))
            found.append((right, high))
        corners = [(x, height * (y / crease if y <= crease else (1 - y) / (1 - crease))) for x, y in found]
    slopes = [(high - low) / (right - left) for (left, low), (right, high) in itertools.pairwise(corners)]
    return 1 + sum(before != after for before, after in itertools.pairwise(slopes))


TWENTIETHS = [Fraction(n, 20) for n in range(2, 19, 2)]


@pytest.mark.parametrize("crease", TWENTIETHS, ids=str)
def test_rounding_makes_and_hides_no_pieces(crease):
    for height in [*TWENTIETHS[1:], Fraction(9, 20), Fraction(11, 20), Fraction(1)]:
        for layers in (2, 3, 5, 6):
            found = pieces.count(*folded(layers, float(crease), float(height)))
            assert found == exactly_folded(layers, crease, height), (height, layers)
        assert (pieces.count(*folded(2, float(crease), float(height))) == 4) == (height > crease)


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
