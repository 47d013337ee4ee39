"""The init lab: the network lab, set up to ask one question, what the initial weights decide."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from helpers import training
from helpers.data import Dataset
from helpers.history import History
from helpers.labs.lab import Lab
from helpers.labs.network_form import network_form
from helpers.labs.network_lab import PANELS, NetworkRuns, as_code
from helpers.plots.initialisation import StartPanel

MOMENTS = (0, 100)  # steps at which the gradients are measured
PANEL = "start and twins"
PRESETS: dict[str, dict[str, Any]] = {
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


class InitLab(Lab):
    """A network lab for initial weights: what they look like, who is whose twin, what gradients they bring.

    data, state, loss, test_every, presets: as in NetworkLab. preset: "two layers", if left out, or "five layers". Every
    run takes 1000 steps unless the slider says otherwise.
    Taught in notebooks/04_zero_init_pitfall.ipynb, "Turn the knobs".
    """

    def __init__(
        self,
        data: Dataset,
        preset: str | None = None,
        state: str | None = None,
        *,
        loss: Callable = training.mean_cross_entropy,
        test_every: int = 100,
        presets: Mapping[str, Mapping] = PRESETS,
    ):
        form = network_form(presets, preset, state, data)
        self.source = NetworkRuns(data, loss, test_every)
        self.gradient_norms: dict[int, np.ndarray] = {}  # of the latest run, by step
        start = {PANEL: lambda inside: StartPanel(inside.weights, self.gradient_norms, MOMENTS)}
        super().__init__(
            self.source.make_run,
            form,
            panels=self.source.panels({**start, **PANELS}),
            between=self._note_gradients,
            code=lambda: as_code(form, data, loss),
            show="test" if data.test else "validation",
        )
        self.panels[PANEL].value = True

    def _note_gradients(self, history: History) -> None:
        if history.step == 0:
            self.gradient_norms.clear()
        if self.source.inside and history.step in MOMENTS and history.step not in self.gradient_norms:
            self.gradient_norms[history.step] = self.source.inside.statistics().gradient_norms
