"""Pictures of activation functions: what they give, and how their slopes multiply from layer to layer."""

from __future__ import annotations

import numpy as np

from helpers.activations import ACTIVATIONS, Activation
from helpers.plots.style import (
    BLUE,
    INK,
    MUTED,
    SKY,
    VERMILION,
    Picture,
    new_figure,
    styled,
)

HATCHES = ("", "//", "..", "xx", "\\\\", "++")
LAYERS = 10
SMALLEST = 1e-12  # the lower end of the scale of gradients
REACH = 6  # inputs run from minus this to this


def value_and_slope(name: str) -> Picture:
    """An activation function, and below it its slope. name: one in ACTIVATIONS, such as "ReLU".

    The parts that count as saturated are shaded where it is S-shaped. Taught in notebooks/02_five_layers_sigmoid.ipynb.
    """
    activation = ACTIVATIONS[name]
    z = np.linspace(-6, 6, 601)
    slopes = _slopes(activation, z)
    figure = new_figure(6.4, 3.2)
    with styled():
        above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [2, 1]})
        above.plot(z, activation.value(z), color=BLUE, linewidth=2.2)
        below.plot(z, slopes, color=VERMILION, linewidth=2.2, linestyle="--")
        above.set_title(f"{name}: what comes out", fontsize=10)
        below.set_title("its slope", fontsize=10)
        below.set(xlabel="what goes in", xlim=(-6, 6), ylim=(-0.05 * slopes.max(), 1.15 * slopes.max()))
        if activation.edge is not None:
            for axes in (above, below):
                axes.axvspan(-6, -activation.edge, color=SKY, alpha=0.2, linewidth=0)
                axes.axvspan(activation.edge, 6, color=SKY, alpha=0.2, linewidth=0)
            above.text(-4.5, 0.5, "saturated", ha="center", fontsize=9, color=MUTED)
            above.text(4.5, 0.5, "saturated", ha="center", fontsize=9, color=MUTED)
    return Picture(figure, activation.words)


def slopes_through_layers(z: float) -> Picture:
    """Each activation function with its slope at input z, and how much of a gradient passes 1 to 10 such layers.

    The bars are powers of the slope: every layer is taken to sit at the same input, and weights are left out.
    Taught in notebooks/05_why_depth.ipynb, "Slopes through ten layers".
    """
    drawn = [activation for activation in ACTIVATIONS.values() if activation.code]  # all that do something
    # Fixed places: to find the best ones takes three times as long as drawing.
    figure = new_figure(3.0 * len(drawn), 4.6, layout="none")
    places = {"height_ratios": [3, 2], "left": 0.09, "right": 0.98, "bottom": 0.11, "top": 0.94, "hspace": 0.5}
    with styled():
        above, below = figure.subplots(2, len(drawn), gridspec_kw=places)
        for activation, curve_axes, bar_axes in zip(drawn, above, below, strict=True):
            _curve(curve_axes, activation, z)
            _bars(bar_axes, _slope(activation, z))
        below[0].set_ylabel("left of the gradient")
    said = "; ".join(_in_words(activation, z) for activation in drawn)
    return Picture(figure, f"At input {z:g}: {said}.")


def _slopes(activation: Activation, z: np.ndarray) -> np.ndarray:
    return np.asarray(activation.slope(activation.value(z)), float)


def _slope(activation: Activation, z: float) -> float:
    return float(_slopes(activation, np.asarray(z, float)))


def _value(activation: Activation, z: float) -> float:
    return float(activation.value(np.asarray(z, float)))


def _in_words(activation: Activation, z: float) -> str:
    value, slope = _value(activation, z), _slope(activation, z)
    return f"{activation.name} gives {value:.3g}, slope {slope:.3g}, and ten such slopes leave {_number(slope**LAYERS)}"


def _number(left: float) -> str:
    """A share of the gradient for a reader: all, nothing, or with two digits."""
    return {0.0: "nothing", 1.0: "all of a gradient"}.get(left, f"{left:.2g} of a gradient")


def _curve(axes, activation: Activation, z: float) -> None:
    """The function, the point on it, and its tangent there, which shows the slope."""
    inputs = np.linspace(-REACH, REACH, 241)
    value, slope = _value(activation, z), _slope(activation, z)
    axes.plot(inputs, activation.value(inputs), color=BLUE, linewidth=2.2)
    near = np.array([z - 1.5, z + 1.5])
    axes.plot(near, value + slope * (near - z), color=VERMILION, linestyle="--", linewidth=2)
    axes.plot([z], [value], "o", color=INK, markersize=8)
    high, ticks = (6.5, [0, 2, 4, 6]) if _value(activation, REACH) > 1 else (1.4, [-1, 0, 1])
    axes.set(xlim=(-REACH, REACH), ylim=(-1.4, high), xticks=[-6, -3, 0, 3, 6], yticks=ticks, xlabel="input")
    axes.set_title(f"{activation.name}({z:.2g}) = {value:.3g}, slope {slope:.2g}".replace("-", "−"), fontsize=9.5)


def _bars(axes, slope: float) -> None:
    """What is left of a gradient after 1 to 10 layers of this slope, on a logarithmic scale."""
    layers = np.arange(1, LAYERS + 1)
    left = slope**layers
    axes.set(yscale="log", ylim=(SMALLEST, 30), yticks=[1e-12, 1e-8, 1e-4, 1], xticks=[1, 4, 7, 10])
    axes.minorticks_off()
    axes.bar(layers, np.maximum(left, SMALLEST), color=VERMILION, hatch=HATCHES[1], edgecolor="white")
    axes.set_xlabel("layers passed")
    axes.set_title(f"after ten layers: {_number(float(left[-1]))}", fontsize=10)
    if left[-1] < SMALLEST:
        axes.text(8, 1e-5, "off the scale" if slope else "nothing passes", ha="center", color=MUTED, fontsize=10)
