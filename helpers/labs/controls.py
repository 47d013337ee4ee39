"""What every lab shares: its sliders and buttons, how they are shown, and how errors reach the reader."""

import functools
import html
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import ipywidgets as widgets
import traitlets
from IPython.display import display

from helpers.errors import ReaderValueError, folded, name_of
from helpers.plots.tables import html_table
from helpers.widgets.number_slider import NumberSlider, decades

BATCH_SIZES = (10, 20, 50, 100, 200, 500, 1000)
STEPS = (500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


def training_controls(learning_rate: float = 0.3, batch_size: int = 100, steps: int = 10_000) -> dict:
    """The controls of a training run, by the names that `training.train` gives their settings."""
    return {
        "learning_rate": log_slider("learning rate", learning_rate),
        "batch_size": number(batch_size, BATCH_SIZES, min=1, description="batch size"),
        "steps": number(steps, STEPS, min=1, description="steps"),
    }


def log_slider(name: str, value: float, *, most: float = 10) -> NumberSlider:
    """A number from 0.0001 to `most` on a logarithmic scale."""
    return number(value, decades(0.0001, most), description=name)


def seed_control(value: int = 0) -> NumberSlider:
    """A seed: the slider has the first few, any up to 9999 can be typed."""
    return number(value, range(11), max=9999, description="seed")


def number(value: float, stops: Sequence[float], **options) -> NumberSlider:
    """A NumberSlider. Raises ValueError, in words, for a value that it cannot be set to."""
    try:
        return NumberSlider(value, stops, **options)
    except traitlets.TraitError as error:
        raise ReaderValueError(str(error)) from None


def button(name: str, callback: Callable, **options) -> widgets.Button:
    """A button that calls `callback`, a method made `answering`, when it is clicked."""
    made = widgets.Button(description=name, layout={"width": "auto", "flex": "none"}, **options)
    made.on_click(callback)
    return made


class Again(widgets.Button):
    """A button that counts how often it was pressed, as its `value`: a picture can draw anew at each press."""

    value = traitlets.Int(0)
    reach = "a count of presses: 0, 1, 2 and so on"
    schema: ClassVar[dict] = {"type": "integer", "minimum": 0}

    def __init__(self, name: str, **options):
        super().__init__(description=name, icon="refresh", layout={"width": "auto", "flex": "none"}, **options)
        self.on_click(lambda _button: self.set_trait("value", self.value + 1))

    @property
    def label(self) -> str:
        """The value in words."""
        return f"pressed {self.value} times"


def row(*children: widgets.Widget) -> widgets.HBox:
    """Widgets side by side, in as many lines as they need."""
    return widgets.HBox(children).add_class("lab-row")


def columns(children: Iterable[widgets.Widget]) -> widgets.Box:
    """Controls in as many columns as fit the page, each one whole."""
    return widgets.Box([*children]).add_class("lab-controls")


def answering(callback: Callable) -> Callable:
    """Show an exception in the page: one raised in a widget's callback would otherwise go to a log nobody reads.

    callback: a method of an object with a `status`, whose `value` is HTML.
    """

    @functools.wraps(callback)
    def answered(self, *arguments):
        try:
            return callback(self, *arguments)
        except Exception as error:
            self.status.value = error_in_html(error)

    return answered


def error_in_html(error: Exception) -> str:
    """An exception for the page: its sentence in view, the whole traceback folded below it."""
    return (
        f'<div role="alert" class="lab-error"><b>{html.escape(name_of(error))}:</b> {html.escape(str(error))}'
        f"{folded(error)}</div>"
    )


def show_controls(box: widgets.Widget, controls: dict[str, widgets.Widget]) -> None:
    """Show `box` on the page, together with a table of its controls for readers of the stored notebook.

    Widgets live only while a kernel does. A stored notebook keeps the table: each control with its value.
    """
    rows = [(control.description, value_in_words(control), reach_in_words(control)) for control in controls.values()]
    words = "; ".join(f"{name} {value} ({reach})" for name, value, reach in rows)
    display(
        {
            **box._repr_mimebundle_(),
            "text/html": html_table(("control", "set to", "can be"), rows, bold=1)
            + "<p><em>Run this cell to turn them.</em></p>",
            "text/plain": f"Controls: {words}. Run this cell to turn them.",
        },
        raw=True,
    )


def value_in_words(control: widgets.Widget) -> str:
    """What a control is set to, as the page shows it."""
    if isinstance(control, widgets.Checkbox):
        return "on" if control.value else "off"
    label = getattr(control, "label", None)  # of a selection or a number, which may show another text than its value
    return str(label) if label is not None else f"{control.value:g}"


def reach_in_words(control: widgets.ValueWidget) -> str:
    """What a control can be set to: its options, or its lowest and highest value."""
    if hasattr(control, "reach"):
        return control.reach
    if isinstance(control, widgets.Checkbox):
        return "on, off"
    if hasattr(control, "options"):
        return ", ".join(control._options_labels)
    return f"{control.min:g} to {control.max:g}"
