"""An explorer of optimisers: a valley over two numbers, to be walked through step by step."""

import ipywidgets as widgets

from helpers.labs.controls import log_slider
from helpers.labs.explorers import Explorer
from helpers.plots import valley_of_two
from helpers.widgets.number_slider import NumberSlider


def valley_explorer() -> Explorer:
    """Optimiser, learning rate, whether it falls, and the number of steps, above the way through a valley.

    Taught in notebooks/06_deeper_and_wider.ipynb, "What a step can be".
    """
    return Explorer(
        valley_of_two.picture,
        optimiser=widgets.Dropdown(options=list(valley_of_two.OPTIMISERS), description="optimiser"),
        learning_rate=log_slider("learning rate", 0.07, most=1),
        rate=widgets.Dropdown(options=list(valley_of_two.SCHEDULES), description="the rate"),
        slopes=widgets.Dropdown(options=list(valley_of_two.SLOPES), description="slopes"),
        steps=NumberSlider(4, range(valley_of_two.RUN + 1), description="steps"),
    )
