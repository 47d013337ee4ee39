"""Runs from several seeds in one picture: every run faintly, and where each ended as a point."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from helpers.plots.style import DASHES, INK, MUTED, RUNS, Picture, new_figure, styled

if TYPE_CHECKING:  # runs are drawn as they are: this module stays without TensorFlow
    from helpers.several_seeds import SeveralSeeds

MARKERS = "osD^vP"
NAMES = 30  # letters of all names in one line, at most


def accuracy(several: Mapping[str, SeveralSeeds], *, lowest: float = 0.0, highest: float = 1.005) -> Picture:
    """The accuracy of several seeds of one or more networks, by name: faint curves, and a point for each result.

    It is that on the images that the runs are judged by. lowest, highest: where the accuracy axis begins and
    ends; results close together need a closer look.
    """
    figure = new_figure(8.6, 3.2)
    with styled():
        curves, points = figure.subplots(1, 2, width_ratios=(1.6, 1), sharey=True)
        for number, (name, runs) in enumerate(several.items()):
            colour, dash = RUNS[number % len(RUNS)], DASHES[number % len(DASHES)]
            for history in runs.histories.values():
                measured = history.tests_on(runs.judged_by)[0]
                curves.plot(history.test_steps, measured, color=colour, linestyle=dash, linewidth=1, alpha=0.5)
            results = runs.results
            spread = number + np.linspace(-0.15, 0.15, len(results)) if len(results) > 1 else np.full(1, float(number))
            marker = MARKERS[number % len(MARKERS)]
            points.plot(spread[: len(results)], results, marker, color=colour, markersize=6, alpha=0.8, label=name)
        curves.set(ylim=(lowest, highest), xlabel="step")
        judged = " and ".join(dict.fromkeys(runs.judged_by for runs in several.values()))
        curves.set_title(f"{judged} accuracy, a line for each seed", fontsize=10)
        curves.xaxis.set_major_locator(MaxNLocator(5))
        curves.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
        curves.yaxis.set_major_formatter(PercentFormatter(1.0))
        points.set(xlim=(-0.6, len(several) - 0.4), xticks=range(len(several)))
        names = [textwrap.fill(name, max(4, NAMES // len(several)), break_long_words=False) for name in several]
        points.set_xticks(range(len(several)), names)
        points.set_title("mean of the last tests, a point for each", fontsize=10)
    said = " ".join(f"{name}: {runs!r}" for name, runs in several.items())
    return Picture(figure, said)


def points(
    results: Mapping[str, Sequence[float]],
    *,
    title: str = "test accuracy, a point for each seed",
    lowest: float | None = None,
) -> Picture:
    """Results of several seeds of one or more kinds of run, by name: a point for each, a bar at their mean.

    results: accuracies, shares. The axis begins and ends where the results do; with `lowest` it begins there, and what
    lies below is counted at its edge.
    Taught in notebooks/07_numpy_by_hand.ipynb, "Would anybody notice?".
    """
    figure = new_figure(8.6, 0.9 + 0.42 * len(results))
    with styled():
        axes = figure.add_subplot()
        for number, values in enumerate(results.values()):
            look = {"color": RUNS[number % len(RUNS)], "markersize": 7, "alpha": 0.75}
            spread = number + (np.linspace(-0.18, 0.18, len(values)) if len(values) > 1 else np.zeros(1))
            axes.plot(values, spread, MARKERS[number % len(MARKERS)], **look)
            mean = float(np.mean(values))
            axes.plot([mean, mean], [number - 0.32, number + 0.32], color=INK, linewidth=2)
            beside = {"textcoords": "offset points", "va": "center", "fontsize": 9, "color": MUTED}
            axes.annotate(f"{mean:.1%}", (max(values), number), (10, 0), **beside)
            if lowest is not None and min(values) < lowest:
                below = sum(value < lowest for value in values)
                axes.annotate(f"◂ {below} below", (lowest, number), (4, 0), **beside)
        axes.set(ylim=(len(results) - 0.45, -0.55))
        axes.set_yticks(range(len(results)), results)
        axes.margins(x=0.09)
        if lowest is not None:
            highest = max(map(max, results.values()))
            axes.set_xlim(lowest, highest + 0.09 * (highest - lowest))
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
        axes.grid(axis="y", visible=False)
        axes.set_title(f"{title}; a bar at their mean", fontsize=10)
    said = (
        f"{name}: {np.mean(values):.2%} on average of {len(values)}, from {min(values):.2%} to {max(values):.2%}"
        for name, values in results.items()
    )
    return Picture(figure, f"{title}. {'; '.join(said)}.")
