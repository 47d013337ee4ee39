"""A digit drawn by hand, made into an image like those of MNIST."""

import numpy as np
from PIL import Image

from helpers.errors import ReaderValueError

SIDE = 28  # pixels of an image of MNIST, across and down
FINE = 4  # dots of a pad to one pixel of the network's image, across and down
DOTS = FINE * SIDE
# As MNIST's images were made: "The original black and white images from NIST were size normalized to fit in a 20x20
# pixel box while preserving their aspect ratio", then "the images were centered in a 28x28 image by computing the
# center of mass of the pixels, and translating the image so as to position this point at the center" (LeCun, Cortes
# and Burges, "The MNIST database of handwritten digits"). Measured in the files: every centre of mass lies within half
# a pixel of (14, 14), counted from 0, so the images were moved by whole pixels.
LONGEST, CENTRE = 20, 14
SMALL = 0.4  # of the pad: below this the pen, which does not shrink with the digit, is too thick for it


def as_mnist(ink: np.ndarray) -> np.ndarray:
    """The image that a network of MNIST should be shown of some ink: uint8 [28, 28], 0 (paper) to 255 (ink).

    ink: uint8 [height, width]. Its longest side becomes 20 pixels, and its centre of mass moves to (14, 14); what
    would then lie beyond the border is cut off. Without ink the image is empty.
    Taught in notebooks/00_start_here.ipynb, "Your own digit".
    """
    _check(ink)
    image = np.zeros((SIDE, SIDE), np.uint8)
    if not ink.any():
        return image
    top, left, height, width = bounds(ink)
    scale = LONGEST / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    digit = np.asarray(Image.fromarray(ink[top : top + height, left : left + width]).resize(size, Image.Resampling.BOX))
    if not digit.any():  # a dot so faint that nothing of it is left
        return image
    down, right = (round(CENTRE - centre) for centre in centre_of_mass(digit))
    room = np.pad(image, SIDE)  # so that a digit whose mass is all on one side may stick out
    room[SIDE + down : SIDE + down + size[1], SIDE + right : SIDE + right + size[0]] = digit
    return room[SIDE:-SIDE, SIDE:-SIDE].copy()


def as_it_lies(ink: np.ndarray) -> np.ndarray:
    """The image of some ink where it lies and as large as it is. ink: uint8 [112, 112], four dots to a pixel."""
    _check(ink)
    return ink.reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3)).round().astype(np.uint8)


def on_pad(image: np.ndarray) -> np.ndarray:
    """An image uint8 [28, 28] as ink on a pad: uint8 [112, 112]."""
    return image.repeat(FINE, axis=0).repeat(FINE, axis=1)


def bounds(ink: np.ndarray) -> tuple[int, int, int, int]:
    """Where the ink is: top, left, height and width, in dots. There has to be some."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[0]), int(columns[0]), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def centre_of_mass(image: np.ndarray) -> tuple[float, float]:
    """Row and column, from 0, around which the ink is balanced. There has to be some."""
    mass = image.astype(float)
    rows, columns = (np.arange(side) for side in image.shape)
    return float(rows @ mass.sum(axis=1) / mass.sum()), float(columns @ mass.sum(axis=0) / mass.sum())


def is_small(ink: np.ndarray) -> bool:
    """Whether some ink is so small that its lines will be too thick once it is scaled up."""
    return bool(ink.any()) and max(bounds(ink)[2:]) < SMALL * max(ink.shape)


def _check(ink: np.ndarray) -> None:
    if ink.dtype != np.uint8 or ink.ndim != 2:
        raise ReaderValueError(
            f"Ink should be uint8 [height, width], 0 for paper to 255; got {ink.dtype} {list(ink.shape)}."
        )
