"""The loss of a single image as a picture."""

import numpy as np

from helpers.plots.style import BLUE, MUTED, VERMILION, Picture, new_figure, styled


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
