"""The loss against one number: slopes, the way that steps take, and what is said of them."""

from itertools import pairwise

import numpy as np
import pytest

from helpers.labs import explorers
from helpers.plots.drawing import DRAWER
from helpers.plots.gradient_descent import ARROW, Landscape, Valley


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


@pytest.fixture
def landscape():
    """The loss of a hundred images against the biases of the 5 and of the 1: five fives, fourteen ones."""

    def loss_of(five, one):
        return np.log(8 + np.exp(five) + np.exp(one)) - 0.05 * five - 0.14 * one

    return Landscape(loss_of, place=(2.0, 1.0), names=("bias of the 5", "bias of the 1"))


def test_against_both_slopes_is_the_steepest_of_all_directions(landscape):
    exponentials = np.array([8, np.exp(2), np.exp(1)])
    slopes = (exponentials / exponentials.sum())[1:] - [0.05, 0.14]
    assert [landscape.slope(0), landscape.slope(90)] == pytest.approx(slopes, abs=1e-5)
    downhill = np.degrees(np.arctan2(*-slopes[::-1])) % 360
    assert min(range(360), key=landscape.slope) == pytest.approx(downhill, abs=1)
    assert landscape.slope(downhill) == pytest.approx(-np.linalg.norm(slopes), abs=1e-5)
    assert landscape.slope(downhill + 90) == pytest.approx(0, abs=1e-4)


def test_the_arrow_points_in_the_direction_and_the_curve_has_its_slope(landscape):
    picture = landscape.picture(direction=90)
    above, curve = picture.figure.axes
    (arrow,) = [text for text in above.texts if text.get_text() == ""]
    assert np.subtract(arrow.xy, landscape.place) == pytest.approx([0, ARROW])
    _, every, here = curve.lines
    assert here.get_data() == ([90], [landscape.slope(90)])
    assert np.interp(90, *every.get_data()) == pytest.approx(landscape.slope(90))
    said = "At bias of the 5 2 and bias of the 1 1: in direction 90 the slope of the loss is "
    assert str(picture).startswith(f"{said}{landscape.slope(90):+.3f}.")


def test_the_direction_follows_its_slider(landscape):
    explorer = explorers.direction_explorer(landscape)
    explorer.controls["direction"].value = 215
    assert "in direction 215 the slope" in str(explorer.picture())
    DRAWER.wait()
    assert explorer.status.value == ""
