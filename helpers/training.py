"""The training loop: mini-batch gradient descent, compiled, a chunk of steps at a time."""

import ctypes
import functools
import math
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import tensorflow as tf

from helpers import argument_checks, continuation
from helpers.data import CLASSES, Dataset, Split, batches
from helpers.errors import ReaderValueError
from helpers.history import DivergedError, History
from helpers.interrupts import Interrupt

CHUNK = 100  # steps in one compiled call, at most
FIRST = 10  # steps in the first call, so that there is something to see at once
SECONDS_PER_CALL = 0.06  # at most, for the steps of one compiled call, so that Stop is heard and frames flow
EVALUATE = 2500  # test images in one matrix product: larger ones are hardly faster, and each holds its block in memory


def mean_cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """The cross-entropy of softmax(logits) with one-hot labels, both [batch, 10], averaged over the batch.

    Taught in notebooks/01_one_layer.ipynb, "The loss".
    """
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels, logits))


def sum_cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """The cross-entropy of softmax(logits) with one-hot labels, both [batch, 10], summed over the batch.

    The step it takes is batch_size times that of the mean: for batches of 100, rate 0.003 here is rate 0.3 there.
    Taught in notebooks/01_one_layer.ipynb, "Sum or mean".
    """
    return tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(labels, logits))


class Loop:
    """The compiled parts for one model and one loss: a chunk of training steps, and an evaluation.

    model, loss: as `train` takes them. data: what the trial batch comes from. Raises ValueError or TypeError, in words
    about the reader's code, when they cannot be trained. Make one per network: it can be run again and again.
    """

    def __init__(self, model: Callable, loss: Callable, data: Dataset, batch_size: int = 100):
        self.variables, self.reduction = argument_checks.check_model(
            model,
            loss,
            *_batch(*(tensor[:batch_size] for tensor in on_device(data.train))),
            expects_logits=loss is mean_cross_entropy or loss is sum_cross_entropy,
        )
        self.model, self.loss = model, loss
        # Each network gets functions of its own by functools.partial. Without it TensorFlow would take each further
        # network for a new translation of the first, and warn about that from the fifth on. The evaluation is not
        # compiled by XLA: large products gain little from it, and what XLA compiled, 3 MB a function, is never freed.
        self.evaluate = tf.function(functools.partial(self._evaluate), autograph=False)
        argument_checks.check_compilable(lambda: self.evaluate.get_concrete_function(*on_device(data.test)))
        self._compile(xla=True)
        no_steps = tf.zeros([CHUNK, batch_size], tf.int32), tf.constant(0), tf.constant(0.0)
        try:
            argument_checks.check_compilable(lambda: self.train_chunk(*on_device(data.train), *no_steps))
        except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError, tf.errors.NotFoundError):
            # XLA is missing from this TensorFlow (some builds for Windows), or cannot translate the reader's model.
            self._compile(xla=False)
        _give_back_memory()

    def _compile(self, *, xla: bool) -> None:
        self.xla = xla
        self.train_chunk = tf.function(functools.partial(self._train_chunk), jit_compile=xla, autograph=False)

    def _measure(self, images, labels, chosen):
        """The loss, its gradients, and the share of right answers, on the chosen examples."""
        digits = tf.gather(labels, chosen)
        batch, one_hot = _batch(tf.gather(images, chosen), digits)
        with tf.GradientTape() as tape:
            output = self.model(batch)
            loss = self.loss(one_hot, output)
        return loss, tape.gradient(loss, self.variables), _share_right(output, digits)

    def _train_chunk(self, images, labels, order, count, learning_rate):
        """Take `count` steps, one for each row of `order` (int32 [CHUNK, batch]); return losses and accuracies."""

        def step(i, losses, accuracies, _):
            loss, gradients, accuracy = self._measure(images, labels, order[i])
            for variable, gradient in zip(self.variables, gradients, strict=True):
                variable.assign_sub(learning_rate * gradient)
            return i + 1, losses.write(i, loss), accuracies.write(i, accuracy), tf.math.is_finite(loss)

        # The count is a tensor, since another number of steps would otherwise be compiled anew.
        empty = tf.TensorArray(tf.float32, CHUNK, element_shape=())
        start = (0, empty, empty, True)
        _, losses, accuracies, _ = tf.while_loop(
            lambda i, _losses, _accuracies, finite: (i < count) & finite, step, start
        )
        return losses.stack(), accuracies.stack()

    def _evaluate(self, images, labels):
        """Accuracy and loss per image over a whole split, a block of images at a time."""
        examples = labels.shape[0]
        blocks, rest = divmod(examples, EVALUATE)

        def add_block(start, size, right, total):
            digits = tf.slice(labels, [start], [size])
            batch, one_hot = _batch(tf.slice(images, [start, 0], [size, images.shape[1]]), digits)
            output = self.model(batch)
            per_image = 1.0 if self.reduction == "sum" else float(size)
            return right + _share_right(output, digits) * size, total + self.loss(one_hot, output) * per_image

        right, total = tf.constant(0.0), tf.constant(0.0)
        if blocks:
            _, right, total = tf.while_loop(
                lambda i, _right, _total: i < blocks,
                lambda i, right, total: (i + 1, *add_block(i * EVALUATE, EVALUATE, right, total)),
                (0, right, total),
                parallel_iterations=1,  # the products share the processor anyway
            )
        if rest:
            right, total = add_block(blocks * EVALUATE, rest, right, total)
        return right / examples, total / examples


class Training:
    """One training run, to be stepped through: `for history in Training(…): …` hands out the growing History.

    loop: a compiled `Loop`. data: a Dataset. The other settings: as `train` takes them. `learning_rate` may be changed
    between two chunks of steps and takes effect with the next. Leaving the `for` loop stops the training, and the
    weights stay as they are. Raises DivergedError at the step whose loss is not a finite number.
    """

    def __init__(self, loop: Loop, data: Dataset, *, learning_rate, steps, batch_size, test_every, seed):
        self.loop, self.data, self.learning_rate = loop, data, learning_rate
        self.history = History(
            steps=steps,
            batch_size=batch_size,
            loss=getattr(loop.loss, "__name__", type(loop.loss).__name__),
            reduction=loop.reduction,
            test_every=test_every,
            seed=seed,
            rates=[(1, learning_rate)],
        )
        self.batches = batches(len(data.train), batch_size, seed)
        self.chunk = FIRST  # steps in the next call; how steps are split into calls does not change the numbers

    def __iter__(self) -> Iterator[History]:
        history = self.history
        while history.step < history.steps:
            self._advance()
            yield history

    def _advance(self) -> None:
        """Take steps up to the end of the chunk or to the next test, and write down what was measured."""
        history, began = self.history, time.perf_counter()
        if self.learning_rate != history.learning_rate:
            argument_checks.check_learning_rate(self.learning_rate)
            history.change_rate(self.learning_rate)
        next_test = min(history.steps, (history.step // history.test_every + 1) * history.test_every)
        left = next_test - history.step
        count = math.ceil(left / math.ceil(left / self.chunk))  # calls of equal size: each costs some time of its own
        order = np.zeros((CHUNK, history.batch_size), np.int32)
        for row in range(count):
            order[row] = next(self.batches)
        losses, accuracies = self.loop.train_chunk(
            *on_device(self.data.train),
            tf.constant(order),
            tf.constant(count, tf.int32),
            tf.constant(history.learning_rate, tf.float32),
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
            history.add_test(*self.loop.evaluate(*on_device(self.data.test)))
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
    test_every: int = 100,
    seed: int = 0,
    watch: Callable[[History], None] | None = None,
) -> History:
    """Train `model` by mini-batch gradient descent, from its present weights, and return what happened.

    model: a function from float32 images [batch, 784] to logits [batch, 10] that uses tf.Variables, a tf.Module, or a
        Keras model; or a `Loop` that was compiled before, with its loss and batch size, which saves compiling it anew.
    loss: a function of one-hot labels [batch, 10] and what the model returned, to one number.
    test_every: the test set is measured every so many steps, and at the end. seed: of the shuffles; every example
        comes once an epoch. watch: called with the growing History after each chunk of steps and at the end.
    Interrupting keeps the weights and the history, and says where it stopped. Raises ValueError or TypeError, before
    the first step, for mistakes in the arguments; DivergedError when the loss becomes NaN or infinite.
    Taught in notebooks/01_one_layer.ipynb, "Ten thousand steps".
    """
    argument_checks.check_data(data)
    argument_checks.check_settings(
        learning_rate=learning_rate,
        steps=steps,
        batch_size=batch_size,
        test_every=test_every,
        seed=seed,
        examples=len(data.train),
    )
    with Interrupt() as interrupt:
        try:
            loop = _compiled(model, loss, data, batch_size)
            interrupt.check()
        except KeyboardInterrupt:
            print("Stopped before the first step, while the network was being compiled. Nothing has changed.")
            return History(
                steps, batch_size, str(loss), "mean", test_every, seed, [(1, learning_rate)], ended="stopped"
            )
        if not loop.xla:
            print("This model runs without XLA, TensorFlow's compiler, and so more slowly; the numbers are as good.")
        before = continuation.steps_behind(loop.variables)
        if before:
            behind = "1 step" if before == 1 else f"{before:,} steps"
            print(f"Going on from the present weights, which have {behind} of training behind them.")
        training = Training(
            loop,
            data,
            learning_rate=learning_rate,
            steps=steps,
            batch_size=batch_size,
            test_every=test_every,
            seed=seed,
        )
        history = training.history
        try:
            for _ in training:
                if watch:
                    watch(history)
                if not history.ended:
                    interrupt.check()
        except KeyboardInterrupt:
            history.ended = "stopped"
            print(f"Stopped after step {history.step:,} of {steps:,}. The weights keep what they have learned so far.")
        finally:
            continuation.remember(loop.variables, before + history.step)
            if watch and history.ended in ("stopped", "diverged"):
                watch(history)
    return history


@functools.lru_cache(maxsize=8)
def on_device(split: Split) -> tuple[tf.Tensor, tf.Tensor]:
    """The split as tensors, uint8 [n, 784] and int32 [n]: made once and shared, since every copy costs 47 MB."""
    images = split.images.reshape(len(split), -1)
    return tf.constant(images), tf.constant(split.labels, tf.int32)


def _compiled(model, loss, data, batch_size) -> Loop:
    if not isinstance(model, Loop):
        return Loop(model, loss, data, batch_size)
    if loss not in (mean_cross_entropy, model.loss):  # the mean is the default, which nobody may have asked for
        raise ReaderValueError(
            f"This Loop was compiled with the loss {model.loss.__name__}; got {loss.__name__} beside it. "
            "Leave the loss out, or compile another Loop with it."
        )
    return model


def _batch(images, digits):
    """Images and digits as model and loss want them: float32 [batch, 784] from 0 to 1, and one-hot [batch, 10]."""
    return tf.cast(images, tf.float32) / 255, tf.one_hot(digits, CLASSES)


def _share_right(output, digits):
    return tf.reduce_mean(tf.cast(tf.argmax(output, axis=1, output_type=tf.int32) == digits, tf.float32))


def _give_back_memory() -> None:
    """Hand what compiling no longer needs, some 50 MB, back to the system: glibc would keep it for later."""
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)
