"""The playground's controls: what is to be told apart, the network that is to do it, and how it learns."""

from typing import Any

import ipywidgets as widgets

from helpers import toy_data
from helpers.activations import ACTIVATIONS
from helpers.labs.controls import columns, log_slider, row, seed_control
from helpers.labs.form import Form
from helpers.labs.layer_controls import Features, Layers
from helpers.small_networks import MOST_LAYERS, MOST_NEURONS, REGULARISATIONS
from helpers.toy_data import FEATURES, PLAIN
from helpers.widgets.number_slider import NumberSlider, even

FEW_NEURONS = 8  # of a layer, unless "wide" is on
BATCH_SIZES = (1, 5, 10, 20, 50, 100)  # the smallest training set has 100 points
REGULARISATION_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
START: dict[str, Any] = {
    "data": "spiral",
    "noise": 0.0,
    "train_share": 0.5,
    "features": PLAIN,
    "hidden": (8,),
    "activation": "ReLU",
    "learning_rate": 0.01,
    "batch_size": 50,
    "regularisation": "none",
    "regularisation_rate": 0.001,
    "seed": 0,
    "test_points": False,
}
LIVE = {"learning_rate", "batch_size", "regularisation", "regularisation_rate"}  # taken up with the next step
LOOK = {"test_points"}  # changes what is seen only
PRESETS: dict[str, dict[str, Any]] = {
    "8 neurons": {},
    "8 neurons, 7 features": {"features": tuple(FEATURES)},
    "3 layers of 8": {"hidden": (8, 8, 8)},
    "44 neurons": {"hidden": (44,), "learning_rate": 0.05},
}
BOX = {"indent": False}


def playground_form(preset: str, state: str | None) -> Form:
    """The playground's controls, set to a preset, or to the text of another playground's `to_json()`.

    What cannot be built cannot be chosen: at least one feature stays on.
    """
    controls = _controls()

    def follow(form: Form) -> None:
        """Offer only what has an effect."""
        controls["activation"].disabled = not controls["hidden"].value
        controls["regularisation_rate"].disabled = controls["regularisation"].value == "none"

    form = Form(controls, start=START, presets=PRESETS, called="playground", follow=follow)
    form.use_preset(preset)
    if state is not None:
        form.from_json(state)
    return form


def rows(form: Form) -> list[widgets.Widget]:
    """The controls as they stand on the page: the features in a row, the rest in as many columns as fit."""
    rest = columns(box for name in form.shown if name != "features" for box in form.on_page(name))
    features = row(widgets.Label("features:"), *form.parts("features"))
    return [features, rest] if "features" in form.shown else [rest]


def _controls() -> dict[str, widgets.Widget]:
    """A control for every setting."""
    return {
        "features": Features(FEATURES, PLAIN, **BOX),
        "hidden": Layers(
            START["hidden"],
            most_layers=MOST_LAYERS,
            most_neurons=MOST_NEURONS,
            layer="layer",
            few=FEW_NEURONS,
            box=BOX,
        ),
        "activation": widgets.Dropdown(options=list(ACTIVATIONS), description="activation"),
        "data": widgets.Dropdown(options=list(toy_data.KINDS), description="data"),
        "noise": NumberSlider(0.0, even(0, 1, 0.05), description="noise"),
        "train_share": NumberSlider(0.5, even(0.1, 0.9, 0.1), description="training share"),
        "learning_rate": log_slider("learning rate", START["learning_rate"]),
        "batch_size": NumberSlider(50, BATCH_SIZES, description="batch size"),
        "regularisation": widgets.Dropdown(options=REGULARISATIONS, description="regularisation"),
        "regularisation_rate": NumberSlider(0.001, REGULARISATION_RATES, description="its rate"),
        "seed": seed_control(),
        "test_points": widgets.Checkbox(description="show the test points", **BOX),
    }
