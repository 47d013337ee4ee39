"""A small network seen whole: what each neuron makes of the plane, its links, its map, its curves. A still picture."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from helpers import toy_data
from helpers.plots import decision_maps
from helpers.plots.style import BLUE, INK, MUTED, ORANGE, Picture, new_figure, styled
from helpers.small_networks import SmallNetworks
from helpers.toy_data import REACH, Plane

ROWS = 8  # neurons of a layer that are shown
EVERY = 4  # a thumbnail takes every fourth point of a map, each way
WIDTH, HEIGHT = 8.6, 5.2  # of the picture, in inches
MAP, TOP = 2.95, 0.56  # side of the large map, and what is above it
COLUMNS = (0.72, 5.5)  # where the columns of thumbnails begin and where the large map does
PITCH = MAP / ROWS
THUMBNAIL = 0.89 * PITCH
PER_WEIGHT, THICKEST = 1.5, 4.5  # points that a link is thick for a weight of 1, and at most: as in the playground
FAINTEST = 0.06  # the weight from which on its link is drawn
LINKS: dict = {1: {"colors": BLUE}, -1: {"colors": ORANGE, "linestyles": [(0, (3, 1.5))]}}  # by the sign of the weight
HIGHEST_LOSS = 1.5  # of the axis: 2 is a network that is sure of itself and wrong half the time


class Curves:
    """Loss and accuracy as they went: `steps`, and for each the four `metrics` that `Learners.measure` gives."""

    def __init__(self):
        self.steps: list[int] = []
        self.metrics: list[np.ndarray] = []

    def add(self, step: int, metrics: np.ndarray) -> None:
        """Note training loss, training accuracy, test loss and test accuracy [4] after this step."""
        if self.steps and self.steps[-1] == step:  # a weight was changed by hand
            self.metrics[-1] = metrics
            return
        self.metrics.append(metrics)  # before the step: who reads meanwhile finds metrics for every step
        self.steps.append(step)

    def __repr__(self):
        loss, accuracy, test_loss, test_accuracy = self.metrics[-1]
        if np.isnan(accuracy):
            return f"After step {self.steps[-1]:,}: test loss {test_loss:.4f}; on the training points {loss:.4f}."
        return (
            f"After step {self.steps[-1]:,}: test accuracy {test_accuracy:.1%}, test loss {test_loss:.3f}; "
            f"on the training points {accuracy:.1%} and {loss:.3f}."
        )


def in_words(networks: SmallNetworks, curves: Curves) -> str:
    """What the picture of this network shows."""
    return (
        f"{curves!r} The network is {networks.design}; every neuron's own map of the plane stands in its layer's "
        "column, the network's at the right."
    )


def network_map(
    networks: SmallNetworks, plane: Plane, curves: Curves, *, until: int = 500, test_points: bool = False
) -> Picture:
    """The network in columns, from the features to the large map of its output; below it loss and accuracy.

    Each thumbnail is the plane as this neuron sees it: blue where it puts out more than 0, orange where less, each
    against its own largest values. A link is as thick as its weight is large, in every layer alike; negative ones are
    dashed. networks: a stack of one. until: where the curves' axis ends.
    Taught in notebooks/05_why_depth.ipynb, "What each neuron sees".
    """
    figure = new_figure(WIDTH, HEIGHT, layout="none")
    side = decision_maps.SIDE
    grid = toy_data.features(decision_maps.GRID, networks.design.features).astype(networks.values.dtype)
    with np.errstate(over="ignore", invalid="ignore"):  # of weights that grew beyond measure: see nan_to_num
        signals = [np.nan_to_num(signal) for signal in networks.forward(grid.reshape(side, side, -1))]
    with styled():
        _draw_network(figure, networks, signals)
        _draw_map(figure, networks, plane, signals[-1][..., 0], test_points)
        _draw_key(figure)
        _draw_curves(figure, curves, until, networks.design.problem == "classification")
        figure.text(0.012, 1 - 0.22 / HEIGHT, repr(curves), fontsize=11)
    return Picture(figure, in_words(networks, curves))


def against_its_largest(maps: np.ndarray) -> np.ndarray:
    """Each map [neurons, side, side] against its own largest values, cut off at −1 and 1."""
    sizes = np.abs(maps).reshape(len(maps), -1)
    place = int(sizes.shape[1] * 0.95)  # or a single peak would leave the rest white
    largest = np.partition(sizes, place, axis=1)[:, place]
    largest = np.where(largest > 0, largest, sizes.max(axis=1))[:, None, None]
    return np.clip(maps / np.maximum(largest, 1e-9), -1, 1)


def _axes(figure, left: float, top: float, width: float, height: float):
    """Axes at a place that is given in inches from the top left of the picture."""
    return figure.add_axes((left / WIDTH, 1 - (top + height) / HEIGHT, width / WIDTH, height / HEIGHT))


def _draw_network(figure, networks: SmallNetworks, signals: list[np.ndarray]) -> None:
    sizes, (begin, end) = networks.design.sizes[:-1], COLUMNS
    shown = [min(size, ROWS) for size in sizes]
    lefts = begin + (end - 0.25 - begin) / len(shown) * np.arange(len(shown))
    middles = [TOP + MAP / 2 + PITCH * (np.arange(count) - (count - 1) / 2) for count in shown]
    axes = _axes(figure, 0, 0, end, TOP + MAP + 0.25)
    axes.axis("off")
    for layer, (left, count, seen) in enumerate(zip(lefts, shown, signals, strict=False)):
        thumbnails = seen[EVERY // 2 :: EVERY, EVERY // 2 :: EVERY, :count].transpose(2, 0, 1)
        for middle, image in zip(middles[layer], decision_maps.coloured(against_its_largest(thumbnails)), strict=True):
            extent = (left, left + THUMBNAIL, middle + THUMBNAIL / 2, middle - THUMBNAIL / 2)
            axes.imshow(image, extent=extent, aspect="auto", zorder=3)
            corner, size = (left, middle - THUMBNAIL / 2), (THUMBNAIL, THUMBNAIL)
            axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=MUTED, linewidth=0.8, zorder=4))
        axes.text(left + THUMBNAIL, TOP - 0.08, f"layer {layer}" if layer else "features", ha="right", fontsize=10)
        if count < sizes[layer]:
            words = f"{count} of {sizes[layer]}"
            axes.text(left + THUMBNAIL / 2, TOP + MAP + 0.17, words, ha="center", fontsize=10, color=MUTED)
    for middle, name in zip(middles[0], networks.design.features, strict=False):
        axes.text(begin - 0.08, middle, name, ha="right", va="center", fontsize=10)
    _draw_links(axes, networks, [*lefts, end], [*middles, np.array([TOP + MAP / 2])])
    axes.set(xlim=(0, end), ylim=(TOP + MAP + 0.25, 0))


def _draw_links(axes, networks: SmallNetworks, lefts: list, middles: list) -> None:
    for layer, W in enumerate(networks.weights):
        starts, ends = middles[layer], middles[layer + 1]
        weights = np.nan_to_num(W[0])[: len(starts), : len(ends)]
        for sign, look in LINKS.items():
            chosen = np.argwhere(sign * weights > FAINTEST)
            lines = [[(lefts[layer] + THUMBNAIL, starts[i]), (lefts[layer + 1], ends[j])] for i, j in chosen]
            widths = [_thickness(weights[i, j]) for i, j in chosen]
            axes.add_collection(LineCollection(lines, linewidths=widths, zorder=1, **look))


def _thickness(weight: float) -> float:
    return min(THICKEST, PER_WEIGHT * abs(weight))


def _draw_key(figure) -> None:
    """Say below the map how thick the link of a weight is."""
    axes = _axes(figure, COLUMNS[1], TOP + MAP + 0.07, MAP, 0.2)
    axes.axis("off")
    axes.set(xlim=(0, MAP), ylim=(0, 1))
    axes.text(0, 0.5, "weights:", va="center", fontsize=10, color=MUTED)
    for place, weight in enumerate((1, 3, -1)):
        left = 0.72 + 0.62 * place
        line = [[(left, 0.5), (left + 0.3, 0.5)]]
        axes.add_collection(LineCollection(line, linewidths=_thickness(weight), **LINKS[np.sign(weight)]))
        axes.text(left + 0.35, 0.5, f"{weight}".replace("-", "−"), va="center", fontsize=10, color=MUTED)


def _draw_map(figure, networks: SmallNetworks, plane: Plane, values: np.ndarray, test_points: bool) -> None:
    axes = _axes(figure, COLUMNS[1], TOP, MAP, MAP)
    classes = networks.design.problem == "classification"
    axes.set_title("what the network says (● > 0, ■ < 0)", fontsize=10)
    axes.imshow(decision_maps.coloured(values), extent=decision_maps.EXTENT)
    if classes and values.min() < 0 < values.max():
        axes.contour(values, [0], colors=INK, linewidths=1.8, extent=decision_maps.EXTENT, origin="upper")
    axes.grid(False)
    axes.spines[:].set_visible(False)
    parts = [(plane.train, False), (plane.test, True)]
    for part, hollow in parts if test_points else parts[:1]:
        for above, look in ((True, decision_maps.ROUND), (False, decision_maps.SQUARE)):
            edge = look["color"] if hollow else "white"
            style = {"mec": edge, "mew": 0.9 if hollow else 0.5, "mfc": "white" if hollow else look["color"]}
            axes.plot(*part.x[(part.y > 0) == above].T, linestyle="", markersize=4, **look, **style)
    axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=[], yticks=[])


def _draw_curves(figure, curves: Curves, until: int, classes: bool) -> None:
    steps, metrics = list(curves.steps), np.array(curves.metrics[: len(curves.steps)])
    places = [(0.72, "loss (mean squared error)", (0.0, HIGHEST_LOSS if classes else 0.5), (0, 2))]
    if classes:
        places.append((5.0, "accuracy", (0.4, 1.02), (1, 3)))
    for left, name, reach, columns in places:
        width = 3.3 if classes else WIDTH - 1.1
        axes = _axes(figure, left, TOP + MAP + 0.45, width, HEIGHT - TOP - MAP - 0.45 - 0.5)
        axes.set(xlim=(0, until), ylim=reach)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("step", fontsize=10, labelpad=1)
        ticks = (0, until // 2, until)
        axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axes.plot(steps, metrics[:, columns[0]], color=ORANGE, linestyle="--", linewidth=1.6, label="training")
        axes.plot(steps, metrics[:, columns[1]], color=BLUE, linewidth=2.0, label="test")
        if name == "accuracy":
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        else:
            axes.legend(loc="upper right", fontsize=10, framealpha=0.7, borderpad=0.2)
