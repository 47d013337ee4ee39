"""The remedy lab: a network that learns by heart, what can be done about it, and validation images to judge by."""

from collections.abc import Mapping
from typing import Any

from helpers import training
from helpers.data import Dataset
from helpers.errors import ReaderValueError
from helpers.labs import network_form, remedy_controls
from helpers.labs.lab import Lab
from helpers.labs.network_lab import PANELS, MakesPanel, NetworkRuns, as_code
from helpers.plots.panels import GapPanel, WeightsPanel

FOLDED = ("optimiser", "activation", "initialisation", "std", "batch_size", "seed")
START: dict[str, Any] = {
    **network_form.START,
    **remedy_controls.START,
    "activation": "ReLU",
    "steps": 2500,
}
PRESETS: dict[str, dict[str, Any]] = {
    "plain": {},
    "L2": {"l2": 0.003},
    "dropout": {"dropout": 0.25},
    "shifted images": {"shift": 1},
    "shift and L2": {"shift": 1, "l2": 0.001},
}
GAP = "training and validation"
LOOKS: dict[str, MakesPanel] = {
    GAP: lambda inside: GapPanel(inside.results, (len(inside.seen), len(inside.sample))),
    "size of the weights": lambda inside: WeightsPanel(inside.weights, inside.start()),
    "inside the layers": PANELS["inside the layers"],
    "first-layer weights": PANELS["first-layer weights"],
}


class RemedyLab(Lab):
    """A network lab with L2, dropout, shifted images, optimisers, falling rates, and the size of the training set.

    data: a Dataset that holds validation images out; its test set is left alone, so that nothing is chosen by it.
    Raises ValueError if it holds none out. preset, state, test_every, presets: as in NetworkLab.
    Taught in notebooks/09_generalise.ipynb, "Turn the knobs".
    """

    def __init__(
        self,
        data: Dataset,
        preset: str | None = None,
        state: str | None = None,
        *,
        test_every: int = 100,
        presets: Mapping[str, Mapping] = PRESETS,
    ):
        if not data.validation:
            raise ReaderValueError(
                "The remedy lab judges by validation images, and this data holds none out. "
                "Load it by data.load_mnist(validation=5000)."
            )
        data = Dataset(data.train, data.test[:0], data.validation, data.classes)
        start = START | {"images": min(START["images"], len(data.train))}
        form = network_form.network_form(
            presets, preset, state, data, also=remedy_controls.remedy_controls(data), start=start, folded=FOLDED
        )
        self.source = NetworkRuns(data, training.mean_cross_entropy, test_every)
        super().__init__(
            self.source.make_run,
            form,
            panels=self.source.panels(LOOKS),
            code=lambda: as_code(form, data),
            show="validation",
        )
        self.panels[GAP].value = True
