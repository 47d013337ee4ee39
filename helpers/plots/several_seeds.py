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
    """The accuracy of several seeds of one or more networks, by name: curves, and a point for each result.

    Each run is a faint line, their mean a strong one. It is the accuracy on the images that the runs are judged by.
    lowest, highest: where the accuracy axis begins and ends; results close together need a closer look.
    """
    figure = new_figure(8.6, 3.2)
    with styled():
        curves, points = figure.subplots(1, 2, width_ratios=(1.6, 1), sharey=True)
        for number, (name, runs) in enumerate(several.items()):
            colour, dash = RUNS[number % len(RUNS)], DASHES[number % len(DASHES)]
            look = {"color": colour, "linestyle": dash}
            tests = {seed: history.tests_on(runs.judged_by)[0] for seed, history in runs.histories.items()}
            for seed, measured in tests.items():
                curves.plot(runs.histories[seed].test_steps, measured, **look, linewidth=0.8, alpha=0.3)
            curves.plot(*_mean_curve(runs), **look, linewidth=2)
            results = runs.results
            spread = number + np.linspace(-0.15, 0.15, len(results)) if len(results) > 1 else np.full(1, float(number))
            marker = MARKERS[number % len(MARKERS)]
            points.plot(spread[: len(results)], results, marker, color=colour, markersize=6, alpha=0.8, label=name)
        curves.set(ylim=(lowest, highest), xlabel="step")
        judged = " and ".join(dict.fromkeys(runs.judged_by for runs in several.values()))
        curves.set_title(f"{judged} accuracy; faint: each seed, strong: their mean", fontsize=10)
        curves.xaxis.set_major_locator(MaxNLocator(5))
        curves.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
        curves.yaxis.set_major_formatter(PercentFormatter(1.0))
        points.set(xlim=(-0.6, len(several) - 0.4), xticks=range(len(several)))
        names = [textwrap.fill(name, max(4, NAMES // len(several)), break_long_words=False) for name in several]
        points.set_xticks(range(len(several)), names)
        points.set_title("mean of the last tests; a point: a seed", fontsize=10)
    said = " ".join(f"{name}: {runs!r}" for name, runs in several.items())
    return Picture(figure, said)


def beside_the_first(several: Mapping[str, SeveralSeeds], *, lowest: float, highest: float) -> Picture:
    """The accuracy of several seeds of each kind of run in a panel of its own, with the first kind's mean behind it.

    Each run is a faint line, their mean a strong one, the first kind's mean a dotted one; the heads say the results.
    lowest, highest: where the accuracy axis begins and ends.
    Taught in notebooks/06_deeper_and_wider.ipynb, "Measured on the network".
    """
    figure = new_figure(8.6, 3.0)
    first, *others = several
    with styled():
        panels = figure.subplots(1, len(several), sharex=True, sharey=True, squeeze=False)[0]
        for number, (axes, (name, runs)) in enumerate(zip(panels, several.items(), strict=True)):
            colour = RUNS[number % len(RUNS)]
            if name in others:
                axes.plot(*_mean_curve(several[first]), color=MUTED, linewidth=1.3, linestyle=(0, (1, 1)))
            for history in runs.histories.values():
                measured = history.tests_on(runs.judged_by)[0]
                axes.plot(history.test_steps, measured, color=colour, linewidth=0.7, alpha=0.35)
            axes.plot(*_mean_curve(runs), color=colour, linewidth=2)
            axes.set_title(f"{name}: {np.nanmean(runs.results):.1%}", fontsize=10)
            axes.xaxis.set_major_locator(MaxNLocator(2, steps=[1, 2, 5, 10]))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
        panels[0].set(ylim=(lowest, highest))
        panels[0].yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        judged = several[first].judged_by
        key = f"step; {judged} accuracy; faint: each seed, strong: their mean, dotted: that of {first}"
        figure.supxlabel(key, fontsize=9, color=MUTED)
    return Picture(figure, " ".join(f"{name}: {runs!r}" for name, runs in several.items()))


def _mean_curve(runs: SeveralSeeds) -> tuple[np.ndarray, np.ndarray]:
    """The steps of the tests, and the mean accuracy of the runs that came to their end; nothing if none did."""
    whole = [history for history in runs.histories.values() if history.ended == "finished"]
    if not whole:
        return np.empty(0), np.empty(0)
    return whole[0].test_steps, np.mean([history.tests_on(runs.judged_by)[0] for history in whole], axis=0)


def by_rate(results: Mapping[str, Mapping[float, Sequence[float]]], *, lowest: float, title: str) -> Picture:
    """Results of several seeds against the learning rate: a point for each, a line through their means by name.

    results: for each kind of run, for each rate, accuracies, shares; NaN for a run that diverged. A ring marks the rate
    with the best mean. lowest: where the axis begins; what lies below it, or diverged, is a cross on its lower edge.
    Taught in notebooks/06_deeper_and_wider.ipynb, "One run may be luck, and three rates are few".
    """
    figure = new_figure(8.6, 3.4)
    best, rates = {}, sorted({rate for of_rates in results.values() for rate in of_rates})
    with styled():
        axes = figure.add_subplot()
        for number, (name, of_rates) in enumerate(results.items()):
            colour, dash = RUNS[number % len(RUNS)], DASHES[number % len(DASHES)]
            means = {rate: _mean(of_rates[rate]) for rate in sorted(of_rates)}
            best[name] = max(means, key=means.__getitem__)
            aside = 1.05 ** (number - (len(results) - 1) / 2)  # so that equal ones do not hide one another
            for rate, found in of_rates.items():
                values = np.nan_to_num(np.asarray(found, float))
                place, low = rate * aside, values < lowest
                look = {"color": colour, "alpha": 0.6}
                axes.plot(np.full(sum(~low), place), values[~low], MARKERS[number % len(MARKERS)], markersize=5, **look)
                axes.plot(np.full(sum(low), place), np.full(sum(low), lowest), "x", clip_on=False, **look)
            places = [rate * aside for rate in means]
            axes.plot(places, list(means.values()), color=colour, linestyle=dash, linewidth=1.8, label=name)
            ring = {"markersize": 13, "markerfacecolor": "none", "markeredgecolor": colour, "markeredgewidth": 1.6}
            axes.plot([best[name] * aside], [means[best[name]]], "o", **ring)
        axes.set(xscale="log", ylim=(lowest, None), xlabel="learning rate")
        axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
        axes.minorticks_off()
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, handlelength=3.2)
        axes.set_title(f"{title}; a line through the means, a ring round the best", fontsize=10)
    said = (
        f"{name}: {', '.join(f'{_mean(of_rates[rate]):.1%} at {rate:g}' for rate in sorted(of_rates))}; best at "
        f"{best[name]:g}"
        for name, of_rates in results.items()
    )
    return Picture(figure, f"{title}, means by learning rate. {'. '.join(said)}.")


def _mean(results: Sequence[float]) -> float:
    """The mean of accuracies, in which a run that diverged counts as nothing right."""
    return float(np.mean(np.nan_to_num(np.asarray(results, float))))


def points(
    results: Mapping[str, Sequence[float]],
    *,
    title: str = "test accuracy, a point for each seed",
    lowest: float | None = None,
) -> Picture:
    """Results of several seeds of one or more kinds of run, by name: a point for each, a bar at their mean.

    results: accuracies, shares; NaN for a run that diverged, which is counted beside the name. The axis begins and ends
    where the results do; with `lowest` it begins there, and what lies below is counted at its edge.
    Taught in notebooks/07_numpy_by_hand.ipynb, "Would anybody notice?".
    """
    figure, kept = new_figure(8.6, 0.9 + 0.42 * len(results)), {}
    for name, values in results.items():
        finite = [float(value) for value in values if np.isfinite(value)]
        lost = f" ({len(values) - len(finite)} diverged)" if len(finite) < len(values) else ""
        kept[f"{name}{lost}"] = finite or [0.0]  # nothing right, as in `_mean`
    results = kept
    with styled():
        axes = figure.add_subplot()
        for number, values in enumerate(results.values()):
            look = {"color": RUNS[number % len(RUNS)], "markersize": 7, "alpha": 0.75}
            spread = number + (np.linspace(-0.18, 0.18, len(values)) if len(values) > 1 else np.zeros(1))
            axes.plot(values, spread, MARKERS[number % len(MARKERS)], **look)
            mean = float(np.mean(values))
            behind = {"zorder": 1.9}  # the points, which may all lie at their mean
            axes.plot([mean, mean], [number - 0.32, number + 0.32], color=INK, linewidth=2, **behind)
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
