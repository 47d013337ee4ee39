"""Results of several seeds as points: each value is drawn, and the words say mean and range."""

from helpers.plots import several_seeds


def test_every_result_is_a_point_and_the_words_say_their_mean_and_range():
    picture = several_seeds.points({"first": [0.93, 0.95], "second": [0.97]})
    (axes,) = picture.figure.axes
    drawn = [value for line in axes.lines for value in line.get_xdata()]
    assert all(value in drawn for value in (0.93, 0.95, 0.97))
    assert "first: 94.00% on average of 2, from 93.00% to 95.00%; second: 97.00%" in picture.words
