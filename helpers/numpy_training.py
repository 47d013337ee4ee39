"""Training without a framework: the loop around a reader's own forward and backward pass, in NumPy alone."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from helpers import setting_checks
from helpers.data import CLASSES, Dataset, Split, batches
from helpers.errors import ReaderTypeError, ReaderValueError
from helpers.history import DivergedError, History
from helpers.interrupts import Interrupt

SECONDS_PER_CALL = 0.05  # between two looks at the run, so that Stop is heard and frames flow
EVALUATE = 2500  # test images in one matrix product


@dataclass(frozen=True)
class Network:
    """A network as three functions that the reader wrote; its weights are arrays that live outside of it.

    predict: from x [n, 784] and the list of weights to outputs [n, 10]. backward: from x, goals [n, 10] and the list of
    weights to the outputs and the weight deltas, one array for each of the weights and of its shape. loss: from outputs
    and goals to the loss per image, its mean over the n images.
    reduction: whether the weight deltas are those of the "sum" over the images or of their "mean".
    Taught in notebooks/07_numpy_by_hand.ipynb, "The same mathematics in batches".
    """

    predict: Callable
    backward: Callable
    loss: Callable
    reduction: str = "sum"


class Training:
    """One training run, to be stepped through: `for history in Training(…): …` hands out the growing History.

    The weights change in place. The other settings: as `train` takes them. `learning_rate` may be changed between two
    looks. Raises DivergedError at the step whose loss is not a finite number; the weights stay as they were before it.
    """

    def __init__(
        self,
        network: Network,
        weights: list[np.ndarray],
        data: Dataset,
        *,
        learning_rate,
        steps,
        batch_size,
        test_every,
        seed,
        pixels_over=255.0,
        falling=False,
        shift=0,
    ):
        self.network, self.weights, self.data = network, weights, data
        self.learning_rate, self.pixels_over, self.falling, self.shift = learning_rate, pixels_over, falling, shift
        self.history = History(
            steps=steps,
            batch_size=batch_size,
            loss=network.loss.__name__,
            reduction=network.reduction,
            test_every=test_every,
            seed=seed,
            rates=[(1, learning_rate)],
            notes={"shift": f"{shift}", "rate falls": "to 0" if falling else "no"},
        )
        self.batches = batches(len(data.train), batch_size, seed)
        self.random = np.random.default_rng(seed)
        images = data.train.images
        self.padded = np.pad(images, ((0, 0), (shift, shift), (shift, shift))) if shift else images
        check(network, weights, *self._batch(np.arange(2)))

    def __iter__(self) -> Iterator[History]:
        while self.history.step < self.history.steps:
            self._advance()
            yield self.history

    def _batch(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Images as rows, float32 [n, 784], and one-hot goals [n, 10]; all moved by the same random shift, if any."""
        down, right = self.random.integers(2 * self.shift + 1, size=2)
        images = self.padded[chosen, down : down + 28, right : right + 28]
        return as_rows(images, self.pixels_over), one_hot(self.data.train.labels[chosen])

    def _step(self, rate: float) -> tuple[float, float]:
        """Take one step; return the batch's loss per image and accuracy, as they were before it."""
        x, goals = self._batch(next(self.batches))
        with np.errstate(over="ignore", invalid="ignore"):  # DivergedError says it better than a warning
            outputs, deltas = self.network.backward(x, goals, self.weights)
            loss = float(self.network.loss(outputs, goals))
        if np.isfinite(loss):
            for weight, delta in zip(self.weights, deltas, strict=True):
                delta *= rate  # in place, since making arrays of this size takes long
                weight -= delta
        return loss, np.mean(outputs.argmax(axis=1) == goals.argmax(axis=1))

    def _advance(self) -> None:
        """Take steps for SECONDS_PER_CALL, or up to the next test, and write down what was measured."""
        history, began = self.history, time.perf_counter()
        if self.learning_rate != history.learning_rate:
            history.change_rate(self.learning_rate)
        first = history.step
        measured: list[tuple[float, float]] = []
        next_test = min(history.steps, (first // history.test_every + 1) * history.test_every)
        while first + len(measured) < next_test and (not measured or time.perf_counter() < began + SECONDS_PER_CALL):
            left = 1 - (first + len(measured)) / history.steps
            measured.append(self._step(self.learning_rate * left if self.falling else self.learning_rate))
            if not np.isfinite(measured[-1][0]):
                break
        losses, accuracies = np.array(measured, np.float32).T
        good = len(losses) if np.isfinite(losses[-1]) else len(losses) - 1
        history.add_steps(losses[:good], accuracies[:good])
        if good == len(losses) and history.step == next_test:
            splits = (self.data.test, self.data.validation)
            history.add_test(
                *(evaluate(self.network, self.weights, each, self.pixels_over) if each else () for each in splits)
            )
        history.seconds += time.perf_counter() - began
        if good < len(losses):
            history.ended = "diverged"
            raise DivergedError(history, losses[-1])
        if history.step == history.steps:
            history.ended = "finished"


def train(
    network: Network,
    weights: list[np.ndarray],
    data: Dataset,
    *,
    learning_rate: float,
    epochs: float,
    batch_size: int,
    test_every: int = 1000,
    pixels_over: float = 255.0,
    falling: bool = False,
    shift: int = 0,
    seed: int = 0,
    watch: Callable[[History], None] | None = None,
) -> History:
    """Train a network's weights in place by mini-batch gradient descent, and return what happened.

    weights: float32 arrays. epochs: how often each training image comes. pixels_over: what the pixels, 0 to 255, are
    divided by. falling: let the learning rate fall evenly to 0. shift: move each batch by up to so many pixels, at
    random. test_every: steps between two looks at the whole test set, and at what the data holds out for validation.
    seed: of shuffles and shifts. watch: called with the growing History a few times a second. Interrupting keeps
    weights and history. Raises ValueError or TypeError for functions that do not fit together, DivergedError when the
    loss becomes NaN or infinite.
    Taught in notebooks/07_numpy_by_hand.ipynb, "The same mathematics in batches".
    """
    setting_checks.check_epochs(epochs)
    setting_checks.check_count("batch_size", batch_size)
    steps = round(epochs * len(data.train) / batch_size)
    if steps < 1:
        raise ReaderValueError(
            f"epochs={epochs!r} of {len(data.train):,} images in batches of {batch_size:,} come to no step at all. "
            "Choose more epochs or a smaller batch_size."
        )
    run = {
        "learning_rate": learning_rate,
        "steps": steps,
        "batch_size": batch_size,
        "test_every": test_every,
        "seed": seed,
        "shift": shift,
    }
    setting_checks.check_settings(**run, examples=len(data.train))
    training = Training(network, weights, data, **run, pixels_over=pixels_over, falling=falling)
    history = training.history
    with Interrupt() as interrupt:
        try:
            for _ in training:
                if watch:
                    watch(history)
                if not history.ended:
                    interrupt.check()
        except KeyboardInterrupt:
            history.ended = "stopped"
            print(f"Stopped after step {history.step:,}. The weights keep what they have learned so far.")
        except DivergedError as error:
            error.say_what_is_left()
            raise
        finally:
            if watch and history.ended in ("stopped", "diverged"):
                watch(history)
    return history


def evaluate(network: Network, weights: list[np.ndarray], split: Split, pixels_over: float = 255.0):
    """Accuracy (a share) and loss per image over a whole split, a block of images at a time."""
    right = total = 0.0
    for start in range(0, len(split), EVALUATE):
        part = split[start : start + EVALUATE]
        goals = one_hot(part.labels)
        outputs = network.predict(as_rows(part.images, pixels_over), weights)
        right += np.sum(outputs.argmax(axis=1) == part.labels)
        total += float(network.loss(outputs, goals)) * len(part)
    return right / len(split), total / len(split)


def as_rows(images: np.ndarray, pixels_over: float = 255.0) -> np.ndarray:
    """Images uint8 [n, 28, 28] as rows, float32 [n, 784], divided by `pixels_over`: 255 gives 0 to 1."""
    rows = images.reshape(len(images), -1).astype(np.float32)
    rows /= pixels_over
    return rows


def one_hot(labels: np.ndarray) -> np.ndarray:
    """Labels [n] as rows with a single 1, float32 [n, 10]."""
    return np.eye(CLASSES, dtype=np.float32)[labels]


def check(network: Network, weights: list[np.ndarray], x: np.ndarray, goals: np.ndarray) -> None:
    """Try a network on two images. Raises ValueError or TypeError, in words, if its functions do not fit together."""
    kinds = {weight.dtype.name for weight in weights}
    if not all(kind.startswith("float") for kind in kinds):
        raise ReaderTypeError(
            f"Weights should be arrays of float32; got {', '.join(kinds)}. Whole numbers cannot take small steps."
        )
    got = network.backward(x, goals, weights)
    if not isinstance(got, tuple) or len(got) != 2:
        raise ReaderTypeError(f"backward should return two things, the outputs and the weight deltas; got {type(got)}.")
    outputs, deltas = got
    if np.shape(outputs) != goals.shape or np.shape(network.predict(x, weights)) != goals.shape:
        raise ReaderValueError(
            f"For {len(x)} images, predict and backward should give outputs of shape {list(goals.shape)}; got "
            f"{list(np.shape(network.predict(x, weights)))} and {list(np.shape(outputs))}."
        )
    shapes, wanted = [list(np.shape(delta)) for delta in deltas], [list(weight.shape) for weight in weights]
    if shapes != wanted:
        raise ReaderValueError(
            f"The weights have shapes {wanted}, so backward should return weight deltas of these shapes; got {shapes}."
            " The likely cause: a .T that is missing or stands at the wrong array, or another order of the arrays."
        )
