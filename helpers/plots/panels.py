"""Panels that look inside a network while it learns: drawn once, then only what moves is drawn again.

Each is a `live.Moving`: it has `figure`, `moving`, `update()`, `words` and `picture()`.
"""

from collections.abc import Callable

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from helpers.plots.digits import mosaic_sheet
from helpers.plots.style import BLUE, MUTED, ORANGE, VERMILION, Picture, new_figure, styled

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
            bar.set_height(share)
            value.set(text=f"{share:.0%}", y=share)
        saturated = ", ".join(f"{share:.0%}" for share in statistics.saturated)
        dead = ", ".join(f"{share:.0%}" for share in statistics.dead)
        self.words = f"Saturated activations by hidden layer: {saturated}. Dead units: {dead}."


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
    """A thousand test images, the wrongly read ones first, white on red.

    images: uint8 [1000, 28, 28]; labels: [1000]; predict: a function returning the digits read, [1000].
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray, predict: Callable):
        self.images, self.labels, self.predict = images, labels, predict
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
            f"The first {len(self.labels):,} test images, {wrong} of them read wrongly: those come first, on red."
        )
        self.title.set_text(f"{wrong} wrong (white on red, first) of the first {len(self.labels):,} test images")
