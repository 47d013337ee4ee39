"""Sliders that a picture follows."""

import functools
from collections.abc import Callable

import ipywidgets as widgets

from helpers.labs.controls import answering, columns, log_slider, show_controls
from helpers.plots import activations, exclusive_or, folding, gradient_descent, loss
from helpers.plots.drawing import DRAWER
from helpers.plots.live import Place
from helpers.plots.style import Picture
from helpers.widgets.number_slider import NumberSlider, even


class Explorer:
    """Sliders above a picture that follows them: `Explorer(draw, probability=slider)`.

    draw: a function of the controls' values, by name, to a Picture. controls: ipywidgets with a `value`.
    """

    def __init__(self, draw: Callable[..., Picture], **controls: widgets.Widget):
        self.draw, self.controls = draw, controls
        self.status = widgets.HTML()
        self.place = Place()
        for control in controls.values():
            control.observe(self._on_change, names="value")

    def picture(self) -> Picture:
        """The picture for the controls' present values."""
        return self.draw(**{name: control.value for name, control in self.controls.items()})

    def _ipython_display_(self) -> None:
        show_controls(widgets.VBox([columns(self.controls.values()), self.status]), self.controls)
        self.place.show(self.picture())

    def _on_change(self, _change) -> None:
        DRAWER.soon(self.place, self._redraw)  # a slider moves on while its picture is drawn

    @answering
    def _redraw(self) -> None:
        picture = self.picture()
        self.status.value = ""
        self.place.replace(picture, at_rest=False)


def cross_entropy_explorer() -> Explorer:
    """A slider for the probability given to the right digit, and the curve of the loss that it costs.

    Taught in notebooks/01_one_layer.ipynb, "The loss".
    """
    slider = NumberSlider(0.1, [0.001, *even(0.01, 1, 0.01)], description="probability")
    return Explorer(loss.cross_entropy, probability=slider)


def slope_explorer() -> Explorer:
    """A slider for the input of three activation functions, above the picture that `activations` draws.

    Taught in notebooks/05_why_depth.ipynb, "Slopes through ten layers".
    """
    slider = NumberSlider(1.0, even(-activations.REACH, activations.REACH, 0.1), description="input")
    return Explorer(activations.slopes_through_layers, z=slider)


def folding_explorer() -> Explorer:
    """Layers of two ReLUs that fold a line, to be added one by one, and a point to be followed through them.

    Taught in notebooks/05_why_depth.ipynb, "Folding".
    """
    return Explorer(
        folding.picture,
        layers=NumberSlider(1, range(folding.MOST_LAYERS + 1), description="layers"),
        point=NumberSlider(0.3, even(0, 1, 0.01), description="point"),
        crease=NumberSlider(0.5, even(0.1, 0.9, 0.05), description="crease"),
        height=NumberSlider(1.0, even(0.2, 1, 0.05), description="height of the fold"),
    )


def descent_explorer(valley: gradient_descent.Valley, *, start: float) -> Explorer:
    """Sliders for the learning rate and the number of steps, above a loss that gradient descent goes down.

    start: the number that the first step is taken from. Taught in notebooks/01_one_layer.ipynb, "The loss against one
    number".
    """
    rate = log_slider("learning rate", 0.5, most=100)
    steps = NumberSlider(0, range(21), description="steps")
    return Explorer(functools.partial(valley.picture, start=start), learning_rate=rate, steps=steps)


def direction_explorer(landscape: gradient_descent.Landscape) -> Explorer:
    """A slider for the direction in which to leave a place of a landscape, and the slope that one meets there.

    Taught in notebooks/01_one_layer.ipynb, "The loss against two numbers".
    """
    slider = NumberSlider(0, range(0, 361, 5), description="direction")
    return Explorer(landscape.picture, direction=slider)


def exclusive_or_explorer() -> Explorer:
    """Sliders for the two weights and the bias of one weighted sum, above the four corners of exclusive or.

    Taught in notebooks/08_where_the_gain_came_from.ipynb, "Exclusive or".
    """
    start = {"weight_of_a": ("weight of a", 1.0), "weight_of_b": ("weight of b", -1.0), "bias": ("bias", 0.0)}
    sliders = {name: NumberSlider(value, even(-2, 2, 0.1), description=said) for name, (said, value) in start.items()}
    return Explorer(exclusive_or.weighted_sum, **sliders)
