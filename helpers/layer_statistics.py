"""What goes on inside each layer of a network: weights, activations and gradients, measured on one batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from helpers.activations import ACTIVATIONS
from helpers.networks import Network

PERCENTILES = (5, 25, 50, 75, 95)


@dataclass(frozen=True)
class LayerStatistics:
    """One moment inside a network, for each layer from the first hidden one to the logits.

    weights, activations, gradients: percentiles 5, 25, 50, 75 and 95 of each, float [layers, 5]. gradient_norms: the
    length of the gradient of each layer's weights, [layers]. saturated, dead: for each hidden layer the share of
    activations that are saturated, and the share of units that are 0 for the whole batch, [layers - 1].
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "Why so little?".
    """

    weights: np.ndarray
    activations: np.ndarray
    gradients: np.ndarray
    gradient_norms: np.ndarray
    saturated: np.ndarray
    dead: np.ndarray


def look_inside(network: Network, x: tf.Tensor, labels: tf.Tensor, loss: Callable) -> LayerStatistics:
    """Measure every layer of a network on one batch, without training it.

    x: float32 [batch, 784]. labels: one-hot [batch, 10]. loss: as `training.train` takes it; use a mean, so that
    gradients of different batch sizes can be compared.
    """
    with tf.GradientTape() as tape:
        outputs = network.layers(x)
        value = loss(labels, outputs[-1])
    gradients = [gradient.numpy() for gradient in tape.gradient(value, network.weights)]
    hidden = [output.numpy() for output in outputs[:-1]]
    return LayerStatistics(
        weights=_percentiles([W.numpy() for W in network.weights]),
        activations=_percentiles([output.numpy() for output in outputs]),
        gradients=_percentiles(gradients),
        gradient_norms=np.array([np.linalg.norm(gradient) for gradient in gradients]),
        saturated=np.array([saturated_share(output, network.design.activation) for output in hidden]),
        dead=np.array([np.mean((output == 0).all(axis=0)) if _numbers(output) else np.nan for output in hidden]),
    )


def spreads(network: Network, x: tf.Tensor, labels: tf.Tensor, loss: Callable) -> tuple[np.ndarray, np.ndarray]:
    """How widely numbers spread on their way through a network and back, as standard deviations.

    Returns those of each hidden layer's activations, [layers - 1], and of the gradient of each layer's weights,
    [layers]. Arguments as for `look_inside`. Taught in notebooks/04_zero_init_pitfall.ipynb, "Through ten layers".
    """
    with tf.GradientTape() as tape:
        outputs = network.layers(x)
        value = loss(labels, outputs[-1])
    gradients = tape.gradient(value, network.weights)
    return (
        np.array([float(tf.math.reduce_std(output)) for output in outputs[:-1]]),
        np.array([float(tf.math.reduce_std(gradient)) for gradient in gradients]),
    )


def saturated_share(activations: np.ndarray, activation: str) -> float:
    """The share of activations where the activation function has gone flat; ReLU is flat where it is 0.

    activations: what units put out, of any shape. activation: a name in ACTIVATIONS. NaN if one of them is.
    """
    if not _numbers(activations):
        return float("nan")
    return float(ACTIVATIONS[activation].flat(activations).mean())


def _numbers(outputs: np.ndarray) -> bool:
    """Whether no output is NaN: of a network that has diverged nobody can say what is dead."""
    return not np.isnan(outputs).any()


def _percentiles(arrays: Sequence[np.ndarray]) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # a network that has diverged is measured too, infinities and all
        return np.array([np.percentile(array, PERCENTILES) for array in arrays])
