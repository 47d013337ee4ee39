"""Every way to choose initial weights. To add one, add an entry: networks, the code for them and labs look it up here.

Taught in notebooks/02_five_layers_sigmoid.ipynb and 04_zero_init_pitfall.ipynb.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf

Shape = tuple[int, int]  # inputs and outputs of a layer


@dataclass(frozen=True)
class Initialisation:
    """How the weights of one layer start: a function of TensorFlow's, and what it is called with besides their shape.

    tensorflow: its name after "tf.". arguments: from shape and scale to its named arguments. takes_scale: whether the
    scale makes a difference. random: whether it takes a seed, two whole numbers on which alone its numbers depend.
    """

    name: str
    tensorflow: str
    arguments: Callable[[Shape, float], dict[str, float]]
    takes_scale: bool = False
    random: bool = True

    def draw(self, shape: Shape, scale: float, seed: tuple[int, int]) -> tf.Tensor:
        """The initial weights, float32 [inputs, outputs]."""
        import tensorflow as tf  # here, as the lessons in NumPy do without TensorFlow

        return attrgetter(self.tensorflow)(tf)(shape, **self._arguments(shape, scale, seed))

    def code(self, shape: Shape, scale: float, seed: tuple[int, int]) -> str:
        """Code in plain TensorFlow that gives the same weights as `draw`, to the last bit."""
        arguments = (f"{name}={value!r}" for name, value in self._arguments(shape, scale, seed).items())
        return f"tf.{self.tensorflow}({', '.join([f'[{shape[0]}, {shape[1]}]', *arguments])})"

    def _arguments(self, shape: Shape, scale: float, seed: tuple[int, int]) -> dict:
        numbers = self.arguments(shape, float(scale))  # a whole number would give weights that are whole numbers
        return {"seed": [int(part) for part in seed], **numbers} if self.random else numbers


def he_std(shape: Shape) -> float:
    """The standard deviation that makes up for the half that ReLU cuts off, sqrt(2 / inputs) (He et al. 2015)."""
    return math.sqrt(2 / shape[0])


def glorot_reach(shape: Shape) -> float:
    """The end of the uniform range that keeps signals and gradients alike in spread (Glorot & Bengio 2010)."""
    return math.sqrt(6 / (shape[0] + shape[1]))


def _between(reach: float) -> dict[str, float]:
    return {"minval": -reach, "maxval": reach}


INITIALISATIONS = {
    each.name: each
    for each in (
        Initialisation(
            "truncated normal", "random.stateless_truncated_normal", lambda _, std: {"stddev": std}, takes_scale=True
        ),
        Initialisation("uniform", "random.stateless_uniform", lambda _, reach: _between(reach), takes_scale=True),
        Initialisation("He", "random.stateless_normal", lambda shape, _: {"stddev": he_std(shape)}),
        Initialisation("Glorot", "random.stateless_uniform", lambda shape, _: _between(glorot_reach(shape))),
        Initialisation("zeros", "zeros", lambda _shape, _: {}, random=False),
        Initialisation("constant", "fill", lambda _, value: {"value": value}, takes_scale=True, random=False),
    )
}
