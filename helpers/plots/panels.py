"""Panels that look inside a network while it learns: drawn once, then only what moves is drawn again.

Each is a `live.Moving`: it has `figure`, `moving`, `update()`, `words` and `picture()`.
"""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from helpers.plots.digits import mosaic_sheet
from helpers.plots.style import BLUE, FAINT, GREEN, MUTED, ORANGE, VERMILION, Picture, new_figure, styled

UNITS = 20  # first-layer neurons whose weights are shown
SMALLEST_GRADIENT = 1e-8  # the scale of gradients is straight below it and logarithmic above


class Panel:
    """What the panels share: a figure that is a picture at any moment."""

    figure: Figure
    words = ""
    moving: list

    def update(self) -> None:
        """Take the present numbers into the artists and the words."""

    def picture(self) -> Picture:
        """The panel as it stands, with its words."""
        return Picture(self.figure, self.words)


class BandsPanel(Panel):
    """Percentile bands of weights, activations and gradients, a column for each layer.

    look: a function returning layer_statistics.LayerStatistics. The thin line reaches from percentile 5 to 95,
    the thick one from 25 to 75, the mark is the median. The scales are the same for every run, so that runs
    can be compared. Taught in notebooks/02_five_layers_sigmoid.ipynb, "Turn the knobs".
    """

    SCALES = (("weights", 3.0, 0.1), ("activations", 30.0, 1.0), ("gradients", 10.0, SMALLEST_GRADIENT))

    def __init__(self, look: Callable):
        self.look = look
        self.figure = new_figure(8.6, 2.6)
        self.bands = {}
        self.moving = []
        with styled():
            layers = len(look().weights)
            for place, (name, reach, straight) in enumerate(self.SCALES, start=1):
                axes = self.figure.add_subplot(1, 3, place)
                axes.set_title(f"{name} of each layer", fontsize=10)
                axes.set_yscale("symlog", linthresh=straight)
                axes.set_xlabel(f"straight up to ±{straight:g}, logarithmic beyond", fontsize=8, color=MUTED)
                axes.set(xlim=(0.4, layers + 0.6), ylim=(-reach, reach), xticks=range(1, layers + 1))
                axes.set_yticks([-reach, -straight, 0, straight, reach])
                axes.set_yticklabels([f"{tick:g}" for tick in (-reach, -straight, 0, straight, reach)], fontsize=8)
                thin = axes.add_collection(LineCollection([], colors=BLUE, linewidths=1.5))
                thick = axes.add_collection(LineCollection([], colors=BLUE, linewidths=7, alpha=0.6))
                (median,) = axes.plot([], [], "_", color=VERMILION, markersize=11, markeredgewidth=2)
                self.bands[name] = (thin, thick, median)
                self.moving += [thin, thick, median]
        self.update()

    def update(self) -> None:
        """Measure, and move the bands."""
        statistics = self.look()
        for name, (thin, thick, median) in self.bands.items():
            values = getattr(statistics, name)
            layers = np.arange(1, len(values) + 1)
            thin.set_segments([[(x, row[0]), (x, row[4])] for x, row in zip(layers, values, strict=True)])
            thick.set_segments([[(x, row[1]), (x, row[3])] for x, row in zip(layers, values, strict=True)])
            median.set_data(layers, values[:, 2])
        norms = statistics.gradient_norms
        self.words = (
            f"Inside the {len(norms)} layers, percentiles 5 to 95: the gradient of the first layer's weights is "
            f"{norms[0]:.2g} long, that of the last layer's {norms[-1]:.2g}."
        )


class SharesPanel(Panel):
    """The saturated and the dead share of each hidden layer, as bars with their values.

    look: a function returning layer_statistics.LayerStatistics of a network with hidden layers.
    """

    def __init__(self, look: Callable):
        self.look = look
        self.figure = new_figure(8.6, 2.1)
        with styled():
            axes = self.figure.add_subplot()
            layers = np.arange(1, len(look().saturated) + 1)
            self.saturated = axes.bar(layers - 0.2, layers, 0.38, color=ORANGE, label="saturated activations")
            self.dead = axes.bar(
                layers + 0.2, layers, 0.38, color=MUTED, hatch="//", edgecolor="white", label="dead units"
            )
            axes.set(ylim=(0, 1.15), yticks=[0, 0.5, 1], xticks=layers, xlabel="hidden layer")
            axes.set_xlim(0.4, max(len(layers), 3) + 1.6)
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
            axes.legend(loc="upper right", fontsize=8)
            bars = [*self.saturated, *self.dead]
            self.values = [
                axes.text(bar.get_x() + bar.get_width() / 2, 0, "", ha="center", va="bottom", fontsize=8)
                for bar in bars
            ]
            self.moving = [*bars, *self.values]
        self.update()

    def update(self) -> None:
        """Measure, and set the bars."""
        statistics = self.look()
        shares = [*statistics.saturated, *statistics.dead]
        for bar, value, share in zip([*self.saturated, *self.dead], self.values, shares, strict=True):
            bar.set_height(np.nan_to_num(share))
            value.set(text=_percent(share), y=np.nan_to_num(share))
        saturated, dead = (", ".join(map(_percent, shares)) for shares in (statistics.saturated, statistics.dead))
        self.words = f"Saturated activations by hidden layer: {saturated}. Dead units: {dead}."


def _percent(share: float) -> str:
    return "NaN" if np.isnan(share) else f"{share:.0%}"


class FirstLayerPanel(Panel):
    """The weights from the pixels into the first neurons of the first layer, as images.

    weights: a function returning them, [pixels, neurons]. shape: height and width of an image.
    """

    def __init__(self, weights: Callable, shape: tuple[int, int] = (28, 28)):
        self.weights, self.shape = weights, shape
        self.figure = new_figure(8.6, 2.0)
        with styled():
            axes = self.figure.add_subplot()
            axes.set_title(f"Weights into the first neurons of layer 1, up to {UNITS} (red +, blue −)", fontsize=10)
            self.image = axes.imshow(self._sheet(), cmap="RdBu_r", vmin=-1, vmax=1)
            axes.set(xticks=[], yticks=[])
            axes.grid(False)
            axes.spines[:].set_visible(False)
        self.moving = [self.image]
        self.update()

    def _sheet(self) -> np.ndarray:
        weights = self.weights()[:, :UNITS]
        height, width = self.shape
        images = np.zeros((UNITS, height, width))
        images[: weights.shape[1]] = weights.T.reshape(-1, height, width)
        images /= max(np.percentile(np.abs(weights), 99.5), 1e-12)
        rows = np.pad(images, ((0, 0), (1, 1), (1, 1))).reshape(2, UNITS // 2, height + 2, width + 2)
        return rows.swapaxes(1, 2).reshape(2 * (height + 2), -1)

    def update(self) -> None:
        """Set the images to the present weights."""
        self.image.set_data(self._sheet())
        weights = self.weights()
        self.words = (
            f"Weights into the first {min(UNITS, weights.shape[1])} neurons of layer 1, from {weights.min():.2g} "
            f"to {weights.max():.2g}."
        )


class MosaicPanel(Panel):
    """A thousand images, the wrongly read ones first, white on red.

    images: uint8 [1000, 28, 28]; labels: [1000]; predict: a function returning the digits read, [1000]. called: what
    images they are.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray, predict: Callable, *, called: str = "test images"):
        self.images, self.labels, self.predict, self.called = images, labels, predict, called
        self.figure = new_figure(8.6, 2.0)
        with styled():
            axes = self.figure.add_subplot()
            self.image = axes.imshow(self._sheet())
            self.title = axes.set_title(" ", fontsize=10)
            axes.set(xticks=[], yticks=[])
            axes.grid(False)
            axes.spines[:].set_visible(False)
        self.moving = [self.image, self.title]
        self.update()

    def _sheet(self) -> np.ndarray:
        self.predicted = self.predict()
        return mosaic_sheet(self.images, self.labels, self.predicted, columns=80)

    def update(self) -> None:
        """Read the images again and sort the tiles."""
        self.image.set_data(self._sheet())
        wrong = int((self.predicted != self.labels).sum())
        self.words = (
            f"The first {len(self.labels):,} {self.called}, {wrong} of them read wrongly: those come first, on red."
        )
        self.title.set_text(f"{wrong} wrong (white on red, first) of the first {len(self.labels):,} {self.called}")


class WeightsPanel(Panel):
    """How the weights of every layer are spread, and behind that how they were at the start of the run.

    weights: a function returning the weights of every layer. start: what they were. Taught in
    notebooks/09_generalise.ipynb, "Turn the knobs".
    """

    REACH, BINS = 4.0, 60  # standard deviations of the start that are shown to either side

    def __init__(self, weights: Callable, start: Sequence[np.ndarray]):
        self.weights = weights
        self.figure = new_figure(8.6, 2.2)
        self.moving, self.rows = [], []
        with styled():
            for place, W in enumerate(start, start=1):
                reach = self.REACH * max(float(W.std()), 1e-3)
                edges = np.linspace(-reach, reach, self.BINS + 1)
                axes = self.figure.add_subplot(1, len(start), place)
                axes.stairs(self._counts(W, edges), edges, color=FAINT, fill=True)
                now = axes.stairs(self._counts(W, edges), edges, color=BLUE, linewidth=1.6)
                axes.set(yscale="log", ylim=(0.7, W.size), xlim=(-reach, reach))
                axes.tick_params(labelsize=7)
                axes.set_title(f"layer {place}", fontsize=10)
                length = axes.text(0.03, 0.88, "", transform=axes.transAxes, fontsize=8)
                self.rows.append((now, edges, length))
                self.moving += [now, length]
            self.figure.supxlabel(
                "value of a weight; how many there are, on a logarithmic scale (grey: at the start)", fontsize=8
            )
        self.update()

    @staticmethod
    def _counts(W: np.ndarray, edges: np.ndarray) -> np.ndarray:
        return np.maximum(np.histogram(np.clip(W, edges[0], edges[-1]), edges)[0], 0.5)  # a logarithm has no 0

    def update(self) -> None:
        """Count the present weights."""
        lengths = []
        for (now, edges, words), W in zip(self.rows, self.weights(), strict=True):
            now.set_data(self._counts(np.nan_to_num(W), edges))
            lengths.append(f"{np.linalg.norm(W):.3g}")
            words.set_text(f"length {lengths[-1]}")
        self.words = f"Length of the weights by layer: {', '.join(lengths)}."


class GapPanel(Panel):
    """Loss and accuracy on images the network trains on, beside those on images it has not seen, and the gap.

    measure: a function returning accuracy and loss on the ones, then on the others. counts: how many images these are,
    as they may be fewer than the chart's. Taught in notebooks/09_generalise.ipynb, "Turn the knobs".
    """

    def __init__(self, measure: Callable[[], Sequence[tuple[float, float]]], counts: tuple[int, int]):
        self.measure, self.counts = measure, counts
        self.figure = new_figure(8.6, 1.7)
        self.bars, self.values, self.titles = [], [], []
        with styled():
            for place in (1, 2):
                axes = self.figure.add_subplot(1, 2, place)
                bars = axes.barh((1, 0), (0, 0), 0.7, color=(BLUE, GREEN))
                axes.set(
                    xlim=(0, 1.16),
                    xticks=np.linspace(0, 1, 6),
                    ylim=(-0.6, 1.6),
                    yticks=(1, 0),
                    yticklabels=(f"{counts[0]:,} training", f"{counts[1]:,} validation"),
                )
                axes.grid(axis="y", visible=False)
                self.titles.append(axes.set_title(" ", fontsize=10))
                self.values += [axes.text(0, bar, "", va="center", fontsize=9) for bar in (1, 0)]
                self.bars += [*bars]
            self.figure.axes[0].xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        self.moving = [*self.bars, *self.values, *self.titles]
        self.update()

    def update(self) -> None:
        """Measure both, and set the bars."""
        (seen, seen_loss), (new, new_loss) = self.measure()
        numbers = (seen, new, seen_loss, new_loss)
        for bar, value, number, form in zip(
            self.bars, self.values, numbers, ("{:.1%}",) * 2 + ("{:.3f}",) * 2, strict=True
        ):
            shown = float(np.clip(np.nan_to_num(number), 0, 1))
            bar.set_width(shown)
            value.set(text=form.format(number), x=shown + 0.015)
        self.titles[0].set_text(f"accuracy: the gap is {100 * (seen - new):.1f} points")
        self.titles[1].set_text(f"loss: the gap is {new_loss - seen_loss:.2f}")
        gaps = f"gaps of {100 * (seen - new):.1f} points and {new_loss - seen_loss:.2f}"
        self.words = (
            f"Accuracy {seen:.1%} and loss {seen_loss:.3f} on {self.counts[0]:,} images that it learns from, {new:.1%} "
            f"and {new_loss:.3f} on {self.counts[1]:,} validation images: {gaps}."
        )
