"""The loss of a single image as a picture."""

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.plots.style import BLUE, DASHES, MUTED, RUNS, VERMILION, Picture, new_figure, styled


def cross_entropy(probability: float) -> Picture:
    """The loss of one image as a function of the probability given to its right digit, −ln(probability).

    probability: above 0, at most 1. Taught in notebooks/01_one_layer.ipynb, "The loss".
    """
    loss = abs(np.log(probability))  # a minus sign would give −0.00 for probability 1
    figure = new_figure(6.4, 3.0)
    with styled():
        axes = figure.add_subplot()
        curve = np.geomspace(0.001, 1, 300)
        axes.plot(curve, -np.log(curve), color=BLUE, linewidth=2)
        axes.plot([probability, probability, 0], [0, loss, loss], color=VERMILION, linestyle="--", linewidth=1)
        axes.plot([probability], [loss], "o", color=VERMILION, markersize=9)
        axes.annotate(f"−ln({probability:.3g}) = {loss:.2f}", (probability, loss), (8, 8), textcoords="offset points")
        axes.axhline(np.log(10), color=MUTED, linewidth=0.8, linestyle=":")
        axes.text(1.0, np.log(10) + 0.08, "knowing nothing: 2.30", ha="right", fontsize=8, color=MUTED)
        axes.set(xlim=(0, 1), ylim=(0, 7), xticks=np.arange(0, 1.1, 0.2))
        axes.set(xlabel="probability given to the right digit", ylabel="loss of this image")
    return Picture(
        figure, f"The right digit was given probability {probability:.3g}: the loss of this image is {loss:.2f}."
    )


def by_mistake(gaps: Sequence[float], losses: Mapping[str, Sequence[tuple[float, float]]]) -> Picture:
    """One or more losses of an image that is read wrongly, and how strongly each pulls the right logit up.

    gaps: how far the logit of the right digit lies below the largest. losses: by name, for each gap the loss and its
    pull, the slope without its sign. Taught in notebooks/03_five_layers_relu.ipynb, "The patch, and the right way".
    """
    figure = new_figure(8.6, 2.8)
    with styled():
        places = figure.subplots(1, 2)
        for axes, title, which in zip(places, ("loss of this image", "pull on the right logit"), (0, 1), strict=True):
            for number, (name, measured) in enumerate(losses.items()):
                line = [each[which] for each in measured]
                axes.plot(gaps, line, color=RUNS[number], linestyle=DASHES[number], linewidth=2.2, label=name)
            axes.set(xlabel="how far the right logit lies below the other", xlim=(min(gaps), max(gaps)))
            axes.set_title(title, fontsize=10)
        places[0].legend(fontsize=9, frameon=False)
    said = (f"{name}, loss {ends[-1][0]:.3g} and pull {ends[-1][1]:.2g}" for name, ends in losses.items())
    return Picture(figure, f"An image whose right logit lies {max(gaps):g} below the other: {'; '.join(said)}.")
