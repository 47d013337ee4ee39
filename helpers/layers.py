"""Pictures of what goes on inside the layers of a network, a grid of results, and a run as a table."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, NullFormatter, PercentFormatter, SymmetricalLogLocator

from helpers.history import History
from helpers.style import BLUE, DASHES, GREEN, INK, MUTED, ORANGE, RUNS, SKY, VERMILION, Picture, new_figure, styled

if TYPE_CHECKING:  # pictures are drawn from arrays: this room stays without TensorFlow
    from helpers.networks import LayerStatistics

FLAT = 0.05  # networks.SATURATED: a sigmoid this close to 0 or 1 counts as saturated
MARKERS = "osD^vP"
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
CURVES = {  # value and slope
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
}
CURVE_WORDS = {
    "sigmoid": "The sigmoid climbs from 0 to 1 in an S; its slope is 0.25 at 0 and nearly 0 beyond ±4.",
    "tanh": "tanh climbs from −1 to 1 in an S; its slope is 1 at 0 and nearly 0 beyond ±2.",
    "ReLU": "ReLU is 0 below 0, with slope 0; above 0 it is the straight line of slope 1.",
}


def activation(name: str) -> Picture:
    """An activation function, and below it its slope. name: "sigmoid", "tanh" or "ReLU".

    The parts where the sigmoid counts as saturated are shaded. Taught in notebooks/02_five_layers_sigmoid.ipynb.
    """
    value, slope = CURVES[name]
    z = np.linspace(-6, 6, 601)
    figure = new_figure(6.4, 3.2)
    with styled():
        above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [2, 1]})
        above.plot(z, value(z), color=BLUE, linewidth=2.2)
        below.plot(z, slope(z), color=VERMILION, linewidth=2.2, linestyle="--")
        above.set_title(f"{name}: what comes out", fontsize=10)
        below.set_title("its slope", fontsize=10)
        below.set(xlabel="what goes in", xlim=(-6, 6), ylim=(-0.05 * slope(z).max(), 1.15 * slope(z).max()))
        if name == "sigmoid":
            edge = np.log(1 / FLAT - 1)
            for axes in (above, below):
                axes.axvspan(-6, -edge, color=SKY, alpha=0.2, linewidth=0)
                axes.axvspan(edge, 6, color=SKY, alpha=0.2, linewidth=0)
            above.text(-4.5, 0.5, "saturated", ha="center", fontsize=9, color=MUTED)
            above.text(4.5, 0.5, "saturated", ha="center", fontsize=9, color=MUTED)
    return Picture(figure, CURVE_WORDS[name])


def bands(moments: Mapping[str, LayerStatistics], of: str) -> Picture:
    """How widely the numbers of each layer are spread, for one or more moments or networks, on one scale.

    moments: LayerStatistics by name. of: "weights", "activations" (the hidden layers') or "gradients". The thin line
    reaches from percentile 5 to 95, the thick one from 25 to 75, the mark is the median.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "The same network, a smaller start".
    """
    values = {name: getattr(moment, of)[: -1 if of == "activations" else None] for name, moment in moments.items()}
    layers = np.arange(1, len(next(iter(values.values()))) + 1)
    figure = new_figure(7.6, 3.0)
    with styled():
        axes = figure.add_subplot()
        for number, (name, rows) in enumerate(values.items()):
            places = layers + _offset(number, len(values), 0.5)
            colour = RUNS[number % len(RUNS)]
            axes.vlines(places, rows[:, 0], rows[:, 4], color=colour, linewidth=1.5)
            axes.vlines(places, rows[:, 1], rows[:, 3], color=colour, linewidth=7, alpha=0.55)
            axes.plot(
                places, rows[:, 2], MARKERS[number % 6], color="white", markeredgecolor=colour, markersize=6, label=name
            )
        if of == "gradients":
            widest = np.abs(np.concatenate(list(values.values()))).max(axis=1)
            straight = 10.0 ** np.floor(np.log10(max(widest.min(), 1e-12)))
            axes.set_yscale("symlog", linthresh=straight)
            axes.yaxis.set_major_locator(SymmetricalLogLocator(base=100, linthresh=straight))
        axes.set(xticks=layers, xlim=(0.4, len(layers) + 0.6), xlabel="layer")
        axes.set_title(f"{of} of each layer: thin 5 to 95 in a hundred, thick the middle half", fontsize=10)
        _legend_beside(axes)
    said = (f"{name}, {_spread(rows)}" for name, rows in values.items())
    return Picture(figure, f"The middle half of the {of} of each layer. {'. '.join(said)}.")


def shares(moments: Mapping[str, LayerStatistics], of: str) -> Picture:
    """The share of saturated activations or of dead units in each hidden layer, as bars with their values.

    moments: LayerStatistics by name. of: "saturated" or "dead".
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "Why so little?".
    """
    what = {"saturated": "saturated activations", "dead": "dead units"}[of]
    values = {name: np.asarray(getattr(moment, of)) for name, moment in moments.items()}
    layers = np.arange(1, len(next(iter(values.values()))) + 1)
    figure = new_figure(7.6, 2.6)
    with styled():
        axes = figure.add_subplot()
        for number, (name, heights) in enumerate(values.items()):
            width = 0.8 / len(values)
            bars = axes.bar(
                layers + _offset(number, len(values), 0.8 - width),
                heights,
                width * 0.94,
                color=(ORANGE, BLUE, GREEN, VERMILION)[number % 4],
                hatch=HATCHES[number % 6],
                edgecolor="white",
                label=name,
            )
            axes.bar_label(bars, [_percent(height) for height in heights], fontsize=8, padding=2)
        axes.set(ylim=(0, 1.12), yticks=[0, 0.5, 1], xticks=layers, xlabel="hidden layer")
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_title(what, fontsize=10)
        _legend_beside(axes)
    said = (f"{name}, {', '.join(map(_percent, heights))}" for name, heights in values.items())
    return Picture(figure, f"Share of {what} in hidden layers 1 to {len(layers)}. {'. '.join(said)}.")


def gradient_norms(moments: Mapping[str, LayerStatistics]) -> Picture:
    """The length of the gradient of each layer's weights, on a logarithmic scale. moments: LayerStatistics by name.

    Taught in notebooks/02_five_layers_sigmoid.ipynb, "Why so little?".
    """
    values = {name: np.asarray(moment.gradient_norms) for name, moment in moments.items()}
    layers = np.arange(1, len(next(iter(values.values()))) + 1)
    figure = new_figure(7.6, 3.0)
    with styled():
        axes = figure.add_subplot()
        positive = [norm for norms in values.values() for norm in norms if 0 < norm < np.inf] or [1.0]
        # Never so close that small differences look large. A zero has no place here: it is written at the bottom.
        bottom, top = min(min(positive) / 3, max(positive) / 200), max(positive) * 3
        axes.set(xticks=layers, xlim=(0.6, len(layers) + 0.4), xlabel="layer", ylim=(bottom, top), yscale="log")
        for number, (name, norms) in enumerate(values.items()):
            look = {"color": RUNS[number % len(RUNS)], "linestyle": DASHES[number % len(DASHES)]}
            shown = np.where(norms > 0, norms, np.nan)
            axes.plot(layers, shown, marker=MARKERS[number % 6], linewidth=2, label=name, **look)
            for place, norm in enumerate(norms):
                # The lowest of several is written below its point, so that neighbours do not cover one another.
                lowest = len(values) > 1 and 0 < norm == min(others[place] for others in values.values())
                look = {"textcoords": "offset points", "ha": "center", "fontsize": 8}
                axes.annotate(f"{norm:.2g}", (layers[place], max(norm, bottom)), (0, -14 if lowest else 7), **look)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda norm, _: f"{norm:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_title("length of the gradient of each layer's weights", fontsize=10)
        _legend_beside(axes)
    said = (f"{name}: {', '.join(f'{norm:.2g}' for norm in norms)}" for name, norms in values.items())
    return Picture(figure, f"Length of the gradient in layers 1 to {len(layers)}. {'. '.join(said)}.")


def grid(accuracies: Sequence[Sequence[float]], rows: Sequence[str], columns: Sequence[str]) -> Picture:
    """Test accuracies of runs that differ in two settings, as a small heat map with its values.

    accuracies: shares [rows, columns], NaN for a run that diverged. rows, columns: what each is called.
    Taught in notebooks/03_five_layers_relu.ipynb, "Two changes, taken apart".
    """
    values = np.asarray(accuracies, float)
    figure = new_figure(1.6 + 1.9 * len(columns), 0.8 + 0.9 * len(rows))
    with styled():
        axes = figure.add_subplot()
        shown = np.ma.masked_invalid(values)
        low, high = (float(shown.min()), float(shown.max())) if shown.count() else (0.0, 1.0)
        axes.imshow(shown, cmap="YlGnBu", vmin=low - 0.6 * (high - low + 0.01), vmax=high + 0.8 * (high - low + 0.01))
        for (row, column), value in np.ndenumerate(values):
            if np.isnan(value):
                hatched = {"facecolor": "#eeeeee", "edgecolor": MUTED, "hatch": "//", "linewidth": 0}
                axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **hatched))
            words = "diverged" if np.isnan(value) else f"{value:.1%}"
            paper = {"boxstyle": "round", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
            axes.text(column, row, words, ha="center", va="center", fontsize=12, color=INK, bbox=paper)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(rows)), rows)
        axes.xaxis.tick_top()
        axes.set_title("test accuracy", fontsize=10, pad=24)
        axes.set_aspect("auto")
        axes.grid(False)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    said = (
        f"{rows[row]}, {columns[column]}: {'diverged' if np.isnan(value) else f'{value:.1%}'}"
        for (row, column), value in np.ndenumerate(values)
    )
    return Picture(figure, f"Test accuracy of {values.size} runs. {'; '.join(said)}.")


@dataclass(frozen=True)
class Table:
    """Rows of text under a head: shows as a table on the page, and as lined-up text elsewhere."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [
            "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
            for row in (self.head, *self.rows)
        ]
        return "\n".join(lines)

    def _repr_html_(self):
        top = "".join(f"<th>{html.escape(cell)}</th>" for cell in self.head)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows)
        return f"<table><tr>{top}</tr>{body}</table>"


def progress(history: History, every: int = 1000) -> Table:
    """A run as a table: step, test accuracy and test loss per image, every so many steps.

    Raises ValueError if the test set was measured at none of these steps.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "Ten thousand steps".
    """
    measured = zip(history.test_steps, history.test_accuracy, history.test_loss, strict=True)
    rows = [(f"{step:,}", f"{accuracy:.1%}", f"{loss:.3f}") for step, accuracy, loss in measured if step % every == 0]
    if not rows:
        raise ValueError(f"There is no test at any multiple of {every:,} steps: this run did {history.step:,}.")
    return Table(("step", "test accuracy", "test loss per image"), rows)


def _offset(number: int, count: int, reach: float) -> float:
    """Where the number-th of `count` things side by side stands, from −reach/2 to reach/2."""
    return 0.0 if count == 1 else reach * (number / (count - 1) - 0.5)


def _legend_beside(axes) -> None:
    """Names in a column to the right, where they hide nothing; none for a picture of one thing."""
    if len(axes.get_legend_handles_labels()[0]) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9, frameon=False, borderaxespad=0)


def _spread(rows: np.ndarray) -> str:
    return ", ".join(f"layer {layer} {row[1]:.2g} to {row[3]:.2g}" for layer, row in enumerate(rows, start=1))


def _percent(share: float) -> str:
    """Whole per cents, but never 0% for something nor 100% for less than everything."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.0%}"
