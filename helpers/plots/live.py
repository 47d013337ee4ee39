"""Training seen while it happens: frames of a chart on the page, or a short table where there is no page."""

import io
import time
from collections.abc import Callable
from typing import Protocol

from IPython import get_ipython
from IPython.display import DisplayHandle
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from PIL import Image

from helpers.history import History
from helpers.plots.style import Picture, image_bundle
from helpers.plots.training_chart import TrainingChart

FRAME = 1 / 12  # seconds between frames: the browser sees a good ten of them a second, and training loses little
LINES = 10  # of the table that is printed where there is no page


def on_page() -> bool:
    """Whether we run in a notebook's kernel, so that pictures can be shown and replaced."""
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def chart(*, weights: Callable | None = None) -> Callable[[History], None]:
    """Something for `training.train(…, watch=…)` that draws accuracy and loss live, and stays as the final picture.

    weights: a function returning the weights [784, 10], to see the ten weight images change as well.
    Outside a notebook it prints a short table instead. Taught in notebooks/01_one_layer.ipynb, "Ten thousand steps".
    """
    return _ChartOnPage(weights) if on_page() else _Table()


class Place:
    """One place on the page whose content can be replaced, from any thread; nothing happens until it is first shown."""

    def __init__(self):
        self.handle, self.shown = DisplayHandle(), False

    def show(self, bundle: dict, metadata: dict | None = None) -> None:
        """Open the place below the running cell, with this content by MIME type."""
        self.shown = True
        self.handle.display(bundle, metadata=metadata, raw=True)

    def replace(self, bundle: dict, metadata: dict | None = None) -> None:
        """Put other content in the place, wherever it is shown."""
        if self.shown:
            self.handle.update(bundle, metadata=metadata, raw=True)


class _ChartOnPage:
    """Draws each run that it is shown in one place on the page."""

    def __init__(self, weights):
        self.weights, self.history = weights, None

    def __call__(self, history: History) -> None:
        if history is not self.history:
            self.history, place = history, Place()
            place.show({"text/plain": "The chart appears with the first steps."})
            self.frames = Frames(TrainingChart([history], weights=self.weights), place)
        self.frames.show(final=bool(history.ended))


class Moving(Protocol):
    """What can be shown frame by frame."""

    @property
    def figure(self) -> Figure:
        """What it is drawn on."""

    @property
    def moving(self) -> list[Artist]:
        """What changes from frame to frame; the rest is drawn once."""

    @property
    def words(self) -> str:
        """What the figure shows, as a sentence."""

    def update(self) -> None:
        """Take the present numbers into the artists and the words."""

    def picture(self) -> Picture:
        """The figure as it stands, with its words."""


class Frames:
    """Frames of one chart, sent to one place on the page, no oftener than the eye needs.

    The background is drawn once and kept; each frame draws the moving artists on it, which takes a few milliseconds
    where a full redraw takes tens. The last frame is drawn in full: it is the picture that the notebook keeps.
    """

    def __init__(self, chart: Moving, place: Place, every: float | None = None):
        self.chart, self.place, self.every = chart, place, FRAME if every is None else every
        self.background, self.due = None, 0.0

    def show(self, *, final: bool = False) -> bool:
        """Send a frame if one is due, or the final picture; tell whether anything was sent."""
        if not self.place.shown or (not final and time.perf_counter() < self.due):
            return False
        if final:
            self.chart.update()
            for artist in self.chart.moving:
                artist.set_animated(False)
            self.place.replace(*self.chart.picture().bundle())
        else:
            # Counted from when this one was due, or the rate would fall with every chunk of steps that overshoots.
            self.due += self.every
            if self.due < time.perf_counter():
                self.due = time.perf_counter() + self.every
            self.place.replace(*image_bundle("image/jpeg", self._draw(), self.chart.words, self.chart.figure))
        return True

    def _draw(self) -> bytes:
        figure, canvas = self.chart.figure, self.chart.figure.canvas
        if self.background is None:
            for artist in self.chart.moving:
                artist.set_animated(True)
            canvas.draw()
            self.background = canvas.copy_from_bbox(figure.bbox)
        self.chart.update()
        canvas.restore_region(self.background)
        for artist in self.chart.moving:
            artist.axes.draw_artist(artist)
        # JPEG, since PNG takes six times as long to pack; it blurs passing frames only, never the final picture.
        frame = Image.frombuffer("RGBX", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBX", 0, 1)
        file = io.BytesIO()
        frame.save(file, "JPEG", quality=92, subsampling=0)
        return file.getvalue()


class _Table:
    """Prints the figures of each run some ten times: a chart for where there is no page."""

    def __init__(self):
        self.history = None

    def __call__(self, history: History) -> None:
        if history is not self.history:
            self.history, self.printed, self.due = history, 0, 0.0
        step = history.test_steps[-1] if len(history.test_steps) else 0
        if step > self.printed and (step >= self.due or history.ended):
            if not self.printed:
                print(f"{'step':>7}  {'test accuracy':>13}  {'test loss per image':>19}")
            self.printed, self.due = step, step + history.steps / LINES
            print(f"{step:>7,}  {history.test_accuracy[-1]:>13.1%}  {history.test_loss[-1]:>19.3f}")
