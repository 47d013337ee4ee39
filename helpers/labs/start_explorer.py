"""An explorer of initial weights: how far numbers spread through up to ten layers, forwards and backwards."""

import functools
from typing import Any

import ipywidgets as widgets
import tensorflow as tf

from helpers import layer_statistics, losses, networks
from helpers.activations import ACTIVATIONS
from helpers.labs.explorers import Explorer
from helpers.plots import initialisation
from helpers.plots.style import Picture
from helpers.widgets.number_slider import NumberSlider

WIDTH = 200  # units of every hidden layer, as in lesson 02's first
STARTS: dict[str, dict[str, Any]] = {
    "std 0.01": {"std": 0.01},
    "std 0.1": {"std": 0.1},
    "std 1": {"std": 1.0},
    "Glorot": {"initialisation": "Glorot"},
    "He": {"initialisation": "He"},
}


def start_explorer(x: tf.Tensor, one_hot: tf.Tensor) -> Explorer:
    """An activation and a number of layers to choose, above how widely numbers spread from five starts.

    x: float32 [batch, 784]. one_hot: [batch, 10]. Nothing is trained. Taught in notebooks/04_zero_init_pitfall.ipynb,
    "Through ten layers".
    """

    @functools.cache  # for each pair of an activation and a number of layers
    def draw(activation: str, layers: int) -> Picture:
        spreads = {}
        for name, start in STARTS.items():
            network = networks.Network(networks.Design(hidden=(WIDTH,) * layers, activation=activation, **start))
            spreads[name] = layer_statistics.spreads(network, x, one_hot, losses.mean_cross_entropy)
        plural = "layer" if layers == 1 else "layers"
        return initialisation.spread_by_layer(spreads, f"{layers} hidden {plural} of {WIDTH} units, {activation}")

    bends = [name for name in ACTIVATIONS if name != "none"]
    activation = widgets.Dropdown(options=bends, value="ReLU", description="activation")
    layers = NumberSlider(10, range(1, 11), description="hidden layers")
    return Explorer(draw, activation=activation, layers=layers)
