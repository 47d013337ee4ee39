"""One look for every picture of the series, and the `Picture` that carries its words with it."""

import base64
import contextlib
import io
import textwrap
import threading

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

# Okabe and Ito's palette, which readers with any of the usual forms of colour blindness can tell apart
# (Okabe & Ito 2008, "Color Universal Design"). Yellow is left out: it is too pale for lines.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
RUNS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))  # so that colour is never the only difference
RED = np.array([184, 25, 13], np.uint8)  # of wrong tiles, dark enough for white ink
INK, MUTED, GRID, PAPER = "#222222", "#595959", "#d9d9d9", "#fdfdfb"

# An opaque sheet of paper, since a transparent one is unreadable on one of JupyterLab's two themes.
STYLE = {
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titley": 1.0,  # fixed: to find its own place a title measures every label, a sixth of the drawing
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "image.cmap": "gray_r",
    "image.interpolation": "nearest",
}
_STYLING = threading.RLock()
DPI = 144  # pixels an inch of a stored picture; it is shown at 96, so that it stays sharp when zoomed on a projector


def new_figure(width: float, height: float, layout: str = "constrained") -> Figure:
    """An empty figure in the series' style, width × height in inches (96 pixels each on the page).

    Not made by pyplot, whose global list of figures belongs to one thread. Wrap its drawing in `styled()`.
    """
    with styled():
        figure = Figure(figsize=(width, height), layout=layout)
    FigureCanvasAgg(figure)
    return figure


@contextlib.contextmanager
def styled():
    """A context in which everything drawn has the series' style, and nothing outside it changes.

    One thread at a time: the style is Matplotlib's global one while it lasts, and a lab draws while sliders are moved.
    """
    with _STYLING, matplotlib.rc_context(STYLE):
        yield


class Picture:
    """A finished figure with its text twin: the sentence that says in words what the figure shows.

    In a notebook it shows as the figure, the sentence being its alternative text; printed, it is the sentence.
    """

    def __init__(self, figure: Figure, words: str):
        self.figure, self.words = figure, words

    def __repr__(self):
        return self.words

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.bundle()

    def bundle(self, *, small: bool = True) -> tuple[dict, dict]:
        """The picture as a notebook stores it: data and metadata, by MIME type.

        small: take the time, a fifth of a second, to make a small file; not while a slider is being moved.
        """
        drawn = io.BytesIO()
        with styled():
            self.figure.savefig(drawn, format="png", dpi=DPI, pil_kwargs={"compress_level": 1})
        if not small:
            return image_bundle("image/png", drawn.getvalue(), self.words, self.figure)
        # 256 colours look the same and make a third of the file: a lesson with ten pictures stays small.
        packed = io.BytesIO()
        Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        return image_bundle("image/png", packed.getvalue(), self.words, self.figure)


def image_bundle(mime: str, image: bytes, words: str, figure: Figure) -> tuple[dict, dict]:
    """An encoded image of `figure` with its words, shown at 96 pixels an inch whatever its own resolution."""
    width, height = (round(inches * 96) for inches in figure.get_size_inches())
    metadata = {mime: {"width": width, "height": height, "alt": words}}
    return {mime: base64.b64encode(image).decode(), "text/plain": textwrap.fill(words, 100)}, metadata
