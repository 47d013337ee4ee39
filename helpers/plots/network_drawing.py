"""A network drawn whole: its units lit up by one image, and how long the gradients are on the way back."""

from collections.abc import Sequence

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap

from helpers.plots.style import INK, MUTED, PAPER, VERMILION, Picture, new_figure, styled

SHOWN = 10  # units of a wider column that are drawn; three dots stand for the rest
WIDTH, PITCH = 8.6, 0.235  # inches: of the picture, and from one unit to the next
TOP, MIDDLE = 0.55, 0.55 + 5 * PITCH  # inches from the top: of the first unit, and of the column's middle
COLUMNS = (1.8, 7.75)  # inches from the left: the first and the last column
LIGHT = LinearSegmentedColormap.from_list("light", [PAPER, "#7fb3d5", "#06395c"])  # darker is more, also in grey
SMALLEST = 1e-4  # a gradient this short is a thin line; each factor of ten makes the arrow THICKER points thicker
THICKER = 2.4


def lit_up(
    image: np.ndarray,
    layers: Sequence[np.ndarray],
    gradient_norms: Sequence[float] = (),
    *,
    off: Sequence[np.ndarray] = (),
) -> Picture:
    """A dense network for one image: units the darker the more they put out, probabilities at the end.

    image: pixels from 0 to 1, square, of any shape. layers: what every layer puts out for it, the logits last, each of
    shape [units] or [1, units], as `networks.Network.layers` gives them for one image. A unit's shade runs from 0 to 1,
    or to the largest of its column where that is more. gradient_norms: the length of the gradient of each layer's
    weights, drawn as arrows on the way back, their thickness on a logarithmic scale. off: which units of each hidden
    layer dropout has switched off, bool [units] each: they are crossed out, and nothing is joined to them.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "The way back, drawn".
    """
    pixels = np.asarray(image, float).ravel()
    hidden = [np.asarray(layer, float).ravel() for layer in layers]
    probabilities = _softmax(hidden.pop())
    columns = [pixels, *hidden, probabilities]
    places = np.linspace(*COLUMNS, len(columns))
    height = TOP + SHOWN * PITCH + (1.2 if len(gradient_norms) else 0.45)
    figure = new_figure(WIDTH, height, layout="none")
    with styled():
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        axes.axis("off")
        _draw_image(axes, pixels)
        rows = [_rows(len(values)) for values in columns]
        hidden_off = [which[_chosen(len(which))] for which in off]
        on = (
            [rows[0], *(row[~which] for row, which in zip(rows[1:], hidden_off, strict=False)), rows[-1]]
            if off
            else rows
        )
        for place in range(len(columns) - 1):
            ends = [((places[place], a), (places[place + 1], b)) for a in on[place] for b in on[place + 1]]
            axes.add_collection(LineCollection(ends, colors=MUTED, linewidths=0.35, alpha=0.35, zorder=1))
        for number, (values, place, row) in enumerate(zip(columns, places, rows, strict=True)):
            _draw_column(axes, values, place, row, _name(number, len(columns)))
        for place, row, which in zip(places[1:], rows[1:], hidden_off, strict=False):
            axes.plot(np.full(which.sum(), place), row[which], "x", color=VERMILION, markersize=8, zorder=4)
        _draw_answer(axes, probabilities, rows[-1])
        if len(gradient_norms):
            _draw_way_back(axes, gradient_norms, places, height - 0.6)
    return Picture(figure, _words(columns, gradient_norms, off))


def _draw_image(axes, pixels: np.ndarray) -> None:
    side = round(len(pixels) ** 0.5)
    reach = 0.5  # inches, half of the image's side
    extent = (0.15, 0.15 + 2 * reach, MIDDLE + reach, MIDDLE - reach)
    axes.imshow(pixels.reshape(side, side), cmap=LIGHT, vmin=0, vmax=1, extent=extent, aspect="auto")
    axes.set(xlim=(0, WIDTH), ylim=axes.figure.get_figheight() * np.array([1, 0]))
    axes.annotate(
        "", (COLUMNS[0] - 0.2, MIDDLE), (0.2 + 2 * reach, MIDDLE), arrowprops={"arrowstyle": "->", "color": MUTED}
    )
    look = {"cmap": LIGHT, "vmin": 0, "vmax": 1, "edgecolors": INK, "linewidths": 0.7}
    below = MIDDLE + reach + 0.3
    axes.scatter([0.3, 0.65, 1.0], [below] * 3, s=60, c=[0, 0.5, 1], **look)
    for place, value in ((0.3, "0"), (0.65, "½"), (1.0, "1")):
        axes.text(place, below + 0.27, value, ha="center", fontsize=9, color=MUTED)


def _draw_column(axes, values: np.ndarray, place: float, rows: np.ndarray, name: str) -> None:
    shade = np.nan_to_num(values[_chosen(len(values))]) / max(1.0, float(np.nanmax(values)))
    look = {"cmap": LIGHT, "vmin": 0, "vmax": 1, "edgecolors": INK, "linewidths": 0.7, "zorder": 3}
    axes.scatter(np.full(len(rows), place), rows, s=140, c=shade, **look)
    axes.text(place, TOP - 0.25, name, ha="center", fontsize=10)
    words = f"{len(values)} units" if name.startswith("layer") else f"{len(values)}"
    if len(values) > SHOWN:
        axes.text(place, MIDDLE, "⋮", ha="center", va="center", fontsize=13, color=INK, zorder=3)
    axes.text(place, TOP + SHOWN * PITCH + 0.26, words, ha="center", fontsize=10, color=MUTED)


def _draw_answer(axes, probabilities: np.ndarray, rows: np.ndarray) -> None:
    for output, row in zip(_chosen(len(probabilities)), rows, strict=True):
        sure = probabilities[output]
        words = f"{output}" + (f"   {sure:.0%}" if sure >= 0.005 else "")
        axes.text(COLUMNS[1] + 0.17, row, words, va="center", fontsize=9, weight="bold" if sure > 0.5 else "normal")


def _draw_way_back(axes, norms: Sequence[float], places: np.ndarray, down: float) -> None:
    words = "the way back:\nlength of each layer's\ngradient (thickness:\nlogarithm of it)"
    axes.text(0.15, down + 0.08, words, va="center", fontsize=8.5, color=VERMILION)
    for layer, norm in enumerate(norms):
        left, right = places[layer] + 0.12, places[layer + 1] - 0.12
        finite = norm if np.isfinite(norm) and norm > 0 else SMALLEST
        thickness = float(np.clip(1 + THICKER * np.log10(finite / SMALLEST), 0.8, 13))
        axes.plot([right, left + 0.12], [down, down], color=VERMILION, linewidth=thickness, solid_capstyle="butt")
        head = {"marker": "<", "color": VERMILION, "markersize": 5 + thickness}
        axes.plot([left + 0.06], [down], **head)
        axes.text((left + right) / 2, down + 0.32, f"W{layer + 1}: {norm:.2g}", ha="center", fontsize=9)


def _name(number: int, count: int) -> str:
    return "pixels" if number == 0 else "digits" if number == count - 1 else f"layer {number}"


def _chosen(width: int) -> np.ndarray:
    """Which units of a column are drawn: all of them, or some evenly from the first to the last."""
    return np.arange(width) if width <= SHOWN else np.linspace(0, width - 1, SHOWN).round().astype(int)


def _rows(width: int) -> np.ndarray:
    """How far down each drawn unit stands, in inches; a wider column has a gap in the middle for its dots."""
    if width <= SHOWN:
        return MIDDLE + PITCH * (np.arange(width) - (width - 1) / 2)
    rows = MIDDLE + PITCH * (np.arange(SHOWN) - (SHOWN - 1) / 2)
    return rows + np.where(rows < MIDDLE, -PITCH / 2, PITCH / 2)


def _softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.sum()


def _words(columns: Sequence[np.ndarray], norms: Sequence[float], off: Sequence[np.ndarray] = ()) -> str:
    sizes = "-".join(str(len(values)) for values in columns)
    said = [f"A network {sizes}, lit up by one image."]
    for number, values in enumerate(columns[1:-1], start=1):
        low, high = np.percentile(values, [25, 75])
        said.append(f"Layer {number}: the middle half of its {len(values)} units puts out {low:.2f} to {high:.2f}.")
    if len(off):
        said.append(f"Switched off, by layer: {', '.join(f'{which.sum()} of {len(which)}' for which in off)}.")
    answer = int(columns[-1].argmax())
    said.append(f"It says {answer}, with probability {columns[-1][answer]:.2f}.")
    if len(norms):
        back = ", ".join(f"{norm:.2g}" for norm in reversed(list(norms)))
        said.append(f"Length of the gradient on the way back, layers {len(norms)} to 1: {back}.")
    return " ".join(said)
