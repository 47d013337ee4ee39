"""The training loop: mini-batch gradient descent, compiled, a chunk of steps at a time."""

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from helpers import argument_checks, continuation, pace, setting_checks
from helpers.compiled_loop import CHUNK, Loop, give_back_memory, on_device
from helpers.data import Dataset, batches
from helpers.errors import ReaderValueError
from helpers.history import DivergedError, History
from helpers.interrupts import Interrupt, held_back
from helpers.losses import mean_cross_entropy, sum_cross_entropy
from helpers.optimisers import CONSTANT, PLAIN, Optimiser, Schedule

__all__ = ["Loop", "Training", "mean_cross_entropy", "on_device", "sum_cross_entropy", "train"]

FIRST = 10  # steps in the first call, so that there is something to see at once
SECONDS_PER_CALL = 0.06  # at most, for the steps of one compiled call, so that Stop is heard and frames flow
NOTHING_CHOSEN = {"optimiser": PLAIN, "l2": 0.0, "shift": 0, "xla": None}


class Training:
    """One training run, to be stepped through: `for history in Training(…): …` hands out the growing History.

    loop: a compiled `Loop`. data: a Dataset. The other settings: as `train` takes them. `learning_rate`, which the
    schedule multiplies, may be changed between two chunks of steps and takes effect with the next. Leaving the `for`
    loop stops the training, and the weights stay as they are. Raises DivergedError at the step whose loss is not a
    finite number.
    """

    def __init__(
        self,
        loop: Loop,
        data: Dataset,
        *,
        learning_rate: float,
        steps: int,
        batch_size: int,
        test_every: int,
        seed: int,
        schedule: Schedule = CONSTANT,
    ):
        setting_checks.check_settings(
            learning_rate=learning_rate,
            steps=steps,
            batch_size=batch_size,
            test_every=test_every,
            seed=seed,
            examples=len(data.train),
        )
        self.loop, self.data, self.learning_rate, self.schedule = loop, data, learning_rate, schedule
        loop.forget()
        self.history = History(
            steps=steps,
            batch_size=batch_size,
            loss=getattr(loop.loss, "__name__", type(loop.loss).__name__),
            reduction=loop.reduction,
            test_every=test_every,
            seed=seed,
            rates=[(1, learning_rate)],
            classes=data.classes,
            notes=in_words(loop.optimiser, schedule, loop.l2, loop.shift),
        )
        self.history.expected_seconds = pace.expected(
            loop.multiplications,
            steps=steps,
            batch_size=batch_size,
            tests=math.ceil(steps / test_every),
            tested=len(data.test) + len(data.validation or ()),
        )
        self.batches = batches(len(data.train), batch_size, seed)
        self.chunk = FIRST  # steps in the next call; how steps are split into calls does not change the numbers

    def __iter__(self) -> Iterator[History]:
        history = self.history
        while history.step < history.steps:
            self._advance()
            if history.ended:
                give_back_memory()
            yield history

    def _advance(self) -> None:
        """Take steps up to the end of the chunk or to the next test, and write down what was measured."""
        history, began = self.history, time.perf_counter()
        if self.learning_rate != history.learning_rate:
            setting_checks.check_learning_rate(self.learning_rate)
            history.change_rate(self.learning_rate)
        next_test = min(history.steps, (history.step // history.test_every + 1) * history.test_every)
        left = next_test - history.step
        count = math.ceil(left / math.ceil(left / self.chunk))  # calls of equal size: each costs some time of its own
        order = np.zeros((CHUNK, history.batch_size), np.int32)
        for row in range(count):
            order[row] = next(self.batches)
        done = history.step + np.arange(CHUNK)
        shares = np.minimum(done / history.steps, 1)  # beyond the last step nothing is done, and nothing asked
        rates = [history.learning_rate * self.schedule.factor(float(share)) for share in shares]
        with held_back(), argument_checks.in_words(history.step):
            losses, accuracies = self.loop.train_chunk(
                *on_device(self.data.train),
                tf.constant(order),
                tf.constant(count, tf.int32),
                tf.constant(rates, tf.float32),
                tf.constant(history.step + 1, tf.int32),
                tf.constant(history.seed, tf.int32),
            )
            losses, accuracies = losses.numpy()[:count], accuracies.numpy()[:count]
        self.chunk = int(np.clip(count * SECONDS_PER_CALL / (time.perf_counter() - began), 1, CHUNK))
        finite = np.isfinite(losses)
        good = count if finite.all() else int(np.argmin(finite))
        per_image = history.batch_size if history.reduction == "sum" else 1
        history.add_steps(losses[:good] / np.float32(per_image), accuracies[:good])
        if good < count:
            history.seconds += time.perf_counter() - began
            history.ended = "diverged"
            raise DivergedError(history, losses[good])
        if history.step == next_test:
            with held_back():
                history.add_test(
                    test=self.loop.evaluate(*on_device(self.data.test)) if self.data.test else (),
                    validation=self.loop.evaluate(*on_device(self.data.validation)) if self.data.validation else (),
                )
        history.seconds += time.perf_counter() - began
        if history.step == history.steps:
            history.ended = "finished"


def train(
    model: Callable,
    data: Dataset,
    *,
    learning_rate: float,
    steps: int = 10_000,
    batch_size: int = 100,
    loss: Callable = mean_cross_entropy,
    optimiser: Optimiser = PLAIN,
    schedule: Schedule = CONSTANT,
    l2: float = 0.0,
    shift: int = 0,
    test_every: int = 100,
    seed: int = 0,
    watch: Callable[[History], None] | None = None,
    xla: bool | None = None,
) -> History:
    """Train `model` by mini-batch gradient descent, from its present weights, and return what happened.

    model: a function from float32 images [batch, 784] to logits [batch, 10] that uses tf.Variables, a tf.Module, or a
        Keras model; or a `Loop` that was compiled before, with its loss, batch size and the settings from `optimiser`
        to `xla`, which saves compiling it anew. A model with an argument `training` is told True in steps only: its
        dropout is off in every test.
    loss: a function of one-hot labels [batch, 10] and what the model returned, to one number.
    optimiser, schedule: see helpers/optimisers.py, `SGD(momentum=0.9)`, `Adam()`, `LINEAR_TO_ZERO`. l2: this times the
        sum of all squared weights is minimised too, and not reported. shift: move each image by up to so many pixels.
    test_every: the test set, and what the data holds out for validation, is measured every so many steps, and at the
        end. seed: of the shuffles and shifts; every example comes once an epoch. watch: called with the growing History
        after each chunk of steps and at the end. xla: whether to use TensorFlow's compiler; if left out, unless the
        model holds a convolution or draws random numbers, for which it is slow.
    Says beforehand how long it takes, by helpers/pace.py. Interrupting keeps the weights and the history, and says
    where it stopped. Raises ValueError or TypeError, before the first step, for mistakes in the arguments;
    DivergedError when the loss becomes NaN or infinite.
    Taught in notebooks/01_one_layer.ipynb, "Ten thousand steps".
    """
    argument_checks.check_data(data)
    run: dict[str, Any] = {"learning_rate": learning_rate, "steps": steps, "batch_size": batch_size}
    run |= {"test_every": test_every, "seed": seed}
    setting_checks.check_settings(**run, examples=len(data.train), l2=l2, shift=shift)
    with Interrupt() as interrupt:
        try:
            choices = {"optimiser": optimiser, "l2": l2, "shift": shift, "xla": xla}
            loop = _compiled(model, loss, data, batch_size, **choices)
            interrupt.check()
        except KeyboardInterrupt:
            print("Stopped before the first step, while the network was being compiled. Nothing has changed.")
            return History(
                steps, batch_size, str(loss), "mean", test_every, seed, [(1, learning_rate)], ended="stopped"
            )
        if not loop.xla and xla is None:
            print(f"This model runs without XLA, TensorFlow's compiler, {loop.why_not}; the numbers are as good.")
        before = continuation.steps_behind(loop.variables)
        if before:
            behind = "1 step" if before == 1 else f"{before:,} steps"
            print(f"Going on from the present weights, which have {behind} of training behind them.")
        training = Training(loop, data, **run, schedule=schedule)
        history = training.history
        pace.tell(f"{steps:,} steps", history.expected_seconds)
        try:
            for _ in training:
                if watch:
                    watch(history)
                if not history.ended:
                    interrupt.check()
        except KeyboardInterrupt:
            history.ended = "stopped"
            print(f"Stopped after step {history.step:,} of {steps:,}. The weights keep what they have learned so far.")
        except DivergedError as error:
            error.say_what_is_left()
            raise
        finally:
            continuation.remember(loop.variables, before + history.step)
            if watch and history.ended in ("stopped", "diverged"):
                watch(history)
    return history


def _compiled(model, loss, data: Dataset, batch_size: int, **choices) -> Loop:
    if not isinstance(model, Loop):
        return Loop(model, loss, data, batch_size, **choices)
    if loss not in (mean_cross_entropy, model.loss):  # the mean is the default, which nobody may have asked for
        raise ReaderValueError(
            f"This Loop was compiled with the loss {model.loss.__name__}; got {loss.__name__} beside it. "
            "Leave the loss out, or compile another Loop with it."
        )
    other = [name for name, value in choices.items() if value not in (NOTHING_CHOSEN[name], getattr(model, name))]
    if other:
        raise ReaderValueError(
            f"This Loop was compiled with {other[0]} {getattr(model, other[0])}; got {choices[other[0]]} beside it. "
            f"Leave {other[0]} out, or compile another Loop with it."
        )
    return model


def in_words(optimiser: Optimiser, schedule: Schedule, l2: float, shift: int) -> dict[str, str]:
    """What else was chosen for a run, in words, where it is not as in the first lessons: a History's notes."""
    notes = {"optimiser": optimiser, "schedule": schedule, "L2": l2, "shift": shift}
    usual = {"optimiser": PLAIN, "schedule": CONSTANT, "L2": 0, "shift": 0}
    return {name: str(value) for name, value in notes.items() if value != usual[name]}
