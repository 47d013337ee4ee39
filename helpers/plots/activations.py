"""Pictures of activation functions: what they give, and how their slopes multiply from layer to layer."""

from __future__ import annotations

import numpy as np

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

FLAT = 0.05  # layer_statistics.SATURATED: a sigmoid this close to 0 or 1 counts as saturated
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
LAYERS = 10
SMALLEST = 1e-12  # the lower end of the scale of gradients
REACH = 6  # inputs run from minus this to this


def value_and_slope(name: str) -> Picture:
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


def slopes_through_layers(z: float) -> Picture:
    """Sigmoid, tanh and ReLU with their slope at input z, and how much of a gradient passes 1 to 10 such layers.

    The bars are powers of the slope: every layer is taken to sit at the same input, and weights are left out.
    Taught in notebooks/05_deeper_and_wider.ipynb, "Activation functions by hand".
    """
    figure = new_figure(9.0, 4.6, layout="none")  # to find the best places takes three times as long as drawing
    places = {"height_ratios": [3, 2], "left": 0.09, "right": 0.98, "bottom": 0.11, "top": 0.94, "hspace": 0.5}
    with styled():
        above, below = figure.subplots(2, 3, gridspec_kw=places)
        for name, curve_axes, bar_axes in zip(CURVES, above, below, strict=True):
            slope = _slope(name, z)
            _curve(curve_axes, name, z, slope)
            _bars(bar_axes, slope)
        below[0].set_ylabel("left of the gradient")
    said = "; ".join(_in_words(name, z) for name in CURVES)
    return Picture(figure, f"At input {z:g}: {said}.")


def _slope(name: str, z: float) -> float:
    return float(CURVES[name][1](np.float64(z)))


def _in_words(name: str, z: float) -> str:
    value, slope = float(CURVES[name][0](np.float64(z))), _slope(name, z)
    return f"{name} gives {value:.3g}, slope {slope:.3g}, and ten such slopes leave {_number(slope**LAYERS)}"


def _number(left: float) -> str:
    """A share of the gradient for a reader: all, nothing, or with two digits."""
    return {0.0: "nothing", 1.0: "all of a gradient"}.get(left, f"{left:.2g} of a gradient")


def _curve(axes, name: str, z: float, slope: float) -> None:
    """The function, the point on it, and its tangent there, which shows the slope."""
    inputs = np.linspace(-REACH, REACH, 241)
    value = float(CURVES[name][0](np.float64(z)))
    axes.plot(inputs, CURVES[name][0](inputs), color=BLUE, linewidth=2.2)
    near = np.array([z - 1.5, z + 1.5])
    axes.plot(near, value + slope * (near - z), color=VERMILION, linestyle="--", linewidth=2)
    axes.plot([z], [value], "o", color=INK, markersize=8)
    high, ticks = (6.5, [0, 2, 4, 6]) if name == "ReLU" else (1.4, [-1, 0, 1])
    axes.set(xlim=(-REACH, REACH), ylim=(-1.4, high), xticks=[-6, -3, 0, 3, 6], yticks=ticks, xlabel="input")
    axes.set_title(f"{name}({z:.2g}) = {value:.3g}, slope {slope:.2g}".replace("-", "−"), fontsize=9.5)


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
