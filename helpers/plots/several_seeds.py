"""Runs from several seeds in one picture: every run faintly, and where each ended as a point."""

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from helpers.plots.style import DASHES, INK, RUNS, Picture, new_figure, styled
from helpers.several_seeds import SeveralSeeds

MARKERS = "osD^vP"


def accuracy(several: Mapping[str, SeveralSeeds], *, lowest: float = 0.0) -> Picture:
    """Test accuracy of several seeds of one or more networks, by name: faint curves, and a point for each result.

    lowest: where the accuracy axis begins; results close together need a closer look.
    """
    figure = new_figure(8.6, 3.2)
    with styled():
        curves, points = figure.subplots(1, 2, width_ratios=(1.6, 1), sharey=True)
        for number, (name, runs) in enumerate(several.items()):
            colour, dash = RUNS[number % len(RUNS)], DASHES[number % len(DASHES)]
            for history in runs.histories.values():
                curves.plot(
                    history.test_steps, history.test_accuracy, color=colour, linestyle=dash, linewidth=1, alpha=0.5
                )
            results = runs.results
            spread = number + np.linspace(-0.15, 0.15, len(results)) if len(results) > 1 else np.full(1, float(number))
            marker = MARKERS[number % len(MARKERS)]
            points.plot(spread[: len(results)], results, marker, color=colour, markersize=6, alpha=0.8, label=name)
        curves.set(ylim=(lowest, 1.005), xlabel="step")
        curves.set_title("test accuracy, a line for each seed", fontsize=10)
        curves.xaxis.set_major_locator(MaxNLocator(5))
        curves.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
        curves.yaxis.set_major_formatter(PercentFormatter(1.0))
        points.set(xlim=(-0.6, len(several) - 0.4), xticks=range(len(several)))
        points.set_xticks(range(len(several)), several)
        points.set_title("mean of the last tests, a point for each", fontsize=10)
    said = " ".join(f"{name}: {runs!r}" for name, runs in several.items())
    return Picture(figure, said)


def results(several: Mapping[str, SeveralSeeds]) -> Picture:
    """A point for the result of each run, a group for each network, by name; the axis is as close as they lie.

    For runs with one test at their end, which have no curve. Taught in notebooks/10_convolution.ipynb, "Shuffled, once
    more".
    """
    figure = new_figure(7.6, 2.9)
    with styled():
        axes = figure.add_subplot()
        for number, runs in enumerate(several.values()):
            spread = number + np.linspace(-0.12, 0.12, len(runs.results)) * (len(runs.results) > 1)
            look = {"color": RUNS[number % len(RUNS)], "markersize": 7, "alpha": 0.85}
            axes.plot(spread, runs.results, MARKERS[number % len(MARKERS)], **look)
            mean = float(np.nanmean(runs.results))
            axes.text(number + 0.2, mean, f"{mean:.1%}", va="center", fontsize=10, color=INK)
        axes.set_xlim(-0.5, len(several) - 0.3)
        axes.set_xticks(range(len(several)), several)
        axes.margins(y=0.15)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.set_title("test accuracy, a point for each seed; beside them their mean", fontsize=10)
    lines = []
    for name, runs in several.items():
        low, high = np.nanmin(runs.results), np.nanmax(runs.results)
        lines.append(f"{name}: {low:.1%} to {high:.1%}, {np.nanmean(runs.results):.1%} on average")
    return Picture(figure, f"Test accuracy of several seeds. {'; '.join(lines)}.")
