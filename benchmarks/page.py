"""A page that nobody looks at: the live chart draws, packs and hands over its frames, and here they end."""

import time
from collections.abc import Callable

from IPython.display import DisplayHandle

from helpers.history import History
from helpers.plots.live import Frames, Place
from helpers.plots.training_chart import TrainingChart


class Swallow(DisplayHandle):
    """Stands where IPython's display handle stands."""

    def display(self, *_content, **_options) -> None:
        """Show nothing."""

    def update(self, *_content, **_options) -> None:
        """Show nothing."""


class UnseenChart:
    """Does with one run what `live.chart(weights=…)` does in a notebook, and keeps how long each picture took.

    first: seconds for the chart, its background and its first frame. passing: seconds for each frame after that.
    final: seconds for the picture that stays, drawn after the last step.
    """

    def __init__(self, weights: Callable | None = None):
        self.weights = weights
        self.frames: Frames | None = None
        self.first, self.final = 0.0, 0.0
        self.passing: list[float] = []

    def __call__(self, history: History) -> None:
        """Draw, if a frame is due; to be called after each chunk of steps."""
        began = time.perf_counter()
        if self.frames is None:
            place = Place()
            place.handle = Swallow()
            place.show()
            self.frames = Frames(TrainingChart([history], weights=self.weights), place)
        widget = self.frames.place.widget
        widget.seen = widget.number  # as a quick page would say at once
        if not self.frames.show(final=bool(history.ended)):
            return
        took = time.perf_counter() - began
        if history.ended:
            self.final = took
        elif self.first:
            self.passing.append(took)
        else:
            self.first = took
