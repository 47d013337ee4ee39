"""Every activation function of the series. To add one, add an entry: networks, labs and pictures look it up here.

Taught in notebooks/02_five_layers_sigmoid.ipynb and 03_five_layers_relu.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

FLAT = 0.05  # a sigmoid this close to 0 or 1 lets less than a fifth of its largest slope through; tanh likewise


@dataclass(frozen=True)
class Activation:
    """What the units of a hidden layer make of their sums.

    value: from sums, an array of any shape, to outputs. slope: from outputs to the slopes there, which works for every
    function that nowhere falls. tensorflow: the function's name in TensorFlow, after "tf."; empty if it does nothing.
    words: what its picture shows. flat: from outputs to whether so little gradient passes that they count as saturated.
    edge: sums further from 0 than this count as saturated, on either side; None for functions that are not S-shaped.
    """

    name: str
    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    tensorflow: str
    words: str
    flat: Callable[[np.ndarray], np.ndarray] = lambda outputs: np.zeros(np.shape(outputs), bool)
    edge: float | None = None

    @property
    def code(self) -> str:
        """How it is called in code: "tf.nn.relu", or nothing for a function that does nothing."""
        return f"tf.{self.tensorflow}" if self.tensorflow else ""

    @property
    def of_tensors(self) -> Callable:
        """The same function for tensors."""
        import tensorflow as tf  # here, as the lessons in NumPy do without TensorFlow

        return attrgetter(self.tensorflow or "identity")(tf)


ACTIVATIONS = {
    each.name: each
    for each in (
        Activation(
            name="sigmoid",
            value=lambda z: (1 + np.tanh(z / 2)) / 2,  # the same as 1 / (1 + exp(−z)), which could overflow
            slope=lambda a: a * (1 - a),
            tensorflow="nn.sigmoid",
            words="The sigmoid climbs from 0 to 1 in an S; its slope is 0.25 at 0 and nearly 0 beyond ±4.",
            flat=lambda a: (a < FLAT) | (a > 1 - FLAT),
            edge=float(np.log(1 / FLAT - 1)),
        ),
        Activation(
            name="tanh",
            value=np.tanh,
            slope=lambda a: 1 - a * a,
            tensorflow="nn.tanh",
            words="tanh climbs from −1 to 1 in an S; its slope is 1 at 0 and nearly 0 beyond ±2.",
            flat=lambda a: np.abs(a) > 1 - 2 * FLAT,  # the same flatness: tanh(z) is 2 sigmoid(2z) − 1
            edge=float(np.log(1 / FLAT - 1) / 2),
        ),
        Activation(
            name="ReLU",
            value=lambda z: np.maximum(z, 0),
            slope=lambda a: a > 0,
            tensorflow="nn.relu",
            words="ReLU is 0 below 0, with slope 0; above 0 it is the straight line of slope 1.",
            flat=lambda a: a == 0,
        ),
        Activation(
            name="none",
            value=lambda z: z,
            slope=np.ones_like,
            tensorflow="",
            words="Without an activation function the sum itself comes out; the slope is 1 everywhere.",
        ),
    )
}
