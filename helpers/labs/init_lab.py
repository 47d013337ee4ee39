"""The init lab: the network lab, set up to ask one question, what the initial weights decide."""

import numpy as np
import tensorflow as tf

from helpers import layer_statistics, networks, training
from helpers.data import Dataset
from helpers.history import History
from helpers.labs.network_lab import LOOKED_AT, NetworkLab
from helpers.plots.initialisation import StartPanel

MOMENTS = (0, 100)  # steps at which the gradients are measured
PANEL = "start and twins"

NETWORKS = {
    "two layers": {
        "hidden": (100,),
        "activation": "ReLU",
        "initialisation": "zeros",
        "std": 0.01,
        "learning_rate": 0.5,
        "steps": 1000,
    },
    "five layers": {"activation": "ReLU", "initialisation": "zeros", "std": 0.01, "steps": 1000},
}


class InitLab(NetworkLab):
    """A network lab for initial weights: what they look like, who is whose twin, what gradients they bring.

    data: the Dataset to train on. preset: "two layers" or "five layers". Every run takes 1000 steps unless the slider
    says otherwise. Taught in notebooks/04_zero_init_pitfall.ipynb, "Turn the knobs".
    """

    PANELS = (PANEL, *NetworkLab.PANELS)
    PRESETS = NETWORKS

    def __init__(self, data: Dataset, preset: str = "two layers", state: str | None = None):
        super().__init__(data, preset, state)
        self.gradient_norms: dict[int, np.ndarray] = {}  # of the latest run, by step
        self.panels[PANEL].value = True

    def _new_run(self, settings: dict) -> training.Training:
        run = super()._new_run(settings)
        self.gradient_norms.clear()
        self._note(run.history)
        return run

    def _note(self, history: History) -> None:
        if history.step in MOMENTS and history.step not in self.gradient_norms:
            images, labels = training.on_device(self.sample)
            batch = tf.cast(images[:LOOKED_AT], tf.float32) / 255
            one_hot = tf.one_hot(labels[:LOOKED_AT], networks.OUTPUTS)
            looked = layer_statistics.look_inside(self.network, batch, one_hot, training.mean_cross_entropy)
            self.gradient_norms[history.step] = looked.gradient_norms

    def panel(self, name: str):
        """A panel, by the name of its check box, on the present network; None where there is nothing to see."""
        if name != PANEL:
            return super().panel(name)
        if self.network is None:
            return None
        network = self.network
        return StartPanel(lambda: [W.numpy() for W in network.weights], self.gradient_norms, MOMENTS)
