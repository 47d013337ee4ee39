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
    assert all(line.get_xdata().max() == 1 for line in axes.lines if line.get_linestyle() != "None")  # not on to He
