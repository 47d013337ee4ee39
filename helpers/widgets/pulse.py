"""A line in which the page says whether it and the kernel hear each other, as every control of the lessons needs."""

import anywidget
import traitlets

from helpers.widgets.live import HERE, answer_in_the_page_s_own_thread


class Pulse(anywidget.AnyWidget):
    """The page asks, the kernel answers by `heard`, and the page says how long that took."""

    _esm = HERE / "pulse.js"
    heard = traitlets.Int(0).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        answer_in_the_page_s_own_thread(self)
        self.on_msg(self._on_asked)

    def _on_asked(self, _widget, _content: dict, _buffers) -> None:
        self.heard += 1
