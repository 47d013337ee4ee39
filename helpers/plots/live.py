"""Pictures that move: frames of what Matplotlib draws, sent to one place on the page."""

import io
import time
from typing import Protocol

from IPython.display import DisplayHandle
from matplotlib.figure import Figure
from PIL import Image

from helpers.plots.live_chart import chart, on_page  # lessons ask for live.chart()
from helpers.plots.style import Picture, image_bundle

__all__ = ["Frames", "MovingChart", "Place", "chart", "on_page"]

FRAME = 1 / 12  # seconds between frames: the browser sees a good ten of them a second, and training loses little


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


class MovingChart(Protocol):
    """What can be shown in frames: a figure whose `moving` artists, and its words, `update` sets to the present."""

    @property
    def figure(self) -> Figure:
        """Where everything is drawn."""

    @property
    def words(self) -> str:
        """What is seen now."""

    @property
    def moving(self) -> list:
        """The artists that are drawn anew for each frame."""

    def update(self) -> None:
        """Take the present numbers into the artists and the words."""

    def picture(self) -> Picture:
        """The chart as it stands, with its words."""


class Frames:
    """Frames of one chart, sent to one place on the page, no oftener than the eye needs.

    The background is drawn once and kept; each frame draws the moving artists on it, which takes a few milliseconds
    where a full redraw takes tens. The last frame is drawn in full: it is the picture that the notebook keeps.
    """

    def __init__(self, chart: MovingChart, place: Place, every: float | None = None):
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
