"""A form as it stands on the page: what matters most in columns, the rest folded up under "More settings"."""

from collections.abc import Mapping

import ipywidgets as widgets

from helpers.labs.controls import columns, value_in_words
from helpers.labs.form import Form
from helpers.widgets.unfold import Unfold


class FormBox:
    """The controls of a form on the page, as `box`; `more` unfolds those that few readers turn.

    also: controls that the lab has besides the form's, by name; they are folded up if the form folds any. What is
    folded up still says how it is set, and how many of its settings are not as at the start.
    """

    def __init__(self, form: Form, also: Mapping[str, widgets.ValueWidget] | None = None):
        self.form, also = form, dict(also or {})
        folded = [name for name in form.shown if name in form.folded]
        self.folded = {form.controls[name].description: form.controls[name] for name in folded}
        self.folded |= also if form.folded else {}
        self.at_start = {name: control.value for name, control in also.items()}
        self.at_start |= {form.controls[name].description: form.start[name] for name in folded}
        first = [box for name in form.shown if name not in form.folded for box in form.on_page(name)]
        self.more = Unfold()
        boxes = [columns([*first, *(() if form.folded else also.values())])]
        if form.beside:
            boxes = [widgets.HBox([*boxes, *form.beside]).add_class("lab-row").add_class("lab-beside")]
        if self.folded:
            boxes += [self.more, columns(self.folded.values())]
        self.box = widgets.VBox(boxes)
        for control in self.folded.values():
            control.observe(self._tell, names="value")
        self._tell()

    def _tell(self, _change=None) -> None:
        """Say on the button what is folded up there."""
        changed = sum(control.value != self.at_start[name] for name, control in self.folded.items())
        settings = ", ".join(f"{name} {value_in_words(control)}" for name, control in self.folded.items())
        self.more.label = f"More settings{f' ({changed} changed)' if changed else ''}: {settings}"
