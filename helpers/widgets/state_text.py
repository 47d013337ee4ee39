"""A button that opens the controls as a text, which follows them and is copied with one press."""

import anywidget
import traitlets

from helpers.widgets.live import HERE, with_keys


class StateText(anywidget.AnyWidget):
    """A button and what it opens: a text to be copied, with a sentence on what it is for.

    value: the text, which may change while it is open. label: on the button. use: the sentence. It opens, copies and
    closes without a kernel too.
    """

    _esm = with_keys("state_text")
    _css = HERE / "controls.css"

    value = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    use = traitlets.Unicode("").tag(sync=True)

    def __init__(self, value: str, label: str, use: str):
        super().__init__(value=value, label=label, use=use)
        self.add_class("state-text")
