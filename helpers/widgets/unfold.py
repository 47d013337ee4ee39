"""A button that unfolds the box which follows it on the page, and folds it up again."""

import anywidget
import traitlets

from helpers.widgets.live import HERE, with_keys


class Unfold(anywidget.AnyWidget):
    """A button for a box that is folded up; the box is the next widget in the same parent.

    label: what stands on the button. unfolded: whether the box can be seen. It works without a kernel too.
    """

    _esm = with_keys("unfold")
    _css = HERE / "controls.css"

    label = traitlets.Unicode("").tag(sync=True)
    unfolded = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.add_class("unfold")
