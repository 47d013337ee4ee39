"""What a lab says of itself: one line, or an error, that is announced and knows when its kernel is gone."""

import anywidget
import traitlets

from helpers.widgets.live import HERE, page_side


class Status(anywidget.AnyWidget):
    """A line of HTML on the page.

    value: the HTML. A screen reader announces its changes, every few seconds at most; what has the role "alert" at
    once. When the kernel has ended, the page says so instead.
    """

    _esm = page_side("status")
    _css = (HERE / "status.css").read_text(encoding="utf-8")
    value = traitlets.Unicode("").tag(sync=True)

    def __init__(self, value: str = "", **traits):
        super().__init__(value=value, **traits)

    @property
    def is_alert(self) -> bool:
        """Whether an error is shown."""
        return 'role="alert"' in self.value
