"""Explorers of what keeps a network from learning by heart: weights that shrink, units that drop out, moved images."""

import functools
from collections.abc import Mapping, Sequence

import ipywidgets as widgets
import numpy as np
import tensorflow as tf

from helpers.labs.controls import Again
from helpers.labs.explorers import Explorer
from helpers.networks import Network
from helpers.plots import generalise, network_drawing
from helpers.plots.style import Picture
from helpers.widgets.number_slider import NumberSlider, even

FURTHEST = 6  # pixels that a digit can be moved by


def l2_explorer(
    weights: Mapping[float, np.ndarray], accuracies: Sequence[float], losses: Sequence[float], *, first: float
) -> Explorer:
    """A slider for the strength of L2, above the weights that training ended with and what came of them.

    weights: of one layer, by the strength it was trained with, rising from 0. accuracies, losses: of each strength, on
    validation images. first: the strength that is shown before the slider is moved.
    Taught in notebooks/09_generalise.ipynb, "Small weights".
    """
    strengths = list(weights)

    def draw(l2: float) -> Picture:
        return generalise.weights_by_strength(
            strengths, list(weights.values()), accuracies, losses, strengths.index(l2)
        )

    options = [(f"{strength:g}", strength) for strength in strengths]
    return Explorer(draw, l2=widgets.SelectionSlider(options=options, value=first, description="L2"))


def dropout_explorer(network: Network, image: np.ndarray) -> Explorer:
    """A network lit up by an image, some units switched off at random: a slider for their share, a button to draw anew.

    image: uint8 [28, 28]. What stays on is divided by the share that stays, as in training.
    Taught in notebooks/09_generalise.ipynb, "Units that drop out".
    """
    x = image.reshape(1, -1).astype(np.float32) / 255
    layers = len(network.weights)

    def draw(share: float, again: int) -> Picture:
        random, outputs, off, values = np.random.default_rng(again), [], [], x
        for number, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
            values = values @ W.numpy() + b.numpy()
            if number < layers:
                off.append(random.random(values.shape[1]) < share)
                values = np.where(off[-1], 0, np.maximum(values, 0) / (1 - share))
            outputs.append(values)
        return network_drawing.lit_up(image / 255, outputs, off=off)

    share = NumberSlider(0.25, even(0, 0.9, 0.05), description="share switched off")
    return Explorer(draw, share=share, again=Again("Draw again"))


def shift_explorer(image: np.ndarray, label: int, networks: Mapping[str, Network]) -> Explorer:
    """Sliders that move one digit, above the pixels that change and what networks say to it.

    image: uint8 [28, 28]. label: its digit. networks: by name. Taught in notebooks/09_generalise.ipynb, "Images that
    are moved".
    """
    padded = np.pad(image, FURTHEST)

    @functools.cache
    def draw(right: int, down: int) -> Picture:
        rows, columns = (
            slice(FURTHEST - move, FURTHEST - move + side)
            for move, side in zip((down, right), image.shape, strict=True)
        )
        moved = padded[rows, columns]
        x = moved.reshape(1, -1).astype(np.float32) / 255
        says = {name: tf.nn.softmax(network(x))[0].numpy() for name, network in networks.items()}
        return generalise.moved_digit(image, moved, label, says, _in_words(right, down))

    right, down = (
        NumberSlider(start, range(-FURTHEST, FURTHEST + 1), description=name)
        for name, start in (("pixels to the right", 1), ("pixels down", 0))
    )
    return Explorer(draw, right=right, down=down)


def _in_words(right: int, down: int) -> str:
    moves = [(right, "right", "left"), (down, "down", "up")]
    said = [f"{abs(move)} {ahead if move > 0 else back}" for move, ahead, back in moves if move]
    return f"moved {' and '.join(said)}" if said else "not moved"
