"""The loss against one number, with the steps that gradient descent takes, and against two, in every direction."""

from collections.abc import Callable

import numpy as np

from helpers.errors import ReaderValueError
from helpers.plots.style import BLUE, INK, MUTED, ORANGE, VERMILION, Picture, new_figure, styled

NUDGE = 0.01  # to either side, to measure a slope: small beside the curve, large beside the rounding of float32
POINTS = 201  # of the curve
MOST_STEPS = 50  # drawn; more would only cover each other
ACROSS = 25  # numbers along each side of a landscape
ARROW = 1.5  # how long a direction is drawn


class Valley:
    """A curve of the loss against one number, computed once, on which steps are drawn.

    loss_of: a function from the number to the loss, which must stay the same: of no weights that are trained later.
    low, high: how far the number is drawn. name: of the number.
    Taught in notebooks/01_one_layer.ipynb, "The loss against one number".
    """

    def __init__(self, loss_of: Callable[[float], float], *, low: float = -6, high: float = 4, name: str = "number"):
        if not low < high:
            raise ReaderValueError(f"A valley is drawn from low to a higher number; got low={low:g}, high={high:g}.")
        self.loss_of, self.name = loss_of, name
        self.numbers = np.linspace(low, high, POINTS)
        self.losses = np.array([float(loss_of(number)) for number in self.numbers])

    def slope(self, number: float) -> float:
        """How fast the loss changes at this number: measured by a nudge to either side."""
        return (float(self.loss_of(number + NUDGE)) - float(self.loss_of(number - NUDGE))) / (2 * NUDGE)

    def descend(self, start: float, learning_rate: float, steps: int) -> list[float]:
        """The numbers that gradient descent visits, the start first: each is the last minus rate times slope."""
        visited = [float(start)]
        for _ in range(steps):
            visited.append(visited[-1] - learning_rate * self.slope(visited[-1]))
        return visited

    def picture(self, *, learning_rate: float, steps: int, start: float) -> Picture:
        """The valley, the steps taken so far, the tangent where they have come to, and where the next one leads."""
        visited = self.descend(start, learning_rate, min(int(steps), MOST_STEPS))
        here, slope = visited[-1], self.slope(visited[-1])
        loss, following = float(self.loss_of(here)), here - learning_rate * slope
        figure = new_figure(7.6, 3.4)
        with styled():
            axes = figure.add_subplot()
            axes.plot(self.numbers, self.losses, color=BLUE, linewidth=2)
            self._draw_way(axes, visited)
            self._draw_next(axes, here, loss, slope, following)
            low, high = self.losses.min(), self.losses.max()
            axes.set(xlim=self.numbers[[0, -1]], ylim=(low - 0.12 * (high - low), high + 0.04 * (high - low)))
            axes.set(xlabel=self.name, ylabel="loss of the batch")
            axes.set_title(f"rate {learning_rate:g}, {_steps(len(visited) - 1)}", fontsize=10)
        words = (
            f"After {_steps(len(visited) - 1)} at rate {learning_rate:g} the {self.name} is {here:.3g}, "
            f"the loss {loss:.4f}, the slope {_signed(slope)}: the next step leads to {following:.3g}."
        )
        return Picture(figure, words)

    def _draw_way(self, axes, visited: list[float]) -> None:
        """The places visited, joined in their order; those off the picture are left out."""
        losses = [float(self.loss_of(number)) for number in visited]
        axes.plot(visited, losses, "o--", color=MUTED, linewidth=1, markersize=5, markerfacecolor="white")

    def _draw_next(self, axes, here: float, loss: float, slope: float, following: float) -> None:
        """The tangent at the present place, and an arrow as long as the next step."""
        low, high = self.numbers[[0, -1]]
        if not low <= here <= high:
            side = "left" if here < low else "right"
            look = {"transform": axes.transAxes, "ha": side, "color": VERMILION, "fontsize": 10}
            axes.text(0.02 if side == "left" else 0.98, 0.9, f"off the picture: at {here:.3g}", **look)
            return
        reach = 0.14 * (high - low)
        ends = np.array([here - reach, here + reach])
        axes.plot(ends, loss + slope * (ends - here), color=ORANGE, linewidth=2.5, solid_capstyle="round")
        floor = self.losses.min() - 0.06 * np.ptp(self.losses)
        head = {"arrowstyle": "->", "color": VERMILION, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (float(np.clip(following, low, high)), floor), (here, floor), arrowprops=head)
        axes.plot([here, here], [floor, loss], color=VERMILION, linewidth=0.8, linestyle=":")
        axes.plot([here], [loss], "o", color=VERMILION, markersize=9)
        axes.annotate(
            f"slope {_signed(slope)}", (here, loss), (-8, 10), textcoords="offset points", ha="right", color=INK
        )


class Landscape:
    """The loss against two numbers, computed once, on which one may turn at a place and measure every direction.

    loss_of: a function from the two numbers to the loss. place: where one stands. names: of the two numbers. low, high:
    how far each is drawn. Directions are in degrees: 0 makes the first number larger, 90 the second.
    Taught in notebooks/01_one_layer.ipynb, "The loss against two numbers".
    """

    def __init__(
        self,
        loss_of: Callable[[float, float], float],
        *,
        place: tuple[float, float],
        names: tuple[str, str],
        low: float = -4,
        high: float = 4,
    ):
        self.loss_of, self.place, self.names, self.ends = loss_of, np.array(place, float), names, (low, high)
        self.numbers = np.linspace(low, high, ACROSS)
        self.losses = np.array([[float(loss_of(one, other)) for one in self.numbers] for other in self.numbers])
        self.directions = np.arange(0, 361, 5)
        self.all_slopes = np.array([self.slope(float(direction)) for direction in self.directions])

    def slope(self, direction: float) -> float:
        """How fast the loss changes in this direction, for each unit of the way: measured by a nudge to either side."""
        nudge = NUDGE * unit(direction)
        ahead, behind = (float(self.loss_of(*(self.place + side * nudge))) for side in (1, -1))
        return (ahead - behind) / (2 * NUDGE)

    def picture(self, *, direction: float) -> Picture:
        """Lines of equal loss with an arrow in this direction, and beside them the slope in every direction."""
        slope = self.slope(direction)
        figure = new_figure(8.6, 3.6)
        with styled():
            above, curve = figure.subplots(1, 2, width_ratios=(1, 1.15))
            lines = above.contour(self.numbers, self.numbers, self.losses, levels=8, colors=MUTED, linewidths=0.8)
            above.clabel(lines, fontsize=8)
            head = {"arrowstyle": "-|>", "color": VERMILION, "linewidth": 2.5, "shrinkA": 0, "shrinkB": 0}
            above.annotate("", self.place + ARROW * unit(direction), self.place, arrowprops=head)
            above.plot(*self.place, "o", color=VERMILION, markersize=9)
            above.set(xlim=self.ends, ylim=self.ends, aspect="equal", xlabel=self.names[0], ylabel=self.names[1])
            above.set_title("loss of the batch", fontsize=10)
            above.grid(False)
            curve.axhline(0, color=MUTED, linewidth=0.8)
            curve.plot(self.directions, self.all_slopes, color=BLUE, linewidth=2)
            curve.plot([direction], [slope], "o", color=VERMILION, markersize=9)
            curve.set(xlim=(0, 360), xticks=range(0, 361, 45), xlabel="direction, in degrees")
            curve.set_title(f"slope in this direction: {_signed(slope)}", fontsize=10)
        return Picture(
            figure,
            f"At {_where(self.names, self.place)}: in direction {direction:g} the slope of the loss is "
            f"{_signed(slope)}. Over all directions it reaches from {_signed(self.all_slopes.min())} to "
            f"{_signed(self.all_slopes.max())}.",
        )


def unit(direction: float) -> np.ndarray:
    """A step of length 1 in a direction in degrees, as two numbers."""
    return np.array([np.cos(np.radians(direction)), np.sin(np.radians(direction))])


def _where(names: tuple[str, str], place: np.ndarray) -> str:
    return " and ".join(f"{name} {number:g}" for name, number in zip(names, place, strict=True))


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _signed(slope: float) -> str:
    """A slope with its sign, and none for what rounds to zero."""
    rounded = round(slope, 3)
    return f"{rounded:+.3f}" if rounded else "0.000"
