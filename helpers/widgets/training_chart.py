"""The training chart as a widget: numbers in, and the page draws accuracy and loss against the step."""

from typing import Any, TypedDict

import numpy as np
import traitlets

from helpers.widgets.live import LiveWidget, page_look, page_side


class Line(TypedDict):
    """How the line of one run looks: its name, what stands before its value at the end, its inks and its dashes."""

    name: str
    prefix: str
    light: str  # ink of the line on a light page
    text: str  # ink of its value on a light page, dark enough to be read
    dark: str  # ink of both on a dark page
    dash: list[float]


class Setting(TypedDict):
    """All that stays while a run goes on: what the axes are called, where they end, how each run looks."""

    lines: list[Line]  # of each run, the latest last
    batches: list[Line]  # of each run's batches
    training: str  # what their lines and bands are
    caption: str
    last: int  # step at which the axis of the steps ends
    top: float  # loss at which its axis ends
    nothing: float  # loss of knowing nothing, drawn as a dotted line; 0 if there is none
    zoomed: bool  # whether it begins with high accuracies and small losses


class TrainingChart(LiveWidget):
    """Accuracy and loss of several runs over one another, drawn by the page, the latest still growing.

    setting: see `Setting`. earlier: for each run but the latest the columns step, accuracy, loss of its tests. tests:
    the same of the latest run. earlier_batches, batches: columns step, then lowest, mean and highest accuracy, then the
    same of the loss, for each stretch of a run's training batches. sheet: ten weight images side by side, a byte a
    pixel, 128 for 0; empty for none. All columns are float32, one after the other, as `columns` packs them.
    """

    _esm = page_side("training_chart_drawing", "training_chart")
    _css = page_look("training_chart")
    setting = traitlets.Dict().tag(sync=True)
    earlier = traitlets.List(traitlets.Bytes()).tag(sync=True)
    tests = traitlets.Bytes(b"").tag(sync=True)
    earlier_batches = traitlets.List(traitlets.Bytes()).tag(sync=True)
    batches = traitlets.Bytes(b"").tag(sync=True)
    sheet = traitlets.Bytes(b"").tag(sync=True)


def columns(*arrays: Any) -> bytes:
    """Arrays of one length, one after the other, as the page reads them: float32."""
    return np.concatenate([np.asarray(array, np.float32) for array in arrays]).tobytes()
