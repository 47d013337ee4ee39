"""Pictures of initial weights."""

import numpy as np

from helpers.plots import initialisation


def test_twins_are_told_from_the_dead_and_from_strangers():
    random = np.random.default_rng(0).normal(size=(784, 9))
    picture = initialisation.twins({"dead": np.zeros((784, 9)), "twins": random[:, [0] * 9], "strangers": random})
    said = (
        "dead: all weights of the 9 units are 0; twins: all 9 units are the same; strangers: 9 different among 9 units"
    )
    assert said in picture.words
    shown = [axes.images[0].get_array() for axes in picture.figure.axes]
    assert not shown[0].any()
    assert (shown[1] == shown[1][:, :1]).all()
    assert np.abs(shown[1]).max() == np.abs(shown[2]).max() == 1
    np.testing.assert_allclose(shown[2], random[initialisation.MIDDLE] / np.abs(random[initialisation.MIDDLE]).max())


def test_a_network_of_nans_is_drawn_and_said():
    assert "weights are NaN" in initialisation.twins({"lost": np.full((784, 3), np.nan)}).words


def test_a_sweep_shows_every_number_and_marks_what_was_lost():
    picture = initialisation.accuracy_by_scale(
        {"calm": [0.1, 0.96, 0.97], "wild": [0.1, np.nan, 0.5]}, ["0.01", "1", "He"]
    )
    assert "calm: 0.01 10.0%, 1 96.0%, He 97.0%. wild: 0.01 10.0%, 1 NaN, He 50.0%" in picture.words
    (axes,) = picture.figure.axes
    assert [text.get_text() for text in axes.texts] == ["NaN"]
    crosses = [line.get_xdata().tolist() for line in axes.lines if line.get_marker() == "x"]
    assert crosses == [[], [1]]
    lines = [line for line in axes.lines if line.get_linestyle() != "None" and len(line.get_xdata())]
    assert all(line.get_xdata().max() == 1 for line in lines)  # not on to He
    assert axes.get_title(loc="left") == "test accuracy"
    assert initialisation.accuracy_by_scale({"calm": [0.1]}, ["1"], judged_by="validation").words.startswith("Valid")


def test_several_seeds_are_a_mean_and_a_point_each():
    picture = initialisation.accuracy_by_scale({"calm": [[0.9, 0.4, 1.0], [0.8, np.nan, np.nan]]}, ["0.1", "1", "He"])
    assert "calm: 0.1 85.0%, 1 40.0%, He 100.0%" in picture.words
    (axes,) = picture.figure.axes
    points = [line for line in axes.lines if line.get_marker() == "o" and len(line.get_xdata())]
    np.testing.assert_array_equal(points[0].get_ydata(), [0.9, 0.4, 1.0, 0.8, np.nan, np.nan])
    assert len(set(points[0].get_xdata())) == 6  # side by side, so that none hides another
    crosses = [line.get_xdata().tolist() for line in axes.lines if line.get_marker() == "x"]
    assert crosses == [[1, 2]]


def test_spreads_are_drawn_by_layer_and_zero_is_left_out():
    spreads = {"He": (np.array([0.3, 0.2]), np.array([0.1, 0.2, 0.3])), "zeros": (np.zeros(2), np.zeros(3))}
    picture = initialisation.spread_by_layer(spreads, "two layers, ReLU")
    assert "He: activations 0.3 to 0.2, gradients 0.1 to 0.3" in picture.words
    forward, backward = picture.figure.axes
    assert forward.get_yscale() == backward.get_yscale() == "log"
    np.testing.assert_array_equal(backward.lines[0].get_ydata(), [0.1, 0.2, 0.3])
    assert np.isnan(forward.lines[1].get_ydata()).all()
