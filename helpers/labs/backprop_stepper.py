"""Backpropagation one number at a time: a network of 2, 3 and 2 units whose every number shows how it came about."""

from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.patches import Circle

from helpers.labs.controls import answering, button, columns, row, show_controls
from helpers.labs.explorers import Explorer
from helpers.plots.style import BLUE, FAINT, INK, MUTED, ORANGE, PAPER, SHADE, VERMILION, Picture, new_figure, styled
from helpers.widgets.number_slider import NumberSlider, even
from helpers.widgets.unfold import Unfold

# Round numbers, chosen so that the second hidden unit is off; the goal says: the first of two classes.
START: dict[str, Any] = {
    "x": (0.8, 0.4),
    "W1": ((0.5, -0.6, 0.9), (0.5, 0.3, -0.7)),
    "W2": ((0.7, -0.3), (0.4, 0.5), (-0.2, 0.8)),
    "goal": (1.0, 0.0),
    "rate": 0.5,
}
COLUMNS = (0.0, 4.0, 8.0)  # where the layers stand on the drawing
HEIGHTS = ((1.2, -1.2), (2.1, 0.0, -2.1), (1.2, -1.2))
LETTERS = "xho"
RADIUS = 0.42


@dataclass(frozen=True)
class Number:
    """One number of the forward or backward pass, and how it came about.

    name: what it is called. place: which it is, as ("sum", 1) or ("W1 delta", 0, 2), counted from 0. uses: the weights
    that it is computed with, or belongs to, as ("W1", 0, 2). expression: the numbers put in.
    """

    name: str
    place: tuple
    value: float
    expression: str
    uses: tuple = ()

    def __repr__(self):
        exact = abs(self.value - round(self.value, 4)) < 1e-9
        return f"{self.name} = {self.expression} {'=' if exact else '≈'} {say(self.value)}"


def numbers(x, W1, W2, goal, rate) -> list[Number]:
    """Every number of one training step in the order in which it can be computed, 27 of them.

    x: the 2 inputs. W1 [2, 3] and W2 [3, 2]: the weights. goal: the 2 outputs wanted. rate: the learning rate.
    Taught in notebooks/07_numpy_by_hand.ipynb, "One number at a time".
    """
    x, W1, W2, goal = (np.asarray(each, float) for each in (x, W1, W2, goal))
    made, hidden, output, output_delta, hidden_delta = [], [], [], [], []
    for j in range(3):
        total, expression, uses = _products(x, W1[:, j], [("W1", i, j) for i in range(2)])
        made.append(Number(f"sum {j + 1}", ("sum", j), total, expression, uses))
        hidden.append(max(total, 0.0))
        made.append(Number(f"h{j + 1}", ("hidden", j), hidden[j], f"relu({say(total)})"))
    for k in range(2):
        total, expression, uses = _products(hidden, W2[:, k], [("W2", j, k) for j in range(3)])
        output.append(total)
        made.append(Number(f"o{k + 1}", ("output", k), total, expression, uses))
    made.append(Number("error", ("error",), *_error(output, goal)))
    for k in range(2):
        output_delta.append(output[k] - goal[k])
        expression = f"o{k + 1} − goal = {say(output[k])} − {_signed(goal[k])}"
        made.append(Number(f"delta of o{k + 1}", ("output delta", k), output_delta[k], expression))
    for j in range(3):
        total, expression, uses = _products(output_delta, W2[j], [("W2", j, k) for k in range(2)])
        on = float(hidden[j] > 0)
        hidden_delta.append(total * on)
        expression = f"({expression}) · {on:g}"
        made.append(Number(f"delta of h{j + 1}", ("hidden delta", j), hidden_delta[j], expression, uses))
    made += _weight_deltas("W2", hidden, output_delta, "ho") + _weight_deltas("W1", x, hidden_delta, "xh")
    after = np.maximum(x @ (W1 - rate * np.outer(x, hidden_delta)), 0) @ (W2 - rate * np.outer(hidden, output_delta))
    made.append(Number("error after the step", ("error after",), *_error(after, goal)))
    return made


def _products(signals, weights, uses) -> tuple[float, str, tuple]:
    """A weighted sum, how it is written with its numbers, and the weights in it."""
    terms = " + ".join(f"{_signed(s)} · {_signed(w)}" for s, w in zip(signals, weights, strict=True))
    return float(np.dot(signals, weights)), terms, tuple(uses)


def _error(output, goal) -> tuple[float, str]:
    squares = " + ".join(f"({say(o)} − {_signed(g)})²" for o, g in zip(output, goal, strict=True))
    return float(np.sum((np.asarray(output) - goal) ** 2) / 2), f"½ ({squares})"


def _weight_deltas(name: str, signals, deltas, letters: str) -> list[Number]:
    """What comes in times the delta of what went out, for every weight of one layer."""
    return [
        Number(
            f"weight delta {letters[0]}{i + 1} → {letters[1]}{j + 1}",
            (f"{name} delta", i, j),
            float(signal * delta),
            f"{letters[0]}{i + 1} · delta of {letters[1]}{j + 1} = {_signed(signal)} · {_signed(delta)}",
            ((name, i, j),),
        )
        for i, signal in enumerate(signals)
        for j, delta in enumerate(deltas)
    ]


def say(value: float) -> str:
    """A number with at most four decimals and no idle zeros, with a proper minus sign."""
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".").replace("-", "−")


def _signed(value: float) -> str:
    """A number as it stands in a product: in brackets if it is negative."""
    return f"({say(value)})" if round(value, 4) < 0 else say(value)


def picture(step: int, x, W1, W2, goal, rate) -> Picture:
    """The network as it stands after `step` of the 27 numbers, the latest marked, with how it came about.

    The other arguments: as `numbers` takes them. Taught in notebooks/07_numpy_by_hand.ipynb, "One number at a time".
    """
    every = numbers(x, W1, W2, goal, rate)
    latest = every[step - 1] if step else None
    shown = {number.place: number for number in every[:step]}
    figure = new_figure(9.4, 5.72, layout="none")  # whole on a small laptop, below its controls
    with styled():
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(-0.75, 10.25), ylim=(-3.75, 2.95))
        axes.set_aspect("equal")
        axes.axis("off")
        for name, layer, weights in (("W1", 0, W1), ("W2", 1, W2)):
            for (i, j), weight in np.ndenumerate(np.asarray(weights, float)):
                _draw_weight(axes, layer, (name, i, j), weight, shown.get((f"{name} delta", i, j)), latest)
        for layer, signals in enumerate((x, [None] * 3, [None] * 2)):
            for unit, signal in enumerate(signals):
                _draw_unit(axes, layer, unit, signal, shown, latest)
        for k in range(2):
            axes.text(8.62, HEIGHTS[2][k], f"goal {say(goal[k])}", fontsize=12, color=MUTED, va="center")
        _draw_caption(axes, step, len(every), latest, shown)
    if not latest:
        return Picture(figure, "A network of 2 inputs, 3 hidden units and 2 outputs. Nothing is computed yet.")
    return Picture(figure, f"A network of 2, 3 and 2 units. Number {step} of {len(every)}: {latest!r}.")


def _draw_weight(axes, layer: int, weight_name: tuple, weight: float, delta: Number | None, latest: Number | None):
    """One line between two units with its weight and, once there is one, its delta."""
    _, i, j = weight_name
    start, end = (np.array([COLUMNS[layer + n], HEIGHTS[layer + n][unit]]) for n, unit in ((0, i), (1, j)))
    used = latest is not None and weight_name in latest.uses
    backward = latest is not None and "delta" in latest.place[0]
    colour = (VERMILION if backward else BLUE) if used else FAINT
    line = {"color": colour, "linewidth": 3 if used else 1.2, "linestyle": "--" if used and backward else "-"}
    axes.plot(*zip(start, end, strict=True), zorder=1, **line)
    # Near the side on which there are two units, where the lines are furthest apart.
    at = start + (end - start) * (0.25 if layer == 0 else 0.75)
    paper = {"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none"}
    look = {"fontsize": 11, "ha": "center", "bbox": paper, "zorder": 2, "weight": "bold" if used else "normal"}
    axes.text(*at, say(weight), color=INK, va="bottom" if delta else "center", **look)
    if delta:
        box = paper | {"edgecolor": ORANGE, "linewidth": 2} if delta is latest else paper
        look |= {"fontsize": 10, "bbox": box}
        axes.text(at[0], at[1] - 0.05, f"Δ {say(delta.value)}", color=VERMILION, va="top", **look)


def _draw_unit(axes, layer: int, unit: int, signal: float | None, shown: dict, latest: Number | None):
    """One unit: what it puts out, its sum above, and its delta below."""
    place = COLUMNS[layer], HEIGHTS[layer][unit]
    kinds = (("", "", ""), ("sum", "hidden", "hidden delta"), ("", "output", "output delta"))[layer]
    total, value, delta = (shown.get((kind, unit)) for kind in kinds)
    off = layer == 1 and value is not None and value.value == 0
    now = latest is not None and latest in (total, value, delta)
    look = {"facecolor": SHADE if off else "white", "edgecolor": ORANGE if now else INK, "hatch": "//" * off}
    axes.add_patch(Circle(place, RADIUS, linewidth=3.5 if now else 1.4, zorder=3, **look))
    out = signal if layer == 0 else value and value.value
    words = "" if out is None else say(out)
    axes.text(*place, words, fontsize=12.5 if len(words) < 6 else 10, ha="center", va="center", weight="bold", zorder=4)
    name = f"{LETTERS[layer]}{unit + 1}" + (" (off)" if off else "")
    top = f"{name}, sum {say(total.value)}" if total else name
    beside = {"ha": "center", "zorder": 4, "bbox": {"boxstyle": "round,pad=0.1", "facecolor": PAPER, "linewidth": 0}}
    axes.text(place[0], place[1] + RADIUS + 0.08, top, fontsize=10.5, color=MUTED, va="bottom", **beside)
    if delta:
        words = f"delta {say(delta.value)}"
        axes.text(place[0], place[1] - RADIUS - 0.08, words, fontsize=11, color=VERMILION, va="top", **beside)


def _draw_caption(axes, step: int, steps: int, latest: Number | None, shown: dict):
    """Which number it is and how it came about, in large letters below; the error beside the network."""
    for place, words, height in ((("error",), "error", 0.45), (("error after",), "after the step", -0.25)):
        if place in shown:
            axes.text(8.62, height, words, fontsize=10.5, color=MUTED, va="center")
            axes.text(8.62, height - 0.3, say(shown[place].value), fontsize=12.5, weight="bold", va="center")
    direction = "nothing computed yet"
    if latest:
        direction = "backward" if "delta" in latest.place[0] else "forward"
    axes.text(-0.55, -3.0, f"{step} of {steps}: {direction}", fontsize=11, color=MUTED)
    words = repr(latest) if latest else "Press Next, or move the slider “number” to the right."
    axes.text(-0.55, -3.5, words, fontsize=14 if len(words) < 64 else 12, color=INK)


def from_sliders(number: int, rate: float, **values: float) -> Picture:
    """The picture for the sliders' values: x1, goal1, and the weights by their ends, as x1h2 or h3o1."""
    return picture(number, **_arrays(values), rate=rate)


def _arrays(values: dict[str, float]) -> dict:
    return {
        "x": [values[f"x{i}"] for i in (1, 2)],
        "W1": [[values[f"x{i}h{j}"] for j in (1, 2, 3)] for i in (1, 2)],
        "W2": [[values[f"h{j}o{k}"] for k in (1, 2)] for j in (1, 2, 3)],
        "goal": [values[f"goal{k}"] for k in (1, 2)],
    }


class Stepper(Explorer):
    """The picture above under its controls: which number was computed last, inputs, weights, goals and learning rate.

    Taught in notebooks/07_numpy_by_hand.ipynb, "One number at a time".
    """

    def __init__(self, number: int = 0):
        self.columns, self.said = _sliders(), widgets.HTML()
        number_control = NumberSlider(number, range(len(numbers(**START)) + 1), description="number")
        values = {name: slider for column in self.columns for name, slider in column.items()}
        self.back = button("Back", self._on_back, icon="step-backward", tooltip="The number before")
        self.next = button(
            "Next", self._on_next, icon="step-forward", tooltip="The next number", button_style="primary"
        )
        super().__init__(from_sliders, number=number_control, **values)

    def picture(self) -> Picture:
        """The picture for the sliders' present values; its words are shown above it, to be copied or read aloud."""
        made = super().picture()
        self.said.value = made.words
        return made

    def _ipython_display_(self) -> None:
        rows = widgets.HBox([widgets.VBox([*column.values()]) for column in self.columns]).add_class("lab-thirds")
        steps = row(self.back, self.next, columns([self.controls["number"]]))
        more = Unfold(label="Inputs, goals, weights and rate")
        show_controls(widgets.VBox([steps, more, rows, self.said, self.status]), self.controls)
        self.place.show(self.picture())

    @answering
    def _on_back(self, _button) -> None:
        self._move(-1)

    @answering
    def _on_next(self, _button) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        number = self.controls["number"]
        number.value = min(max(number.value + by, 0), int(number.max))


def _sliders() -> list[dict[str, NumberSlider]]:
    """Three columns of sliders by name: the inputs, goals and rate; the weights of W1; those of W2."""

    def slider(name, value, low=-1.0):
        return NumberSlider(value, even(low, 1, 0.1), description=name)

    first = {f"x{i + 1}": slider(f"x{i + 1}", value) for i, value in enumerate(START["x"])}
    first |= {f"goal{k + 1}": slider(f"goal {k + 1}", value, 0.0) for k, value in enumerate(START["goal"])}
    made = [first | {"rate": slider("rate", START["rate"], 0.0)}]
    for name, letters in (("W1", "xh"), ("W2", "ho")):
        weights = np.ndenumerate(np.array(START[name]))
        ends = {f"{letters[0]}{i + 1} → {letters[1]}{j + 1}": value for (i, j), value in weights}
        made.append({name.replace(" → ", ""): slider(name, value) for name, value in ends.items()})
    return made
