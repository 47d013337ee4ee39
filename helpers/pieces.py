"""Functions made of straight pieces: what networks of ReLUs are, and how many pieces there are."""

import numpy as np

from helpers import toy_data
from helpers.small_networks import SmallNetworks
from helpers.toy_data import REACH

ROUNDING = 1e-9  # below it, two values of a function from 0 to 1 are equal
LINES, POINTS = 12, 4000  # drawn through the middle of the plane, and looked at along each


def fold(x: np.ndarray, y: np.ndarray, crease: float, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Send a function of straight pieces through a layer of two ReLUs: up to `height` at the crease, then down to 0.

    x, y [corners]: the function from 0 to 1 by its corners, values from 0 to 1. crease: between 0 and 1. Returns the
    corners of the result, those added where y passes the crease.
    """
    here, there = y[:-1] - crease, y[1:] - crease
    crossing = (here * there < 0) & (
        np.minimum(np.abs(here), np.abs(there)) > ROUNDING
    )  # else a corner is there already
    share = here[crossing] / (here - there)[crossing]
    added = x[:-1][crossing] + share * np.diff(x)[crossing]
    corners = np.concatenate([x, added])
    values = np.concatenate([y, np.full(len(added), crease)])
    order = np.argsort(corners, kind="stable")
    corners, values = corners[order], values[order]
    return corners, height * np.where(values <= crease, values / crease, (1 - values) / (1 - crease))


def count(x: np.ndarray, y: np.ndarray) -> int:
    """How many straight pieces a function has that is given by its corners: neighbours of one slope are one piece."""
    slopes = np.diff(y) / np.diff(x)
    return 1 + int(np.sum(~np.isclose(slopes[1:], slopes[:-1], rtol=1e-3, atol=ROUNDING)))


def along_lines(networks: SmallNetworks) -> np.ndarray:
    """On how many straight pieces a network of ReLUs lies along a line through the middle of the plane, for each seed.

    A new piece begins wherever a unit goes on or off. The mean over twelve lines, float [seeds].
    Taught in notebooks/05_why_depth.ipynb, "Do trained networks fold?".
    """
    angles = np.arange(LINES) / LINES * np.pi
    places = np.linspace(-REACH, REACH, POINTS)
    found = np.zeros(len(networks.values))
    for angle in angles:
        line = places[:, None] * np.array([np.cos(angle), np.sin(angle)])
        signals = networks.forward(toy_data.features(line, networks.design.features).astype(networks.values.dtype))
        on = np.concatenate([signal > 0 for signal in signals[1:-1]], axis=-1)
        found += 1 + (on[:, 1:] != on[:, :-1]).any(axis=-1).sum(axis=-1)
    return found / LINES
