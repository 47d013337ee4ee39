"""The loss against one number: slopes, the way that steps take, and what is said of them."""

from itertools import pairwise

import numpy as np
import pytest

from helpers.labs import explorers
from helpers.plots.drawing import DRAWER
from helpers.plots.gradient_descent import Valley


@pytest.fixture
def valley():
    """The loss of a hundred images, five of them fives, against the bias of the 5: lesson 01's."""
    return Valley(lambda bias: np.log(9 + np.exp(bias)) - 0.05 * bias, name="bias of the 5")


def test_the_slope_is_the_derivative(valley):
    for bias in (-5.0, 0.0, 3.0):
        assert valley.slope(bias) == pytest.approx(np.exp(bias) / (9 + np.exp(bias)) - 0.05, abs=1e-5)


def test_each_step_goes_rate_times_slope_downhill(valley):
    visited = valley.descend(3.0, 5.0, 20)
    assert len(visited) == 21
    for number, following in pairwise(visited):
        assert following == pytest.approx(number - 5.0 * valley.slope(number))
    assert visited[-1] == pytest.approx(np.log(9 * 0.05 / 0.95), abs=0.02)  # where the slope is zero


def test_too_large_a_rate_never_comes_to_rest(valley):
    last = valley.descend(3.0, 50.0, 200)[-10:]
    assert np.ptp(last) > 1


def test_the_picture_says_where_it_stands_and_where_the_next_step_leads(valley):
    words = str(valley.picture(learning_rate=5, steps=1, start=3.0))
    assert words.startswith("After 1 step at rate 5 the bias of the 5 is -0.203, the loss 2.2942, the slope +0.033")


def test_the_tangent_touches_the_curve(valley):
    curve, _way, tangent, *_rest = valley.picture(learning_rate=1, steps=2, start=3.0).figure.axes[0].lines
    here = valley.descend(3.0, 1, 2)[-1]
    (x0, x1), (y0, y1) = tangent.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(valley.slope(here))
    assert np.interp(here, *curve.get_data()) == pytest.approx((y0 + y1) / 2, abs=1e-3)


def test_what_has_left_the_picture_is_said(valley):
    texts = [text.get_text() for text in valley.picture(learning_rate=50, steps=1, start=3.0).figure.axes[0].texts]
    assert texts == ["off the picture: at -29"]


def test_a_valley_needs_a_width():
    with pytest.raises(ValueError, match="from low to a higher number; got low=1, high=1"):
        Valley(abs, low=1, high=1)


def test_the_explorer_follows_its_sliders(valley):
    explorer = explorers.descent_explorer(valley, start=3.0)
    explorer.controls["learning_rate"].value = 5.0
    explorer.controls["steps"].value = 20
    assert str(explorer.picture()).startswith("After 20 steps at rate 5 the bias of the 5 is -0.74")
    DRAWER.wait()
    assert explorer.status.value == ""
