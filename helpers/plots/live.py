"""Pictures that move: frames of what Matplotlib draws, sent to one place on the page."""

import time
from collections.abc import Callable
from typing import Any, Protocol

import ipywidgets as widgets
from IPython.display import DisplayHandle
from matplotlib.figure import Figure

from helpers.history import History
from helpers.plots.drawing import BUDGET, DRAWER
from helpers.plots.live_chart import chart, on_page  # lessons ask for live.chart()
from helpers.plots.style import Picture, drawn_for, encoded
from helpers.widgets.live_picture import LivePicture

__all__ = ["Frames", "MovingChart", "OutputPlace", "Place", "TablePlace", "chart", "on_page", "panel", "view_of"]

PANEL_FRAME = 1 / 6  # seconds between frames of a panel
FRAME = 1 / 12  # seconds between frames: the browser sees a good ten of them a second, and training loses little
CSS_DPI = 96  # pixels an inch that a picture has on a page whose density is 1
FINEST = 300  # pixels an inch beyond which nobody sees a difference
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def view_of(widget: widgets.Widget) -> dict:
    """What shows a widget, by MIME type: a part of the bundle that also holds what the notebook keeps."""
    return {WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}


class Place:
    """One place on the page whose picture can be replaced, from any thread; nothing happens until it is first shown.

    The page shows a widget, which lives on after a reload, in the page's own theme and density. The notebook keeps the
    last still picture, light, beside it. What comes to rest there is drawn again when the page's looks change.
    """

    def __init__(self):
        self.widget, self.handle = LivePicture(), DisplayHandle()
        self.widget.on_looks = self._on_looks
        self.shown = False
        self.picture: Picture | None = None  # what came to rest here; None while frames pass
        self.unkept = False  # whether the notebook lacks the present picture

    @property
    def free(self) -> bool:
        """Whether the page has seen what it was sent, so that it may have another frame."""
        return self.widget.free

    def show(self, picture: Picture | None = None, words: str = "") -> None:
        """Open the place below the running cell with this picture, or with words as long as there is none."""
        self.shown, self.picture = True, picture
        self._draw(picture, words)
        data, metadata = self._bundle()
        self.handle.display(data, metadata=metadata, raw=True)

    def replace(self, picture: Picture | None, *, at_rest: bool = True) -> None:
        """Put another picture in the place, wherever it is shown; None leaves it empty.

        at_rest: keep it in the notebook at once; otherwise, while a slider moves, when nothing has changed for a while.
        """
        if not self.shown or (picture is None and not self.widget.image):
            return
        self.picture, self.unkept = picture, True
        self._draw(picture)
        self.widget.said = self.widget.alt
        if at_rest:
            self._keep()
        else:
            DRAWER.at_rest(self, self._keep)

    def put_frame(self, image: bytes, size: tuple[int, int], words: str) -> None:
        """Show a passing frame, a JPEG, which the notebook does not keep."""
        with self.widget.changing:
            self.picture = None
            self.widget.put(image=image, mime="image/jpeg", width=size[0], height=size[1], alt=words)

    def looks(self, inches: float) -> tuple[bool, float]:
        """Whether the page is dark, and the pixels an inch that a picture so many inches wide needs there."""
        shown = max(CSS_DPI * inches, self.widget.room)  # CSS pixels across, enlarged or not
        return self.widget.dark, min(FINEST, max(1.0, self.widget.density) * shown / inches)

    def _draw(self, picture: Picture | None, words: str = "") -> None:
        if picture is None:
            self.widget.put(image=b"", width=0, height=0, alt=words)
            return
        width, height = picture.size
        dark, dpi = self.looks(width / CSS_DPI)
        image = picture.png(dark=dark, dpi=dpi)
        with self.widget.changing:
            if picture is self.picture:  # another thread may have brought a newer one meanwhile
                self.widget.put(image=image, mime="image/png", width=width, height=height, alt=picture.words)

    def _bundle(self) -> tuple[dict, dict]:
        data, metadata = self.picture.bundle() if self.picture else ({"text/plain": self.widget.alt}, {})
        return view_of(self.widget) | data, metadata

    def _keep(self) -> None:
        """Let the notebook keep the present picture. JupyterLab makes the view anew, so not while it is enlarged."""
        if self.unkept and not self.widget.room:
            self.unkept = False
            data, metadata = self._bundle()
            self.handle.update(data, metadata=metadata, raw=True)

    def _on_looks(self) -> None:
        """Draw again what is at rest; frames that pass take up new looks by themselves."""
        if self.shown and self.picture:
            DRAWER.soon(self, self._draw_again)

    def _draw_again(self) -> None:
        if self.picture:
            self._draw(self.picture)
            self._keep()


class OutputPlace:
    """One output below a cell, of any MIME types, which can be replaced; nothing happens until it is first shown."""

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


class TablePlace:
    """One place on the page for a table in HTML, which can be replaced and lives on after a reload.

    Its contents are bundles of "text/html" and "text/plain"; the notebook keeps the last one.
    """

    def __init__(self):
        self.widget, self.handle, self.shown = widgets.HTML(), DisplayHandle(), False
        self.widget.add_class("jp-RenderedHTMLCommon")  # JupyterLab's own looks of a table

    def show(self, bundle: dict) -> None:
        """Open the place below the running cell."""
        self.shown = True
        self.handle.display(self._filled(bundle), raw=True)

    def replace(self, bundle: dict) -> None:
        """Put other content in the place, wherever it is shown."""
        if self.shown:
            self.handle.update(self._filled(bundle), raw=True)

    def _filled(self, bundle: dict) -> dict:
        self.widget.value = bundle["text/html"]
        return view_of(self.widget) | bundle


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
    """Frames of one chart, sent to one place on the page, no oftener than the eye needs and the budget allows.

    The background is drawn once and kept; each frame draws the moving artists on it, which takes a few milliseconds
    where a full redraw takes tens. The last frame is drawn in full: it is the picture that the notebook keeps.
    """

    def __init__(self, chart: MovingChart, place: Place, every: float | None = None):
        self.chart, self.place, self.every = chart, place, FRAME if every is None else every
        self.due = time.perf_counter()
        self.background: Any = None  # what does not move, as it was drawn for these looks:
        self.looks: tuple[bool, float] | None = None

    def show(self, *, final: bool = False) -> bool:
        """Send a frame if one is due and the page has seen those before, or the final picture; tell whether it was."""
        if not self.place.shown:
            return False
        if final:
            BUDGET.begin_at_once(self)
        elif time.perf_counter() < self.due or not self.place.free or not BUDGET.begin(self):
            return False
        try:
            if final:
                self._rest()
            else:
                self.place.put_frame(self._draw(), Picture(self.chart.figure, "").size, self.chart.words)
        finally:
            BUDGET.end(self)
        # Counted from when this one was due, or the rate would fall with every chunk of steps that overshoots.
        self.due = max(self.due + self.every, time.perf_counter())
        return True

    def _rest(self) -> None:
        self.chart.update()
        for artist in self.chart.moving:
            artist.set_animated(False)
        self.background = None
        self.place.replace(self.chart.picture())

    def _draw(self) -> bytes:
        figure = self.chart.figure
        canvas = figure.canvas
        looks = self.place.looks(figure.get_size_inches()[0])
        with drawn_for(figure, *looks):
            if self.background is None or looks != self.looks:
                for artist in self.chart.moving:
                    artist.set_animated(True)
                canvas.draw()
                self.background, self.looks = canvas.copy_from_bbox(figure.bbox), looks
            self.chart.update()
            canvas.restore_region(self.background)
            for artist in self.chart.moving:
                artist.axes.draw_artist(artist)
            # JPEG, since PNG takes six times as long to pack; it blurs passing frames only, never the final picture.
            return encoded(figure, "JPEG", quality=92, subsampling=0)


def panel(moving: MovingChart) -> Callable[[History], None]:
    """Something for `training.train(…, watch=…)` that shows a panel while a run goes on; its words where no page is.

    Taught in notebooks/10_convolution.ipynb, "What the filters see".
    """
    frames = Frames(moving, Place(), every=PANEL_FRAME)

    def watch(history: History) -> None:
        if not on_page():
            if history.ended:
                moving.update()
                print(moving.words)
            return
        if not frames.place.shown:
            frames.place.show(moving.picture())
        frames.show(final=bool(history.ended))

    return watch
