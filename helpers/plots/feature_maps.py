"""What a network with convolutions looks like inside: its filters, its feature maps, and one filter by hand."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.patches import Rectangle

from helpers import filters
from helpers.plots.panels import Panel
from helpers.plots.style import GRID, INK, VERMILION, Picture, new_figure, styled

GAP = 1  # empty pixels between two tiles
ACROSS = 16  # tiles in a row
FRAMED = colormaps["gray_r"].with_extremes(bad=GRID)  # so that maps that are nearly white can be told apart


def tiles(images: np.ndarray, across: int = ACROSS) -> np.ndarray:
    """Images [n, height, width] beside and below one another in one [rows, columns]; NaN between them."""
    rows = -(-len(images) // across)
    sheet = np.full((rows * across, images.shape[1] + GAP, images.shape[2] + GAP), np.nan)
    sheet[: len(images), : images.shape[1], : images.shape[2]] = images
    height, width = sheet.shape[1:]
    return sheet.reshape(rows, across, height, width).swapaxes(1, 2).reshape(rows * height, across * width)[:-1, :-1]


def one_filter(
    image: np.ndarray, weights: np.ndarray, place: tuple[int, int] | None = None, stride: int = 1, *, name: str = ""
) -> Picture:
    """A digit, a filter with its numbers, and what it puts out: red above 0, blue below.

    image: [height, width], 0 to 1. weights: [side, side]. place: row and column in the output, to be marked in both.
    Taught in notebooks/10_convolution.ipynb, "One filter, every place".
    """
    output = filters.convolve(image, weights, stride)
    figure = new_figure(8.4, 3.1)
    with styled():
        digit, numbers, result = figure.subplots(1, 3, width_ratios=(1, 0.55, 1))
        _plain(digit, "the digit").imshow(image, vmin=0, vmax=1)
        reach = np.abs(weights).max() or 1.0
        _plain(numbers, f"the filter{', ' + name if name else ''}").imshow(
            weights, cmap="RdBu_r", vmin=-2.2 * reach, vmax=2.2 * reach
        )
        for (row, column), weight in np.ndenumerate(weights):
            numbers.text(column, row, f"{weight:.2g}".replace("-", "−"), ha="center", va="center", color=INK)
        reach = np.abs(output).max() or 1.0
        _plain(result, f"the output, {output.shape[0]} × {output.shape[1]}").imshow(
            output, cmap="RdBu_r", vmin=-reach, vmax=reach
        )
        if place:
            row, column = (stride * each - 0.5 for each in place)
            for axes, corner, side in (
                (digit, (column, row), len(weights)),
                (result, (place[1] - 0.5, place[0] - 0.5), 1),
            ):
                axes.add_patch(_frame(corner, side))
    marked = f" At row {place[0]}, column {place[1]} it is {output[place]:.2f}." if place else ""
    return Picture(
        figure,
        f"A digit, a filter{' (' + name + ')' if name else ''} of {len(weights)} × {len(weights)}, and its output: "
        f"{output.shape[0]} × {output.shape[1]} sums from {output.min():.2f} to {output.max():.2f}, red above 0, blue "
        f"below.{marked}",
    )


def several_filters(image: np.ndarray, chosen: Mapping[str, np.ndarray]) -> Picture:
    """What several filters, by name, put out for one digit: red above 0, blue below; all on one scale for each.

    image: [height, width], 0 to 1.
    """
    figure = new_figure(8.6, 2.0)
    outputs = {name: filters.convolve(image, weights) for name, weights in chosen.items()}
    with styled():
        places = figure.subplots(1, len(chosen) + 1)
        _plain(places[0], "the digit").imshow(image, vmin=0, vmax=1)
        for axes, (name, output) in zip(places[1:], outputs.items(), strict=True):
            reach = np.abs(output).max() or 1.0
            _plain(axes, name).imshow(output, cmap="RdBu_r", vmin=-reach, vmax=reach)
    said = "; ".join(f"{name}: sums from {each.min():.1f} to {each.max():.1f}" for name, each in outputs.items())
    return Picture(figure, f"One digit, and what {len(chosen)} filters find in it, red above 0, blue below. {said}.")


class FiltersPanel(Panel):
    """The filters of the first layer, each on its own scale: red above 0, blue below.

    weights: a function returning them, [rows, columns, 1, filters]. Taught in notebooks/10_convolution.ipynb.
    """

    def __init__(self, weights: Callable[[], np.ndarray]):
        self.weights = weights
        count = weights().shape[3]
        rows = -(-count // ACROSS)
        self.figure = new_figure(8.6, 0.45 + 0.58 * rows)
        with styled():
            axes = _plain(self.figure.add_subplot(), f"The {count} filters of layer 1 (red +, blue −)")
            self.image = axes.imshow(self._sheet(), cmap="RdBu_r", vmin=-1, vmax=1)
        self.moving = [self.image]
        self.update()

    def _sheet(self) -> np.ndarray:
        each = np.moveaxis(self.weights()[:, :, 0], 2, 0)
        return tiles(each / np.maximum(np.abs(each).max(axis=(1, 2), keepdims=True), 1e-12))

    def update(self) -> None:
        """Set the images to the present filters."""
        self.image.set_data(self._sheet())
        weights = self.weights()
        self.words = (
            f"The {weights.shape[3]} filters of layer 1, {weights.shape[0]} × {weights.shape[1]} numbers each, "
            f"from {weights.min():.2g} to {weights.max():.2g}."
        )


class FeatureMapsPanel(Panel):
    """The maps that every layer of filters makes of one image, as they are now; the darker, the larger the number.

    look: a function returning the image [height, width], 0 to 1, and for each layer its maps [rows, columns, filters].
    says: a function returning what the network reads in the image, in words. Each layer has a scale of its own.
    Taught in notebooks/10_convolution.ipynb, "What the filters see".
    """

    def __init__(
        self, look: Callable[[], tuple[np.ndarray, Sequence[np.ndarray]]], says: Callable[[], str] = lambda: ""
    ):
        self.look, self.says = look, says
        image, layers = look()
        heights = [1.15 * -(-maps.shape[2] // ACROSS) for maps in layers]
        self.figure = new_figure(8.6, 0.5 + 0.3 * len(layers) + 0.5 * sum(heights))
        with styled():
            grid = self.figure.add_gridspec(len(layers), 2, width_ratios=(1, 8.5), height_ratios=heights)
            shown = _plain(self.figure.add_subplot(grid[:, 0]), "")
            self.digit = shown.imshow(image, vmin=0, vmax=1)
            self.answer = shown.set_title(" ", fontsize=10)
            self.sheets = []
            for number, maps in enumerate(layers):
                rows, columns, count = maps.shape
                axes = _plain(
                    self.figure.add_subplot(grid[number, 1]),
                    f"layer {number + 1}: {count} maps of {rows} × {columns}",
                )
                self.sheets.append(axes.imshow(tiles(np.moveaxis(maps, 2, 0)), cmap=FRAMED, vmin=0, vmax=1))
        self.moving = [self.digit, self.answer, *self.sheets]
        self.update()

    def update(self) -> None:
        """Look again, and set every map."""
        image, layers = self.look()
        self.digit.set_data(image)
        silent = []
        for sheet, maps in zip(self.sheets, layers, strict=True):
            sheet.set_data(tiles(np.moveaxis(maps, 2, 0)))
            sheet.set_clim(0, max(float(maps.max()), 1e-12))
            silent.append(int((maps.max(axis=(0, 1)) <= 0).sum()))
        self.answer.set_text(self.says() or "the digit")
        said = "; ".join(
            f"layer {number}: {maps.shape[2]} maps of {maps.shape[0]} × {maps.shape[1]}, {quiet} of them empty"
            for number, (maps, quiet) in enumerate(zip(layers, silent, strict=True), start=1)
        )
        self.words = f"Feature maps of one digit; {said}." + (f" The network {self.says()}." if self.says() else "")


def every_mistake(images: np.ndarray, labels: np.ndarray, read: np.ndarray, across: int = 12) -> Picture:
    """Every image that was read wrongly, with what it is and what it was read as below it; the first 144 at most.

    images: [n, height, width]; labels and read: [n]. Taught in notebooks/10_convolution.ipynb, "What it gets wrong".
    """
    wrong = np.flatnonzero(labels != read)
    shown = wrong[: 12 * across]
    rows = max(1, -(-len(shown) // across))
    figure = new_figure(8.6, 0.35 + 0.9 * rows)
    with styled():
        places = np.atleast_1d(figure.subplots(rows, across)).ravel()
        for axes in places:
            axes.set_axis_off()
        for axes, which in zip(places, shown, strict=False):
            axes.imshow(images[which])
            axes.set_title(f"{labels[which]} read {read[which]}", fontsize=8, color=INK, loc="center", pad=2)
    more = f"; the first {len(shown)} of them" if len(shown) < len(wrong) else ""
    return Picture(
        figure,
        f"All {len(wrong)} of {len(labels):,} test images that the network reads wrongly{more}, each as it looks.",
    )


def _frame(corner: tuple[float, float], side: float) -> Rectangle:
    return Rectangle(corner, side, side, fill=False, edgecolor=VERMILION, linewidth=2)


def _plain(axes, title: str):
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=10)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    return axes
