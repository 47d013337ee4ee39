"""Pictures of the plane: its points, what features and networks make of it, and how often a design succeeds."""

from collections.abc import Mapping

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.ticker import PercentFormatter

from helpers import toy_data
from helpers.plots.style import BLUE, INK, MUTED, ORANGE, VERMILION, Picture, new_figure, styled
from helpers.small_networks import SUCCESS, SmallNetworks, Trials
from helpers.toy_data import REACH, Plane

SIDE = 100  # points of a map each way
EXTENT = (-REACH, REACH, -REACH, REACH)
ROUND, SQUARE = {"marker": "o", "color": BLUE}, {"marker": "s", "color": ORANGE}  # points of kind 1 and kind −1
_ALONG = (np.arange(SIDE) + 0.5) / SIDE * 2 * REACH - REACH
GRID = np.stack(np.meshgrid(_ALONG, _ALONG[::-1]), axis=-1).reshape(-1, 2)  # the plane row by row, from the top


def _shades() -> np.ndarray:
    """256 colours from orange for −1 over white for 0 to blue for 1, pale enough for points to stand out."""
    share = np.linspace(-1, 1, 256)[:, None]
    ends = np.where(share < 0, to_rgb(ORANGE), to_rgb(BLUE))
    return (255 * (1 + np.abs(share) * 0.8 * (ends - 1))).astype(np.uint8)


SHADES = _shades()


def coloured(values: np.ndarray) -> np.ndarray:
    """Values as colours, uint8 [..., 3]: orange for −1, white for 0, blue for 1, what lies beyond like the ends."""
    return SHADES[(np.clip(values, -1, 1) * 127.5 + 127.5).astype(np.uint8)]


def with_boundary(values: np.ndarray) -> np.ndarray:
    """A map [rows, columns] as colours, uint8 [rows, columns, 3], with a dark line where its sign changes."""
    image, positive = coloured(values), values > 0
    edge = np.zeros(values.shape, bool)
    edge[:-1] |= positive[:-1] != positive[1:]
    edge[:, :-1] |= positive[:, :-1] != positive[:, 1:]
    image[edge] = tuple(round(255 * part) for part in to_rgb(INK))
    return image


def outputs(networks: SmallNetworks) -> np.ndarray:
    """What the networks put out over the whole plane, one map for each of the stack: shape [seeds, SIDE, SIDE]."""
    x = toy_data.features(GRID, networks.design.features).astype(networks.values.dtype)
    return networks.forward(x)[-1].reshape(-1, SIDE, SIDE)


def points(plane: Plane) -> Picture:
    """The points of a plane: round for one kind, square for the other; filled to learn from, hollow to test with.

    Taught in notebooks/05_why_depth.ipynb, "The spiral".
    """
    figure = new_figure(7.4, 4.6)
    with styled():
        axes = figure.add_subplot()
        for part, name, hollow in ((plane.train, "to learn from", False), (plane.test, "to test with", True)):
            for kind, look in ((1, ROUND), (-1, SQUARE)):
                chosen = part.x[part.y == kind]
                face = "none" if hollow else look["color"]
                axes.plot(
                    *chosen.T,
                    linestyle="",
                    markersize=4,
                    mfc=face,
                    label=f"kind {kind:+d}, {name}".replace("-", "−"),
                    **look,
                )
        axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", xlabel="x1", ylabel="x2")
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=10, frameon=False)
    return Picture(
        figure,
        f"{plane}. Points of kind +1 are round and blue, those of kind −1 square and orange; filled ones are to learn "
        f"from, hollow ones to test with.",
    )


def features() -> Picture:
    """The seven features as maps of the plane, each from its lowest value, orange, to its highest, blue.

    Taught in notebooks/05_why_depth.ipynb, "Eight neurons with something better to look at".
    """
    values = toy_data.features(GRID, tuple(toy_data.FEATURES)).T.reshape(-1, SIDE, SIDE)
    figure = new_figure(8.6, 4.6)
    with styled():
        every = list(figure.subplots(2, 4).flat)
        for axes, name, value in zip(every, toy_data.FEATURES, values, strict=False):
            _map(axes, with_boundary(value / np.abs(value).max()), name)
        every[-1].axis("off")  # seven maps in two rows of four
    return Picture(
        figure,
        "The seven features as maps of the plane: x1 and x2 are slopes, their squares valleys, x1x2 a saddle, the "
        "two sines waves.",
    )


def ten(trials: Trials) -> Picture:
    """What ten networks of one design make of the plane, each with its test accuracy and its training points.

    Taught in notebooks/05_why_depth.ipynb, "Eight neurons".
    """
    figure = new_figure(8.6, 3.9)
    with styled():
        every = zip(figure.subplots(2, 5).flat, outputs(trials.networks), trials.planes, strict=True)
        for (axes, value, plane), accuracy, seed in zip(every, trials.test_accuracy, trials.seeds, strict=True):
            mark = "✓" if accuracy >= SUCCESS else "✗"
            _map(axes, with_boundary(value), f"{mark} {accuracy:.1%}, seed {seed}")
            for kind, look in ((1, ROUND), (-1, SQUARE)):
                axes.plot(*plane.train.x[plane.train.y == kind].T, linestyle="", markersize=1.2, **look)
    return Picture(figure, f"Ten maps. {trials!r} A dark line is where a network changes its mind.")


def success(trials: Mapping[str, Trials]) -> Picture:
    """The test accuracy of every network of several designs, and how many of them reach 95%. trials: by name.

    Taught in notebooks/05_why_depth.ipynb, "A fair comparison".
    """
    figure = new_figure(8.6, 0.9 + 0.5 * len(trials))
    with styled():
        axes = figure.add_subplot()
        axes.axvline(SUCCESS, color=MUTED, linestyle="--", linewidth=1.5)
        for row, each in enumerate(trials.values()):
            heights = row + np.linspace(-0.22, 0.22, len(each.seeds))  # so that equal ones do not hide one another
            reached = each.test_accuracy >= SUCCESS
            axes.plot(each.test_accuracy[reached], heights[reached], "o", color=BLUE, markersize=6)
            axes.plot(each.test_accuracy[~reached], heights[~reached], "x", color=VERMILION, markersize=6, mew=1.8)
            axes.text(1.015, row, f"{each.reached} of {len(each.seeds)}", va="center", fontsize=11)
        axes.set_yticks(range(len(trials)), trials, fontsize=10)
        lowest = min(each.test_accuracy.min() for each in trials.values())
        axes.set(
            xlim=(np.floor(10 * lowest) / 10, 1.01),
            ylim=(len(trials) - 0.5, -0.5),
            xlabel="test accuracy of each network",
        )
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_title(f"which networks reach {SUCCESS:.0%} (round, right of the dashed line)", fontsize=10)
    said = (f"{name}: {each.reached} of {len(each.seeds)}" for name, each in trials.items())
    return Picture(figure, f"How many networks reach {SUCCESS:.0%} on their test points. {'; '.join(said)}.")


def by_rate(shapes: Mapping[str, Mapping[float, Trials]]) -> Picture:
    """The test accuracy of every network of several shapes, a column of points for each learning rate.

    shapes: by name, what `small_networks.try_rates` gave. Above each column stands how many of its networks reach 95%.
    Taught in notebooks/05_why_depth.ipynb, "A fair comparison".
    """
    figure = new_figure(8.6, 3.4)
    with styled():
        panels = figure.subplots(1, len(shapes), sharey=True, squeeze=False)[0]
        for axes, (name, trials) in zip(panels, shapes.items(), strict=True):
            axes.axhline(SUCCESS, color=MUTED, linestyle="--", linewidth=1.2)
            for column, each in enumerate(trials.values()):
                places = column + np.linspace(
                    -0.28, 0.28, len(each.seeds)
                )  # so that equal ones do not hide one another
                reached = each.test_accuracy >= SUCCESS
                axes.plot(places[reached], each.test_accuracy[reached], "o", color=BLUE, markersize=4)
                axes.plot(places[~reached], each.test_accuracy[~reached], "x", color=VERMILION, markersize=4, mew=1.2)
                weight = "bold" if each.reached == max(other.reached for other in trials.values()) else "normal"
                axes.text(column, 1.035, f"{each.reached}", ha="center", fontsize=10, weight=weight)
            axes.set_xticks(range(len(trials)), [f"{rate:g}".removeprefix("0") for rate in trials], fontsize=9)
            axes.set(ylim=(0.45, 1.09), xlim=(-0.6, len(trials) - 0.4))
            axes.set_title(name, fontsize=10)
            axes.set_xlabel("learning rate")
        panels[0].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        panels[0].set_ylabel("test accuracy of each network")
    said = (
        f"{name}: "
        + ", ".join(f"{each.reached} of {len(each.seeds)} at rate {rate:g}" for rate, each in trials.items())
        for name, trials in shapes.items()
    )
    return Picture(figure, f"How many networks reach {SUCCESS:.0%} on their test points. {'; '.join(said)}.")


def _map(axes, image: np.ndarray, title: str) -> None:
    axes.imshow(image, extent=EXTENT)
    axes.set_title(title, fontsize=10)
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
