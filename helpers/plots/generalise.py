"""What keeps a network from learning by heart: overfitting over the steps, remedies side by side, weights, shifts."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from helpers.plots import curves
from helpers.plots.digits import image_axes
from helpers.plots.style import BLUE, FAINT, GREEN, INK, MUTED, SHADE, VERMILION, Picture, new_figure, styled
from helpers.several_seeds import SeveralSeeds

TOP = 1.0  # of the axis of losses: what lies above is the first few steps
ROUND = [1, 2, 5, 10]  # distances between ticks, times a power of ten
WORDS = {"test": "test set", "validation": "validation"}
SURE = {"below 70%": 0.0, "70 to 90%": 0.7, "90 to 99%": 0.9, "over 99%": 0.99}  # where each group of answers begins


def overfitting(runs: SeveralSeeds, *, lowest: float = 0.0) -> Picture:
    """Loss and accuracy of every seed, on batches and on the images that judge, the step of the lowest loss marked.

    lowest: where the axis of accuracies begins. A seed that diverged before its first test is left out, and said.
    Taught in notebooks/09_generalise.ipynb, "Learning by heart".
    """
    figure, said, ends, lost = new_figure(8.6, 3.2), [], (0.0, 0.0), 0
    with styled():
        loss, accuracy = figure.subplots(1, 2)
        for seed, history in runs.histories.items():
            steps, right, losses = curves.tests(history, runs.judged_by)
            good = np.isfinite(losses)  # the last test of a run that diverged may be NaN
            steps, right, losses = steps[good], right[good], losses[good]
            if not len(steps):
                said.append(f"Seed {seed} is left out: it diverged before its first test.")
                lost += 1
                continue
            width = max(1, history.step // curves.STRETCHES)
            middle = np.arange(0, history.step, width) + width / 2
            loss.plot(middle, curves.stretches(history.train_loss, width)[1], color=BLUE, linewidth=0.8, alpha=0.6)
            accuracy.plot(
                middle, curves.stretches(history.train_accuracy, width)[1], color=BLUE, linewidth=0.8, alpha=0.6
            )
            best = int(losses.argmin())
            for axes, values in ((loss, losses), (accuracy, right)):
                axes.plot(steps, values, color=GREEN, linewidth=1.6)
                axes.plot(steps[best], values[best], "o", color=VERMILION, markersize=7, zorder=3)
            said.append(
                f"Seed {seed}: {runs.judged_by} loss lowest at step {steps[best]:,} with {losses[best]:.2f} and "
                f"accuracy {right[best]:.1%}; at the end {losses[-1]:.2f} and {right[-1]:.1%}."
            )
            ends = losses[-1], right[-1]
        what = f"loss, {lost} diverged" if lost else "loss per image"
        loss.set_title(f"{what}: dots mark the lowest of each seed", fontsize=10)
        accuracy.set_title("accuracy, with the dots at the same steps", fontsize=10)
        loss.set(ylim=(0, TOP))
        accuracy.set(ylim=(lowest, 1.005))
        accuracy.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        accuracy.yaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
        for axes, batches, end in ((loss, 0.0, ends[0]), (accuracy, 1.0, ends[1])):
            axes.set_xlim(0, curves.last_step([*runs.histories.values()]))
            axes.set_xlabel("step")
            axes.xaxis.set_major_locator(MaxNLocator(4))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
            _at_end(axes, batches, "batches", BLUE)
            _at_end(axes, end, WORDS[runs.judged_by], GREEN)
    return Picture(figure, " ".join(said))


def sure_against_right(probabilities: Mapping[str, np.ndarray], labels: np.ndarray) -> Picture:
    """How sure networks are of their answers, beside how many of these are right: two bars for each group of images.

    probabilities: by the network's name, [n, classes]. labels: [n]. A group holds images of which a network is about
    equally sure. Taught in notebooks/09_generalise.ipynb, "Stopping early".
    """
    figure, said = new_figure(8.6, 3.1), []
    with styled():
        panels = figure.subplots(1, len(probabilities), sharey=True, squeeze=False)[0]
        for axes, (name, each) in zip(panels, probabilities.items(), strict=True):
            sure, right = each.max(axis=1), each.argmax(axis=1) == labels
            groups = np.digitize(sure, list(SURE.values())) - 1
            for place, group in enumerate(SURE):
                if not (inside := groups == place).any():
                    continue
                says, is_right = sure[inside].mean(), right[inside].mean()
                axes.bar(place - 0.2, says, 0.38, color=SHADE, edgecolor=INK, hatch="//", linewidth=0.6)
                axes.bar(place + 0.2, is_right, 0.38, color=BLUE, edgecolor=INK, linewidth=0.6)
                said.append(f"{name}, {group} sure, {inside.sum():,} images: says {says:.0%}, is right {is_right:.0%}")
            said.append(f"{name}, all: says {sure.mean():.1%}, is right {right.mean():.1%}")
            axes.set_title(f"{name}: says {sure.mean():.1%}, is right {right.mean():.1%}", fontsize=10)
            counts = np.bincount(groups, minlength=len(SURE))
            marks = [f"{group}\n{count:,} images" for group, count in zip(SURE, counts, strict=True)]
            axes.set_xticks(range(len(SURE)), marks, fontsize=8)
            axes.set(xlim=(-0.6, len(SURE) - 0.4), ylim=(0, 1.02))
            axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
            axes.grid(axis="x", visible=False)
        figure.supxlabel("hatched: how sure it is of its answer; blue: how many of these answers are right", fontsize=9)
    return Picture(figure, f"{'; '.join(said)}.")


def side_by_side(results: Mapping[str, tuple[np.ndarray, np.ndarray]], *, measured: str = "validation") -> Picture:
    """Accuracies and losses of several remedies: a row for each, a point for each seed, a stroke for their mean.

    results: by name, accuracies and losses, [seeds] each. The first is what the others are compared with.
    Taught in notebooks/09_generalise.ipynb, "Side by side".
    """
    figure, rows = new_figure(8.6, 1.1 + 0.42 * len(results)), np.arange(len(results))
    with styled():
        panels = figure.subplots(1, 2, sharey=True)
        for which, (axes, title) in enumerate(zip(panels, ("accuracy", "loss per image"), strict=True)):
            axes.set_title(f"{measured} {title}", fontsize=10)
            for row, values in zip(rows, (pair[which] for pair in results.values()), strict=True):
                values = np.asarray(values, float)
                axes.plot(values, row + np.linspace(-0.14, 0.14, len(values)), "o", color=BLUE, markersize=5, alpha=0.8)
                axes.plot([values.mean()] * 2, [row - 0.32, row + 0.32], color=VERMILION, linewidth=2)
                if row == 0:
                    axes.axvline(values.mean(), color=MUTED, linewidth=0.8, linestyle="--", zorder=0)
        panels[0].set_yticks(rows, list(results))
        panels[0].set_ylim(len(results) - 0.5, -0.5)
        panels[0].xaxis.set_major_formatter(PercentFormatter(1.0, decimals=1))
        panels[1].set_xlim(left=0)
        for axes in panels:
            axes.grid(axis="y", visible=False)
            axes.xaxis.set_major_locator(MaxNLocator(5, steps=ROUND))
    said = (
        f"{name}: accuracy {np.mean(accuracies):.1%}, from {np.min(accuracies):.1%} to {np.max(accuracies):.1%}, loss "
        f"{np.mean(losses):.2f}"
        for name, (accuracies, losses) in results.items()
    )
    return Picture(figure, f"Accuracy and loss on {measured} images. {'; '.join(said)}.")


def weights_by_strength(
    strengths: Sequence[float],
    weights: Sequence[np.ndarray],
    accuracies: Sequence[float],
    losses: Sequence[float],
    chosen: int,
) -> Picture:
    """How the weights of one layer are spread at one strength of L2, and what came of every strength.

    strengths: of L2, rising from 0. weights: of the layer, trained with each. accuracies, losses: of each, on
    validation images. chosen: the position of the strength whose weights are shown.
    Taught in notebooks/09_generalise.ipynb, "Small weights".
    """
    figure = new_figure(8.6, 3.0)
    reach = float(np.abs(weights[0]).max())
    edges = np.linspace(-reach, reach, 61)
    length = float(np.linalg.norm(weights[chosen]))
    with styled():
        histogram, accuracy, loss = figure.subplots(1, 3, width_ratios=(1.7, 1, 1))
        histogram.hist(weights[0].ravel(), edges, color=SHADE, edgecolor=FAINT, histtype="stepfilled")
        histogram.hist(weights[chosen].ravel(), edges, color=BLUE, histtype="step", linewidth=1.8)
        histogram.set(yscale="log", ylim=(0.7, weights[0].size), xlim=(-reach, reach), xlabel="value of a weight")
        histogram.set_title(f"first layer, L2 {strengths[chosen]:g}: length {length:.1f}", fontsize=10)
        histogram.text(0.02, 0.93, "grey: without L2", transform=histogram.transAxes, color=MUTED, fontsize=9)
        histogram.text(
            0.02, 0.85, f"blue: L2 {strengths[chosen]:g}", transform=histogram.transAxes, color=BLUE, fontsize=9
        )
        places = np.arange(len(strengths))
        for axes, values, title in ((accuracy, accuracies, "accuracy"), (loss, losses, "loss")):
            axes.plot(places, values, "o-", color=GREEN, markersize=4, linewidth=1)
            axes.plot(chosen, values[chosen], "o", color=VERMILION, markersize=9, fillstyle="none", markeredgewidth=2)
            axes.set_xticks(places, [f"{strength:g}" for strength in strengths], rotation=60, fontsize=8)
            axes.set_title(f"validation {title}", fontsize=10)
        accuracy.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=1))
        accuracy.yaxis.set_major_locator(MaxNLocator(4, steps=ROUND))
        loss.set_ylim(0, 1.1 * max(losses))
    small = float((np.abs(weights[chosen]) < 0.01).mean())
    return Picture(
        figure,
        f"L2 {strengths[chosen]:g}: the first layer's weights are {length:.1f} long together, where they are "
        f"{np.linalg.norm(weights[0]):.1f} without L2, and {small:.0%} of them are below 0.01 in size. Validation "
        f"accuracy {accuracies[chosen]:.1%}, loss {losses[chosen]:.2f}.",
    )


def moved_digit(
    image: np.ndarray, moved: np.ndarray, label: int, probabilities: Mapping[str, np.ndarray], words: str
) -> Picture:
    """A digit, the same moved, the pixels that differ, and what networks make of the moved one.

    image, moved: uint8 [28, 28]. label: the digit. probabilities: by the network's name, [10]. words: how it was moved.
    Taught in notebooks/09_generalise.ipynb, "Images that are moved".
    """
    changed = int(np.count_nonzero(image != moved))
    figure = new_figure(8.6, 2.5)
    names = list(probabilities)
    with styled():
        *pictures, bars = figure.subplots(1, 4, width_ratios=(1, 1, 1, 1.9))
        difference = moved.astype(int) - image
        shown = ((image, "gray_r", 0, 255), (moved, "gray_r", 0, 255), (difference, "RdBu_r", -255, 255))
        titles = ("as it is", words, f"{changed} pixels differ")
        for axes, (pixels, colours, low, high), title in zip(pictures, shown, titles, strict=True):
            image_axes(axes).imshow(pixels, cmap=colours, vmin=low, vmax=high)
            axes.spines[:].set(visible=True, color=FAINT)
            axes.set_title(title, fontsize=10)
        digits = np.arange(10)
        for number, (name, values) in enumerate(probabilities.items()):
            look = {
                "color": (BLUE, GREEN)[number % 2],
                "hatch": ("", "//")[number % 2],
                "edgecolor": INK,
                "linewidth": 0.4,
            }
            bars.bar(digits + 0.4 * number - 0.2, values, 0.4, label=name, **look)
        bars.set(ylim=(0, 1.35), yticks=[0, 0.5, 1], xticks=digits)
        bars.get_xticklabels()[label].set_fontweight("bold")
        bars.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        bars.legend(loc="upper center", fontsize=8, ncols=2, frameon=False)
        bars.grid(axis="x", visible=False)
    said = " ".join(
        f"The network {name} says {int(np.argmax(probabilities[name]))}, and gives the {label} "
        f"{probabilities[name][label]:.0%}."
        for name in names
    )
    return Picture(figure, f"A {label}, {words}: {changed} of {image.size} pixels differ. {said}")


def accuracy_by_move(moves: Sequence[int], accuracies: Mapping[str, Sequence[float]], *, trained: int) -> Picture:
    """The accuracy of networks on images that are all moved to the right by as many pixels.

    moves: pixels. accuracies: by the network's name, one for each move. trained: how far the images were moved in
    training, which is shaded; 0 where they were not. Taught in notebooks/09_generalise.ipynb, "Images that are moved".
    """
    figure, axes = _lines(moves, accuracies)
    with styled():
        if trained:
            axes.axvspan(-trained, trained, color=SHADE, zorder=0)
            axes.text(0, 0.03, "moves it was trained with", ha="center", fontsize=8, color=MUTED)
        axes.set(xticks=moves, xlabel="pixels to the right (negative: to the left)")
        axes.set_title("validation accuracy, all images moved alike", fontsize=10)
    return Picture(figure, f"Accuracy on moved images, by pixels to the right. {_said(moves, accuracies, '{}')}.")


def accuracy_by_share_off(shares: Sequence[float], accuracies: Mapping[str, Sequence[float]]) -> Picture:
    """The accuracy of networks of whose hidden units a share is switched off at random.

    shares: from 0 to 1. accuracies: by the network's name, one for each share.
    Taught in notebooks/09_generalise.ipynb, "Units that drop out".
    """
    figure, axes = _lines(shares, accuracies)
    with styled():
        axes.set(xticks=shares, xlabel="share of the hidden units that is off")
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.set_title("validation accuracy, other units off for each image", fontsize=10)
    return Picture(figure, f"Accuracy by the share of units off. {_said(shares, accuracies, '{:.0%}')}.")


def _lines(places: Sequence[float], accuracies: Mapping[str, Sequence[float]]):
    figure = new_figure(7.2, 3.0)
    with styled():
        axes = figure.add_subplot()
        for (name, values), colour, mark in zip(accuracies.items(), (BLUE, GREEN), ("o", "s"), strict=False):
            axes.plot(places, values, color=colour, marker=mark, markersize=5)
            _at_end(axes, values[-1], name, colour)
        axes.set(xlim=(places[0], places[-1]), ylim=(0, 1.02))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return figure, axes


def _said(places: Sequence[float], accuracies: Mapping[str, Sequence[float]], form: str) -> str:
    return "; ".join(
        f"{name}: "
        + ", ".join(f"{value:.0%} at {form.format(place)}" for place, value in zip(places, values, strict=True))
        for name, values in accuracies.items()
    )


def _at_end(axes, height: float, words: str, colour: str) -> None:
    axes.annotate(
        words,
        (1, height),
        (4, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=colour,
        annotation_clip=False,
    )
