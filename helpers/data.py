"""MNIST, from the copy that travels with the project: no download, no surprise."""

import hashlib
import io
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.errors import ReaderError, ReaderTypeError, ReaderValueError

MNIST_FILE = Path(__file__).with_name("mnist.npz")
MNIST_SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"  # see MNIST.md beside the file
UNPACKED = "LESSONS_UNPACKED"  # in the environment: a folder of `unpack`, whose memory all kernels of a machine share
ARRAYS = ("x_train", "y_train", "x_test", "y_test")
CLASSES = 10  # the digits 0 to 9
MNIST_COUNTS = 60_000, 10_000  # images to train on, and to test on
ALIGNMENT = 64  # bytes: TensorFlow computes on memory that begins at a multiple of it without copying it first


class DataError(ReaderError):
    """The data file is missing or is not what was shipped."""


# eq=False: a split is compared and hashed by identity, since comparing 47 million pixels is never what is meant.
@dataclass(frozen=True, eq=False)
class Split:
    """Images and the digit that each of them shows.

    images: uint8 [n, 28, 28], 0 (paper) to 255 (ink). labels: uint8 [n], 0 to 9. Both are read-only.
    Taught in notebooks/01_one_layer.ipynb, "The data".
    """

    images: np.ndarray
    labels: np.ndarray

    def __post_init__(self):
        self.images.flags.writeable = False
        self.labels.flags.writeable = False

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, chosen: slice) -> "Split":
        """The part that a slice chooses: `mnist.train[:1000]` is a small training set, without copying."""
        if not isinstance(chosen, slice):
            raise ReaderTypeError(
                f"A split takes a slice, as in mnist.train[:1000]; got [{chosen!r}]. "
                f"For one image use mnist.train.images[{chosen!r}]."
            )
        return Split(self.images[chosen], self.labels[chosen])

    def __repr__(self):
        shape = " × ".join(str(side) for side in self.images.shape[1:])
        return f"{len(self):,} images of {shape} pixels ({self.images.dtype}) with their labels"


@dataclass(frozen=True, eq=False)
class Dataset:
    """What to learn from (`train`), what to judge by (`test`), and what was held out to choose by (`validation`).

    Where images are held out, `test` may be empty, as mnist.test[:0] is: then nobody can look at it before the end.
    classes: how many kinds of images there are; the labels count them from 0.
    """

    train: Split
    test: Split
    validation: Split | None = None
    classes: int = CLASSES

    @property
    def pixels(self) -> int:
        """How many pixels an image has."""
        return math.prod(self.train.images.shape[1:])

    @property
    def is_all_of_mnist(self) -> bool:
        """Whether it is as large as what `load_mnist` gives, with its test set or none; images are not compared."""
        learned = len(self.train) + len(self.validation or ())
        tested = len(self.test) or MNIST_COUNTS[1]
        alike = (*self.train.images.shape[1:], self.classes) == (28, 28, CLASSES)
        return alike and (learned, tested) == MNIST_COUNTS

    def __repr__(self):
        held_out = f"\nvalidation: {self.validation}" if self.validation else ""
        return f"train: {self.train}\ntest:  {self.test}{held_out}"


def load_mnist(validation: int = 0) -> Dataset:
    """Load MNIST: 60,000 training images and 10,000 test images, as uint8.

    validation: how many training images to hold out as `validation`: always the same ones, with the same share of each
        digit as the rest. The old TensorFlow tutorials held out 5000 and so trained on 55,000.
    Raises DataError when the file is missing or altered, ValueError when `validation` is out of range.
    Taught in notebooks/01_one_layer.ipynb, "The data".
    """
    arrays = _mapped(Path(os.environ[UNPACKED])) if UNPACKED in os.environ else _read_checked(MNIST_FILE)
    train, test = Split(arrays["x_train"], arrays["y_train"]), Split(arrays["x_test"], arrays["y_test"])
    if not _is_whole(validation) or not 0 <= validation < len(train):
        raise ReaderValueError(
            f"validation is a number of images to hold out, a whole number from 0 to {len(train) - 1:,}; "
            f"got {validation!r}. The old tutorials used 5000."
        )
    train, held_out = _parted(train, validation) if validation else (train, None)
    return Dataset(train, test, held_out)


def unpack(folder: Path) -> None:
    """Write MNIST's arrays as files of their own; kernels whose environment names the folder as UNPACKED share them.

    For a machine that serves a class: see classroom/README.md. Raises DataError as `load_mnist` does, OSError if the
    folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in _read_checked(MNIST_FILE).items():
        beside = folder / f".{name}.{os.getpid()}.npy"
        np.save(beside, array)
        beside.chmod(0o444)
        os.replace(beside, folder / f"{name}.npy")  # whoever has mapped an older one keeps it


def from_arrays(images, labels, test_images=None, test_labels=None, *, validation: int = 0) -> Dataset:
    """A Dataset of your own: images uint8 [n, height, width], 0 to 255, and labels [n], whole numbers from 0.

    test_images, test_labels: to judge by; without them a sixth of the images is held out for it. validation: how many
    images to hold out to choose by. What is held out has the same share of each class as the rest.
    Raises ValueError or TypeError, in words, for arrays that cannot be trained on.
    """
    train = Split(*_checked_arrays(images, labels, "training"))
    classes = int(train.labels.max()) + 1
    if test_images is None:
        train, test = _parted(train, len(train) // 6)
    else:
        test = Split(*_checked_arrays(test_images, test_labels, "test"))
    if classes < 2 or (len(test) and test.labels.max() >= classes):
        raise ReaderValueError(
            f"The training labels go from 0 to {classes - 1}, the test labels to {test.labels.max()}: there should be "
            "two classes or more, and the test set should have none that the training set does not have."
        )
    if test.images.shape[1:] != train.images.shape[1:]:
        raise ReaderValueError(
            f"All images should have one size; got {train.images.shape[1:]} for training and {test.images.shape[1:]} "
            "for the test."
        )
    if not _is_whole(validation) or not 0 <= validation < len(train):
        raise ReaderValueError(f"validation should be a whole number from 0 to {len(train) - 1:,}; got {validation!r}.")
    train, held_out = _parted(train, validation) if validation else (train, None)
    return Dataset(train, test, held_out, classes)


def rearranged(dataset: Dataset, order: np.ndarray) -> Dataset:
    """The same Dataset with the pixels of every image in another order, the same one for all.

    order: each pixel's old position, counted along the rows, [pixels]. Raises ValueError unless it names each once.
    Taught in notebooks/10_convolution.ipynb, "Shuffle the pixels".
    """
    order = np.asarray(order)
    if order.shape != (dataset.pixels,) or not np.array_equal(np.sort(order), np.arange(dataset.pixels)):
        raise ReaderValueError(
            f"order should name each of the {dataset.pixels} pixels once, as random.permutation({dataset.pixels}) "
            f"does; got shape {list(order.shape)}."
        )

    def of(split: Split) -> Split:
        rows = split.images.reshape(len(split), dataset.pixels)  # a split may be without any image
        return Split(aligned(rows[:, order].reshape(split.images.shape)), split.labels)

    held_out = of(dataset.validation) if dataset.validation else None
    return Dataset(of(dataset.train), of(dataset.test), held_out, dataset.classes)


def _checked_arrays(images, labels, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Copies of images and labels as a Split wants them; raises in words what is wrong with them."""
    images, labels = aligned(np.array(images)), np.array(labels)
    if images.ndim != 3:
        cure = "average the colours: images.mean(axis=-1)." if images.ndim == 4 else "images.reshape(n, height, width)."
        raise ReaderValueError(
            f"The {name} images should have shape [n, height, width]; got {list(images.shape)}. Perhaps: {cure}"
        )
    if images.dtype != np.uint8:
        raise ReaderValueError(
            f"The {name} images should be uint8 pixels, 0 to 255; got {images.dtype}. If they go from 0 to 1: "
            "(images * 255).round().astype(np.uint8)."
        )
    if labels.shape != (len(images),):
        cure = " If they are one-hot: labels.argmax(axis=1)." if labels.ndim == 2 else ""
        raise ReaderValueError(
            f"There should be one label for each of the {len(images):,} {name} images, shape [{len(images)}]; got "
            f"{list(labels.shape)}.{cure}"
        )
    if not len(labels):
        raise ReaderValueError(f"There are no {name} images.")
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() > 255:
        raise ReaderValueError(
            f"The {name} labels should be whole numbers from 0 to 255; got {labels.dtype}, such as {labels[0]!r}. "
            "Names can be numbered: names, labels = np.unique(labels, return_inverse=True)."
        )
    return images, labels.astype(np.uint8)


def _parted(split: Split, count: int) -> tuple[Split, Split]:
    """A split without a sample of `count` images, and the sample: the same share of each class, and always the same."""
    # Not the first or the last images of MNIST, which are by other writers: after 3000 steps of five ReLU layers the
    # last 5000 score 0.5 points above the test set (0.3 to 0.6 with three seeds). This sample scores 0.4 points below
    # it, four others from 0.4 below to level with it: so much is luck, for the test set too has only 10,000 images.
    random = np.random.default_rng(0)
    order = random.permutation(len(split))
    by_class = order[np.argsort(split.labels[order], kind="stable")]  # class by class, shuffled within each
    # Evenly spaced places in that line fall into each class as often as it is large.
    chosen = by_class[(np.arange(count) * len(split)) // count]
    rest = np.ones(len(split), bool)
    rest[chosen] = False
    chosen = np.sort(chosen)
    without, sample = (Split(aligned(split.images[part]), split.labels[part]) for part in (rest, chosen))
    return without, sample


def aligned(array: np.ndarray) -> np.ndarray:
    """The array, or else a copy, in memory that a tensor can share: in one piece, beginning at a multiple of 64 bytes.

    The memory belongs to an array behind it that may be written to, without which NumPy shares nothing.
    """
    begins_well = array.flags.c_contiguous and array.ctypes.data % ALIGNMENT == 0
    if begins_well and array.base is not None and array.base.flags.writeable:
        return array
    memory = np.empty(array.nbytes + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    copy = memory[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def _is_whole(number) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def batches(examples: int, batch_size: int, seed: int) -> Iterator[np.ndarray]:
    """Positions of the examples of each batch, int [batch_size], without end: a fresh shuffle for every epoch.

    Every example comes once an epoch; a batch may hold the end of one epoch and the start of the next.
    Taught in notebooks/01_one_layer.ipynb, "What a batch is".
    """
    shuffle = np.random.default_rng(seed)
    left = np.empty(0, int)
    while True:
        while len(left) < batch_size:
            left = np.concatenate([left, shuffle.permutation(examples)])
        yield left[:batch_size]
        left = left[batch_size:]


def _read_checked(file: Path) -> dict[str, np.ndarray]:
    """Read every array of the archive after checking that it is, byte for byte, the one that was shipped."""
    cure = f'Put it back with "git checkout -- {file.parent.name}/{file.name}", or copy it from a neighbour.'
    try:
        packed = file.read_bytes()
    except OSError as error:
        raise DataError(f"The data file {file} cannot be read: {error.strerror}. {cure}") from error
    if hashlib.sha256(packed).hexdigest() != MNIST_SHA256:
        raise DataError(
            f"The data file {file} is not the one that was shipped: it has {len(packed):,} bytes and its SHA-256 sum "
            f"differs. The likely cause is a copy or download that was cut short, or an edit. {cure}"
        )
    with np.load(io.BytesIO(packed)) as archive:
        return {name: aligned(archive[name]) for name in archive.files}


def _mapped(folder: Path) -> dict[str, np.ndarray]:
    """Every array of an unpacked copy, mapped: read when it is needed, once for all. What one writes, others never see.

    They are as `aligned` has them: NumPy begins the numbers of such a file at a multiple of 64 bytes, and behind each
    is a plain array that may be written to.
    """
    arrays = {}
    for name in ARRAYS:
        try:
            mapped = np.load(folder / f"{name}.npy", mmap_mode="c")
        except (OSError, ValueError) as error:
            raise DataError(f"{UNPACKED} names {folder}, which cannot be read: {error}. Unset it.") from error
        arrays[name] = np.frombuffer(mapped, mapped.dtype).reshape(mapped.shape)
    return arrays
