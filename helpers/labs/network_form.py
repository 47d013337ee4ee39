"""The form in which a reader describes a network: sliders, the lessons' presets, and a drawing."""

import html
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

import ipywidgets as widgets

from helpers.activations import ACTIVATIONS
from helpers.data import Dataset
from helpers.initialisations import INITIALISATIONS
from helpers.labs.controls import log_slider, seed_control, training_controls
from helpers.labs.form import Form
from helpers.labs.layer_controls import Layers
from helpers.networks import Design

MOST_LAYERS, MOST_NEURONS = 6, 500
FOLDED = ("batch_size", "seed")  # no lesson's question is about them
START: dict[str, Any] = {
    "hidden": (200, 100, 60, 30),
    "activation": "sigmoid",
    "initialisation": "truncated normal",
    "std": 0.1,
    "learning_rate": 0.3,
    "batch_size": 100,
    "steps": 10_000,
    "seed": 0,
}
# What the lessons train. The form's loss is a mean: for batches of 100, a sum at 0.003 is a mean at 0.3.
PRESETS: dict[str, dict[str, Any]] = {
    "lesson 01": {"hidden": (), "initialisation": "zeros"},
    "lesson 02": {"activation": "sigmoid", "std": 1.0},
    "lesson 03": {"activation": "ReLU", "std": 0.1},
    "lesson 04": {
        "hidden": (100,),
        "activation": "ReLU",
        "initialisation": "zeros",
        "learning_rate": 0.5,
        "steps": 1000,
    },
    "lesson 05": {"hidden": (43,) * 4, "activation": "ReLU", "initialisation": "He", "steps": 2000},
    "lesson 06": {"hidden": (500, 500), "activation": "ReLU", "initialisation": "He", "steps": 1000},
}


def network_form(
    presets: Mapping[str, Mapping],
    preset: str | None,
    state: str | None,
    data: Dataset | None = None,
    *,
    also: Mapping[str, widgets.ValueWidget] = MappingProxyType({}),
    start: Mapping[str, Any] = MappingProxyType(START),
    folded: Collection[str] = FOLDED,
) -> Form:
    """A form for a network and its training.

    data: whose pixels and classes the drawing shows, MNIST's unless said otherwise. also: more controls, by name, which
    stand before those of the network. start, folded: as a Form takes them.
    It is set to a preset, the first one if none is named, or to the text of another form's `to_json()`. Settings that
    make no sense together cannot be chosen. A drawing of the network stands beside the controls.
    """
    drawn = widgets.HTML()
    training = training_controls()
    controls = {
        "learning_rate": training["learning_rate"],
        "steps": training["steps"],
        **also,
        "activation": widgets.Dropdown(options=list(ACTIVATIONS), description="activation"),
        "initialisation": widgets.Dropdown(options=list(INITIALISATIONS), description="initial weights"),
        "std": log_slider("std, reach or value", START["std"]),
        "hidden": Layers(START["hidden"], most_layers=MOST_LAYERS, most_neurons=MOST_NEURONS),
        "batch_size": training["batch_size"],
        "seed": seed_control(),
    }

    def follow(form: Form) -> None:
        """Offer a std only where one is used, an activation only where there is one, and draw the network."""
        controls["activation"].disabled = not controls["hidden"].value
        controls["std"].disabled = not INITIALISATIONS[controls["initialisation"].value].takes_scale
        drawn.value = drawing(design_of(form.settings, data))

    form = Form(controls, start=start, presets=presets, follow=follow, folded=folded)
    form.beside = [drawn]
    form.use_preset(preset or next(iter(presets)))
    if state is not None:
        form.from_json(state)
    return form


def design_of(settings: Mapping, data: Dataset | None = None) -> Design:
    """The network among a form's settings, for the images and classes of `data`, or those of MNIST."""
    chosen = {name: settings[name] for name in ("hidden", "activation", "initialisation", "std", "seed")}
    ends: dict[str, Any] = {"inputs": data.pixels, "outputs": data.classes} if data else {}
    return Design(**chosen, **ends, dropout=settings.get("dropout", 0.0))


def drawing(design: Design) -> str:
    """A network as an SVG: a column of dots for each layer, higher for wider ones, the widths and parameters in words.

    The dots are fewer than the neurons: their number grows with the square root of the width.
    """
    columns, gap, middle = [], 30, 48
    for layer, width in enumerate(design.sizes):
        dots = max(2, round(width**0.5 / 2))
        x = 16 + gap * layer
        circles = "".join(
            f'<circle cx="{x}" cy="{middle + (dot - (dots - 1) / 2) * 5.8:.1f}" r="2.2"/>' for dot in range(dots)
        )
        columns.append(f'{circles}<text x="{x}" y="{middle + 56}" text-anchor="middle" font-size="12">{width}</text>')
    across = 32 + gap * (len(design.sizes) - 1)
    words = f"{design.parameters:,} parameters: {'-'.join(map(str, design.sizes))}"
    # currentColor is the page's own ink, dark on the light theme and light on the dark one. As wide as it is with the
    # most layers, so that the controls beside it stay where they are.
    return (
        f'<div class="lab-drawing"><svg role="img" aria-label="{html.escape(words)}" '
        f'width="{across}" height="108" fill="currentColor">{"".join(columns)}</svg><div>{words}</div></div>'
    )
