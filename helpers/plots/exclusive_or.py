"""Exclusive or as a picture: four corners of a square, and what a function of the two inputs says about each place."""

from collections.abc import Callable

import numpy as np

from helpers.plots.decision_maps import with_boundary
from helpers.plots.style import BLUE, INK, MUTED, ORANGE, PAPER, VERMILION, Picture, new_figure, styled

PAIRS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
GOALS = np.array([0, 1, 1, 0])  # 1 where exactly one of the two is 1
LOW, HIGH = -0.5, 1.5  # of the square that is drawn
SIDE = 240  # places of the map each way


def corners(answer: Callable[[np.ndarray, np.ndarray], np.ndarray], name: str = "") -> Picture:
    """What a function of a and b answers all over the square, and how many of the four corners it gets right.

    answer: from arrays a and b of one shape to numbers of that shape; above ½ counts as 1, all else as 0. name: of the
    function, for the title. Blue is above ½, orange below, and a dark line runs between them.
    Taught in notebooks/08_where_the_gain_came_from.ipynb, "Exclusive or".
    """
    along = LOW + (np.arange(SIDE) + 0.5) / SIDE * (HIGH - LOW)
    a, b = np.meshgrid(along, along[::-1])
    said = np.asarray(answer(*PAIRS.T.astype(float)), float)
    right = (said > 0.5) == GOALS
    figure = new_figure(5.6, 3.9)
    with styled():
        axes = figure.add_subplot()
        axes.imshow(with_boundary(2 * answer(a, b) - 1), extent=(LOW, HIGH, LOW, HIGH))
        for (x, y), goal, value, good in zip(PAIRS, GOALS, said, right, strict=True):
            look = {"marker": "os"[1 - goal], "color": BLUE if goal else ORANGE, "markeredgecolor": "white"}
            axes.plot([x], [y], markersize=15, **look)
            words = f"{round(value, 2) + 0.0:g}, {'right' if good else 'wrong'}".replace("-", "−")
            paper = {"boxstyle": "round,pad=0.2", "facecolor": PAPER, "edgecolor": "none"}
            beside = {"textcoords": "offset points", "ha": "center", "fontsize": 10, "bbox": paper}
            ink = {"color": INK} if good else {"color": VERMILION, "weight": "bold"}
            axes.annotate(words, (x, y), (0, 15), **beside, **ink)
        axes.set(xlabel="a", ylabel="b", xticks=[0, 1], yticks=[0, 1], xlim=(LOW, HIGH), ylim=(LOW, HIGH))
        axes.grid(False)
        axes.set_title(f"{name}{': ' if name else ''}{right.sum()} of 4 right", fontsize=11)
        key = "round: wanted 1\nsquare: wanted 0\n\nblue: above ½\norange: below"
        axes.text(1.04, 0.98, key, transform=axes.transAxes, va="top", fontsize=9.5, color=MUTED)
    each = ", ".join(
        f"{round(value, 2) + 0.0:g} for {x} and {y} ({'right' if good else 'wrong'})".replace("-", "−")
        for (x, y), value, good in zip(PAIRS, said, right, strict=True)
    )
    return Picture(figure, f"{name or 'a function'}: {right.sum()} of 4 corners right: {each}.")


def weighted_sum(weight_of_a: float, weight_of_b: float, bias: float) -> Picture:
    """The corners under one weighted sum of a and b with a bias. Taught as `corners` is."""
    return corners(lambda a, b: weight_of_a * a + weight_of_b * b + bias, "one weighted sum")


def new_columns(units: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]], weights: tuple) -> Picture:
    """The four corners twice: where a and b put them, and where two hidden units put them, with the line that follows.

    units: from arrays a and b of one shape to the two units' outputs. weights: of the sum of these two that answers,
    above ½ for 1. Taught in notebooks/08_where_the_gain_came_from.ipynb, "Exclusive or".
    """
    places = np.column_stack(units(*PAIRS.T.astype(float)))
    figure = new_figure(8.6, 3.4)
    with styled():
        before, after = figure.subplots(1, 2)
        _scatter(before, PAIRS, "by a and b", ("a", "b"))
        (left, low), (right, high) = places.min(axis=0) - 0.6, places.max(axis=0) + 0.6
        first, second = np.meshgrid(np.linspace(left, right, SIDE), np.linspace(high, low, SIDE))
        told = with_boundary(2 * (weights[0] * first + weights[1] * second) - 1)
        after.imshow(told, extent=(left, right, low, high), aspect="auto", alpha=0.6)
        _scatter(after, places, "by the two units", ("first unit", "second unit"))
        after.set(xlim=(left, right), ylim=(low, high))
    right = (places @ np.asarray(weights) > 0.5) == GOALS
    moved = ", ".join(
        f"{a} and {b} to {x:g} and {y:g}".replace("-", "−") for (a, b), (x, y) in zip(PAIRS, places, strict=True)
    )
    return Picture(figure, f"The two units move the corner {moved}. One line has {right.sum()} of 4 right there.")


def _scatter(axes, places: np.ndarray, title: str, names: tuple[str, str]) -> None:
    """The corners at these places, each place with the pairs that came there."""
    at: dict[tuple, list[str]] = {}
    for (x, y), (a, b), goal in zip(places, PAIRS, GOALS, strict=True):
        look = {"marker": "os"[1 - goal], "color": BLUE if goal else ORANGE, "markeredgecolor": "white"}
        axes.plot([x], [y], markersize=15, **look)
        at.setdefault((x, y), []).append(f"({a}, {b})")
    paper = {"boxstyle": "round,pad=0.2", "facecolor": PAPER, "edgecolor": "none"}
    for place, pairs in at.items():
        beside = {"textcoords": "offset points", "ha": "center", "fontsize": 10, "bbox": paper, "color": INK}
        axes.annotate(" and ".join(pairs), place, (0, 15 if place[1] > places[:, 1].min() else -25), **beside)
    whole = [range(int(values.min()), int(values.max()) + 1) for values in places.T]
    axes.set(xlabel=names[0], ylabel=names[1], xticks=whole[0], yticks=whole[1])
    axes.margins(0.35)
    axes.grid(False)
    axes.set_title(title, fontsize=11)
