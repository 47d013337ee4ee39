"""What happened in a training run, measured step by step; and how it is said when a run goes wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from helpers.errors import ReaderError, ReaderValueError

Measured = Literal["test", "validation"]
SETS = {"test": "test set", "validation": "validation images"}  # what a run is tested on, and how the page calls it
RECIPE = {"optimiser": "{}", "schedule": "rate {}", "L2": "L2 {}", "shift": "shift {}"}  # these notes, in a sentence
USUAL = ("SGD", "constant", "0")  # what they say of the first lessons' runs


@dataclass(eq=False)  # two runs are the same only if they are one and the same
class History:
    """What happened in one training run; prints as one sentence.

    train_accuracy, train_loss: float32 [steps done], measured on each step's own batch, before the step.
    test_steps: int [tests done]; test_accuracy, test_loss: float32 [tests done], over the whole test set, after a step.
    validation_accuracy, validation_loss: the same over the held-out images. Empty where the data has no such images.
    Accuracies are shares, 0 to 1. Losses are per image, whether the loss itself sums or averages (see `reduction`).
    classes: how many kinds of images there are. rates: the learning rates used, each with the first step that used it.
    notes: what else was chosen for the run, in words, by name: "optimiser", "schedule", "L2" and "shift" where they are
    not as in the first lessons, and what a lab adds. seconds: how long it has taken. expected_seconds: how long all of
    it takes on the machine that the lessons were made on. ended: "" while it runs, then "finished", "stopped" or
    "diverged".
    """

    steps: int
    batch_size: int
    loss: str
    reduction: str
    test_every: int
    seed: int
    rates: list[tuple[int, float]]
    classes: int = 10
    notes: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    expected_seconds: float = 0.0
    ended: str = ""
    train_accuracy: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    train_loss: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    test_steps: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    test_accuracy: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    test_loss: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    validation_accuracy: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    validation_loss: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))

    @property
    def step(self) -> int:
        """The number of steps done."""
        return len(self.train_loss)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the latest step."""
        return self.rates[-1][1]

    def rate_at(self, step: int) -> float:
        """The learning rate of step number `step`, counted from 1."""
        return [rate for first, rate in self.rates if first <= step][-1]

    def add_steps(self, losses: np.ndarray, accuracies: np.ndarray) -> None:
        """Add steps just done: float32 [steps], the loss per image and the accuracy of each on its own batch."""
        self.train_loss = np.concatenate([self.train_loss, np.asarray(losses, np.float32)])
        self.train_accuracy = np.concatenate([self.train_accuracy, np.asarray(accuracies, np.float32)])

    def add_test(self, test: Sequence[float] = (), validation: Sequence[float] = ()) -> None:
        """Add a test after the latest step: accuracy and loss per image over the whole of either set, if it has any."""
        self.test_steps = np.append(self.test_steps, self.step)
        if len(test):
            self.test_accuracy = np.append(self.test_accuracy, np.float32(test[0]))
            self.test_loss = np.append(self.test_loss, np.float32(test[1]))
        if len(validation):
            self.validation_accuracy = np.append(self.validation_accuracy, np.float32(validation[0]))
            self.validation_loss = np.append(self.validation_loss, np.float32(validation[1]))

    def tests_on(self, images: Measured) -> tuple[np.ndarray, np.ndarray]:
        """Accuracy and loss of each test so far, float32 [tests done], on the images called "test" or "validation".

        Raises ValueError, in words, if the run was tested without validation images, or for another name.
        """
        if images not in SETS:
            raise ReaderValueError(f'A run is tested on "test" or "validation" images; got {images!r}.')
        if len(self.test_steps) and not len(getattr(self, f"{images}_accuracy")):
            cure = (
                "since its data held nothing out. Train on data.load_mnist(validation=5000), or show the test set."
                if images == "validation"
                else "since its data has no test images. Show the validation images."
            )
            raise ReaderValueError(f"This run has no {images} results, {cure}")
        return getattr(self, f"{images}_accuracy"), getattr(self, f"{images}_loss")

    @property
    def recipe(self) -> str:
        """What was chosen beyond plain descent at a constant rate, such as "Adam, rate linear to 0, shift 1"; or ""."""
        chosen = {name: self.notes[name] for name in RECIPE if self.notes.get(name, "0") not in USUAL}
        return ", ".join(RECIPE[name].format(value) for name, value in chosen.items())

    def change_rate(self, rate: float) -> None:
        """Note the learning rate of the next step and of those after it."""
        if self.rates and self.rates[-1][0] == self.step + 1:  # changed again, before a step was made with it
            self.rates.pop()
        self.rates.append((self.step + 1, rate))

    def __repr__(self):
        return self.in_words("test", "validation")

    def in_words(self, *shown: Measured) -> str:
        """The run as one sentence, with the last result on each of the sets named."""
        rates = ", then ".join(f"{rate:g}" for _, rate in self.rates)
        words = f"{self.step:,} steps of {self.batch_size} images at learning rate {rates} ({self.reduction} loss)"
        words += f", {self.recipe}" if self.recipe else ""
        if self.ended in ("stopped", "diverged"):
            words += f", {self.ended} after step {self.step:,} of {self.steps:,}"
        results = [
            f"{images} accuracy {accuracy[-1]:.1%}, {images} loss {loss[-1]:.3f} per image"
            for images in shown
            for accuracy, loss in [(getattr(self, f"{images}_accuracy"), getattr(self, f"{images}_loss"))]
            if len(accuracy)
        ]
        words += f": {', '.join(results)}" if results else ""
        return f"{words}, in {self.seconds:.1f} s."


class DivergedError(ReaderError, ArithmeticError):
    """The loss became NaN or infinite: says at which step, and the usual causes. `history` holds every step before."""

    def __init__(self, history: History, loss: float):
        super().__init__(_why_diverged(history, loss))
        self.history = history

    def say_what_is_left(self) -> None:
        """Add what whoever called `train` can do next; a lab, which begins every run anew, has no use for it."""
        left = "The steps so far are in the exception's `history`; set the weights anew before you train again."
        self.args = (f"{self} {left}",)


def _why_diverged(history: History, loss: float) -> str:
    before = (
        f"it was {history.train_loss[-1]:.4g} per image a step before"
        if history.step
        else "there was no good step before (were the weights set anew since the last run?)"
    )
    rate = f"{history.learning_rate:g}"
    if history.reduction == "sum":
        same = history.learning_rate * history.batch_size
        rate += f" for a loss summed over {history.batch_size} images, which is like {same:g} for a mean"
    return (
        f"The loss became {loss} at step {history.step + 1:,}; {before}. Training stopped there. "
        f"The two usual causes: a learning rate that is too high (it is {rate}): try a tenth of it; or a logarithm of "
        "0 in a loss written out by hand: compute it from the logits."
    )
