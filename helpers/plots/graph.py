"""A drawing of the graph that TensorFlow writes down of a function."""

from __future__ import annotations

from collections import defaultdict

import tensorflow as tf
from matplotlib.patches import FancyBboxPatch

from helpers.errors import ReaderValueError
from helpers.plots.style import BLUE, INK, MUTED, ORANGE, PAPER, SKY, Picture, new_figure, styled

ACROSS, UP = 1.75, 0.72  # inches between two columns and between two rows of a drawing
BOX, TALL, LONGEST = 1.2, 0.34, 13  # inches of a node's box; letters that fit into it


def drawing(graph: tf.Graph, expand: str = "layer1") -> Picture:
    """The graph as TensorBoard draws it, from bottom to top, with one named scope opened.

    expand: the scope whose operations are shown. On each edge stands the shape of what flows, with ? for the batch.
    Raises ValueError, in words, if there is no such scope. Taught in notebooks/06_deeper_and_wider.ipynb.
    """
    edges = _edges(graph, expand)
    nodes = list(dict.fromkeys(end for edge in edges for end in edge))
    inner = {node for node in nodes if "/" in node}
    if not inner:
        names = ", ".join(sorted({name.split("/")[0] for name in _names(graph) if "/" in name})) or "none"
        raise ReaderValueError(
            f"The graph has no scope {expand!r}; it has {names}. Write: with tf.name_scope({expand!r}):"
        )
    places = _places(nodes, list(edges), inner)
    figure = _draw(places, edges, expand)
    said = "; ".join(f"{_leaf(start)} to {_leaf(end)} ({label})" for (start, end), label in edges.items())
    return Picture(figure, f"The graph of the network, with {expand} opened. Edges, with what flows: {said}.")


def _names(graph: tf.Graph) -> list[str]:
    return [node.name for node in graph.as_graph_def().node]


def _leaf(node: str) -> str:
    return node.split("/")[-1]


def _edges(graph: tf.Graph, expand: str) -> dict[tuple[str, str], str]:
    """What flows from each box of the drawing to another one, in words: {(from, to): "?×500"}."""
    definition = graph.as_graph_def(add_shapes=True)
    shapes = {node.name: node.attr["_output_shapes"].list.shape for node in definition.node}
    flows: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for node in definition.node:
        for source in node.input:
            if source.startswith("^"):  # an operation that only has to wait for another: nothing flows
                continue
            name, _, output = source.partition(":")
            ends = _box(name, expand), _box(node.name, expand)
            if ends[0] != ends[1]:
                flows[ends][source] = _in_words(shapes[name][int(output or 0)])
    return {
        ends: next(iter(tensors.values())) if len(tensors) == 1 else f"{len(tensors)} tensors"
        for ends, tensors in flows.items()
    }


def _box(name: str, expand: str) -> str:
    """The box that an operation belongs to: its outermost scope, or one level further in where that is opened."""
    parts = name.split("/")
    return "/".join(parts[: 2 if parts[0] == expand else 1])


def _in_words(shape) -> str:
    return "×".join("?" if side.size < 0 else str(side.size) for side in shape.dim) or "one number"


def _places(nodes: list[str], edges: list[tuple[str, str]], inner: set[str]) -> dict[str, tuple[int, int]]:
    """Column and row of each box: the longest way through the graph upwards in column 0, the rest beside it."""
    before = {node: [start for start, end in edges if end == node] for node in nodes}
    feeding = {start for start, end in edges if end in inner and start not in inner}
    rows: dict[str, int] = {}

    def row(node: str) -> int:
        if node not in rows:
            rows[node] = max((row(source) + 1 for source in before[node]), default=0)
            if node in inner:  # the opened scope begins above everything that flows into it
                rows[node] = max(rows[node], *(row(source) + 1 for source in feeding), 0)
        return rows[node]

    for node in nodes:
        row(node)
    lowest = min(rows[node] for node in inner)
    for node in nodes:  # weights and labels stand just below the operation that needs them
        if not before[node] and node not in feeding:
            rows[node] = max(rows[node], min(rows[end] for start, end in edges if start == node) - 1)
        elif not before[node]:
            rows[node] = lowest - 1
    spine = [max(nodes, key=lambda node: rows[node])]
    while before[spine[-1]]:
        spine.append(max(before[spine[-1]], key=lambda node: (bool(before[node]), node in feeding, rows[node])))
    columns = {node: 0 for node in spine}
    taken: dict[int, int] = defaultdict(int)
    opened = {rows[node] for node in inner}
    for node in nodes:
        if node not in columns:
            taken[rows[node]] += 1
            columns[node] = taken[rows[node]] + (node not in inner and rows[node] in opened)
    return {node: (columns[node], rows[node]) for node in nodes}


def _draw(places: dict[str, tuple[int, int]], edges: dict[tuple[str, str], str], expand: str):
    columns, rows = (max(place[side] for place in places.values()) for side in (0, 1))
    width, height = (columns + 1) * ACROSS + 0.5, (rows + 1) * UP + 0.3
    figure = new_figure(width, height, layout="none")
    with styled():
        axes = figure.add_axes([0, 0, 1, 1])
        axes.set(xlim=(-0.6 * ACROSS, width - 0.6 * ACROSS), ylim=(-0.55 * UP, height - 0.55 * UP))
        axes.axis("off")
        at = {node: (column * ACROSS, row * UP) for node, (column, row) in places.items()}
        _frame(axes, [at[node] for node in at if "/" in node], expand)
        for (start, end), label in edges.items():
            _arrow(axes, at[start], at[end], label)
        for node, (x, y) in at.items():
            _node(axes, x, y, _leaf(node), inner="/" in node, source=all(end != node for _, end in edges))
    return figure


def _frame(axes, inside: list[tuple[float, float]], name: str) -> None:
    """The opened scope, around all that it holds."""
    (left, right), (low, high) = ((min(side), max(side)) for side in zip(*inside, strict=True))
    corner, across, up = (left - 0.78, low - 0.3), right - left + 1.56, high - low + 0.72
    look = {"boxstyle": "round,pad=0,rounding_size=0.1", "facecolor": SKY, "alpha": 0.18, "edgecolor": "none"}
    axes.add_patch(FancyBboxPatch(corner, across, up, **look))
    look |= {"facecolor": "none", "alpha": 1, "edgecolor": BLUE, "linewidth": 1.2, "linestyle": "--"}
    axes.add_patch(FancyBboxPatch(corner, across, up, **look))
    axes.text(corner[0] + 0.08, corner[1] + up - 0.05, name, ha="left", va="top", color=BLUE, weight="bold")


def _arrow(axes, start: tuple[float, float], end: tuple[float, float], label: str) -> None:
    (x0, y0), (x1, y1) = (start[0], start[1] + TALL / 2), (end[0], end[1] - TALL / 2)
    straight = x0 == x1
    x1 += 0 if straight else 0.35  # arrows from another column end right of the middle
    axes.annotate("", (x1, y1), (x0, y0), arrowprops={"arrowstyle": "-|>", "color": MUTED, "shrinkA": 0, "shrinkB": 0})
    paper = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 0.5}
    axes.text(
        x0 + 0.06 if straight else (x0 + x1) / 2 + 0.12,
        (y0 + y1) / 2,
        label,
        ha="left",
        va="center",
        fontsize=8.5,
        color=INK,
        bbox=paper,
    )


def _node(axes, x: float, y: float, name: str, *, inner: bool, source: bool) -> None:
    """A box: round for what only flows out (data, weights and biases), square for what is computed."""
    rounding = TALL / 2 if source else 0.05
    look = {"facecolor": "white", "edgecolor": ORANGE if source else BLUE if inner else INK, "linewidth": 1.4}
    corner = x - BOX / 2, y - TALL / 2
    axes.add_patch(FancyBboxPatch(corner, BOX, TALL, boxstyle=f"round,pad=0,rounding_size={rounding}", **look))
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    axes.text(x, y, short, ha="center", va="center", fontsize=10, color=INK)
