"""Pictures of a reader's own digits: what networks say of one, and what would have to change in those misread."""

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.own.frozen_networks import FrozenNetwork, smallest_change
from helpers.own.kept_digits import KeptDigit, a
from helpers.plots.digits import percent
from helpers.plots.style import BLUE, MUTED, Picture, new_figure, styled

SHOWN = 8  # digits, one a row


def in_words(answers: Mapping[str, np.ndarray]) -> str:
    """What each network says of a digit. answers: probabilities [10], by the network's name."""
    said = [f"{name} reads {a(int(each.argmax()))} ({percent(each.max())})" for name, each in answers.items()]
    return f"{'; '.join(said)}." if said else ""


def answers(image: np.ndarray, given: Mapping[str, np.ndarray]) -> Picture:
    """One digit, and the probabilities that each network gives. image: uint8 [28, 28]. given: [10] each, by name."""
    figure = new_figure(2.4 + 2.2 * max(1, len(given)), 2.5)
    with styled():
        grid = figure.add_gridspec(1, 1 + max(1, len(given)))
        _show(figure.add_subplot(grid[0]), image)
        for column, (name, each) in enumerate(given.items(), start=1):
            axes = figure.add_subplot(grid[column])
            axes.barh(range(10), each, color=BLUE)
            axes.set(xlim=(0, 1), ylim=(9.6, -0.6), yticks=range(10), xticks=(0, 1), xticklabels=("0%", "100%"))
            axes.set_title(f"{name}: {each.argmax()}", fontsize=10)
            axes.grid(False)
    return Picture(figure, f"A digit of 28 × 28 pixels, and how ten bars stand for it: {in_words(given)}")


def changes(digits: Sequence[KeptDigit], networks: Mapping[str, FrozenNetwork]) -> Picture:
    """The digits that are kept, the latest first, and for each a small change after which it is read as it was meant.

    The change is that of the network which took it for another; of several, the last by name.
    Taught in notebooks/00_start_here.ipynb, "Your own digit".
    """
    shown = list(reversed(digits))[:SHOWN]
    figure = new_figure(7.6, 1.75 * len(shown) + 0.35)
    said = []
    with styled():
        grid = figure.add_gridspec(len(shown), 3)
        for row, digit in enumerate(shown):
            places = [figure.add_subplot(grid[row, column]) for column in range(3)]
            _show(places[0], digit.image)
            places[0].set_ylabel(f"meant {digit.meant}", rotation=0, ha="right", va="center", labelpad=8)
            said.append(f"{digit.words}: {_show_change(places, digit, networks)}")
        for axes, title in zip(figure.axes, ("what you drew", "what would have to change", "then"), strict=False):
            axes.set_title(title, fontsize=10)
    more = f" {len(digits) - len(shown)} older ones are not shown." if len(digits) > len(shown) else ""
    kept = "1 digit that is kept" if len(digits) == 1 else f"{len(digits)} digits that are kept"
    return Picture(figure, f"{kept}, the latest first. {' '.join(said)}{more}")


def _show_change(places: list, digit: KeptDigit, networks: Mapping[str, FrozenNetwork]) -> str:
    """Draw the change of one digit and what comes of it; return it in words."""
    pixels = digit.image.reshape(-1) / 255
    now = {name: int(each.logits(pixels).argmax()) for name, each in networks.items()}
    wrong = [name for name, read in now.items() if read != digit.meant]
    change, words = None, "every network that is kept now reads it rightly."
    if wrong:
        name = wrong[-1]
        change = smallest_change(networks[name], pixels, digit.meant)
        words = f"for {name}, which reads {a(now[name])}, no small change was found."
    elif not networks:
        words = "there is no network to ask."
    if change is None:
        for axes in places[1:]:
            axes.axis("off")
        places[1].text(0, 0.5, words[0].upper() + words[1:], fontsize=9, color=MUTED, wrap=True, va="center")
        return words
    ink = np.abs(change).sum() / pixels.sum()
    reach = np.abs(change).max()
    _frame(places[1]).imshow(change.reshape(28, 28), cmap="RdBu_r", vmin=-reach, vmax=reach)
    places[1].set_xlabel("red: more ink, blue: less", fontsize=8, color=MUTED)
    _show(places[2], np.round(255 * (pixels + change)).reshape(28, 28))
    places[2].set_xlabel(f"{name} reads {a(digit.meant)}", fontsize=9)
    places[0].set_xlabel(f"{name} reads {a(now[name])}", fontsize=9)
    return (
        f"after a change of {ink:.0%} of its ink, no pixel by more than {reach:.0%}, {name} reads {a(digit.meant)} in "
        f"place of {a(now[name])}."
    )


def _show(axes, image: np.ndarray) -> None:
    _frame(axes).imshow(image, vmin=0, vmax=255)


def _frame(axes):
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(True)
    return axes
