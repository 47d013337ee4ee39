"""The training chart that moves: Histories turned into what the page draws, or a short table where there is no page."""

import os
import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
from IPython import get_ipython
from IPython.display import DisplayHandle
from matplotlib import rcParams

from helpers.history import SETS, History, Measured
from helpers.plots import curves
from helpers.plots.style import BLUE, DARK, DASHES, GREEN, ORANGE, PURPLE, RUNS, SKY, VERMILION
from helpers.plots.training_chart import TrainingChart, weight_row
from helpers.widgets import training_chart as widget
from helpers.widgets.training_chart import columns

FASTEST, SLOWEST = 1 / 20, 1 / 6  # seconds between frames
FEW_CORES = 2  # with no more than these, page and training take time from each other
PAGE_SHARE = 1 / 4  # of these cores' time at most goes into frames: as long as one is on its way, the page works on it
OWN = 2  # programs for each core that a learner's own page, server and kernel may be; more, and others wait too
CALMEST = 2.0  # seconds between frames at most, however many others there are
SAID_EVERY = 5.0  # seconds between two sentences that a screen reader announces
WIDE_LINE = 2.2  # CSS pixels: the dashes of the style are counted in widths of the line
LINES = 10  # of the table that is printed where there is no page

# The letters of each run's value on a light page: darker than its line, so that they can be read.
LETTERS = {
    BLUE: "#00639c",
    VERMILION: "#a84a00",
    GREEN: "#00704f",
    PURPLE: "#9c3f72",
    ORANGE: "#855c00",
    SKY: "#1a6796",
}


def on_page() -> bool:
    """Whether we run in a notebook's kernel, so that pictures can be shown and replaced."""
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def chart(*, weights: Callable | None = None, show: Measured = "test", zoom: bool = False) -> Callable[[History], None]:
    """Something for `training.train(…, watch=…)` that draws accuracy and loss live, and stays as the final picture.

    weights: a function returning the weights [784, 10], to see the ten weight images change as well. show: "test", or
    "validation" for the images that the data holds out. zoom: begin with accuracies of 85–100 % and small losses, which
    the chart's own button shows as well. Outside a notebook it prints a short table instead.
    Taught in notebooks/01_one_layer.ipynb, "Ten thousand steps".
    """
    return _ChartOnPage(weights, show, zoom) if on_page() else _Table(show)


class LiveChart:
    """The training chart in one place on the page, drawn there from numbers; at rest a still picture lies beside it.

    The still, in light colours and with its words, is what the notebook's file keeps. Nothing happens before `open`.
    show: "test" or "validation", whose results the thick lines are. zoom: what is shown first, and stored, is
    accuracies of 85–100 % and small losses. Any thread may call.
    """

    def __init__(self, show: Measured = "test", zoom: bool = False):
        self.measured, self.zoom, self.widget = show, zoom, widget.TrainingChart()
        self.handle, self.shown, self.turn = DisplayHandle(), False, threading.RLock()
        self.unkept = False  # whether the notebook lacks the present still picture
        self.widget.on_looks = self._keep  # one of them is that the chart is no longer enlarged
        self.follow([])

    def follow(
        self, runs: Sequence[History], labels: Sequence[str] = (), weights: Callable[[], np.ndarray] | None = None
    ) -> None:
        """Take these runs from now on, the latest last, which may still grow; `show` shows them.

        labels: a name for each. weights: a function returning weights [784, 10], to be drawn as ten images below.
        """
        with self.turn:
            self.runs, self.weights = list(runs), weights
            self.labels = curves.names(self.runs, list(labels) or [""] * len(self.runs))
            self.due = self.said_at = 0.0

    def open(self) -> None:
        """Open the chart's place below the running cell."""
        self.shown = True
        self.put()
        waits = bool(self.runs) and not self.runs[-1].ended
        data, metadata = ({"text/plain": "The chart appears with the first steps."}, {}) if waits else self._still()
        self.handle.display(self._view() | data, metadata=metadata, raw=True)

    def show(self, *, final: bool = False) -> bool:
        """Send a frame if one is due, or the last one with the still picture; tell whether anything was sent."""
        with self.turn:
            if not self.shown or (not final and (time.perf_counter() < self.due or not self.widget.free)):
                return False
            self.put(final=final)
            self.due = time.perf_counter() + _seconds_between(self.widget.delay)
            if final:
                self.unkept = True
                self._keep()
            return True

    def _keep(self) -> None:
        """Let the notebook keep the still picture. JupyterLab makes the view anew, so not while it is enlarged."""
        with self.turn:
            if self.unkept and not self.widget.room:
                self.unkept = False
                data, metadata = self._still()
                self.handle.update(self._view() | data, metadata=metadata, raw=True)

    def put(self, *, final: bool = False) -> None:
        """Give the page the present numbers, and now and then the words for them."""
        runs, width = self.runs, curves.stretch(self.runs)
        tests = [columns(*curves.tests(run, self.measured)) for run in runs] or [b""]
        batches = [_batches(run, width) for run in runs] or [b""]
        traits = {
            "setting": self._setting(width),
            "earlier": tests[:-1],
            "tests": tests[-1],
            "earlier_batches": batches[:-1],
            "batches": batches[-1],
            "sheet": _sheet(self.weights()) if self.weights else b"",
        }
        now = time.perf_counter()
        if final or now - self.said_at > SAID_EVERY:
            self.said_at = now
            traits["alt"] = self.words
            traits["said"] = self.words if final else self._progress()
        self.widget.put(**traits)

    @property
    def words(self) -> str:
        """The chart in words: where each run starts and ends."""
        return curves.in_words(self.runs, self.labels, self.measured)

    def _setting(self, width: int) -> widget.Setting:
        runs, alone = self.runs, len(self.runs) == 1
        name = SETS[self.measured]
        spread = "single batches" if width == 1 else f"mean and range of {width:,} batches"
        return {
            "lines": [self._line(number, alone) for number in range(len(runs))],
            "batches": [_look("", BLUE if alone else RUNS[number % len(RUNS)], "-") for number in range(len(runs))],
            "training": f"training: {spread}",
            "caption": "" if alone else f"Thick lines: {name}." if runs else "No run yet.",
            "last": curves.last_step(runs),
            "top": curves.loss_top(runs, self.measured),
            "nothing": curves.knows_nothing(runs) if curves.is_cross_entropy(runs) else 0.0,
            "zoomed": self.zoom,
        }

    def _line(self, number: int, alone: bool) -> widget.Line:
        label = self.labels[number]
        if alone:
            name = SETS[self.measured] + (f" ({label})" if label else "")
            return _look(name, GREEN, "-")
        return _look(label, RUNS[number % len(RUNS)], DASHES[number % len(DASHES)], curves.prefix(label))

    def _progress(self) -> str:
        if not self.runs:
            return ""
        run = self.runs[-1]
        _, accuracy, loss = curves.tests(run, self.measured)
        measured = f": {self.measured} accuracy {accuracy[-1]:.1%}, loss {loss[-1]:.3g}" if len(accuracy) else ""
        return f"Step {run.step:,} of {run.steps:,}{measured}."

    def _view(self) -> dict:
        data = self.widget._repr_mimebundle_()
        return dict(data[0] if isinstance(data, tuple) else data or {})

    def _still(self) -> tuple[dict, dict]:
        still = TrainingChart(self.runs, self.labels, zoom=self.zoom, weights=self.weights, show=self.measured)
        return still.picture().bundle()


def _seconds_between(delay: float) -> float:
    """Seconds from one frame to the next, when the latest was `delay` seconds on its way to the page and back."""
    few = (os.cpu_count() or 1) <= FEW_CORES
    alone = float(np.clip(delay / PAGE_SHARE, FASTEST, SLOWEST)) if few else FASTEST
    return min(alone * _crowd(), max(alone, CALMEST))


def _crowd() -> float:
    """How many times as many programs want the cores as one learner's: in a class that trains all at once, many.

    Each frame costs them all some time, so there are as many fewer.
    """
    wanting = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0  # on the mean of the last minute
    return max(1.0, wanting / (OWN * (os.cpu_count() or 1)))


def _look(name: str, colour: str, dash, prefix: str = "") -> widget.Line:
    names = {"--": "lines.dashed_pattern", "-.": "lines.dashdot_pattern", ":": "lines.dotted_pattern"}
    lengths = () if dash == "-" else rcParams[names[dash]] if isinstance(dash, str) else dash[1]
    dashes = [round(WIDE_LINE * length, 1) for length in lengths]
    return {
        "name": name,
        "prefix": prefix,
        "light": colour,
        "text": LETTERS[colour],
        "dark": DARK[colour],
        "dash": dashes,
    }


def _batches(run: History, width: int) -> bytes:
    """Of every `width` training batches the middle step, then lowest, mean and highest accuracy, then loss."""
    accuracy, loss = curves.batches(run, width)
    return columns(*accuracy, *loss[1:])


def _sheet(weights: np.ndarray) -> bytes:
    """Weights [784, 10] as ten images side by side, 28 × 280, a byte a pixel: 128 for 0, 255 for what speaks for it."""
    strength = np.clip(np.nan_to_num(weight_row(weights)), -1, 1).reshape(28, 10, 30)[:, :, 1:-1]
    return np.round(127.5 + 127.5 * strength).astype(np.uint8).tobytes()


class _ChartOnPage:
    """Draws each run that it is shown in one place on the page."""

    def __init__(self, weights: Callable | None, show: Measured, zoom: bool):
        self.weights, self.measured, self.zoom = weights, show, zoom
        self.history: History | None = None

    def __call__(self, history: History) -> None:
        if history is not self.history:
            self.history, self.chart = history, LiveChart(self.measured, self.zoom)
            self.chart.follow([history], weights=self.weights)
            self.chart.open()
        self.chart.show(final=bool(history.ended))


class _Table:
    """Prints the figures of each run some ten times: a chart for where there is no page."""

    def __init__(self, show: Measured):
        self.measured = show
        self.history: History | None = None

    def __call__(self, history: History) -> None:
        if history is not self.history:
            self.history, self.printed, self.due = history, 0, 0.0
        steps, accuracy, loss = curves.tests(history, self.measured)
        step = steps[-1] if len(steps) else 0
        if step > self.printed and (step >= self.due or history.ended):
            if not self.printed:
                print(f"{'step':>7}  {self.measured + ' accuracy':>13}  {self.measured + ' loss per image':>19}")
            self.printed, self.due = step, step + history.steps / LINES
            print(f"{step:>7,}  {accuracy[-1]:>13.1%}  {loss[-1]:>19.3f}")
