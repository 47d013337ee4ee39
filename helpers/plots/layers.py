"""Pictures of what goes on inside the layers of a network, and of what single hidden units look for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, NullFormatter, PercentFormatter

from helpers.plots.activations import HATCHES
from helpers.plots.style import (
    BLUE,
    DASHES,
    GREEN,
    ORANGE,
    RUNS,
    VERMILION,
    Picture,
    new_figure,
    styled,
)

if TYPE_CHECKING:  # pictures are drawn from arrays: this module stays without TensorFlow
    from helpers.layer_statistics import LayerStatistics

MARKERS = "osD^vP"
LETTERS = 0.15  # of the height that the points take, for the letters beside them
CLOSE = 0.09  # of the height of a picture: values no further apart would be written over one another


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
                np.nan_to_num(heights),
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

    Taught in notebooks/02_five_layers_sigmoid.ipynb, "The same network, a smaller start".
    """
    values = {name: np.asarray(moment.gradient_norms) for name, moment in moments.items()}
    layers = np.arange(1, len(next(iter(values.values()))) + 1)
    figure = new_figure(7.6, 3.0)
    with styled():
        axes = figure.add_subplot()
        positive = [norm for norms in values.values() for norm in norms if 0 < norm < np.inf] or [1.0]
        # At least a factor of 200, or small differences would look large. A logarithmic scale has no place for 0: it is
        # written at the bottom.
        # Beyond the points there is room for the letters below the lowest and above the highest.
        room = max(3.0, (max(positive) / min(positive)) ** LETTERS)
        bottom, top = min(min(positive) / room, max(positive) / 200), max(positive) * room
        axes.set(xticks=layers, xlim=(0.6, len(layers) + 0.4), xlabel="layer", ylim=(bottom, top), yscale="log")
        for number, (name, norms) in enumerate(values.items()):
            look = {"color": RUNS[number % len(RUNS)], "linestyle": DASHES[number % len(DASHES)]}
            shown = np.where(norms > 0, norms, np.nan)
            axes.plot(layers, shown, marker=MARKERS[number % 6], linewidth=2, label=name, **look)
            for place, norm in enumerate(norms):
                # So that neighbours do not cover one another, the lowest of several is written below its point, and one
                # that lies close below another beside it.
                here = [others[place] for others in values.values()]
                lowest = len(values) > 1 and 0 < norm == min(here)
                close = not lowest and any(norm < other < norm * (top / bottom) ** CLOSE for other in here)
                offset = (9, -3) if close else (0, -14 if lowest else 7)
                beside = {"textcoords": "offset points", "ha": "left" if close else "center", "fontsize": 8}
                axes.annotate(f"{norm:.2g}", (layers[place], max(norm, bottom)), offset, **beside)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda norm, _: f"{norm:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_title("length of the gradient of each layer's weights (logarithmic scale)", fontsize=10)
        _legend_beside(axes)
    said = (f"{name}: {', '.join(f'{norm:.2g}' for norm in norms)}" for name, norms in values.items())
    return Picture(figure, f"Length of the gradient in layers 1 to {len(layers)}. {'. '.join(said)}.")


def _offset(number: int, count: int, reach: float) -> float:
    """Where the number-th of `count` things side by side stands, from −reach/2 to reach/2."""
    return 0.0 if count == 1 else reach * (number / (count - 1) - 0.5)


def _legend_beside(axes) -> None:
    """Names in a column to the right, where they hide nothing; none for a picture of one thing."""
    if len(axes.get_legend_handles_labels()[0]) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9, frameon=False, borderaxespad=0)


def _percent(share: float) -> str:
    """Whole per cents, but never 0% for something nor 100% for less than everything."""
    if np.isnan(share):
        return "NaN"
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.0%}"


def switched_on(weights: np.ndarray, shares: np.ndarray, names: Sequence[str]) -> Picture:
    """Hidden units side by side: the weights from the pixels, and on how many of each digit's images each is on.

    weights: [784, units]. shares: [units, 10], 0 to 1. names: one for each unit.
    Taught in notebooks/08_where_the_gain_came_from.ipynb, "On for some, off for others".
    """
    shares = np.asarray(shares)
    figure = new_figure(2.35 * len(names), 3.6)
    with styled():
        above, below = figure.subplots(2, len(names), squeeze=False, gridspec_kw={"height_ratios": [1.5, 1]})
        for unit, name in enumerate(names):
            _weights(above[unit], weights[:, unit], name)
            axes = below[unit]
            axes.bar(range(10), shares[unit], color=BLUE)
            axes.set(ylim=(0, 1.05), yticks=[0, 0.5, 1], xticks=range(10))
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
            axes.tick_params(labelsize=8, length=0, labelleft=unit == 0)
            axes.grid(axis="x", visible=False)
        below[0].set_ylabel("images it is on for", fontsize=9)
        figure.supxlabel("digit", fontsize=9)
    said = (f"{name}: {_in_words(shares[unit])}" for unit, name in enumerate(names))
    return Picture(figure, f"{len(names)} hidden units with their weights from the pixels. {'; '.join(said)}.")


def _weights(axes, weights: np.ndarray, name: str) -> None:
    """One unit's weights as an image: red where ink speaks for it, blue where ink speaks against it."""
    strongest = max(np.percentile(np.abs(weights), 99.5), 1e-12)
    axes.imshow(weights.reshape(28, 28), cmap="RdBu_r", vmin=-strongest, vmax=strongest)
    axes.set_title(name, fontsize=10)
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)


def _in_words(shares: np.ndarray) -> str:
    """The digits for which a unit is on most and least often."""
    order = np.argsort(-shares, kind="stable")
    most = ", ".join(f"{digit} ({shares[digit]:.0%})" for digit in order[:2])
    least = ", ".join(f"{digit} ({shares[digit]:.0%})" for digit in order[:-3:-1])
    return f"on most often for {most}, least often for {least}"


def unit_weights(
    moments: Mapping[str, np.ndarray], units: Sequence[int] = range(9), *, own_scale: bool = False
) -> Picture:
    """The weights from the pixels into some units as rows of images, one row for each moment, all on one scale.

    moments: weights [784, units] by name. On one scale, what is small beside the rest looks small. units: which ones.
    own_scale: each row on its own instead.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "What was learned, and what was there".
    """
    chosen = {name: np.asarray(weights)[:, list(units)] for name, weights in moments.items()}
    reach = {name: max(np.percentile(np.abs(weights), 99.5), 1e-12) for name, weights in chosen.items()}
    if not own_scale:
        reach = dict.fromkeys(reach, max(reach.values()))
    figure = new_figure(8.6, 0.35 + 0.86 * len(chosen))
    with styled():
        rows = figure.subplots(len(chosen), 1, squeeze=False)[:, 0]
        for axes, (name, weights) in zip(rows, chosen.items(), strict=True):
            images = np.pad(weights.T.reshape(-1, 28, 28), ((0, 0), (0, 0), (1, 1)), constant_values=np.nan)
            axes.imshow(np.concatenate(list(images), axis=1), cmap="RdBu_r", vmin=-reach[name], vmax=reach[name])
            axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
            axes.set(xticks=[], yticks=[])
            axes.grid(False)
            axes.spines[:].set_visible(False)
        scale = "each row on its own scale" if own_scale else "one scale for all"
        rows[0].set_title(f"weights into {len(units)} units of layer 1 (red +, blue −), {scale}", fontsize=10)
    said = (f"{name}: {weights.std():.2g}" for name, weights in chosen.items())
    return Picture(
        figure, f"Weights from the pixels into {len(units)} units as images; how widely they spread: {'; '.join(said)}."
    )
