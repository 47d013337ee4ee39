"""The form in which a reader describes a network with convolutions: two layers of filters, and the rest."""

import html
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from helpers.convolutional import Convolution, Design
from helpers.data import Dataset
from helpers.errors import ReaderValueError
from helpers.labs.controls import number, seed_control, training_controls
from helpers.labs.form import Form
from helpers.widgets.number_slider import even

LAYERS = (1, 2)
FOLDED = ("hidden", "batch_size", "seed")  # the lesson's questions are about the filters
START: dict[str, Any] = {
    "learning_rate": 0.003,
    "steps": 1000,
    "filters_1": 16,
    "size_1": 5,
    "stride_1": 2,
    "pool_1": False,
    "filters_2": 32,
    "size_2": 3,
    "stride_2": 1,
    "pool_2": True,
    "hidden": 128,
    "dropout": 0.25,
    "shift": 0,
    "shuffled": False,
    "digit": 7,
    "batch_size": 100,
    "seed": 0,
}
PRESETS: dict[str, dict[str, Any]] = {
    "this lesson": {},
    "one filter": {"filters_1": 1, "filters_2": 0},
    "no convolution": {"filters_1": 0, "filters_2": 0},
    "shuffled pixels": {"shuffled": True},
    "with shifts": {"shift": 1, "steps": 6000},
}


def convolution_form(presets: Mapping[str, Mapping], preset: str | None, state: str | None, data: Dataset) -> Form:
    """A form for a network with convolutions and its training, set to a preset or to another form's text.

    Beside the controls stands what becomes of an image on its way, or why this network cannot be.
    """
    drawn = widgets.HTML()
    training = training_controls()
    controls: dict[str, Any] = {"learning_rate": training["learning_rate"], "steps": training["steps"]}
    for layer in LAYERS:
        controls |= {
            f"filters_{layer}": number(
                16, (0, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64), max=64, description=f"layer {layer}: filters"
            ),
            f"size_{layer}": number(3, range(1, 10), description=f"layer {layer}: size", unit="pixels"),
            f"stride_{layer}": number(1, range(1, 5), description=f"layer {layer}: stride", unit="pixels"),
            f"pool_{layer}": widgets.Checkbox(description=f"layer {layer}: pooling", indent=False),
        }
    controls |= {
        "hidden": number(128, (10, 20, 50, 100, 128, 200, 300), min=1, description="dense units"),
        "dropout": number(0.25, even(0, 0.9, 0.05), description="dropout"),
        "shift": number(0, range(4), description="shift by up to", unit="pixels"),
        "shuffled": widgets.Checkbox(description="shuffle the pixels", indent=False),
        "digit": number(min(7, data.classes - 1), range(data.classes), description="digit looked at"),
        "batch_size": training["batch_size"],
        "seed": seed_control(),
    }

    def follow(form: Form) -> None:
        """Offer what belongs to a layer only where there is one, and say what becomes of an image."""
        for layer in LAYERS:
            for name in ("size", "stride", "pool"):
                controls[f"{name}_{layer}"].disabled = not controls[f"filters_{layer}"].value
        try:
            drawn.value = drawing(design_of(form.settings, data))
        except ReaderValueError as error:
            drawn.value = f'<div class="lab-drawing" role="status">{html.escape(str(error))}</div>'

    start = START | {"digit": controls["digit"].value}  # there may be fewer
    form = Form(controls, start=start, presets=presets, follow=follow, folded=FOLDED)
    form.beside = [drawn]
    form.use_preset(preset or next(iter(presets)))
    if state is not None:
        form.from_json(state)
    return form


def design_of(settings: Mapping, data: Dataset) -> Design:
    """The network among a form's settings, for the images and classes of `data`; a layer of no filters is left out."""
    layers = tuple(
        Convolution(*(settings[f"{name}_{layer}"] for name in ("filters", "size", "stride", "pool")))
        for layer in LAYERS
        if settings[f"filters_{layer}"]
    )
    height, width = data.train.images.shape[1:]
    chosen = {name: settings[name] for name in ("hidden", "dropout", "seed")}
    return Design(layers, **chosen, shape=(height, width), outputs=data.classes)


def drawing(design: Design) -> str:
    """What becomes of an image on its way, as an SVG: a square for each stage, and its size in words.

    The squares are as large as the maps are; three lines behind one stand for the others.
    """
    stages = [(*design.shape, 1)]
    for made, after in zip(design.maps, design.handed_on, strict=True):
        stages += [made] if made == after else [made, after]
    x, parts = 2.0, []
    for rows, columns, count in stages:
        scale = 40 / max(design.shape)
        width, height = columns * scale, rows * scale
        behind = 2 * min(3, count - 1)
        for offset in range(behind, -1, -2):
            parts.append(
                f'<rect x="{x + offset:.0f}" y="{60 - height - offset:.0f}" width="{width:.0f}" '
                f'height="{height:.0f}" fill="var(--jp-layout-color0, white)" stroke="currentColor"/>'
            )
        x += width + behind + 8
    words = " → ".join(
        [f"{rows} × {columns}" + (f" × {count}" if count > 1 else "") for rows, columns, count in stages]
        + [str(width) for width in design.dense_sizes[1:]]
    )
    said = f"{design.parameters:,} parameters: {words}"
    return (
        f'<div class="lab-drawing"><svg role="img" aria-label="{html.escape(said)}" width="{x + 4:.0f}" height="66">'
        f"{''.join(parts)}</svg><div>{said}</div></div>"
    )
