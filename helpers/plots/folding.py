"""Layers that fold a line: what comes out after each, and the way of one point."""

import numpy as np
from matplotlib.collections import LineCollection

from helpers import pieces
from helpers.plots.style import BLUE, INK, MUTED, ORANGE, VERMILION, Picture, new_figure, styled

MOST_LAYERS = 8  # 256 pieces; more could not be told apart
THREADS = np.linspace(0, 1, 33)  # points whose way through the layers is drawn faintly


def folded(layers: int, crease: float = 0.5, height: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """The corners of what `layers` layers of two ReLUs make of the line from 0 to 1: x and y, float [corners]."""
    x = y = np.array([0.0, 1.0])
    for _ in range(layers):
        x, y = pieces.fold(x, y, crease, height)
    return x, y


def picture(*, layers: int, point: float, crease: float, height: float) -> Picture:
    """The line from 0 to 1 after so many layers, each of two ReLUs that fold it, and the way of one point.

    crease: where each layer folds. height: how far up the fold reaches; below 1 the folded line no longer covers the
    whole. Taught in notebooks/05_why_depth.ipynb, "Folding".
    """
    x, y = folded(layers, crease, height)
    found = pieces.count(x, y)
    way = [point]
    for _ in range(layers):
        way.append(_fold(np.array(way[-1]), crease, height).item())
    figure = new_figure(8.6, 4.3)
    with styled():
        grid = figure.add_gridspec(2, 2, width_ratios=(1.55, 1), height_ratios=(1, 0.07))
        graph, strip = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        _draw_graph(graph, x, y, point, way[-1])
        beside = f" (one layer of {2 * layers} units: at most {2 * layers + 1})" if layers else ""
        graph.set_title(f"after {_layers(layers)}: {_pieces(found)}{beside}", fontsize=10)
        strip.imshow(_above_half(x, y), aspect="auto", extent=(0, 1, 0, 1))
        strip.set(
            yticks=[], xticks=[0, 0.25, 0.5, 0.75, 1], xlabel="what goes in (strip: dark where more than ½ comes out)"
        )
        strip.grid(False)
        graph.set_xticks([])
        _draw_ways(figure.add_subplot(grid[:, 1]), layers, way, crease, height)
    units = 2 * layers
    wide = f"One layer of {units} units has {units + 1} at most. " if layers else ""
    steps = ", ".join(f"{place:.3g}" for place in way)
    return Picture(
        figure,
        f"{_layers(layers).capitalize()} of two ReLUs each, {units} units: {_pieces(found)}. {wide}"
        f"The point goes {steps}."
        if layers
        else f"No layer yet: {_pieces(found)}. The point is at {point:.3g}.",
    )


def _fold(x: np.ndarray, crease: float, height: float) -> np.ndarray:
    """One layer: its two ReLUs, and the sum that the next layer takes of them."""
    return height * (np.maximum(x, 0) / crease - np.maximum(x - crease, 0) * (1 / crease + 1 / (1 - crease)))


def _draw_graph(axes, x: np.ndarray, y: np.ndarray, point: float, value: float) -> None:
    corners = np.stack([x, y], axis=1)
    lines = np.stack([corners[:-1], corners[1:]], axis=1)
    axes.add_collection(LineCollection(lines, colors=[BLUE, ORANGE], linewidths=2.4, capstyle="round"))
    axes.plot([point, point], [0, value], color=VERMILION, linewidth=1, linestyle=":")
    axes.plot([point], [value], "o", color=VERMILION, markersize=9, zorder=5)
    axes.set(xlim=(0, 1), ylim=(-0.03, 1.06), yticks=[0, 0.5, 1], ylabel="what comes out")


def _above_half(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (np.interp((np.arange(1200) + 0.5) / 1200, x, y) > 0.5).astype(float)[None]


def _draw_ways(axes, layers: int, way: list[float], crease: float, height: float) -> None:
    """Where points lie before and after each layer: the left part in one colour, the part laid over it in another."""
    places = THREADS
    for layer in range(layers):
        after = _fold(places, crease, height)
        for start, end in zip(places, after, strict=True):
            left = start <= crease
            axes.plot(
                [start, end],
                [layer, layer + 1],
                color=BLUE if left else ORANGE,
                linestyle="-" if left else "--",
                linewidth=0.8,
                alpha=0.6,
            )
        places = THREADS * height
    for layer in range(layers + 1):
        axes.plot([0, 1 if layer == 0 else height], [layer, layer], color=INK, linewidth=2.5, solid_capstyle="round")
    axes.plot(way, range(layers + 1), "o-", color=VERMILION, linewidth=2, markersize=7, zorder=5)
    names = ["the line", *(f"layer {layer}" for layer in range(1, layers + 1))]
    axes.set_yticks(range(layers + 1), names)
    axes.set(xlim=(-0.03, 1.03), ylim=(max(layers, 1) + 0.03 * max(layers, 1) + 0.05, -0.25), xticks=[0, 1])
    axes.set_title("where each point goes", fontsize=10)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    if not layers:
        axes.text(0.5, 0.5, "no layer yet", ha="center", color=MUTED)


def _layers(count: int) -> str:
    return {0: "no layer", 1: "1 layer"}.get(count, f"{count} layers")


def _pieces(count: int) -> str:
    return "1 straight piece" if count == 1 else f"{count} straight pieces"
