"""Sliders that pictures follow, and what every lab shares: how controls are shown and how errors reach the reader."""

import functools
import html
import traceback
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from helpers.plots.tables import html_table

WIDE: dict[str, Any] = {"style": {"description_width": "11em"}, "layout": {"width": "38em"}}
BATCH_SIZES = (10, 20, 50, 100, 200, 500, 1000)
STEPS = (500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


def training_controls(learning_rate: float = 0.3, batch_size: int = 100, steps: int = 10_000) -> dict:
    """The sliders of a training run, by the names that `training.train` gives their settings."""
    return {
        "learning_rate": log_slider("learning rate", learning_rate),
        "batch_size": widgets.SelectionSlider(value=batch_size, options=BATCH_SIZES, description="batch size", **WIDE),
        "steps": widgets.SelectionSlider(
            value=steps, options=[(f"{n:,}", n) for n in STEPS], description="steps", **WIDE
        ),
    }


def log_slider(name: str, value: float, *, most: float = 10) -> widgets.FloatLogSlider:
    """A slider from 0.0001 to `most` on a logarithmic scale."""
    return widgets.FloatLogSlider(
        value=value, min=-4, max=np.log10(most), step=0.02, readout_format=".2g", description=name, **WIDE
    )


def button(name: str, callback: Callable, **options) -> widgets.Button:
    """A button that calls `callback`, a method made `answering`, when it is clicked."""
    made = widgets.Button(description=name, **options)
    made.on_click(callback)
    return made


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
    lines = "".join(traceback.format_exception(error))
    name = type(error).__name__.removeprefix("Reader")  # ours are named like the error of Python's that they are
    return (
        f'<div role="alert" class="lab-error"><b>{html.escape(name)}:</b> {html.escape(str(error))}'
        f"<details><summary>Where it happened</summary><pre>{html.escape(lines)}</pre></details></div>"
    )


def show_controls(box: widgets.Widget, controls: dict[str, widgets.Widget]) -> None:
    """Show `box` on the page, together with a table of its controls for readers of the stored notebook.

    Widgets live only while a kernel does. A stored notebook keeps the table: each control with its value.
    """
    rows = [(control.description, _value_in_words(control), reach_in_words(control)) for control in controls.values()]
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


def _value_in_words(control: widgets.Widget) -> str:
    if isinstance(control, widgets.Checkbox):
        return "on" if control.value else "off"
    label = getattr(control, "label", None)  # of a selection, which may show another text than its value
    return str(label) if label is not None else f"{control.value:g}"


def reach_in_words(control: widgets.ValueWidget) -> str:
    """What a control can be set to: its options, or its lowest and highest value."""
    if hasattr(control, "reach"):
        return control.reach
    if isinstance(control, widgets.Checkbox):
        return "on, off"
    if hasattr(control, "options"):
        return ", ".join(control._options_labels)
    low, high = reach(control)
    return f"{low:g} to {high:g}"


def reach(control: widgets.ValueWidget) -> tuple[float, float]:
    """The lowest and the highest value of a slider or a number."""
    base = getattr(control, "base", None)  # of a slider on a logarithmic scale, whose ends are exponents
    return (control.min, control.max) if base is None else (base**control.min, base**control.max)
