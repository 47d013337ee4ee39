"""Three activation functions at one input: what comes out, the slope there, and what ten such slopes leave over."""

import ipywidgets as widgets
import numpy as np

from helpers.controls import WIDE, Explorer
from helpers.layers import CURVES, HATCHES
from helpers.style import BLUE, INK, MUTED, VERMILION, Picture, new_figure, styled

LAYERS = 10
SMALLEST = 1e-12  # the lower end of the scale of gradients
REACH = 6  # inputs run from minus this to this


def activations(z: float) -> Picture:
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


def explorer() -> Explorer:
    """A slider for the input of three activation functions, above the picture that `activations` draws.

    Taught in notebooks/05_deeper_and_wider.ipynb, "Activation functions by hand".
    """
    slider = widgets.FloatSlider(value=1.0, min=-REACH, max=REACH, step=0.1, description="input", **WIDE)
    return Explorer(activations, z=slider)


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
