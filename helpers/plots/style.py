"""One look for every picture of the series, and the `Picture` that carries its words with it."""

import base64
import contextlib
import html
import io
import textwrap
import threading
from collections.abc import Iterable

import matplotlib
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from PIL import Image

# Okabe and Ito's palette, which readers with any of the usual forms of colour blindness can tell apart
# (Okabe & Ito 2008, "Color Universal Design"). Yellow is left out: it is too pale for lines.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
RUNS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))  # so that colour is never the only difference
RED = np.array([184, 25, 13], np.uint8)  # of wrong tiles, dark enough for white ink
INK, MUTED, GRID, PAPER = "#222222", "#595959", "#d9d9d9", "#fdfdfb"
FAINT, SHADE = "#bbbbbb", "#e4e4e4"  # lines that are not in use, and the fill of what is off or failed

# What is drawn while a kernel runs takes the page's theme: each colour of a figure, and what it is on a dark page. Inks
# have a contrast of at least 4.5 to the dark paper, which is JupyterLab's own. Images keep their colours: a map, a
# sheet of digits or of weights means the same on either ground.
DARK = {
    PAPER: "#111111",
    "#ffffff": "#111111",
    INK: "#e8e8e6",
    "#000000": "#e8e8e6",
    MUTED: "#a9a9a7",
    GRID: "#3a3a3a",
    "#cccccc": "#4a4a4a",  # the frame of Matplotlib's legends
    FAINT: "#6a6a6a",
    SHADE: "#2c2c2c",
    BLUE: "#4f9dde",
    ORANGE: "#f2bb3c",
    GREEN: "#2fc193",
    VERMILION: "#ff7a45",
    PURPLE: "#e39ac4",
    SKY: "#9bd8ff",
}

# Stored pictures stay an opaque sheet of light paper on either theme. On a transparent one no ink could be read on
# both: a contrast of 4.5 to white needs a luminance of at most 0.183, one of 4.5 to #111111 at least 0.20.
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
    Canvas(figure)
    return figure


@contextlib.contextmanager
def styled():
    """A context in which everything drawn has the series' style, and nothing outside it changes.

    One thread at a time: the style is Matplotlib's global one while it lasts, and a lab draws while sliders are moved.
    """
    with _STYLING, matplotlib.rc_context(STYLE):
        yield


class Canvas(FigureCanvasAgg):
    """Matplotlib's canvas, which draws for the dark theme where `dark` is set; the figure itself stays as it is."""

    def __init__(self, figure: Figure):
        super().__init__(figure)
        self.dark = False
        self.made_for: tuple = ()  # size, resolution and theme of the present renderer

    def get_renderer(self) -> RendererAgg:
        """What the figure is drawn with, at its present size and resolution."""
        size = (*self.get_width_height(physical=True), self.figure.dpi)
        if self.made_for != (*size, self.dark):
            self.renderer = (DarkRenderer if self.dark else RendererAgg)(*size)
            self.made_for = (*size, self.dark)
        return self.renderer


class DarkRenderer(RendererAgg):
    """Draws every colour of DARK as what it is on a dark page."""

    def __init__(self, width: float, height: float, dpi: float):
        super().__init__(width, height, dpi)
        agg = self.__dict__  # its methods are bound to each renderer, not to the class
        draw_markers, draw_collection = agg["draw_markers"], agg["draw_path_collection"]

        def in_dark_markers(gc, marker, marker_place, path, place, face=None):
            draw_markers(gc, marker, marker_place, path, place, in_dark(face))

        def in_dark_collection(gc, place, paths, places, offsets, offset_place, faces, edges, *looks, **more):
            draw_collection(
                gc, place, paths, places, offsets, offset_place, all_in_dark(faces), all_in_dark(edges), *looks, **more
            )

        agg.update(draw_markers=in_dark_markers, draw_path_collection=in_dark_collection)

    def new_gc(self) -> GraphicsContextBase:
        """Colours and widths for the next stroke."""
        return DarkContext()

    def draw_path(self, gc, path, transform, rgbFace=None) -> None:
        """Draw an outline, filled if it has a face."""
        super().draw_path(gc, path, transform, in_dark(rgbFace))


class DarkContext(GraphicsContextBase):
    """Colours and widths of a stroke on a dark page."""

    def set_foreground(self, fg, isRGBA=False) -> None:
        """Take the stroke's colour."""
        super().set_foreground(in_dark(fg), isRGBA)

    def set_hatch_color(self, hatch_color) -> None:
        """Take the colour of the hatching."""
        super().set_hatch_color(in_dark(hatch_color))


_IN_DARK = {tuple(round(255 * part) for part in to_rgba(light)[:3]): to_rgba(dark) for light, dark in DARK.items()}


def in_dark(colour):
    """A colour as it is on a dark page, its transparency kept; one that DARK does not know, and None, stay."""
    if colour is None:
        return None
    red, green, blue, alpha = to_rgba(colour)
    dark = _IN_DARK.get((round(255 * red), round(255 * green), round(255 * blue)))
    return colour if dark is None else (*dark[:3], alpha)


def all_in_dark(colours: Iterable) -> np.ndarray:
    """Colours [n, 4] as they are on a dark page."""
    return np.array([to_rgba(in_dark(tuple(colour))) for colour in colours]).reshape(-1, 4)


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

    @property
    def size(self) -> tuple[int, int]:
        """Width and height on the page, in CSS pixels: 96 an inch, whatever the resolution."""
        width, height = (round(inches * 96) for inches in self.figure.get_size_inches())
        return width, height

    def png(self, *, dark: bool = False, dpi: float = DPI) -> bytes:
        """The picture as a PNG, in the light or the dark theme, at so many pixels an inch."""
        with drawn_for(self.figure, dark, dpi):
            self.figure.canvas.draw()
            return encoded(self.figure, "PNG", compress_level=1)

    def bundle(self) -> tuple[dict, dict]:
        """The picture as a notebook stores it: data and metadata, by MIME type. It takes a fifth of a second.

        JupyterLab ignores the alternative text of image/png, and prefers the HTML, which has one; GitHub and
        converters to paper take the PNG.
        """
        # 256 colours look the same and make a third of the file: a lesson with ten pictures stays small.
        packed, drawn = io.BytesIO(), Image.open(io.BytesIO(self.png()))
        drawn.quantize(256, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        image, (width, height) = base64.b64encode(packed.getvalue()).decode(), self.size
        data = {
            "text/html": f'<img src="data:image/png;base64,{image}" alt="{html.escape(self.words)}" '
            f'width="{width}" height="{height}">',
            "image/png": image,
            "text/plain": textwrap.fill(self.words, 100),
        }
        return data, {"image/png": {"width": width, "height": height, "alt": self.words}}


@contextlib.contextmanager
def drawn_for(figure: Figure, dark: bool, dpi: float):
    """A context in which `figure` is drawn in this theme and resolution, in the series' style."""
    with styled():
        if figure.dpi != dpi:  # a change has everything measured anew
            figure.dpi = dpi
        figure.canvas.dark = dark
        try:
            yield
        finally:
            figure.canvas.dark = False


def encoded(figure: Figure, kind: str, **options) -> bytes:
    """What the figure's canvas holds, as a file of this kind, such as "PNG"."""
    canvas = figure.canvas
    shown = Image.frombuffer("RGBX", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBX", 0, 1)
    file = io.BytesIO()
    shown.convert("RGB").save(file, kind, **options)
    return file.getvalue()
