"""What layers of filters do: one filter as a matrix, pooling, a filter over several maps, and what it answers to."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from helpers import filters
from helpers.convolutional import Design
from helpers.plots.feature_maps import FRAMED, tiles
from helpers.plots.style import INK, MUTED, PAPER, VERMILION, Picture, new_figure, styled

SIGNED = "RdBu_r"  # red above 0, blue below


def as_matrix(weights: np.ndarray, side: int) -> Picture:
    """A filter, and the matrix of the dense layer that does the same to an image of side × side pixels.

    weights: [k, k], all different and none of them 0. The matrix lies on its side: a row for each output, a column for
    each pixel. Taught in notebooks/10_convolution.ipynb, "What sharing saves".
    """
    single_pixels = np.eye(side * side).reshape(-1, side, side)
    matrix = np.array([filters.convolve(pixel, weights).ravel() for pixel in single_pixels]).T
    figure, (low, high) = new_figure(8.6, 3.1), (weights.min() - np.ptp(weights), weights.max())
    with styled():
        shown = figure.subplots(1, 2, width_ratios=(1, 6.2))
        titles = "the filter", f"as a dense layer: {len(matrix)} outputs (rows) of {side * side} pixels (columns)"
        for axes, values, title in zip(shown, (weights, matrix), titles, strict=True):
            _plain(axes, title).imshow(np.where(values, values, np.nan), cmap="Blues", vmin=low, vmax=high)
            dark = low + 0.75 * (high - low)
            for (row, column), weight in np.ndenumerate(values):
                if weight:
                    ink = "#fdfdfb" if weight > dark else "#222222"
                    axes.text(column, row, f"{weight:g}", ha="center", va="center", fontsize=8, color=ink)
        shown[1].set(xticks=np.arange(-0.5, side * side, side), yticks=np.arange(-0.5, len(matrix)))
        shown[1].grid(True, linewidth=0.5)
        shown[1].tick_params(length=0, labelleft=False, labelbottom=False)
    filled = np.count_nonzero(matrix)
    return Picture(
        figure,
        f"A filter of {weights.size} numbers as the matrix of a dense layer from {side * side} pixels to {len(matrix)} "
        f"outputs: {filled} of its {matrix.size} places are filled, always by the same {weights.size} numbers, which "
        "move on from row to row.",
    )


def pooled_twice(images: Mapping[str, np.ndarray], weights: np.ndarray) -> Picture:
    """Digits, the map that one filter with ReLU makes of each, and the map pooled once and twice; a row for each digit.

    images: by name, [height, width], 0 to 1. A block of four numbers and what pooling makes of it are marked in the
    first row: around the largest number. Taught in notebooks/10_convolution.ipynb, "Pooling".
    """
    figure = new_figure(8.6, 0.3 + 2.0 * len(images))
    with styled():
        shown = np.atleast_2d(figure.subplots(len(images), 4))
        for number, (row, (name, image)) in enumerate(zip(shown, images.items(), strict=True)):
            edges = np.maximum(filters.convolve(image, weights), 0)
            stages = [edges, filters.max_pool(edges), filters.max_pool(filters.max_pool(edges))]
            _plain(row[0], name).imshow(image, vmin=0, vmax=1)
            for axes, maps, called in zip(row[1:], stages, ("its map", "pooled", "pooled twice"), strict=True):
                _plain(axes, f"{called}, {maps.shape[0]} × {maps.shape[1]}").imshow(maps, vmin=0, vmax=edges.max())
                axes.spines[:].set(visible=True, color="#bbbbbb")
            if number == 0:
                place = np.array(np.unravel_index(stages[1].argmax(), stages[1].shape))
                for axes, corner, side in ((row[1], 2 * place, 2), (row[2], place, 1)):
                    axes.add_patch(_frame((corner[1] - 0.5, corner[0] - 0.5), side))
                block = edges[2 * place[0] : 2 * place[0] + 2, 2 * place[1] : 2 * place[1] + 2]
    numbers = ", ".join(f"{value:.1f}" for value in block.ravel())
    return Picture(
        figure,
        f"{', '.join(images)}: the digit, its map of {edges.shape[0]} × {edges.shape[1]}, and that pooled once and "
        f"twice. Of the marked block of {numbers} pooling keeps {block.max():.1f}.",
    )


def over_several_maps(
    image: np.ndarray, maps: Mapping[str, np.ndarray], slices: Sequence[np.ndarray], bias: float
) -> Picture:
    """A filter of the second layer: on each map lies a slice of it, and what the slices give is added up.

    image: what the maps were made of, [height, width], 0 to 1. maps: of the first layer, by name, [rows, columns].
    slices: [k, k] for each. bias: what is added to each sum, before the ReLU.
    Taught in notebooks/10_convolution.ipynb, "Two layers of filters".
    """
    parts = [filters.convolve(each, slice_) for each, slice_ in zip(maps.values(), slices, strict=True)]
    answer = np.maximum(sum(parts) + bias, 0)
    reach = max(np.abs(slice_).max() for slice_ in slices)
    strongest = max(np.abs(part).max() for part in parts)
    figure = new_figure(8.6, 4.6)
    with styled():
        grid = figure.add_gridspec(3, len(maps) + 1, width_ratios=[1] * len(maps) + [1.35])
        for column, (name, slice_, part) in enumerate(zip(maps, slices, parts, strict=True)):
            rows = [figure.add_subplot(grid[row, column]) for row in range(3)]
            _plain(rows[0], f"map: {name}").imshow(maps[name], vmin=0)
            _plain(rows[1], "its slice of the filter").imshow(slice_, cmap=SIGNED, vmin=-2.2 * reach, vmax=2.2 * reach)
            for (row, place), weight in np.ndenumerate(slice_):
                words = f"{weight:.2g}".replace("-", "−")
                rows[1].text(place, row, words, ha="center", va="center", fontsize=9, color=INK)
            _plain(rows[2], "what it gives").imshow(part, cmap=SIGNED, vmin=-strongest, vmax=strongest)
        digit, total = figure.add_subplot(grid[0, -1]), figure.add_subplot(grid[1:, -1])
        _plain(digit, "the digit").imshow(image, vmin=0, vmax=1)
        _plain(total, f"all added up, {bias:+g}, ReLU".replace("-", "−")).imshow(answer, vmin=0)
        row, column = np.unravel_index(answer.argmax(), answer.shape)
        total.add_patch(_frame((column - 0.5, row - 0.5), 1))
        reached = image.shape[0] - answer.shape[0] + 1
        digit.add_patch(_frame((column - 0.5, row - 0.5), reached))
    return Picture(
        figure,
        f"A filter over {len(maps)} maps ({', '.join(maps)}): each slice gives a map of sums, which are added up, "
        f"{bias:+g}, and sent through ReLU. {np.count_nonzero(answer)} of {answer.size} places stay above 0; the "
        f"largest is {answer.max():.1f}, at row {row}, column {column}, which sees {reached} × {reached} pixels.",
    )


def strongest_windows(images: np.ndarray, maps: np.ndarray, *, size: int, stride: int, count: int = 8) -> Picture:
    """For each filter the windows of pixels, out of all images, to which it answers most: one of an image at most.

    images: [n, height, width]. maps: [n, rows, columns, filters], what the filters put out. size: pixels along a side
    of what one number of a map sees. stride: pixels between the windows of two neighbours. count: how many of each.
    Taught in notebooks/10_convolution.ipynb, "What the filters see".
    """
    n, _, columns, how_many = maps.shape
    flat = maps.reshape(n, -1, how_many)
    best, places = flat.max(axis=1), flat.argmax(axis=1)
    rows = -(-how_many // 2)
    figure = new_figure(8.6, 0.3 + 0.72 * rows)
    with styled():
        shown = np.atleast_2d(figure.subplots(rows, 2)).ravel()
        for axes in shown[how_many:]:
            axes.set_axis_off()
        for number, axes in enumerate(shown[:how_many]):
            order = np.argsort(-best[:, number])[:count]
            corners = [(stride * (places[i, number] // columns), stride * (places[i, number] % columns)) for i in order]
            windows = [
                images[i, row : row + size, column : column + size]
                for i, (row, column) in zip(order, corners, strict=True)
            ]
            _plain(axes, f"filter {number + 1}").imshow(tiles(np.array(windows, float), count), cmap=FRAMED, vmin=0)
    return Picture(
        figure,
        f"For {how_many} filters the {count} windows of {size} × {size} pixels, each from another of {n:,} images, to "
        "which they answer most.",
    )


def on_the_way(design: Design) -> Picture:
    """What becomes of an image in a network with convolutions: a pile of maps for each stage, and what makes the next.

    A frame in a pile is what one number of the next pile is made from.
    Taught in notebooks/10_convolution.ipynb, "Two layers of filters".
    """
    stages, steps = [(*design.shape, 1)], []
    seen: list[int] = []  # how wide the frame is in each pile
    for layer, made, after in zip(design.convolutions, design.maps, design.handed_on, strict=True):
        steps.append(f"{layer.filters} filters\n{layer.size} × {layer.size} × {stages[-1][2]}")
        steps[-1] += f"\nstride {layer.stride}" if layer.stride > 1 else ""
        stages, seen = [*stages, made], [*seen, layer.size]
        if made != after:
            stages, steps, seen = [*stages, after], [*steps, "pooling\n2 × 2"], [*seen, 2]
    figure, x = new_figure(8.6, 2.6), 0.0
    with styled():
        axes = _plain(figure.add_subplot(), "")
        places = []
        for rows, columns, count in stages:
            behind = min(3, count - 1)
            for number in range(behind, -1, -1):
                corner = (x + 1.2 * number, 1.2 * number - rows / 2)
                axes.add_patch(Rectangle(corner, columns, rows, facecolor=PAPER, edgecolor=INK, linewidth=1))
            places.append((x, rows / 2))
            words = f"{rows} × {columns}" + (f"\n{count} maps" if count > 1 else "\nthe image")
            axes.text(x + columns / 2, -rows / 2 - 1.5, words, ha="center", va="top", fontsize=9)
            x += columns + 1.2 * behind + 15
        for number, (side, step) in enumerate(zip(seen, steps, strict=True)):
            (here, top), (there, next_top) = places[number], places[number + 1]
            corner = here + stages[number][1] - side - 1, top - side - 1
            target = there + 1, next_top - 2
            axes.add_patch(_frame(corner, side))
            axes.add_patch(_frame(target, 1))
            for height in (0, 1):
                ends = (corner[0] + side, target[0]), (corner[1] + height * side, target[1] + height)
                axes.plot(*ends, color=VERMILION, linewidth=0.8)
            middle = (here + stages[number][1] + there) / 2
            axes.text(middle, 15.5, step, ha="center", va="bottom", fontsize=9, color=MUTED)
        for units, words in zip(design.dense_sizes[1:], ("dense", "dense"), strict=True):
            height = 24 if units > design.outputs else 10
            axes.add_patch(Rectangle((x, -height / 2), 1.5, height, facecolor=PAPER, edgecolor=INK, linewidth=1))
            axes.text(x + 0.75, -height / 2 - 1.5, f"{units}\nunits", ha="center", va="top", fontsize=9)
            axes.text(x - 7, 15.5, words, ha="center", va="bottom", fontsize=9, color=MUTED)
            x += 16
        axes.set(xlim=(-2, x - 12), ylim=(-23, 24), aspect="equal")
    said = " → ".join(
        [f"{rows} × {columns} × {count}" for rows, columns, count in stages] + [str(n) for n in design.dense_sizes[1:]]
    )
    return Picture(
        figure, f"What becomes of an image: {said}. In between: {'; '.join(steps)}; dense; dense.".replace("\n", ", ")
    )


def learned_filters(before: np.ndarray, after: np.ndarray) -> Picture:
    """Every filter of a first layer at its start and, below it, after training; both on the pair's own scale.

    before, after: [k, k, 1, n]. Taught in notebooks/10_convolution.ipynb, "What the filters see".
    """
    pairs = [np.moveaxis(each[:, :, 0], 2, 0) for each in (before, after)]
    reach = np.abs(pairs).max(axis=(0, 2, 3))
    across = -(-len(reach) // 2)
    figure = new_figure(8.6, 4.6)
    with styled():
        for block in range(2):
            for row, (filters_, name) in enumerate(zip(pairs, ("at the start", "after training"), strict=True)):
                part = slice(block * across, (block + 1) * across)
                sheet = tiles(filters_[part] / reach[part, None, None], across)
                axes = _plain(figure.add_subplot(4, 1, 1 + 2 * block + row), f"{name}, {part.start + 1} to {part.stop}")
                axes.imshow(sheet, cmap=SIGNED, vmin=-1, vmax=1)
    alike = [np.corrcoef(one.ravel(), other.ravel())[0, 1] for one, other in zip(*pairs, strict=True)]
    return Picture(
        figure,
        f"The {len(reach)} filters of layer 1, {before.shape[0]} × {before.shape[1]} numbers each, at the start and "
        f"after training: red above 0, blue below. Start and end correlate by {np.mean(alike):.2f} on average, from "
        f"{min(alike):.2f} to {max(alike):.2f}.",
    )


def _frame(corner: Sequence[float], side: float) -> Rectangle:
    return Rectangle(tuple(corner), side, side, fill=False, edgecolor=VERMILION, linewidth=2)


def _plain(axes, title: str):
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=9, color=MUTED)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    return axes
