"""A valley over two numbers, steep across and gentle along, and the way that an optimiser takes through it."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf
from matplotlib.ticker import FuncFormatter

from helpers import optimisers
from helpers.plots.style import BLUE, DASHES, INK, MUTED, RUNS, VERMILION, Picture, new_figure, styled

CURVATURES = np.array([1.0, 25.0])  # along and across: a rate that is right for the one is far off for the other
START = np.array([-4.0, 1.0])
TURN = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)  # by 45 degrees
RUN = 100  # steps of the whole run, over which the rate falls
NOISE = 2.0  # spread of what one batch's slope is off by, where batches are drawn
ALONG, ACROSS = (-5.0, 2.0), (-1.7, 1.7)  # what is drawn
ASKEW = (-4.7, 1.9)  # the same of the turned valley, of either number
FLOOR = 1e-6  # of the axis of losses
OPTIMISERS: dict[str, optimisers.Optimiser] = {
    "plain descent": optimisers.SGD(),
    "momentum 0.5": optimisers.SGD(momentum=0.5),
    "momentum 0.9": optimisers.SGD(momentum=0.9),
    "Adam": optimisers.Adam(),
}
SCHEDULES = {"constant": optimisers.CONSTANT, "falls to 0": optimisers.LINEAR_TO_ZERO}
SLOPES = ("of the whole valley", "of one batch each")


def loss(place: np.ndarray, *, askew: bool = False) -> np.ndarray:
    """The height of the valley at places [..., 2]. askew: the valley is turned by 45 degrees."""
    return np.sum(CURVATURES * (place @ TURN if askew else place) ** 2, axis=-1) / 2


def descend(
    optimiser: str, learning_rate: float, schedule: str, slopes: str, *, askew: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """The places that an optimiser of the lessons visits in a whole run, and the slope it saw at each, [RUN + 1, 2].

    askew: the valley is turned by 45 degrees, and the start with it.
    """
    turn = TURN if askew else np.eye(2)
    bend, start = turn @ np.diag(CURVATURES) @ turn.T, turn @ START
    chosen, variable = OPTIMISERS[optimiser], tf.Variable(start, dtype=tf.float64)
    slots, random = chosen.slots(variable), np.random.default_rng(1)
    places, seen = [start], []
    for step in range(RUN + 1):
        slope = bend @ places[-1]
        if slopes == SLOPES[1]:
            slope = slope + NOISE * random.normal(size=2)
        seen.append(slope)
        rate = learning_rate * SCHEDULES[schedule].factor(step / RUN)
        chosen.update(variable, tf.constant(slope), slots, tf.constant(rate, tf.float64), tf.constant(step + 1))
        places.append(variable.numpy())
    return np.array(places[:-1]), np.array(seen)


def picture(*, optimiser: str, learning_rate: float, rate: str, slopes: str, steps: int) -> Picture:
    """The way so far from above, with the slope and the next step, and the loss of the whole run beside it.

    optimiser, rate, slopes: as in OPTIMISERS, SCHEDULES, SLOPES. steps: how many are taken, up to RUN.
    Taught in notebooks/06_deeper_and_wider.ipynb, "What a step can be".
    """
    with np.errstate(over="ignore", invalid="ignore"):
        places, seen = descend(optimiser, learning_rate, rate, slopes)
        losses = np.nan_to_num(loss(places), nan=np.inf)
    drawn = np.clip(losses, FLOOR, 1e6)  # beyond the axis is beyond it
    figure = new_figure(8.6, 3.3)
    with styled():
        above, curve = figure.subplots(1, 2, width_ratios=(1.75, 1))
        _draw_valley(above, places[: steps + 1], seen[steps], places[min(steps + 1, RUN)])
        above.set_title(f"{optimiser}, rate {learning_rate:g}, after {_steps(steps)}", fontsize=10)
        curve.plot(drawn, color=MUTED, linewidth=1, linestyle=":")
        curve.plot(drawn[: steps + 1], color=BLUE, linewidth=2)
        curve.plot([steps], [min(drawn[steps], 1e3)], "o", color=VERMILION, markersize=8)
        curve.set(yscale="log", ylim=(FLOOR, 1e3), xlim=(0, RUN), xlabel="step")
        curve.minorticks_off()
        curve.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        curve.set_title("loss (logarithmic)", fontsize=10)
    here = f"{places[steps][0]:.3g} along and {places[steps][1]:.3g} across"
    return Picture(
        figure,
        f"{optimiser}, rate {learning_rate:g}, {rate}, slopes {slopes}. After {_steps(steps)} it is at {here}, the "
        f"loss {losses[steps]:.3g}; after {RUN} steps the loss is {losses[-1]:.3g}.",
    )


def ways(rates: Mapping[str, float], *, steps: int) -> Picture:
    """The first steps of several optimisers through the valley, and through the same valley turned by 45 degrees.

    rates: a learning rate for each name in OPTIMISERS. steps: up to RUN.
    Taught in notebooks/06_deeper_and_wider.ipynb, "What a step can be".
    """
    figure, said = new_figure(8.6, 3.9), []
    with styled():
        panels = figure.subplots(1, 2, width_ratios=(1.2, 1))
        for askew, axes in zip((False, True), panels, strict=True):
            ends = []
            _draw_contours(axes, *((ASKEW, ASKEW) if askew else (ALONG, ACROSS)), askew=askew)
            for (name, rate), colour, dash, marker in zip(rates.items(), RUNS, DASHES, "osD^", strict=False):
                way = descend(name, rate, "constant", SLOPES[0], askew=askew)[0][: steps + 1]
                label = f"{name}, rate {rate:g}"
                look = {"color": colour, "linestyle": dash, "marker": marker}
                axes.plot(*way.T, **look, linewidth=1.3, markersize=3.5, label=label)
                ends.append(f"{name} to a loss of {loss(way[-1], askew=askew):.2g}")
            title = "turned by 45°" if askew else "along the axes"
            axes.set_title(title, fontsize=10)
            said.append(f"{title}, after {_steps(steps)}: {', '.join(ends)}")
        looks = panels[0].get_legend_handles_labels()
        figure.legend(*looks, loc="outside lower center", ncols=len(rates), frameon=False)
    return Picture(figure, f"Ways through a valley. {'; '.join(said)}.")


def _draw_contours(
    axes, horizontal: tuple[float, float], vertical: tuple[float, float], *, askew: bool = False
) -> None:
    u, v = np.meshgrid(np.linspace(*horizontal, 140), np.linspace(*vertical, 140))
    height = loss(np.stack([u, v], axis=-1), askew=askew)
    axes.contour(u, v, height, levels=[0.05, 0.3, 1, 2.5, 5, 9, 15, 25], colors=MUTED, linewidths=0.7)
    axes.plot(0, 0, "+", color=INK, markersize=12, mew=2)
    axes.set(xlim=horizontal, ylim=vertical, aspect="equal", xlabel="one number", ylabel="the other")
    axes.grid(False)


def _draw_valley(axes, way: np.ndarray, slope: np.ndarray, following: np.ndarray) -> None:
    _draw_contours(axes, ALONG, ACROSS)
    inside = np.nan_to_num(np.clip(way, -50, 50))
    axes.plot(*inside.T, "o-", color=BLUE, linewidth=1.3, markersize=3.5)
    here = inside[-1]
    axes.plot(*here, "o", color=VERMILION, markersize=9, zorder=5)
    arrow = {"arrowstyle": "->", "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
    if np.abs(here).max() < 5 and np.linalg.norm(slope) > 0:
        downhill = here - 0.9 * slope / np.linalg.norm(slope)
        axes.annotate("", downhill, here, arrowprops=arrow | {"color": MUTED, "linestyle": "--"})
        axes.annotate(
            "", np.clip(following, -50, 50), here, arrowprops=arrow | {"color": VERMILION}, annotation_clip=False
        )
    axes.set(xlabel="along the valley", ylabel="across it")
    if np.abs(here).max() >= 5:
        axes.text(0.5, 0.5, "off the picture", transform=axes.transAxes, ha="center", color=VERMILION, fontsize=12)


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"
