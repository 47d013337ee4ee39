"""A small network seen whole while it learns: what each neuron makes of the plane, its links, its map, its curves."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from helpers import toy_data
from helpers.plots import decision_maps
from helpers.plots.panels import Panel
from helpers.plots.style import BLUE, MUTED, ORANGE, PAPER, new_figure, styled
from helpers.small_networks import SmallNetworks
from helpers.toy_data import REACH, Plane

ROWS = 8  # neurons of a layer that are shown
EVERY = 4  # a thumbnail takes every fourth point of a map, each way
CELL = decision_maps.SIDE // EVERY
GAP = 3  # between thumbnails, in their own points
WIDTH, HEIGHT = 8.6, 5.2  # of the picture, in inches
MAP, TOP = 2.95, 0.56  # side of the large map, and what is above it
COLUMNS = (0.72, 5.5)  # where the columns of thumbnails begin and where the large map does
THUMBNAIL = MAP / (ROWS * (CELL + GAP) - GAP) * CELL
MOST_POINTS = 400  # of a curve that are drawn
HIGHEST_LOSS = 2.1  # of the axis: 2 is a network that is sure of itself and wrong half the time
PAPER_RGB, FRAME = ((255 * np.array(to_rgb(colour))).astype(np.uint8) for colour in (PAPER, MUTED))


class Curves:
    """Loss and accuracy as they went: `steps`, and for each the four `metrics` that `Learners.measure` gives."""

    def __init__(self):
        self.steps: list[int] = []
        self.metrics: list[np.ndarray] = []

    def add(self, step: int, metrics: np.ndarray) -> None:
        """Note training loss, training accuracy, test loss and test accuracy [4] after this step."""
        self.steps.append(step)
        self.metrics.append(metrics)

    def __repr__(self):
        loss, accuracy, test_loss, test_accuracy = self.metrics[-1]
        return (
            f"After step {self.steps[-1]:,}: test accuracy {test_accuracy:.1%}, test loss {test_loss:.3f}; "
            f"on the training points {accuracy:.1%} and {loss:.3f}."
        )


class NetworkMap(Panel):
    """The network in columns, from the features to the large map of its output; below it loss and accuracy.

    Each thumbnail is the plane as this neuron sees it: blue where it puts out more than 0, orange where less, each
    against its own largest values. A link is as thick as its weight is large, beside the others of its layer; negative
    ones are dashed. networks: a stack of one. until: where the curves' axis ends.
    Taught in notebooks/05_deeper_and_wider.ipynb, "What each neuron sees".
    """

    def __init__(self, networks: SmallNetworks, plane: Plane, curves: Curves, *, until=500, test_points=False):
        self.networks, self.plane, self.curves, self.until = networks, plane, curves, until
        # Row by row: NumPy does small products on one thread, which is quicker than threads that wait for one another.
        grid = toy_data.features(decision_maps.GRID, networks.design.features).astype(networks.values.dtype)
        self.grid = grid.reshape(decision_maps.SIDE, decision_maps.SIDE, -1)
        self.figure = new_figure(WIDTH, HEIGHT, layout="none")
        self.shown = [min(width, ROWS) for width in networks.design.sizes[:-1]]
        self.moving = []
        with styled():
            self._draw_network()
            self._draw_map(test_points)
            self._draw_curves()
        self.update()

    def _axes(self, left: float, top: float, width: float, height: float):
        """Axes at a place that is given in inches from the top left of the picture."""
        return self.figure.add_axes((left / WIDTH, 1 - (top + height) / HEIGHT, width / WIDTH, height / HEIGHT))

    def _draw_network(self) -> None:
        design = self.networks.design
        begin, end = COLUMNS
        axes = self._axes(0, 0, end, TOP + MAP + 0.25)
        axes.set(xlim=(0, end), ylim=(TOP + MAP + 0.25, 0))
        axes.axis("off")
        self.lefts = begin + (end - 0.25 - begin) / len(self.shown) * np.arange(len(self.shown))
        self.columns = []
        pitch = THUMBNAIL * (CELL + GAP) / CELL
        for layer, (left, count) in enumerate(zip(self.lefts, self.shown, strict=True)):
            height = pitch * count - (pitch - THUMBNAIL)
            top = TOP + (MAP - height) / 2
            blank = np.zeros((CELL * count + GAP * (count - 1), CELL, 3), np.uint8)
            extent = (left, left + THUMBNAIL, top + height, top)
            self.columns.append(axes.imshow(blank, extent=extent, aspect="auto", interpolation="nearest", zorder=3))
            name = f"layer {layer}" if layer else "features"
            axes.text(left + THUMBNAIL, TOP - 0.08, name, ha="right", fontsize=10)
            if count < design.sizes[layer]:
                words = f"{count} of {design.sizes[layer]}"
                axes.text(left + THUMBNAIL / 2, TOP + MAP + 0.17, words, ha="center", fontsize=10, color=MUTED)
        axes.set(xlim=(0, end), ylim=(TOP + MAP + 0.25, 0))
        for row, name in enumerate(design.features):
            axes.text(begin - 0.08, self._middle(0)[row], name, ha="right", va="center", fontsize=10)
        self.ends = self._ends()
        plus = LineCollection([], colors=BLUE, zorder=1)
        minus = LineCollection([], colors=ORANGE, linestyles=[(0, (3, 1.5))], zorder=1)
        self.links = [axes.add_collection(each) for each in (plus, minus)]
        self.moving += [*self.links, *self.columns]

    def _middle(self, layer: int) -> np.ndarray:
        """How far down the middles of a column's thumbnails are, in inches."""
        pitch = THUMBNAIL * (CELL + GAP) / CELL
        return TOP + MAP / 2 + pitch * (np.arange(self.shown[layer]) - (self.shown[layer] - 1) / 2)

    def _ends(self) -> np.ndarray:
        """Where every link that is shown begins and ends: shape [links, 2, 2]."""
        ends = []
        for layer, left in enumerate(self.lefts):
            last = layer + 1 == len(self.lefts)
            following = np.array([TOP + MAP / 2]) if last else self._middle(layer + 1)
            right = COLUMNS[1] if last else self.lefts[layer + 1]
            for start in self._middle(layer):
                ends += [[(left + THUMBNAIL, start), (right, end)] for end in following]
        return np.array(ends)

    def _draw_map(self, test_points: bool) -> None:
        axes = self._axes(COLUMNS[1], TOP, MAP, MAP)
        axes.set_title("what the network says (● +1, ■ −1)", fontsize=10)
        self.map = axes.imshow(
            np.zeros((decision_maps.SIDE, decision_maps.SIDE, 3), np.uint8), extent=decision_maps.EXTENT
        )
        axes.grid(False)
        axes.spines[:].set_visible(False)
        axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=[], yticks=[])
        self.moving.append(self.map)
        parts = [(self.plane.train, False), (self.plane.test, True)]
        for part, hollow in parts if test_points else parts[:1]:
            for kind, look in ((1, decision_maps.ROUND), (-1, decision_maps.SQUARE)):
                edge = look["color"] if hollow else "white"
                style = {"mec": edge, "mew": 0.9 if hollow else 0.5, "mfc": "white" if hollow else look["color"]}
                self.moving += axes.plot(*part.x[part.y == kind].T, linestyle="", markersize=4, **look, **style)

    def _draw_curves(self) -> None:
        self.lines: list[Line2D] = []
        for left, name, top in ((0.72, "loss (mean squared error)", HIGHEST_LOSS), (5.0, "accuracy", 1.02)):
            axes = self._axes(left, TOP + MAP + 0.45, 3.3, HEIGHT - TOP - MAP - 0.45 - 0.5)
            axes.set(xlim=(0, self.until), ylim=(0.3 if self.lines else 0, top))
            axes.set_title(name, fontsize=10)
            axes.set_xlabel("step", fontsize=10, labelpad=1)
            ticks = (0, self.until // 2, self.until)
            axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
            looks = (
                {"color": ORANGE, "linestyle": "--", "linewidth": 1.6, "label": "training"},
                {"color": BLUE, "linewidth": 2.0, "label": "test"},
            )
            self.lines += [axes.plot([], [], **look)[0] for look in looks]
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        self.lines[0].axes.legend(loc="upper right", fontsize=10, framealpha=0.7, borderpad=0.2)
        self.said = self._axes(0, 0, WIDTH, 0.25).text(0.012, 0.1, "", fontsize=11, va="bottom", ha="left")
        self.said.axes.axis("off")
        self.moving += [*self.lines, self.said]

    def update(self) -> None:
        """Take the network as it is into the thumbnails, the links, the map and the curves."""
        with np.errstate(over="ignore", invalid="ignore"):  # of weights that grew beyond measure: see nan_to_num
            self._move_maps()
            self._move_links()
        self._move_curves()
        self.words = (
            f"{self.curves!r} The network is {self.networks.design}; every neuron's own map of the plane stands in "
            "its layer's column, the network's at the right."
        )

    def _move_maps(self) -> None:
        signals = self.networks.forward(self.grid)
        for image, seen, shown in zip(self.columns, signals, self.shown, strict=False):
            thumbnails = seen[EVERY // 2 :: EVERY, EVERY // 2 :: EVERY, :shown].transpose(2, 0, 1)
            image.set_data(_column(np.nan_to_num(thumbnails)))
        self.map.set_data(decision_maps.with_boundary(np.nan_to_num(signals[-1][..., 0])))

    def _move_links(self) -> None:
        weights = []
        for layer, W in enumerate(self.networks.weights):
            following = self.shown[layer + 1] if layer + 1 < len(self.shown) else 1
            weights.append((W[0] / max(np.abs(W).max(), 1e-9))[: self.shown[layer], :following].ravel())
        weights = np.nan_to_num(np.concatenate(weights))
        for links, chosen in zip(self.links, (weights > 0.05, weights < -0.05), strict=True):
            links.set_segments(self.ends[chosen])
            links.set_linewidths(2.2 * np.abs(weights[chosen]))

    def _move_curves(self) -> None:
        every = max(1, len(self.curves.steps) // MOST_POINTS)
        steps, metrics = self.curves.steps[::-every], np.array(self.curves.metrics[::-every])
        for line, column in zip(self.lines, (0, 2, 1, 3), strict=True):
            line.set_data(steps, metrics[:, column])
        loss, accuracy, test_loss, test_accuracy = self.curves.metrics[-1]
        self.said.set_text(
            f"step {self.curves.steps[-1]:,}     test: accuracy {test_accuracy:.1%}, loss {test_loss:.3f}"
            f"     training: accuracy {accuracy:.1%}, loss {loss:.3f}"
        )


def _column(seen: np.ndarray) -> np.ndarray:
    """Maps [neurons, CELL, CELL] below one another as one image, each in a frame and against its own largest values."""
    seen_sizes = np.abs(seen)
    largest = np.percentile(seen_sizes, 95, axis=(1, 2), keepdims=True)  # or a single peak would leave the rest white
    largest = np.where(largest > 0, largest, seen_sizes.max(axis=(1, 2), keepdims=True))
    images = decision_maps.coloured(seen / np.maximum(largest, 1e-9))
    images[:, [0, -1]] = images[:, :, [0, -1]] = FRAME
    sheet = np.full((len(seen), CELL + GAP, CELL, 3), PAPER_RGB)
    sheet[:, :CELL] = images
    return sheet.reshape(-1, CELL, 3)[:-GAP]
