"""The compiled parts of training: a chunk of steps, and an evaluation."""

import ctypes
import functools
import inspect
import sys
from collections.abc import Callable

import tensorflow as tf

from helpers import argument_checks, onednn
from helpers.data import Dataset, Split, aligned
from helpers.interrupts import held_back
from helpers.losses import mean_cross_entropy, sum_cross_entropy
from helpers.optimisers import PLAIN, Optimiser

CHUNK = 100  # steps in one compiled call, at most
EVALUATE = 2500  # images in one matrix product: larger ones are hardly faster, and each holds its block in memory
CONVOLUTIONS = ("Conv", "DepthwiseConv2dNative")  # how their operations' names begin
# XLA takes longer for these on a processor than TensorFlow does without it: for convolutions seven times as long, for a
# step of five layers with dropout twenty times, with noise on its images 1.7 times.
RANDOM = ("RandomUniform", "RandomStandardNormal", "StatelessRandomUniform", "StatelessRandomNormal")
SLOW_IN_XLA = {"convolutions": CONVOLUTIONS, "random numbers": RANDOM}
CONVOLVING = 3  # times as long for each multiplication as in a matrix product, from two to four in small networks;
CONVOLVING_IN_ONEDNN = 1.3  # with oneDNN, which took 0.43 of the time in six pairs of runs


class Loop:
    """The compiled parts for one model, one loss and one optimiser: a chunk of training steps, and an evaluation.

    model, loss, optimiser, l2, shift, xla: as `training.train` takes them. data: what the trial batch comes from.
    Raises ValueError or TypeError, in words about the reader's code, when they cannot be trained. Make one per network:
    it can be run again and again. `xla` tells whether TensorFlow's compiler is used, `multiplications` how many the
    model makes of one image.
    """

    def __init__(
        self,
        model: Callable,
        loss: Callable,
        data: Dataset,
        batch_size: int = 100,
        *,
        optimiser: Optimiser = PLAIN,
        l2: float = 0.0,
        shift: int = 0,
        xla: bool | None = None,
    ):
        self.classes, self.shape = data.classes, data.train.images.shape[1:]
        images, labels = (tensor[:batch_size] for tensor in on_device(data.train))
        self.variables, self.reduction = argument_checks.check_model(
            model,
            loss,
            *self._batch(images, labels),
            expects_logits=loss is mean_cross_entropy or loss is sum_cross_entropy,
        )
        self.model, self.loss, self.optimiser, self.l2, self.shift = model, loss, optimiser, l2, shift
        self.in_training = _call_in_training(model)
        self.slots = [optimiser.slots(variable) for variable in self.variables]
        # Each network gets functions of its own by functools.partial. Without it TensorFlow would take each further
        # network for a new translation of the first, and warn about that from the fifth on. The evaluation is not
        # compiled by XLA: large products gain little from it, and what XLA compiled, 3 MB a function, is never freed.
        self.evaluate = tf.function(functools.partial(self._evaluate), autograph=False)
        tested = on_device(data.test or data.validation)
        argument_checks.check_compilable(lambda: self.evaluate.get_concrete_function(*tested))
        slow = _slow_in_xla(self.in_training, images.shape)
        self.why_not = f"which is slow at its {slow}"
        self._compile(xla=not slow if xla is None else xla)
        order = tf.zeros([CHUNK, batch_size], tf.int32)
        no_steps = order, tf.constant(0), tf.zeros([CHUNK]), tf.constant(0), tf.constant(0)
        try:
            # Tracing runs the reader's Python, such as an endless loop, which a press must be able to end. Compiling
            # cannot be ended anyway; it ends in a call of what was compiled, which no press may reach.
            arguments = *on_device(data.train), *no_steps
            argument_checks.check_compilable(lambda: self.train_chunk.get_concrete_function(*arguments))
            with held_back():
                argument_checks.check_compilable(lambda: self.train_chunk(*arguments))
        except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError, tf.errors.NotFoundError):
            # XLA is missing from this TensorFlow (some builds for Windows), or cannot translate the reader's model.
            self.why_not = "and so more slowly"
            self._compile(xla=False)
        self.multiplications = _multiplications(model, self.variables, data.pixels)
        give_back_memory()

    def forget(self) -> None:
        """Set what the optimiser remembers back to nothing, as at the start of a run."""
        for slot in (slot for slots in self.slots for slot in slots):
            slot.assign(tf.zeros_like(slot))

    def _compile(self, *, xla: bool) -> None:
        self.xla = xla
        self.train_chunk = tf.function(functools.partial(self._train_chunk), jit_compile=xla, autograph=False)

    def _batch(self, images, digits):
        """Images and digits as model and loss want them: float32 [batch, pixels] from 0 to 1, and one-hot labels."""
        return tf.cast(images, tf.float32) / 255, tf.one_hot(digits, self.classes)

    def _measure(self, images, labels, chosen, seed):
        """The loss, the gradients of what is minimised, and the share of right answers, on the chosen examples."""
        digits = tf.gather(labels, chosen)
        raw = tf.gather(images, chosen)
        if self.shift:
            raw = shifted(raw, self.shape, self.shift, seed)
        batch, one_hot = self._batch(raw, digits)
        with tf.GradientTape() as tape:
            output = self.in_training(batch)
            loss = self.loss(one_hot, output)
            minimised = loss + self.l2 * _squared_weights(self.variables) if self.l2 else loss
        return loss, tape.gradient(minimised, self.variables), share_right(output, digits)

    def _train_chunk(self, images, labels, order, count, rates, first, seed):
        """Take `count` steps, one for each row of `order` (int32 [CHUNK, batch]); return losses and accuracies.

        rates: float32 [CHUNK], the learning rate of each. first: the number of the first of them, counted from 1.
        """

        def step(i, losses, accuracies, _):
            loss, gradients, accuracy = self._measure(images, labels, order[i], tf.stack([seed, first + i]))
            for variable, gradient, slots in zip(self.variables, gradients, self.slots, strict=True):
                self.optimiser.update(variable, gradient, slots, rates[i], first + i)
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
            batch, one_hot = self._batch(tf.slice(images, [start, 0], [size, images.shape[1]]), digits)
            output = self.model(batch)
            per_image = 1.0 if self.reduction == "sum" else float(size)
            return right + share_right(output, digits) * size, total + self.loss(one_hot, output) * per_image

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


@functools.lru_cache(maxsize=8)
def on_device(split: Split) -> tuple[tf.Tensor, tf.Tensor]:
    """The split as tensors, uint8 [n, pixels] and int32 [n]; the images are in the memory of the split's own array.

    MNIST takes 55 MB there, and tf.constant would copy it twice. An array that cannot be shared is copied once.
    """
    images = aligned(split.images.reshape(len(split), -1)).view()
    images.flags.writeable = True  # read-only arrays are not handed on; TensorFlow never writes into a tensor
    return tf.experimental.dlpack.from_dlpack(images.__dlpack__()), tf.constant(split.labels, tf.int32)


def shifted(images: tf.Tensor, shape: tuple[int, int], reach: int, seed: tf.Tensor) -> tf.Tensor:
    """Images moved at random by up to `reach` pixels down, up, right and left; paper comes in where they leave.

    images: uint8 [batch, pixels], each of `shape`. seed: int32 [2], on which alone the moves depend.
    """
    height, width = shape
    pictures = tf.reshape(images, [-1, height, width])
    padded = tf.pad(pictures, [[0, 0], [reach, reach], [reach, reach]])
    moves = tf.random.stateless_uniform([tf.shape(images)[0], 2], seed, 0, 2 * reach + 1, tf.int32)
    rows = tf.gather(padded, moves[:, :1] + tf.range(height), axis=1, batch_dims=1)
    # Not turned over in between: oneDNN would complain of bytes that it cannot turn on every processor.
    columns = tf.gather(rows, moves[:, 1:] + tf.range(width), axis=2, batch_dims=1)
    return tf.reshape(columns, [-1, height * width])


def share_right(output, digits):
    """The share of rows of `output` whose largest number stands at the right digit."""
    return tf.reduce_mean(tf.cast(tf.argmax(output, axis=1, output_type=tf.int32) == digits, tf.float32))


def _squared_weights(variables) -> tf.Tensor:
    """The sum of all squared weights. Biases are left out: they move a unit's threshold, and large ones do no harm."""
    return tf.add_n([tf.reduce_sum(variable * variable) for variable in variables if len(variable.shape) > 1])


def _call_in_training(model: Callable) -> Callable:
    """The model as it is called in a training step: one with an argument `training`, as in Keras, is told."""
    called = model.call if isinstance(model, tf.keras.Model) else model
    try:
        takes_it = "training" in inspect.signature(called).parameters
    except (TypeError, ValueError):  # something whose arguments cannot be asked for
        takes_it = False
    return functools.partial(model, training=True) if takes_it else model


def _slow_in_xla(model: Callable, shape) -> str:
    """What in the model XLA is slow at, in a word or two, or "": by its operations, the same on every machine."""
    trace = tf.function(functools.partial(model), autograph=False)
    argument_checks.check_compilable(lambda: trace.get_concrete_function(tf.TensorSpec(shape, tf.float32)))
    graph = trace.get_concrete_function(tf.TensorSpec(shape, tf.float32)).graph.as_graph_def()
    functions = (node for function in graph.library.function for node in function.node_def)
    operations = {node.op for node in (*graph.node, *functions)}
    found = [name for name, starts in SLOW_IN_XLA.items() if any(each.startswith(starts) for each in operations)]
    return found[0] if found else ""


def _multiplications(model: Callable, variables, pixels: int) -> float:
    """How many multiplications the model makes of one image; one of a convolution counts for as long as it takes."""
    one_image = tf.TensorSpec([1, pixels], tf.float32)
    graph = tf.function(functools.partial(model), autograph=False).get_concrete_function(one_image).graph
    total, convolving = 0.0, CONVOLVING_IN_ONEDNN if onednn.is_on() else CONVOLVING
    for operation in graph.get_operations():
        if operation.type == "MatMul" or operation.type.startswith(CONVOLUTIONS):
            result, weights = operation.outputs[0].shape, operation.inputs[1].shape
            if result.is_fully_defined() and weights.is_fully_defined():
                places = result.num_elements() / result[-1]
                total += weights.num_elements() * places * (1 if operation.type == "MatMul" else convolving)
    # What a function inside the model computes is not seen here. Every weight is used once at least.
    return max(total, sum(variable.shape.num_elements() for variable in variables))


def give_back_memory() -> None:
    """Hand what compiling (50 MB) and training (20 MB) no longer need back to the system: glibc would keep it."""
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)
