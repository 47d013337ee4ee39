"""Results of several seeds as points: where they stand, and that the axis is where they are."""

import numpy as np
import pytest

from helpers.plots import several_seeds


@pytest.fixture
def picture():
    return several_seeds.points({"right": [0.96, 0.964, 0.962], "wrong": [0.91, 0.905], "once": [0.974]})


def test_every_result_is_a_point_and_every_mean_a_bar(picture):
    axes = picture.figure.axes[0]
    points = [line.get_xdata() for line in axes.lines if line.get_linestyle() == "None"]
    bars = [line.get_xdata() for line in axes.lines if line.get_linestyle() == "-"]
    assert [list(values) for values in points] == [[0.96, 0.964, 0.962], [0.91, 0.905], [0.974]]
    assert np.allclose([bar[0] for bar in bars], [0.962, 0.9075, 0.974])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["right", "wrong", "once"]


def test_a_run_that_diverged_is_counted_beside_the_name():
    picture = several_seeds.points({"some": [0.9, np.nan, 0.95], "first": [np.nan, 0.8], "all": [np.nan]})
    labels = [label.get_text() for label in picture.figure.axes[0].get_yticklabels()]
    assert labels == ["some (1 diverged)", "first (1 diverged)", "all (1 diverged)"]
    assert "some (1 diverged): 92.50% on average of 2, from 90.00% to 95.00%" in picture.words
    assert "nan" not in picture.words


def test_the_axis_is_where_the_results_are(picture):
    low, high = picture.figure.axes[0].get_xlim()
    assert 0.88 < low < 0.905 and 0.974 < high < 0.99


def test_it_says_means_and_ranges(picture):
    said = str(picture)
    assert "right: 96.20% on average of 3, from 96.00% to 96.40%" in said
    assert "once: 97.40% on average of 1" in said


RATES = {
    "slow": {0.01: [0.90, 0.91], 0.1: [0.95, 0.96], 1.0: [np.nan, 0.94]},
    "quick": {0.1: [0.92, 0.93], 1.0: [0.97, 0.96]},
}


@pytest.fixture
def against_rate():
    return several_seeds.by_rate(RATES, lowest=0.85, title="accuracy")


def test_every_result_stands_at_its_rate_and_a_line_joins_the_means(against_rate):
    axes = against_rate.figure.axes[0]
    crosses = [line for line in axes.lines if line.get_marker() == "x" and len(line.get_xdata())]
    points = [value for line in axes.lines if line.get_marker() in "os" for value in line.get_ydata()]
    assert {0.90, 0.91, 0.95, 0.96, 0.94, 0.92, 0.93, 0.97} <= set(points)
    assert [list(line.get_ydata()) for line in crosses] == [[0.85]]  # the run that diverged, on the lower edge
    slow, quick = (line for line in axes.lines if line.get_label() in RATES)
    assert np.allclose(slow.get_ydata(), [0.905, 0.955, 0.47])
    assert np.allclose(quick.get_xdata(), [0.1, 1], rtol=0.03)


def test_a_ring_marks_the_rate_with_the_best_mean_and_the_words_say_it(against_rate):
    rings = [line for line in against_rate.figure.axes[0].lines if line.get_markersize() == 13]
    assert np.allclose([ring.get_ydata()[0] for ring in rings], [0.955, 0.965])
    assert "slow: 90.5% at 0.01, 95.5% at 0.1, 47.0% at 1; best at 0.1" in str(against_rate).replace("\n", " ")


def test_what_lies_below_the_axis_is_counted_at_its_edge():
    axes = several_seeds.points({"one lost": [0.96, 0.1, 0.97], "all well": [0.95]}, lowest=0.9).figure.axes[0]
    assert axes.get_xlim()[0] == 0.9
    assert [text.get_text() for text in axes.texts if "below" in text.get_text()] == ["◂ 1 below"]
