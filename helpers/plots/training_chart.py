"""The training chart: accuracy and loss of one run while it grows, over the runs before it."""

from collections.abc import Callable, Sequence

import matplotlib
import numpy as np
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator, PercentFormatter

from helpers.history import SETS, History, Measured
from helpers.plots import curves
from helpers.plots.style import BLUE, DASHES, GREEN, MUTED, PAPER, RUNS, Picture, new_figure, styled

RED_TO_BLUE = np.round(matplotlib.colormaps["RdBu_r"](np.linspace(0, 1, 256)) * 255).astype(np.uint8)
ZOOM = 0.85  # where the zoomed axis of the old tutorials begins; their losses end at 0.7
WIDTH, LEGEND_ROW = 8.6, 0.22  # inches
FAINT_BAND = 0.13  # opacity of the bands of several runs, which lie over one another


class TrainingChart:
    """Accuracy and loss per image against the step: tests thick, and the training batches as their running mean.

    A band about the mean holds every single batch. Each run is labelled where it ends.

    runs: the History of each run, the latest last, which may still grow: call `update()` and draw `moving` again.
    labels: a name for each run, such as what was changed; optimiser, schedule and the like are added from the History.
    zoom: show accuracies of 85–100 % and losses of 0–0.7 only, as the old tutorials did; a share such as 0.95 begins
    the accuracies there, and ends the losses lower in the same measure. log_loss: losses on a logarithmic
    scale. weights: a function returning weights [784, 10], to be drawn as ten images below. show: "test" or
    "validation", whose results the thick lines are. batches: False leaves the training batches out, which hide one
    another where several runs lie close.
    Losses above the axis are named in its corner.
    """

    def __init__(
        self,
        runs: Sequence[History],
        labels: Sequence[str] = (),
        *,
        zoom: bool | float = False,
        log_loss: bool = False,
        weights: Callable[[], np.ndarray] | None = None,
        show: Measured = "test",
        batches: bool = True,
    ):
        self.runs, self.measured, self.batches = list(runs), show, batches
        self.labels = curves.names(self.runs, list(labels) or [""] * len(self.runs))
        self.width = curves.stretch(self.runs)
        # Fixed margins: a layout that fits itself would move everything when a label at a line's end grows.
        columns = max(1, int(WIDTH / (0.6 + 0.075 * max(map(len, self.labels), default=0))))
        legend = LEGEND_ROW * -(-len(self.runs) // columns) if any(self.labels) else 0
        high = 4.3 if weights else 3.0
        self.figure = new_figure(WIDTH, high + legend, layout="none")
        with styled():
            rows = {"height_ratios": [2.6, 1]} if weights else {}
            bottom, head = (0.45, 0.3) if weights else (0.62, 0.3)  # inches
            edges = {"bottom": bottom / (high + legend), "top": 1 - (head + legend) / (high + legend)}
            grid = self.figure.add_gridspec(
                2 if weights else 1, 2, left=0.062, right=0.92, wspace=0.36, hspace=0.62, **rows, **edges
            )
            self.accuracy = self.figure.add_subplot(grid[0, 0])
            self.loss = self.figure.add_subplot(grid[0, 1])
            self._prepare_axes(zoom)
            if log_loss:
                self._prepare_logarithm()
            self.lines = [_RunLines(self, number) for number in range(len(self.runs))]
            if legend:  # above the panels, where it hides nothing
                lines = [line.test_accuracy for line in self.lines]
                look = {"fontsize": 8, "handlelength": 3.2, "frameon": False, "ncols": columns, "borderaxespad": 0.2}
                self.figure.legend(lines, self.labels, loc="upper left", bbox_to_anchor=(0.05, 1), **look)
            below = {"xytext": (0, -32), "textcoords": "offset points", "va": "top", "fontsize": 9, "color": MUTED}
            self.key = self.accuracy.annotate(self._key(), (0, 0), xycoords="axes fraction", **below)
            self.above = self.loss.text(1, 1.03, "", transform=self.loss.transAxes, ha="right", fontsize=9, color=MUTED)
            self.sheet = _WeightSheet(self.figure.add_subplot(grid[1, :]), weights) if weights else None
        self.update()

    def _prepare_axes(self, zoom: bool | float) -> None:
        lowest = ZOOM if zoom is True else float(zoom)
        self.accuracy.set_title("Accuracy")
        self.accuracy.set_ylim(lowest, 1.0)
        self.accuracy.yaxis.set_major_locator(MultipleLocator(0.2 if lowest < 0.8 else 0.05 if lowest < 0.94 else 0.01))
        self.accuracy.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        self.loss.set_title("Loss per image")
        self.loss.set_ylim(0, 0.7 * (1 - lowest) / (1 - ZOOM) if zoom else curves.loss_top(self.runs, self.measured))
        self.nothing = None
        if curves.is_cross_entropy(self.runs) and not zoom:
            nothing = curves.knows_nothing(self.runs)
            self.loss.axhline(nothing, color=MUTED, linewidth=0.8, linestyle=":")
            near = {"xytext": (-3, 3), "textcoords": "offset points", "ha": "right", "fontsize": 8, "color": MUTED}
            words, place = f"knows nothing: {nothing:.2f}", ("axes fraction", "data")
            self.nothing = self.loss.annotate(words, (1, nothing), xycoords=place, **near)
            self.nothing.set_path_effects([withStroke(linewidth=2, foreground=PAPER)])  # a line may pass below
        last = curves.last_step(self.runs)
        for axes in (self.accuracy, self.loss):
            axes.set_xlim(0, last)
            axes.xaxis.set_major_locator(MaxNLocator(5))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
            axes.set_xlabel("step", fontsize=9, color=MUTED)

    def _key(self) -> str:
        """What thick and thin lines are, in words."""
        if not self.batches:
            return f"measured on the {SETS[self.measured]}"
        many = f"mean of {self.width:,} batches; band: their range"
        return f"thick: {SETS[self.measured]}; thin: training, {'single batches' if self.width == 1 else many}"

    def _prepare_logarithm(self) -> None:
        losses = np.concatenate([np.append(self._tests(run)[2], run.train_loss) for run in self.runs])
        losses = losses[np.isfinite(losses) & (losses > 0)]
        low, high = (losses.min(), losses.max()) if len(losses) else (0.1, 10.0)
        self.loss.set(yscale="log", ylim=(low / 2, 10 ** np.ceil(np.log10(high))))  # up to a line of the grid
        self.loss.minorticks_off()
        self.loss.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:,g}"))
        self.loss.set_title(f"{self.loss.get_title(loc='left')} (logarithmic)")

    @property
    def moving(self) -> list:
        """The artists that change from frame to frame; everything else is background."""
        growing = [*self.lines[-1].bands, *self.lines[-1].lines] if self.lines else []
        labels = [label for line in self.lines for label in line.labels]
        return [*growing, *labels, self.above] + ([self.sheet.image] if self.sheet else [])

    def update(self) -> None:
        """Take the runs' present numbers into the lines, and the present weights into their images."""
        for line in self.lines:
            line.update()
        _keep_apart([line.accuracy_label for line in self.lines], self.accuracy)
        _keep_apart([line.loss_label for line in self.lines], self.loss)
        self.above.set_text(self._above_the_axis())
        if self.sheet:
            self.sheet.update()

    def _above_the_axis(self) -> str:
        """Which line reaches highest above the axis of the loss, if one does."""
        reached = [
            (float(np.max(loss)), f"run {line.prefix}" if line.prefix else "tests: ")
            for line in self.lines
            if len(loss := self._tests(line.run)[2])
        ]
        if self.batches and self.runs and self.runs[-1].step:
            reached.append((float(np.max(self.runs[-1].train_loss)), "batches: "))
        highest, name = max(reached, default=(0.0, ""))
        return f"↑ {name}up to {curves.short(highest)}" if highest > self.loss.get_ylim()[1] else ""

    @property
    def words(self) -> str:
        """The chart in words: where each run starts and ends."""
        return curves.in_words(self.runs, self.labels, self.measured)

    def _tests(self, run: History) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return curves.tests(run, self.measured)

    def picture(self) -> Picture:
        """The chart as it stands, with its words."""
        return Picture(self.figure, self.words)


class _RunLines:
    """One run's four lines and two labels."""

    def __init__(self, chart: TrainingChart, number: int):
        self.run, self.measured, self.batches = chart.runs[number], chart.measured, chart.batches
        self.width, alone = chart.width, len(chart.runs) == 1
        colour, dash = RUNS[number % len(RUNS)], DASHES[number % len(DASHES)]
        thin = {"color": BLUE if alone else colour, "linewidth": 0.9, "alpha": 0.85 if alone else 0.6}
        band = {"color": thin["color"], "alpha": 0.22 if alone else FAINT_BAND, "linewidth": 0}
        thick = {"color": GREEN if alone else colour, "linewidth": 2.2, "linestyle": dash}
        self.bands = [axes.fill_between([], [], **band) for axes in (chart.accuracy, chart.loss)]
        (self.train_accuracy,) = chart.accuracy.plot([], [], **thin)
        (self.train_loss,) = chart.loss.plot([], [], **thin)
        (self.test_accuracy,) = chart.accuracy.plot([], [], **thick)
        (self.test_loss,) = chart.loss.plot([], [], **thick)
        at_end = {"fontsize": 9, "color": thick["color"], "va": "center", "clip_on": False, "fontweight": "bold"}
        self.accuracy_label = chart.accuracy.text(1.01, 0, "", transform=chart.accuracy.get_yaxis_transform(), **at_end)
        self.loss_label = chart.loss.text(1.01, 0, "", transform=chart.loss.get_yaxis_transform(), **at_end)

        self.lines = (self.train_accuracy, self.train_loss, self.test_accuracy, self.test_loss)
        self.labels = (self.accuracy_label, self.loss_label)
        self.prefix = curves.prefix(chart.labels[number])

    def update(self) -> None:
        run = self.run
        batches = zip(self.bands, (self.train_accuracy, self.train_loss), curves.batches(run, self.width), strict=True)
        for band, line, (steps, lowest, mean, highest) in batches if self.batches else ():
            line.set_data(steps, mean)
            band.set_data(steps, lowest, highest)
        steps, accuracy, loss = curves.tests(run, self.measured)
        self.test_accuracy.set_data(steps, accuracy)
        self.test_loss.set_data(steps, loss)
        if len(steps):
            self.accuracy_label.set(text=f"{self.prefix}{accuracy[-1]:.1%}", y=accuracy[-1])
            self.loss_label.set(text=f"{self.prefix}{curves.short(loss[-1])}", y=loss[-1])


class _WeightSheet:
    """Ten weight images in a row, one for each digit: red speaks for the digit, blue against it."""

    def __init__(self, axes, weights: Callable[[], np.ndarray]):
        self.weights = weights
        self.image = axes.imshow(np.zeros((28, 10 * 30, 4), np.uint8))
        axes.set_xticks([30 * digit + 14 for digit in range(10)], [str(digit) for digit in range(10)])
        axes.set_yticks([])
        axes.grid(False)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        axes.set_title("Weights into each digit (red +: for it, blue −: against it)", fontsize=10)

    def update(self) -> None:
        # Colours looked up here, 256 of them: Matplotlib would compute each pixel's anew, half the time of a frame.
        strength = np.clip(np.nan_to_num(weight_row(self.weights())), -1, 1)
        self.image.set_data(RED_TO_BLUE[np.round((strength + 1) * 127.5).astype(np.uint8)])


def weight_row(weights: np.ndarray) -> np.ndarray:
    """Weights [784, 10] as ten 28 × 28 images side by side; all but the strongest half per cent lie within ±1."""
    images = weights.T.reshape(10, 28, 28) / max(np.percentile(np.abs(weights), 99.5), 1e-12)
    return np.concatenate(list(np.pad(images, ((0, 0), (0, 0), (1, 1)))), axis=1)


def _keep_apart(labels: Sequence, axes) -> None:
    """Move labels at the lines' ends so that none overlaps the next and none leaves the frame."""
    up, down = (np.log10, lambda place: 10**place) if axes.get_yscale() == "log" else (float, float)
    bottom, top = map(up, axes.get_ylim())
    gap = (top - bottom) * 0.08
    shown = sorted((label for label in labels if label.get_text()), key=lambda label: label.get_position()[1])
    places = [up(label.get_position()[1]) for label in shown]
    lowest = bottom
    for number, place in enumerate(places):
        places[number] = max(lowest, place)
        lowest = places[number] + gap
    highest = top
    for number in reversed(range(len(places))):
        places[number] = min(highest, places[number])
        highest = places[number] - gap
    for label, place in zip(shown, places, strict=True):
        label.set_y(down(place))


def training_curves(
    *runs: History,
    labels: Sequence[str] = (),
    zoom: bool | float = False,
    log_loss: bool = False,
    show: Measured = "test",
    batches: bool = True,
) -> Picture:
    """Accuracy and loss per image of finished runs, on one chart.

    labels: a name for each run. zoom: show accuracies of 85–100 % and losses of 0–0.7 only, or begin at another share,
    such as 0.95. log_loss: losses on a logarithmic scale, for those that begin in the thousands. show: "test", or
    "validation" for the images that the data held out. batches: False leaves the training batches out.
    Taught in notebooks/01_one_layer.ipynb, "Reading the curves".
    """
    return TrainingChart(runs, labels, zoom=zoom, log_loss=log_loss, show=show, batches=batches).picture()
