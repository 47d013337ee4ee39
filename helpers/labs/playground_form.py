"""The playground's controls: what is to be told apart, the network that is to do it, and how it learns."""

import contextlib
import json
from collections.abc import Callable, Iterator

import ipywidgets as widgets

from helpers import toy_data
from helpers.labs.controls import log_slider, set_control
from helpers.small_networks import ACTIVATIONS, MOST_LAYERS, MOST_NEURONS, REGULARISATIONS, SmallDesign
from helpers.toy_data import FEATURES, PLAIN

FEW_NEURONS = 8  # of a layer, unless "wide" is on
BATCH_SIZES = (1, 5, 10, 20, 50, 100)  # the smallest training set has 100 points
REGULARISATION_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
START = {
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
PRESETS = {
    "8 neurons": {},
    "8 neurons, 7 features": {"features": tuple(FEATURES)},
    "3 layers of 8": {"hidden": (8, 8, 8)},
    "44 neurons": {"hidden": (44,), "learning_rate": 0.05},
}
# Narrow enough for three of them side by side, and for two on a projector at 200%.
SLIDER = {"style": {"description_width": "7.3em"}, "layout": {"width": "19.6em"}}
BOX = {"indent": False, "layout": {"width": "auto", "margin": "2px 10px 2px 4px"}}
WRAP = widgets.Layout(flex_flow="row wrap", align_items="center")


class PlaygroundForm:
    """Controls by name, as START lists them. What cannot be built cannot be chosen: at least one feature stays on.

    on_change: called with the name of a setting whenever one has changed.
    """

    def __init__(self, on_change: Callable[[str], None]):
        self.on_change, self.held, self.hidden_names = on_change, 0, ()
        self.features = {name: widgets.Checkbox(name in PLAIN, description=name, **BOX) for name in FEATURES}
        self.depth = widgets.IntSlider(1, min=0, max=MOST_LAYERS, description="hidden layers", **SLIDER)
        self.wide = widgets.Checkbox(description=f"wide layers, up to {MOST_NEURONS} neurons", **BOX)
        self.widths = [
            widgets.IntSlider(FEW_NEURONS, min=1, max=FEW_NEURONS, description=f"layer {layer}", **SLIDER)
            for layer in range(1, MOST_LAYERS + 1)
        ]
        self.controls = _controls()
        hidden = [self.depth, self.wide, *self.widths]
        self.groups = {"features": [*self.features.values()], "hidden": hidden}  # the controls of every setting
        self.groups |= {name: [control] for name, control in self.controls.items()}
        for name, control in self.controls.items():
            control.observe(lambda _change, name=name: self._follow(name), names="value")
        for box in self.features.values():
            box.observe(self._on_feature, names="value")
        self.wide.observe(self._on_wide, names="value")
        for slider in (self.depth, *self.widths):
            slider.observe(lambda _change: self._follow("hidden"), names="value")
        self._arrange()

    @property
    def settings(self) -> dict:
        """The present values by name; `features` holds the names that are on, `hidden` the neurons of each layer."""
        values = {name: control.value for name, control in self.controls.items()}
        values["features"] = tuple(name for name, box in self.features.items() if box.value)
        values["hidden"] = tuple(slider.value for slider in self.widths[: self.depth.value])
        return {name: values[name] for name in START}

    def set(self, **settings) -> None:
        """Set any of the controls at once. Raises ValueError or TypeError, in words, for what there is not."""
        with self._at_once():
            for name, value in settings.items():
                if name == "features":
                    self._set_features(value)
                elif name == "hidden":
                    self._set_hidden(tuple(value))
                else:
                    set_control(self.controls, name, value)

    def use_preset(self, name: str) -> None:
        """Set every control as the lesson does for this network."""
        if name not in PRESETS:
            raise ValueError(f"There is no preset {name!r}; there are {', '.join(PRESETS)}.")
        self.set(**START | PRESETS[name])

    def to_json(self) -> str:
        """All settings as a short text, to hand out."""
        state = self.settings | ({"hide": self.hidden_names} if self.hidden_names else {})
        return json.dumps(state, ensure_ascii=False)

    def from_json(self, text: str) -> None:
        """Take the settings from such a text; its "hide" may list controls that the learner is not to see."""
        try:
            state = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"The playground's state should be the text that to_json() gave; {error}.") from error
        if not isinstance(state, dict):
            raise ValueError(f"The playground's state should be the text that to_json() gave; got {text!r:.60}.")
        hide = tuple(state.pop("hide", ()))
        unknown = set(hide) - set(START)
        if unknown:
            raise ValueError(f"There is no control {', '.join(unknown)} to hide; there are {', '.join(START)}.")
        self.set(**state)
        self.hidden_names = hide
        self._arrange()

    def knobs(self) -> dict[str, widgets.Widget]:
        """The controls that can be seen, in their order on the page, by what they are called there."""
        return {
            each.description: each
            for name, controls in self.groups.items()
            for each in controls
            if name not in self.hidden_names and each.layout.display != "none"
        }

    def rows(self) -> list[widgets.Widget]:
        """The controls as they stand on the page: the features in a row, the rest in as many columns as fit."""
        rest = [each for name, controls in self.groups.items() if name != "features" for each in controls]
        features = widgets.HBox(
            [widgets.Label("features:", layout={"margin": "2px 14px 2px 2px"}), *self.features.values()], layout=WRAP
        )
        return ([] if "features" in self.hidden_names else [features]) + [widgets.HBox(rest, layout=WRAP)]

    def _set_features(self, names) -> None:
        toy_data.check_features(names)
        for name, box in self.features.items():
            box.value = box.value or name in names  # first on, then off: never without any
        for name, box in self.features.items():
            box.value = name in names

    def _set_hidden(self, neurons: tuple[int, ...]) -> None:
        SmallDesign(hidden=neurons)  # which says in words what is wrong with anything but numbers of neurons
        self.wide.value = max(neurons, default=1) > FEW_NEURONS
        self.depth.value = len(neurons)
        for slider, width in zip(self.widths, neurons, strict=False):
            slider.value = width

    @contextlib.contextmanager
    def _at_once(self) -> Iterator[None]:
        """Several changes that are told as one."""
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1
            self._follow("features")

    def _on_feature(self, change) -> None:
        if not any(box.value for box in self.features.values()):
            change["owner"].value = True
        self._follow("features")

    def _on_wide(self, _change) -> None:
        with self._at_once():
            for slider in self.widths:
                slider.max = MOST_NEURONS if self.wide.value else FEW_NEURONS

    def _follow(self, name: str) -> None:
        """Offer only what makes sense, and tell of the change."""
        if not self.held:
            self._arrange()
            self.on_change(name)

    def _arrange(self) -> None:
        on = [box for box in self.features.values() if box.value]
        for box in self.features.values():
            box.disabled = on == [box]
        for layer, slider in enumerate(self.widths, start=1):
            slider.layout.display = None if layer <= self.depth.value else "none"
        self.wide.layout.display = None if self.depth.value else "none"
        self.controls["activation"].disabled = self.depth.value == 0
        self.controls["regularisation_rate"].disabled = self.controls["regularisation"].value == "none"
        for each in (each for name in self.hidden_names for each in self.groups[name]):
            each.layout.display = "none"


def _controls() -> dict[str, widgets.Widget]:
    """A control for every setting but the features and the layers."""
    rate = log_slider("learning rate", START["learning_rate"])
    rate.layout.width, rate.style.description_width = SLIDER["layout"]["width"], SLIDER["style"]["description_width"]
    return {
        "activation": widgets.Dropdown(
            options=list(ACTIVATIONS), value=START["activation"], description="activation", **SLIDER
        ),
        "data": widgets.Dropdown(options=list(toy_data.KINDS), description="data", **SLIDER),
        "noise": widgets.FloatSlider(0, min=0, max=1, step=0.05, description="noise", **SLIDER),
        "train_share": widgets.FloatSlider(
            0.5, min=0.1, max=0.9, step=0.1, readout_format=".0%", description="training share", **SLIDER
        ),
        "learning_rate": rate,
        "batch_size": widgets.SelectionSlider(value=50, options=BATCH_SIZES, description="batch size", **SLIDER),
        "regularisation": widgets.Dropdown(options=REGULARISATIONS, description="regularisation", **SLIDER),
        "regularisation_rate": widgets.SelectionSlider(
            value=0.001, options=REGULARISATION_RATES, description="its rate", **SLIDER
        ),
        "seed": widgets.BoundedIntText(min=0, max=9999, description="seed", **SLIDER),
        "test_points": widgets.Checkbox(description="show the test points", **BOX),
    }
