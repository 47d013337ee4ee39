"""The lab of lesson 06: the training lab around a reader's own NumPy functions, without TensorFlow."""

from collections.abc import Callable

import ipywidgets as widgets
import numpy as np

from helpers import numpy_training
from helpers.data import Dataset
from helpers.labs.controls import WIDE
from helpers.labs.training_lab import Lab

HIDDEN = (10, 20, 50, 100, 200, 300, 500, 1000)


class NumpyLab(Lab):
    """A training bench for a network written by hand: hidden units, shifted images, and whether the rate falls to 0.

    data: the Dataset to train on. network: a `by_hand.Network` whose weight deltas are means. start: a function from
    the number of hidden units to fresh weights, float32 arrays. Like every lab it trains in a thread, hears Stop, keeps
    every run, and has `run()` for where there is no page. Taught in notebooks/06_numpy_by_hand.ipynb, "Turn the knobs".
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
        self.network, self.start_weights = network, start
        super().__init__(data, None, learning_rate=learning_rate, batch_size=batch_size, steps=steps)

    def _make_controls(self, **settings) -> dict[str, widgets.Widget]:
        return {
            "hidden": widgets.SelectionSlider(value=100, options=HIDDEN, description="hidden units", **WIDE),
            **super()._make_controls(**settings),
            "shift": widgets.IntSlider(value=0, min=0, max=3, description="shift by up to", **WIDE),
            "falling": widgets.Dropdown(
                value=False, options={"no": False, "to 0": True}, description="rate falls", **WIDE
            ),
        }

    def _new_run(self, settings: dict) -> numpy_training.Training:
        run = numpy_training.Training(
            self.network,
            self.start_weights(settings["hidden"]),
            self.data,
            learning_rate=self.controls["learning_rate"].value,
            steps=settings["steps"],
            batch_size=settings["batch_size"],
            test_every=100 if settings["hidden"] <= 100 else 500,  # a test of a wide network takes a tenth of a second
            seed=0,
            falling=settings["falling"],
            shift=settings["shift"],
        )
        run.history.notes = {"hidden": f"{settings['hidden']}", **run.history.notes}
        self.histories.append(run.history)
        return run
