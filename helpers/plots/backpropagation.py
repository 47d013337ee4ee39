"""Pictures of the way back: a weight's paths to the error with their slopes, and a table of weights read both ways."""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Circle, Rectangle

from helpers.plots.style import BLUE, INK, MUTED, PAPER, VERMILION, Picture, new_figure, styled

Link = tuple[str, float]  # a number that is computed on the way, and how it answers to the one before: the local slope
COLOURS, DASHES = (VERMILION, BLUE), ("-", "--")
RADIUS, APART, ACROSS = 0.42, 2.35, 1.2  # of a circle; from one circle to the next, and from one path to the other
CELL = 0.8


def paths(
    weight: str, shared: Sequence[Link], branches: Sequence[Sequence[Link]], after: Sequence[Link] = ()
) -> Picture:
    """How one weight reaches the error: along a shared way first, then on two paths, which meet again.

    weight: its name. shared, branches, after: the numbers on the way, in order, each with its local slope. The branches
    are two, of one length, and end in the same number, from which a shared way may go on to the error. Below stand the
    two products and their sum.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "Two paths", and notebooks/07_numpy_by_hand.ipynb, "One weight and
    its paths".
    """
    meet = APART * (len(shared) + len(branches[0]))
    last = meet + APART * len(after)
    figure = new_figure(8.6, 3.0 if after else 3.9, layout="none")
    with styled():
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(-0.8, last + 0.9), ylim=(-3.45, 1.95), aspect="equal")
        axes.axis("off")
        here = (0.0, 0.0)
        _circle(axes, here, weight)
        for number, (name, slope) in enumerate(shared, start=1):
            place = (APART * number, 0.0)
            _link(axes, here, place, slope, INK, "-", 0.0)
            _circle(axes, place, name)
            here = place
        for side, branch, colour, dash in zip((1, -1), branches, COLOURS, DASHES, strict=True):
            start = here
            for number, (name, slope) in enumerate(branch, start=len(shared) + 1):
                place = (APART * number, side * ACROSS * (number < len(shared) + len(branch)))
                _link(axes, start, place, slope, colour, dash, side * 0.5)
                _circle(axes, place, name)
                start = place
        for number, (name, slope) in enumerate(after):
            start, place = (meet + APART * number, 0.0), (meet + APART * (number + 1), 0.0)
            _link(axes, start, place, slope, INK, "-", 0.0)
            _circle(axes, place, name)
        lines, products = [], []
        for branch in branches:
            slopes = [slope for _, slope in (*shared, *branch, *after)]
            products.append(float(np.prod(slopes)))
            lines.append(f"{' · '.join(map(_bracketed, slopes))} = {_say(products[-1])}")
        for row, (line, colour, dash) in enumerate(zip(lines, COLOURS, DASHES, strict=True)):
            down = -2.15 - 0.42 * row
            axes.plot([-0.5, 0.25], [down, down], color=colour, linestyle=dash, linewidth=3)
            axes.text(0.5, down, line, fontsize=11.5, va="center", color=INK)
        together = f"together: {_say(sum(products))}"
        axes.text(0.5, -3.05, together, fontsize=11.5, va="center", weight="bold", color=INK)
    said, end = ", and ".join(lines), (*branches[0], *after)[-1][0]
    return Picture(figure, f"Two paths lead from {weight} to the {end}. {said}; {together}.")


def _circle(axes, place: tuple[float, float], name: str) -> None:
    axes.add_patch(Circle(place, RADIUS, facecolor=PAPER, edgecolor=INK, linewidth=1.4, zorder=3))
    size = 12 if len(name) < 4 else 10 if len(name) < 6 else 9
    axes.text(*place, name, ha="center", va="center", fontsize=size, weight="bold", color=INK, zorder=4)


def _link(axes, start, end, slope: float, colour: str, dash: str, aside: float) -> None:
    """A line from circle to circle, and beside its middle what it multiplies by."""
    axes.plot(*zip(start, end, strict=True), color=colour, linestyle=dash, linewidth=3, zorder=1)
    middle = (np.array(start) + end) / 2
    away, said = np.copysign(0.15, aside) if start[1] == end[1] else aside, f"× {_bracketed(slope)}"
    size = 10.5 if len(said) < 10 else 9.5
    beside = {"ha": "center", "va": "bottom" if aside >= 0 else "top", "fontsize": size, "color": INK}
    axes.text(middle[0], middle[1] + away, said, **beside)


def both_ways(weights: np.ndarray, come_from: str = "h", lead_to: str = "o") -> Picture:
    """A table of weights and its transpose: the weights into one unit are a column of the one, out of it of the other.

    weights: [from, to]. come_from, lead_to: the letters of the units of both layers. The first column of each table is
    framed; so is, in the first table, the row that became it.
    Taught in notebooks/07_numpy_by_hand.ipynb, "From numbers to tables".
    """
    weights = np.asarray(weights, float)
    rows, columns = weights.shape
    sources = [f"{come_from}{unit + 1}" for unit in range(rows)]
    targets = [f"{lead_to}{unit + 1}" for unit in range(columns)]
    figure = new_figure(8.6, 3.0, layout="none")
    second = columns * CELL + 3.4  # where the other table begins
    with styled():
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(-1.3, second + rows * CELL + 0.7), ylim=(-max(rows, columns) * CELL - 0.9, 1.25), aspect="equal")
        axes.axis("off")
        _table(axes, 0.0, weights, sources, targets, "forward: W2")
        _table(axes, second, weights.T, targets, sources, "backward: W2.T")
        _frame(axes, (0.0, -rows * CELL), CELL, rows * CELL, BLUE, "-")
        _frame(axes, (0.0, -CELL), columns * CELL, CELL, VERMILION, "--")
        _frame(axes, (second, -columns * CELL), CELL, columns * CELL, VERMILION, "--")
        down = -max(rows, columns) * CELL - 0.5
        into, out_of = targets[0], sources[0]
        axes.text(-0.6, down, f"blue, whole: what leads into {into}", fontsize=10, color=BLUE)
        axes.text(second - 1.1, down, f"red, dashed: what leads out of {out_of}", fontsize=10, color=VERMILION)
    return Picture(
        figure,
        f"W2, {rows} rows by {columns} columns, and W2.T, {columns} by {rows}, with the same numbers. The first column "
        f"of W2 holds the weights into {into}: {_listed(weights[:, 0])}. Its first row, which is the first column of "
        f"W2.T, those out of {out_of}: {_listed(weights[0])}.",
    )


def _table(axes, left: float, values: np.ndarray, rows: Sequence[str], columns: Sequence[str], title: str) -> None:
    """Numbers in cells, with the names of their rows and columns, under a title."""
    axes.text(left, 0.8, title, fontsize=11.5, weight="bold", color=INK)
    for column, name in enumerate(columns):
        axes.text(left + (column + 0.5) * CELL, 0.22, f"to {name}", ha="center", fontsize=9.5, color=MUTED)
    for row, name in enumerate(rows):
        axes.text(left - 0.15, -(row + 0.5) * CELL, f"from {name}", ha="right", va="center", fontsize=9.5, color=MUTED)
    for (row, column), value in np.ndenumerate(values):
        place = (left + (column + 0.5) * CELL, -(row + 0.5) * CELL)
        axes.text(*place, _say(value), ha="center", va="center", fontsize=12, color=INK)


def _frame(axes, corner: tuple[float, float], width: float, height: float, colour: str, dash: str) -> None:
    look = {"facecolor": "none", "edgecolor": colour, "linewidth": 2.4, "linestyle": dash}
    inset = 0.05 if dash == "--" else 0.0  # so that two frames around one cell can be told apart
    corner = corner[0] + inset, corner[1] + inset
    axes.add_patch(Rectangle(corner, width - 2 * inset, height - 2 * inset, **look))


def _say(value: float) -> str:
    """A number with at most four decimals and no idle zeros, with a proper minus sign."""
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".").replace("-", "−")


def _bracketed(value: float) -> str:
    return f"({_say(value)})" if round(value, 4) < 0 else _say(value)


def _listed(values: np.ndarray) -> str:
    return ", ".join(map(_say, values))
