"""The operations that trained networks are made of, in NumPy: forward, and backward beside it.

Each goes by its name in TensorFlow, where a model's graph is read (see frozen_networks.py). `how` is what else an
operation was told, by TensorFlow's names. Taught in notebooks/02_five_layers_sigmoid.ipynb and
07_numpy_by_hand.ipynb, which derive the backward pass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.activations import ACTIVATIONS


@dataclass(frozen=True)
class Operation:
    """One operation on arrays.

    forward: from the inputs and how, to the output. backward: from the gradient of the loss by the output, the number
    of an input, the inputs, the output and how, to the gradient by that input.
    """

    forward: Callable[[Sequence[np.ndarray], dict], np.ndarray]
    backward: Callable[[np.ndarray, int, Sequence[np.ndarray], np.ndarray, dict], np.ndarray]


class Window:
    """Where a small window stands as it moves over images [n, height, width, channels], as `how` says.

    places: for each pixel of the window, (row, column), the slices of the images that it passes over; they are those of
    an image with its rim, which padding SAME puts around it.
    """

    def __init__(self, shape: Sequence[int], size: Sequence[int], how: dict):
        strides, rim, steps = how["strides"][1:3], [], []
        for side, reach, stride in zip(shape[1:3], size, strides, strict=True):
            same = how["padding"] == "SAME"
            steps.append(-(-side // stride) if same else (side - reach) // stride + 1)
            missing = max((steps[-1] - 1) * stride + reach - side, 0) if same else 0
            rim.append((missing // 2, missing - missing // 2))
        self.rim = rim
        self.inside = tuple(slice(before, before + side) for (before, _), side in zip(rim, shape[1:3], strict=True))
        self.places = {
            place: (
                slice(None),
                *(slice(p, p + s * (n - 1) + 1, s) for p, s, n in zip(place, strides, steps, strict=True)),
            )
            for place in np.ndindex(*size)
        }

    def with_rim(self, images: np.ndarray, fill: float = 0.0) -> np.ndarray:
        """The images with what padding puts around them."""
        return np.pad(images, [(0, 0), *self.rim, (0, 0)], constant_values=fill)

    def without_rim(self, images: np.ndarray) -> np.ndarray:
        """The images again, of images with their rim."""
        return images[:, self.inside[0], self.inside[1]]


def convolve(inputs: Sequence[np.ndarray], how: dict) -> np.ndarray:
    """Convolve images [n, height, width, channels] with kernels [height, width, channels, maps]."""
    images, kernels = inputs
    window = Window(images.shape, kernels.shape[:2], how)
    padded = window.with_rim(images)
    return np.sum([padded[seen] @ kernels[place] for place, seen in window.places.items()], axis=0)


def convolve_back(gradient, number, inputs, output, how) -> np.ndarray:
    """Each pixel of the images gets back what it gave to each place: the gradient there, by the same weight."""
    images, kernels = inputs
    window = Window(images.shape, kernels.shape[:2], how)
    back = np.zeros_like(window.with_rim(images))
    for place, seen in window.places.items():
        back[seen] += gradient @ kernels[place].T
    return window.without_rim(back)


def largest(inputs: Sequence[np.ndarray], how: dict) -> np.ndarray:
    """The largest pixel under each window."""
    window = Window(inputs[0].shape, how["ksize"][1:3], how)
    padded = window.with_rim(inputs[0], -np.inf)
    return np.max([padded[seen] for seen in window.places.values()], axis=0)


def largest_back(gradient, number, inputs, output, how) -> np.ndarray:
    """All of the gradient goes back to the pixel that was the largest."""
    window = Window(inputs[0].shape, how["ksize"][1:3], how)
    padded = window.with_rim(inputs[0], -np.inf)
    back, taken = np.zeros_like(padded), np.zeros(output.shape, bool)
    for seen in window.places.values():
        here = (padded[seen] == output) & ~taken  # of equal ones the first
        back[seen] += gradient * here
        taken |= here
    return window.without_rim(back)


def _to_shape(gradient: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """The gradient by an array that was stretched to fit another: the sum over where it was used."""
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    return gradient.sum(axis=tuple(axis for axis, side in enumerate(shape) if side == 1), keepdims=True).reshape(shape)


def _to_former_shape(gradient, number, inputs, output, how) -> np.ndarray:
    return gradient.reshape(inputs[0].shape)


def _activation(name: str) -> Operation:
    activation = ACTIVATIONS[name]
    return Operation(
        lambda inputs, how: activation.value(inputs[0]),
        lambda gradient, number, inputs, output, how: gradient * activation.slope(output),
    )


_add = Operation(
    lambda inputs, how: inputs[0] + inputs[1],
    lambda gradient, number, inputs, output, how: _to_shape(gradient, inputs[number].shape),
)

OPERATIONS = {
    "MatMul": Operation(
        lambda inputs, how: inputs[0] @ inputs[1],
        lambda gradient, number, inputs, output, how: gradient @ inputs[1].T if number == 0 else inputs[0].T @ gradient,
    ),
    "AddV2": _add,
    "BiasAdd": _add,
    "Mul": Operation(
        lambda inputs, how: inputs[0] * inputs[1],
        lambda gradient, number, inputs, output, how: _to_shape(gradient * inputs[1 - number], inputs[number].shape),
    ),
    "Relu": _activation("ReLU"),
    "Sigmoid": _activation("sigmoid"),
    "Tanh": _activation("tanh"),
    "Reshape": Operation(lambda inputs, how: inputs[0].reshape(inputs[1]), _to_former_shape),
    "Squeeze": Operation(lambda inputs, how: inputs[0].squeeze(tuple(how["squeeze_dims"])), _to_former_shape),
    "Conv2D": Operation(convolve, convolve_back),
    "MaxPool": Operation(largest, largest_back),
}
TOLD = {  # what `how` holds
    "Conv2D": ("strides", "padding"),
    "MaxPool": ("ksize", "strides", "padding"),
    "Squeeze": ("squeeze_dims",),
}
# What an operation may be told otherwise, and what it has to be here.
USUAL = {"transpose_a": False, "transpose_b": False, "data_format": "NHWC", "dilations": [1, 1, 1, 1]}
