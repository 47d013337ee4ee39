"""A page that nobody looks at: the live chart's frames are packed, handed over, and acknowledged at once."""

import time
from collections.abc import Callable

from comm.base_comm import BaseComm
from IPython.display import DisplayHandle
from jupyter_client.session import Session

from helpers.history import History
from helpers.plots.live_chart import LiveChart


class Swallow(DisplayHandle):
    """Stands where IPython's display handle stands."""

    def display(self, *_content, **_options) -> None:
        """Show nothing."""

    def update(self, *_content, **_options) -> None:
        """Show nothing."""


class PackingComm(BaseComm):
    """Packs each message as the kernel does before it leaves for the page, and goes no further."""

    session = Session(key=b"benchmark")

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys) -> None:
        """Pack and sign."""
        content = {"data": data or {}, "comm_id": self.comm_id, **keys}
        self.session.serialize(self.session.msg(msg_type, content=content, metadata=metadata))


class UnseenChart:
    """Does with one run what `live.chart(weights=…)` does in a notebook, and keeps how long each picture took.

    first: seconds for the chart and its first frame. passing: seconds for each frame after that. final: seconds for the
    still picture that stays, drawn after the last step.
    """

    def __init__(self, weights: Callable | None = None):
        self.weights = weights
        self.chart: LiveChart | None = None
        self.first, self.final = 0.0, 0.0
        self.passing: list[float] = []

    def __call__(self, history: History) -> None:
        """Show a frame, if one is due; to be called after each chunk of steps."""
        began = time.perf_counter()
        if self.chart is None:
            self.chart = LiveChart()
            self.chart.handle = Swallow()
            self.chart.widget.comm = PackingComm(target_name="jupyter.widget")
            self.chart.follow([history], weights=self.weights)
            self.chart.open()
        if not self.chart.show(final=bool(history.ended)):
            return
        took = time.perf_counter() - began
        self.chart.widget.seen = self.chart.widget.number  # as the page says once it has painted
        if history.ended:
            self.final = took
        elif self.first:
            self.passing.append(took)
        else:
            self.first = took
