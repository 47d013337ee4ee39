"""Convolution by hand, in NumPy: one filter over one image. What networks do with it is in helpers/convolutional.py."""

import numpy as np

from helpers.errors import ReaderValueError

# Filters of 3 × 3 for images whose ink is 1 and whose paper is 0. An edge is where the ink begins, seen from there.
PRESETS: dict[str, np.ndarray] = {
    "left edge": np.array([[-1, 0, 1]] * 3, float),
    "right edge": np.array([[1, 0, -1]] * 3, float),
    "top edge": np.array([[-1, 0, 1]] * 3, float).T,
    "bottom edge": np.array([[1, 0, -1]] * 3, float).T,
    "blur": np.full((3, 3), 0.11),
    "spot": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], float),
}


def output_size(size: int, filter_size: int, stride: int = 1) -> int:
    """At how many places a filter fits along one side of an image, taking every `stride`-th of them.

    Taught in notebooks/10_convolution.ipynb, "Stride".
    """
    return (size - filter_size) // stride + 1


def windows(image: np.ndarray, side: int, stride: int = 1) -> np.ndarray:
    """Every window of side × side pixels of an image: [rows, columns, side, side], without copying."""
    return np.lib.stride_tricks.sliding_window_view(image, (side, side))[::stride, ::stride]


def convolve(image: np.ndarray, weights: np.ndarray, stride: int = 1) -> np.ndarray:
    """One filter at every place of one image: window times filter, added up. Without padding.

    image: [height, width]. weights: [side, side]. Returns [rows, columns], see `output_size`. Raises ValueError for a
    filter that does not fit. Taught in notebooks/10_convolution.ipynb, "One filter, every place".
    """
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1] or len(weights) > min(image.shape):
        raise ReaderValueError(
            f"A filter should be square, and no larger than the image of shape {list(image.shape)}; "
            f"got shape {list(weights.shape)}."
        )
    return (windows(image, len(weights), stride) * weights).sum(axis=(2, 3))


def max_pool(values: np.ndarray) -> np.ndarray:
    """The largest number of each 2 × 2 block of a map [rows, columns]; an odd last row or column is left out."""
    rows, columns = (side // 2 for side in values.shape)
    return values[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).max(axis=(1, 3))
