"""Pictures of how networks start: twins among the hidden units, the first gradients, and how large a start may be."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike

from helpers.history import Measured
from helpers.plots.panels import Panel
from helpers.plots.style import BLUE, DASHES, MUTED, RUNS, VERMILION, Picture, new_figure, styled

MIDDLE = np.array([28 * row + column for row in range(9, 19) for column in range(9, 19)])  # where every digit has ink
MARKERS = "osD^v"
SMALLEST_REACH = 0.5  # of the histogram: weights that start smaller than this grow while they learn
BINS = 60
TOPS = (0.05, 0.1, 0.2, 0.5, 1.0)  # where the axis of the shares may end
ASIDE = 0.16  # how far the first and the last of several seeds stand beside their place
HEADROOM = 2.5  # times the start's highest share: training may draw the weights together


def twins(layers: Mapping[str, np.ndarray]) -> Picture:
    """The weights from the middle of the image into each hidden unit: a column a unit, so that twins make stripes.

    layers: first-layer weights [784, units] by name, drawn side by side, each on its own scale of colours.
    Taught in notebooks/04_zero_init_pitfall.ipynb, "Identical units".
    """
    figure = new_figure(1 + 2.9 * len(layers), 3.1)
    with styled():
        for place, (name, weights) in enumerate(layers.items(), start=1):
            axes = figure.add_subplot(1, len(layers), place)
            axes.set_title(name, fontsize=10)
            _twins_image(axes, weights)
            axes.set(ylabel="" if place > 1 else "a weight into it")
    said = (f"{name}: {_twins_in_words(weights)}" for name, weights in layers.items())
    return Picture(figure, f"Weights into the hidden units, a column for each unit. {'; '.join(said)}.")


def accuracy_by_scale(
    accuracies: Mapping[str, ArrayLike], starts: Sequence[str], *, lowest: float = 0.0, judged_by: Measured = "test"
) -> Picture:
    """The accuracy against the scale of the initial weights, a line for each network.

    accuracies: for each network one share for each start, NaN where the loss stopped being a number; or several rows of
    them, one for each seed: then the line is their mean, with a bar at each start, and each is a point. starts: what
    each is called. lowest: where the axis begins; results close together need a closer look. judged_by: the images,
    "test" or "validation".
    Taught in notebooks/04_zero_init_pitfall.ipynb, "How large?".
    """
    figure = new_figure(7.6, 3.2)
    places = np.arange(len(starts))
    scaled = np.array([start[0].isdigit() for start in starts])
    with styled():
        axes = figure.add_subplot()
        for number, (name, line) in enumerate(accuracies.items()):
            seeds = np.atleast_2d(np.asarray(line, float))
            measured = _mean(seeds)
            many = len(seeds) > 1
            look: dict[str, object] = {"color": RUNS[number], "linestyle": DASHES[number]}
            point: dict[str, object] = {"marker": MARKERS[number], "markersize": 6 + 4 * number * (not many)}
            point["fillstyle"] = "none" if number else "full"  # lest one hide another
            look |= {"marker": "_", "markersize": 14, "markeredgewidth": 2} if many else point
            axes.plot(places[scaled], measured[scaled], linewidth=2, **look)
            axes.plot(places[~scaled], measured[~scaled], **look | {"linestyle": "none"})  # rules have no scale
            if many:
                beside = np.linspace(-ASIDE, ASIDE, len(seeds))[:, None] + places
                axes.plot(beside.ravel(), seeds.ravel(), color=RUNS[number], linestyle="none", alpha=0.8, **point)
            axes.plot([], [], color=RUNS[number], linestyle=DASHES[number], linewidth=2, label=name, **point)
            lost = places[np.isnan(seeds).any(axis=0)]
            height = lowest - (1 - lowest) * (0.06 + 0.06 * number)
            axes.plot(lost, np.full(len(lost), height), "x", color=RUNS[number], markersize=8, markeredgewidth=2)
            if len(lost):
                axes.text(lost[-1] + 0.2, height, "NaN", color=RUNS[number], va="center", fontsize=9)
        bottom, top = lowest - (1 - lowest) * (0.03 + 0.07 * len(accuracies)), 1 + 0.03 * (1 - lowest)
        axes.set(ylim=(bottom, top), yticks=np.linspace(lowest, 1, 6 if lowest == 0 else 5))
        axes.set_xticks(places, starts)
        axes.set_xlabel("standard deviation of the initial weights, or the name of the rule")
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_title(f"{judged_by} accuracy", fontsize=10)
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=9, frameon=False)
    said = (
        f"{name}: " + ", ".join(f"{start} {_share(value)}" for start, value in zip(starts, _mean(line), strict=True))
        for name, line in accuracies.items()
    )
    return Picture(figure, f"{judged_by.capitalize()} accuracy by start. {'. '.join(said)}.")


def spread_by_layer(spreads: Mapping[str, tuple[np.ndarray, np.ndarray]], title: str) -> Picture:
    """How widely activations and gradients spread in each layer, on logarithmic scales, a line for each start.

    spreads: for each start what `layer_statistics.spreads` measured. title: of which network. A spread of 0 has no
    place on a logarithmic scale: it is left out, and said. Taught in notebooks/04_zero_init_pitfall.ipynb, "Through ten
    layers".
    """
    figure = new_figure(8.8, 3.4)
    forward, backward = zip(*spreads.values(), strict=True)
    with styled():
        places = figure.subplots(1, 2)
        for axes, name, lines in zip(places, ("activations", "gradients"), (forward, backward), strict=True):
            for number, (start, line) in enumerate(zip(spreads, lines, strict=True)):
                look: dict[str, object] = {
                    "color": RUNS[number],
                    "linestyle": DASHES[number],
                    "marker": MARKERS[number],
                }
                seen = np.where((line > 0) & np.isfinite(line), line, np.nan)
                axes.plot(np.arange(1, len(line) + 1), seen, linewidth=1.8, markersize=5, label=start, **look)
            axes.set_yscale("log")
            axes.set(xlabel="hidden layer" if lines is forward else "layer (the last one gives the logits)")
            axes.set(ylabel="standard deviation, logarithmic", xlim=(0.5, max(len(line) for line in lines) + 0.5))
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.set_title(f"spread of the {name}", fontsize=10)
        places[1].legend(title="start", loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=9, frameon=False)
        figure.suptitle(title, fontsize=10)
    said = ". ".join(
        f"{start}: activations {_way(first)}, gradients {_way(second)}" for start, (first, second) in spreads.items()
    )
    return Picture(figure, f"{title}. Spread from the first layer to the last. {said}.")


class StartPanel(Panel):
    """A run from its start on: the weights of each layer, the twins in layer 1, the first gradients of each layer.

    weights: a function returning the list of all layers' weights. norms: the length of the gradient of each layer's
    weights, by step; it may grow while the panel is on the page. moments: the two steps that it will hold.
    Taught in notebooks/04_zero_init_pitfall.ipynb, "Turn the knobs".
    """

    def __init__(
        self, weights: Callable[[], list[np.ndarray]], norms: Mapping[int, np.ndarray], moments: Sequence[int]
    ):
        self.weights, self.norms = weights, norms
        self.figure = new_figure(8.6, 2.9)
        start = weights()
        with styled():
            spread, map_, gradients = self.figure.subplots(1, 3, width_ratios=(1.1, 1, 1.2))
            self.reach = max(SMALLEST_REACH, *(np.abs(W).max() * 1.2 for W in start))
            highest = max(_shares(W, self.reach).max() for W in start)
            top = next(top for top in TOPS if top >= min(1.0, HEADROOM * highest))
            spread.set(xlim=(-self.reach, self.reach), ylim=(0, top), xlabel="weight")
            spread.set_title("share of weights, by layer", fontsize=10)
            spread.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
            self.outlines = [
                spread.plot([], [], **_look_of_layer(n), linewidth=1.8, label=f"layer {n + 1}")[0]
                for n in range(len(start))
            ]
            spread.legend(fontsize=8, frameon=False)
            map_.set_title("into the hidden units", fontsize=10)
            self.map = _twins_image(map_, start[0])
            self._prepare_gradients(gradients, len(start), moments)
        self.moving = [*self.outlines, self.map, *self.marks.values()]
        self.update()

    def _prepare_gradients(self, axes, layers: int, moments: Sequence[int]) -> None:
        axes.set_title("length of the gradient", fontsize=10)
        axes.set_yscale("symlog", linthresh=1e-8)  # so that 0, which has no logarithm, has a place too
        axes.set(xlim=(0.5, layers + 0.5), xticks=range(1, layers + 1), xlabel="layer", ylim=(-5e-9, 1e3))
        axes.set_yticks([0, 1e-8, 1e-6, 1e-4, 1e-2, 1, 100])
        self.marks = {}
        looks = ({"marker": "o", "color": BLUE, "fillstyle": "none"}, {"marker": "s", "color": VERMILION})
        for step, look in zip(moments, looks, strict=True):
            (self.marks[step],) = axes.plot([], [], linestyle="none", markersize=8, label=f"step {step}", **look)
        # In a frame: outside one its marks would pass for measured ones.
        axes.legend(fontsize=8, loc="upper right", ncols=2, borderpad=0.3, handletextpad=0.2, columnspacing=1)

    def update(self) -> None:
        """Take the present weights, and the gradients that were measured so far."""
        layers = self.weights()
        middles = (np.arange(BINS) + 0.5) * 2 * self.reach / BINS - self.reach
        for outline, W in zip(self.outlines, layers, strict=True):
            outline.set_data(middles, _shares(W, self.reach))
        self.map.set_data(_shades(layers[0]))
        said = []
        for step, norms in self.norms.items():
            self.marks[step].set_data(np.arange(1, len(norms) + 1), norms)
            said.append(f"at step {step} {', '.join(f'{norm:.2g}' for norm in norms)}")
        self.words = (
            f"Layer 1: {_twins_in_words(layers[0])}. Length of the gradient in layers 1 to {len(layers)}: "
            f"{'; '.join(said)}."
        )


def _shares(W: np.ndarray, reach: float) -> np.ndarray:
    """The share of weights in each of BINS equal pieces from −reach to reach; what lies beyond counts to the ends."""
    counts, _ = np.histogram(np.clip(W, -reach, reach), BINS, (-reach, reach))
    return counts / W.size


def _look_of_layer(number: int) -> dict:
    """Colour and dashes of a layer, counted from 0: a network may have more layers than there are colours."""
    again = number // len(RUNS)
    return {"color": RUNS[number % len(RUNS)], "linestyle": DASHES[(number + again) % len(DASHES)]}


def _twins_image(axes, weights: np.ndarray):
    axes.set(xticks=[], yticks=[], xlabel="hidden unit")
    axes.grid(False)
    axes.spines[:].set(visible=True, color=MUTED)
    return axes.imshow(_shades(weights), cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")


def _shades(weights: np.ndarray) -> np.ndarray:
    """The weights from the middle of the image, from −1 to 1, the largest being 1; all 0 if they are."""
    middle = weights[MIDDLE] if len(weights) == 784 else weights
    return middle / max(np.abs(middle).max(), np.finfo(np.float32).tiny)


def _twins_in_words(weights: np.ndarray) -> str:
    """How many columns differ by more than what a computer rounds: a millionth of the largest weight."""
    rounded = np.round(weights / max(np.abs(weights).max(), np.finfo(np.float32).tiny), 6)
    units, different = weights.shape[1], len(np.unique(rounded, axis=1).T)
    if np.isnan(weights).any():
        return "weights are NaN"
    if not weights.any():
        return f"all weights of the {units} units are 0"
    return f"{different} different among {units} units" if different > 1 else f"all {units} units are the same"


def _mean(seeds: ArrayLike) -> np.ndarray:
    """The mean over the seeds that did not end in a NaN; NaN where all did."""
    rows = np.atleast_2d(np.asarray(seeds, float))
    counted = np.isfinite(rows).sum(axis=0)
    return np.where(counted, np.nansum(rows, axis=0) / np.maximum(counted, 1), np.nan)


def _way(line: np.ndarray) -> str:
    """Where a line of spreads begins and ends."""
    return f"{line[0]:.2g} to {line[-1]:.2g}" if len(line) > 1 else f"{line[0]:.2g}"


def _share(value: float) -> str:
    return "NaN" if np.isnan(value) else f"{value:.1%}"
