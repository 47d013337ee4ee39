"""The lab of the NumPy lesson: a reader's own functions on sliders, without TensorFlow."""

from collections.abc import Callable

import ipywidgets as widgets
import numpy as np

from helpers import numpy_training
from helpers.data import Dataset
from helpers.labs.controls import number, training_controls
from helpers.labs.form import Form
from helpers.labs.lab import Lab

HIDDEN = (10, 20, 50, 100, 200, 300, 500, 1000)


class NumpyLab(Lab):
    """A lab for a network written by hand: hidden units, shifted images, and whether the rate falls to 0.

    data: the Dataset to train on. network: a `numpy_training.Network` whose weight deltas are means. start: a function
    from the number of hidden units to fresh weights, float32 arrays. Like every lab it trains in a thread, hears Stop,
    keeps every run, and has `run()` for where there is no page.
    Taught in notebooks/07_numpy_by_hand.ipynb, "Turn the knobs".
    """

    def __init__(
        self,
        data: Dataset,
        network: numpy_training.Network,
        start: Callable[[int], list[np.ndarray]],
        *,
        learning_rate: float = 0.3,
        batch_size: int = 50,
        steps: int = 2000,
    ):
        def make_run(settings: dict) -> numpy_training.Training:
            hidden = settings.pop("hidden")
            often = 100 if hidden <= 100 else 500  # a test of a wide network takes a tenth of a second
            run = numpy_training.Training(network, start(hidden), data, **settings, test_every=often, seed=0)
            run.history.notes = {"hidden": f"{hidden}", **run.history.notes}
            return run

        controls = {
            "hidden": number(100, HIDDEN, min=1, description="hidden units"),
            **training_controls(learning_rate, batch_size, steps),
            "shift": number(0, range(4), description="shift by up to", unit="pixels"),
            "falling": widgets.Dropdown(value=False, options={"no": False, "to 0": True}, description="rate falls"),
        }
        super().__init__(lambda settings: make_run(dict(settings)), Form(controls), simple=True)
