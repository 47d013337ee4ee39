"""Pictures of single hidden units: what each looks for, and for which digits it is on."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import PercentFormatter

from helpers.style import BLUE, Picture, new_figure, styled


def switched_on(weights: np.ndarray, shares: np.ndarray, names: Sequence[str]) -> Picture:
    """Hidden units side by side: the weights from the pixels, and on how many of each digit's images each is on.

    weights: [784, units]. shares: [units, 10], 0 to 1. names: one for each unit.
    Taught in notebooks/06_numpy_by_hand.ipynb, "On for some, off for others".
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
