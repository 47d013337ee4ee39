"""The form in which a reader describes a network: sliders, presets, a drawing, and a text that travels."""

import html
import json

import ipywidgets as widgets

from helpers.labs.controls import WIDE, log_slider, set_control, training_controls
from helpers.networks import ACTIVATIONS, INITIALISATIONS, Design

MOST_LAYERS, MOST_NEURONS = 6, 500
START = {
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
PRESETS = {
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
    "lesson 05": {"hidden": (500, 500), "activation": "ReLU", "initialisation": "He"},
}


class NetworkForm:
    """Controls for a network and its training. Settings that make no sense together cannot be chosen.

    presets: settings by name, those not named being as in START; the first is what the form starts from.
    `controls` holds them by name, `drawing` shows the network that they describe.
    """

    def __init__(self, presets: dict[str, dict]):
        self.presets = presets
        self.depth = widgets.IntSlider(min=0, max=MOST_LAYERS, description="hidden layers", **WIDE)
        self.widths = [
            widgets.IntSlider(value=100, min=1, max=MOST_NEURONS, description=f"neurons in layer {layer}", **WIDE)
            for layer in range(1, MOST_LAYERS + 1)
        ]
        self.controls = {
            "activation": widgets.Dropdown(options=list(ACTIVATIONS), description="activation", **WIDE),
            "initialisation": widgets.Dropdown(options=list(INITIALISATIONS), description="initial weights", **WIDE),
            "std": log_slider("their std, reach or value", START["std"]),
            **training_controls(),
            "seed": widgets.BoundedIntText(min=0, max=9999, description="seed", **WIDE),
        }
        self.hidden_names: tuple[str, ...] = ()
        self.drawing = widgets.HTML()
        for control in (self.depth, *self.widths, *self.controls.values()):
            control.observe(self._follow, names="value")
        self.use_preset(next(iter(presets)))

    @property
    def settings(self) -> dict:
        """The present values by name; `hidden` holds the neurons of each hidden layer."""
        hidden = tuple(slider.value for slider in self.widths[: self.depth.value])
        return {"hidden": hidden, **{name: control.value for name, control in self.controls.items()}}

    @property
    def design(self) -> Design:
        """The network that the form describes."""
        return design_of(self.settings)

    def set(self, name: str, value) -> None:
        """Set one control. Raises ValueError or TypeError, in words, for what the form does not have."""
        if name == "hidden":
            self._set_hidden(tuple(value))
        else:
            set_control(self.controls, name, value)

    def _set_hidden(self, neurons: tuple[int, ...]) -> None:
        Design(hidden=neurons)  # which says in words what is wrong with anything but numbers of neurons
        if len(neurons) > MOST_LAYERS or max(neurons, default=1) > MOST_NEURONS:
            raise ValueError(f"The lab goes up to {MOST_LAYERS} layers of {MOST_NEURONS} neurons; got {neurons}.")
        self.depth.value = len(neurons)
        for slider, width in zip(self.widths, neurons, strict=False):
            slider.value = width

    def use_preset(self, name: str) -> None:
        """Set every control as a lesson does."""
        if name not in self.presets:
            raise ValueError(f"There is no preset {name!r}; there are {', '.join(self.presets)}.")
        for setting, value in {**START, **self.presets[name]}.items():
            self.set(setting, value)

    def to_json(self) -> str:
        """All settings as a short text, to hand out."""
        return json.dumps({**self.settings, "hide": self.hidden_names} if self.hidden_names else self.settings)

    def from_json(self, text: str) -> None:
        """Take the settings from such a text; its "hide" may list controls that the learner is not to see."""
        try:
            state = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"The lab's state should be the text that to_json() gave; {error}.") from error
        hide = tuple(state.pop("hide", ()))
        unknown = set(hide) - set(START)
        if unknown:
            raise ValueError(f"There is no control {', '.join(unknown)} to hide; there are {', '.join(START)}.")
        for name, value in state.items():
            self.set(name, value)
        self.hidden_names = hide
        self._follow()

    def knobs(self) -> dict[str, widgets.Widget]:
        """The controls to show, in their order on the page."""
        layers = {f"layer {number}": slider for number, slider in enumerate(self.widths, start=1)}
        network = {} if "hidden" in self.hidden_names else {"hidden": self.depth, **layers}
        return network | {name: each for name, each in self.controls.items() if name not in self.hidden_names}

    def _follow(self, _change=None) -> None:
        """Show a width for each layer there is, offer a std only where one is used, and draw the network."""
        for layer, slider in enumerate(self.widths, start=1):
            slider.layout.display = None if layer <= self.depth.value else "none"
        self.controls["activation"].disabled = self.depth.value == 0
        self.controls["std"].disabled = not self.design.takes_scale
        self.drawing.value = drawing(self.design)


def design_of(settings: dict) -> Design:
    """The network among a form's settings."""
    return Design(**{name: settings[name] for name in ("hidden", "activation", "initialisation", "std", "seed")})


def drawing(design: Design) -> str:
    """A network as an SVG: a column of dots for each layer, higher for wider ones, the widths and parameters in words.

    The dots are fewer than the neurons: their number grows with the square root of the width.
    """
    columns, gap, middle = [], 52, 80
    for layer, width in enumerate(design.sizes):
        dots = max(2, round(width**0.5 / 2))
        x = 24 + gap * layer
        circles = "".join(
            f'<circle cx="{x}" cy="{middle + (dot - (dots - 1) / 2) * 9:.1f}" r="3"/>' for dot in range(dots)
        )
        columns.append(f'{circles}<text x="{x}" y="{middle + 82}" text-anchor="middle" font-size="12">{width}</text>')
    across = 48 + gap * (len(design.sizes) - 1)
    words = f"{design.parameters:,} parameters: {'-'.join(map(str, design.sizes))}"
    # currentColor is the page's own ink, dark on the light theme and light on the dark one.
    return (
        f'<div style="color: var(--jp-content-font-color1)"><svg role="img" aria-label="{html.escape(words)}" '
        f'width="{across}" height="170" fill="currentColor">{"".join(columns)}</svg><div>{words}</div></div>'
    )
