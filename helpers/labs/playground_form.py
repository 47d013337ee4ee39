"""The playground's controls: what is to be told apart, the network that is to do it, and how it learns."""

from collections.abc import Iterable
from typing import Any

import ipywidgets as widgets
import numpy as np
import traitlets
from jsonschema import Draft202012Validator

from helpers import toy_data
from helpers.activations import ACTIVATIONS
from helpers.errors import ReaderTypeError, ReaderValueError
from helpers.labs.controls import Again
from helpers.labs.form import Form
from helpers.small_designs import MOST_LAYERS, MOST_NEURONS
from helpers.small_networks import OPTIMISERS, REGULARISATIONS, SmallNetworks
from helpers.toy_data import FEATURES, OWN, PLAIN, Plane, Points
from helpers.widgets.data_choice import DataChoice
from helpers.widgets.number_slider import NumberSlider, decades, even
from helpers.widgets.playground_view import PlaygroundView

DOTS = 150  # points on the small picture of a data set, at most
NEW_POINTS = "Other points, or others of them to learn from; the network keeps its weights"
HALF = (
    "TensorFlow Playground has gradient descent, and half of our loss: 0.03 there takes the steps of 0.015 here, "
    "with twice the regularisation rate"
)
NOISES = [*even(0.0, 1.0, 0.05), *even(1.25, 3.0, 0.25)]  # 3 is the most that TensorFlow Playground moves a point
# How far TensorFlow Playground's noise moves points, each way, in units of the plane for each 100%; it stops at 50%.
THEIRS = {"spiral": 1.0, "circle": 5.0, "exclusive or": 5.0, "plane": 6.0, "gaussians": 6.0}
BATCH_SIZES = (1, 2, 5, 10, 20, 30, 50, 100)  # the smallest training set has 100 points
START: dict[str, Any] = {
    "data": "spiral",
    "new_points": 0,
    "noise": 0.0,
    "train_share": 0.5,
    "features": PLAIN,
    "hidden": (8,),
    "activation": "ReLU",
    "learning_rate": 0.01,
    "optimiser": OPTIMISERS[0],
    "batch_size": 50,
    "regularisation": "none",
    "regularisation_rate": 0.001,
    "seed": 0,
    "start": 0,
    "test_points": False,
    "discretise": False,
}
APART = 10_000  # seeds from one start, or one draw of the points, to the next: as many as there are seeds
# Taken up with the next step.
LIVE = {"learning_rate", "optimiser", "batch_size", "regularisation", "regularisation_rate"}
LOOK = {"test_points", "discretise"}  # changes what is seen only
# What is to be learned, and what is seen of it: a preset is another network, and leaves them as they are.
KEPT = ("data", "new_points", "noise", "train_share", "seed", "test_points", "discretise")
BUTTONS = ("play", "step", "reset", "pace", "presets", "state")  # what a state can hide besides the settings
OF_THE_NETWORK = ("features", "hidden", "activation", "start")  # what a network that is handed in brings along
PRESETS: dict[str, dict[str, Any]] = {
    "8 neurons": {},
    "8 neurons, 7 features": {"features": tuple(FEATURES)},
    "3 layers of 8": {"hidden": (8, 8, 8)},
    "44 neurons": {"hidden": (44,), "learning_rate": 0.05},
}


class InTheView(traitlets.HasTraits):
    """A setting that is chosen in the picture of the network: `value`, a tuple, is the trait `name` of the view.

    schema, reach: what it can be, for a text and in words. A value from the page that fits not is put back.
    """

    value = traitlets.Tuple()
    parts: tuple = ()

    def __init__(self, view: PlaygroundView, name: str, value: tuple, schema: dict, reach: str):
        self.view, self.name, self.schema, self.reach = view, name, schema, reach
        super().__init__()
        self.value = value
        view.observe(self._on_view, names=name)

    @traitlets.observe("value")
    def _tell(self, change) -> None:
        setattr(self.view, self.name, list(change["new"]))

    def _on_view(self, change) -> None:
        if Draft202012Validator(self.schema).is_valid(change["new"]):
            self.value = tuple(change["new"])
        else:
            setattr(self.view, self.name, list(self.value))


def playground_form(
    view: PlaygroundView,
    preset: str,
    state: str | None,
    own: Points | None = None,
    network: SmallNetworks | None = None,
) -> Form:
    """The playground's controls, set to a preset, or to the text of another playground's `to_json()`.

    own: points of the reader's own, to be among the data. network: one that is handed in, which then stays as it is,
    so that no preset has a say in it.
    """
    if network:
        return _form_of_a_network(view, network, state, own)
    controls = _controls(view, own, [*toy_data.KINDS, *toy_data.REGRESSIONS])
    presets: Any = {"start": START, "presets": PRESETS, "kept": KEPT}
    form = Form(controls, **presets, called="playground", follow=_follow, can_hide=BUTTONS)
    form.use_preset(preset)
    if state is not None:
        form.from_json(state)
    return form


def _form_of_a_network(view: PlaygroundView, network: SmallNetworks, state: str | None, own: Points | None) -> Form:
    """The controls of a playground that watches a network of the reader's: not those of what is the network's own."""
    design = network.design
    regression = design.problem == "regression"
    controls = _controls(view, *((None, toy_data.REGRESSIONS) if regression else (own, toy_data.KINDS)))
    for name in OF_THE_NETWORK[:2]:
        value = getattr(design, name)
        controls[name].value, controls[name].schema = tuple(value), {"const": list(value)}
        controls[name].reach = f"only {list(value)}, as the network that was handed in has them"
    controls["activation"].options = [design.activation]
    form = Form(controls, called="playground", follow=_follow, can_hide=BUTTONS)
    if state is not None:
        form.from_json(state)
    form.hidden_names = tuple(dict.fromkeys((*form.hidden_names, *OF_THE_NETWORK)))
    return form


def _follow(form: Form) -> None:
    """Offer only what has an effect."""
    form.controls["activation"].disabled = not form.controls["hidden"].value
    form.controls["regularisation_rate"].disabled = form.controls["regularisation"].value == "none"
    words = f"Each point is moved by up to {form.controls['noise'].value:g} each way"
    theirs = _share(form)
    form.controls["noise"].hint = f"{words}: {theirs} in TensorFlow Playground." if theirs else f"{words}."


def _share(form: Form) -> str:
    """What TensorFlow Playground, which goes to 50%, calls such a noise; nothing where it does not have these points.

    There a point of the spiral is moved, and elsewhere the place that its label is taken from; clouds become wider.
    """
    kind, noise = form.controls["data"].value, form.controls["noise"].value
    if kind == "two clouds":  # variances: 0.5 + 7 · share there, 1 + noise² / 3 here
        share = (0.5 + noise**2 / 3) / 7
    elif kind in THEIRS:
        share = noise / THEIRS[kind]
    else:
        return ""
    return f"{share:.0%}"


def _controls(view: PlaygroundView, own: Points | None, kinds: Iterable[str]) -> dict[str, Any]:
    """A control for every setting."""
    offered = ({OWN: own} if own else {}) | {kind: toy_data.make(kind).train for kind in kinds}
    pictures = [np.column_stack([points.x, points.y])[:: len(points.y) // DOTS + 1] for points in offered.values()]
    problems = {kind: toy_data.problem_of(kind) for kind in offered}
    optimiser = widgets.Dropdown(options=OPTIMISERS, description="optimiser", tooltip=HALF)
    return {
        "data": DataChoice(problems, pictures),
        "new_points": Again("New points", tooltip=NEW_POINTS),
        "noise": NumberSlider(0.0, NOISES, description="noise"),
        "train_share": NumberSlider(0.5, even(0.1, 0.9, 0.1), description="training share"),
        "batch_size": NumberSlider(50, BATCH_SIZES, description="batch size"),
        "features": InTheView(
            view,
            "features",
            PLAIN,
            {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(FEATURES)}},
            f"one or more of {', '.join(FEATURES)}",
        ),
        "hidden": InTheView(
            view,
            "hidden",
            START["hidden"],
            {
                "type": "array",
                "maxItems": MOST_LAYERS,
                "items": {"type": "integer", "minimum": 1, "maximum": MOST_NEURONS},
            },
            f"up to {MOST_LAYERS} layers of 1 to {MOST_NEURONS} neurons, such as [8, 8]",
        ),
        "activation": widgets.Dropdown(options=list(ACTIVATIONS), description="activation"),
        "learning_rate": NumberSlider(START["learning_rate"], decades(1e-5, 10), description="learning rate"),
        "optimiser": optimiser.add_class("playground-optimiser"),
        "regularisation": widgets.Dropdown(options=REGULARISATIONS, description="regularisation"),
        "regularisation_rate": NumberSlider(0.001, decades(1e-4, 10), description="its rate"),
        "seed": NumberSlider(0, range(10), max=9999, description="seed"),
        "start": NumberSlider(0, range(10), max=99, description="other weights"),
        "test_points": widgets.Checkbox(description="show the test points", indent=False),
        "discretise": widgets.Checkbox(description="discretise output", indent=False),
    }


def before_a_step(form: Form, own_words: str) -> tuple[str, str]:
    """What is to be said before its first step, before the losses and after them. own_words: of the reader's points."""
    before = "" if "play" in form.hidden_names else "Press Play."
    own = own_words if form.controls["data"].value == OWN else ""
    theirs = _share(form) if form.controls["noise"].value else ""
    return f"{before} {own}".strip(), f"Noise: {theirs} in TF Playground." if theirs else ""


def seed_of_weights(settings: dict) -> int:
    """The seed of the first weights and of the order of the points: the points' own, unless others are wanted."""
    return settings["seed"] + APART * settings["start"]


def points_for(settings: dict, own: Points | None) -> Plane:
    """The points that the controls ask for, among them those of the reader's own."""
    split = {name: settings[name] for name in ("noise", "train_share")}
    seed = settings["seed"] + APART * settings["new_points"]
    if own and settings["data"] == OWN:
        return toy_data.of_points(own, **split, seed=seed)
    return toy_data.make(settings["data"], **split, seed=seed)


def checked(network: SmallNetworks | None) -> SmallNetworks | None:
    """A copy of the network that is handed in, for Reset. Raises TypeError or ValueError unless it is one network."""
    if network is None:
        return None
    if not isinstance(network, SmallNetworks):
        raise ReaderTypeError(
            "network should be one of small_networks.SmallNetworks, such as SmallNetworks(SmallDesign(hidden=(8, 8))); "
            f"got {type(network).__name__}."
        )
    if len(network.values) != 1:
        raise ReaderValueError(
            f"The playground watches one network; this is a stack of {len(network.values)}. Take one: network.copy(0)."
        )
    return network.copy()
