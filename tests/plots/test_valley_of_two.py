"""The valley over two numbers: optimisers take the steps that the lesson says."""

import numpy as np
import pytest

from helpers.labs.valley_explorer import valley_explorer
from helpers.plots import valley_of_two
from helpers.plots.valley_of_two import CURVATURES, RUN, SLOPES, START, TURN


def test_a_plain_step_is_the_slope_times_the_rate():
    places, seen = valley_of_two.descend("plain descent", 0.01, "constant", SLOPES[0])
    assert places.shape == seen.shape == (RUN + 1, 2)
    assert np.allclose(seen[0], CURVATURES * START)
    assert np.allclose(places[1], START - 0.01 * seen[0])


def test_momentum_keeps_part_of_the_step_before():
    places, seen = valley_of_two.descend("momentum 0.9", 0.01, "constant", SLOPES[0])
    assert np.allclose(places[2] - places[1], 0.9 * (places[1] - places[0]) - 0.01 * seen[1])


def test_where_plain_descent_goes_from_wall_to_wall_momentum_cancels_most_of_it():
    plain, momentum = (
        np.diff(valley_of_two.descend(name, 0.07, "constant", SLOPES[0])[0], axis=0)
        for name in ["plain descent", "momentum 0.5"]
    )
    assert np.allclose(plain[0], momentum[0])  # so both meet the same slopes in the second step
    assert plain[0, 1] * plain[1, 1] < 0  # back across
    assert abs(momentum[1, 1]) < abs(plain[1, 1]) / 2
    assert np.all(momentum[1:5, 0] > 1.5 * plain[1:5, 0])  # and further along


def test_momentum_bears_a_rate_at_which_plain_descent_leaves_the_valley():
    ends = {
        name: np.abs(valley_of_two.descend(name, 0.1, "constant", SLOPES[0])[0][-1]).max()
        for name in ["plain descent", "momentum 0.5"]
    }
    assert ends["momentum 0.5"] < 1e-6 and ends["plain descent"] > 1e6


def test_adams_first_step_is_as_long_across_as_along():
    places, _ = valley_of_two.descend("Adam", 0.3, "constant", SLOPES[0])
    assert np.allclose(np.abs(places[1] - places[0]), 0.3, rtol=1e-5)


def test_a_falling_rate_comes_to_rest_where_a_constant_one_wobbles():
    last = {
        schedule: np.std(valley_of_two.descend("plain descent", 0.07, schedule, SLOPES[1])[0][-15:], axis=0).max()
        for schedule in valley_of_two.SCHEDULES
    }
    assert last["falls to 0"] < last["constant"] / 3


@pytest.mark.parametrize("name", ["plain descent", "momentum 0.5", "momentum 0.9"])
def test_a_turned_valley_turns_the_way_of_plain_descent_and_of_momentum(name):
    straight, askew = (valley_of_two.descend(name, 0.05, "constant", SLOPES[0], askew=askew)[0] for askew in (0, 1))
    assert np.allclose(askew, straight @ TURN.T)
    assert np.allclose(valley_of_two.loss(askew, askew=True), valley_of_two.loss(straight))


def test_in_a_turned_valley_adams_first_step_goes_across_and_not_along():
    places, _ = valley_of_two.descend("Adam", 0.3, "constant", SLOPES[0], askew=True)
    along, across = (places[1] - places[0]) @ TURN
    assert abs(along) < 1e-5
    assert across == pytest.approx(-0.3 * np.sqrt(2), rel=1e-5)


def test_the_ways_of_several_optimisers_are_drawn_and_said_in_both_valleys():
    picture = valley_of_two.ways({"plain descent": 0.07, "Adam": 0.3}, steps=20)
    straight, askew = picture.figure.axes
    for axes, valley in ((straight, False), (askew, True)):
        drawn = next(line for line in axes.lines if line.get_label() == "Adam, rate 0.3").get_xydata()
        walked = valley_of_two.descend("Adam", 0.3, "constant", SLOPES[0], askew=valley)[0][:21]
        assert np.allclose(drawn, walked)
        assert f"Adam to a loss of {valley_of_two.loss(walked[-1], askew=valley):.2g}" in picture.words


@pytest.mark.parametrize("steps", [0, 1, RUN])
@pytest.mark.parametrize("optimiser", valley_of_two.OPTIMISERS)
@pytest.mark.parametrize("learning_rate", [0.01, 10])
def test_every_way_can_be_drawn_even_one_that_leaves_the_picture(optimiser, learning_rate, steps):
    picture = valley_of_two.picture(
        optimiser=optimiser, learning_rate=learning_rate, rate="constant", slopes=SLOPES[0], steps=steps
    )
    assert f"After {steps} step" in picture.words
    assert picture.png()


def test_the_explorer_begins_with_the_zigzag():
    assert "plain descent, rate 0.07, constant" in valley_explorer().picture().words
