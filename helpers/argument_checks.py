"""The reader's mistakes, answered in sentences about the reader's code before the first step is taken.

Each check says what was expected, what it got, the likely cause and the cure.
"""

import contextlib
import math
import re
from collections.abc import Callable, Iterator

import numpy as np
import tensorflow as tf

from helpers.data import CLASSES, Dataset
from helpers.errors import ReaderTypeError, ReaderValueError


def check_data(data) -> None:
    """Raise ValueError or TypeError, in words, unless `data` is a Dataset of uint8 images with labels 0 to 9."""
    if not isinstance(data, Dataset):
        raise ReaderTypeError(
            f"The second argument should be the data, as data.load_mnist() returns it; got {type(data).__name__}. "
            "A training call reads: train(model, mnist, learning_rate=0.5)."
        )
    held_out = [("validation", data.validation)] if data.validation else []
    for name, split in (("train", data.train), ("test", data.test), *held_out):
        if split.images.dtype != np.uint8:
            raise ReaderValueError(
                f"The {name} images should be uint8 pixels, 0 to 255; got {split.images.dtype}. "
                "Leave the scaling to 0–1 to the training loop: it is done there, a batch at a time."
            )
        if len(split.images) != len(split.labels):
            raise ReaderValueError(
                f"Every {name} image needs one label: there are {len(split.images):,} images "
                f"and {len(split.labels):,} labels."
            )
        if not len(split) and not (name == "test" and data.validation):
            raise ReaderValueError(f"The {name} part of the data is empty: it should hold at least one image.")
        if np.ndim(split.labels) != 1:
            raise ReaderValueError(
                f"Labels should be one digit for each image, shape [n]; the {name} labels have shape "
                f"{_shape(split.labels)}. The training loop makes them one-hot itself."
            )
        wrong = np.flatnonzero((np.asarray(split.labels) < 0) | (np.asarray(split.labels) >= data.classes))
        if len(wrong):
            kind = "the digits" if data.classes == CLASSES else "whole numbers from"
            raise ReaderValueError(
                f"Labels should be {kind} 0 to {data.classes - 1}; "
                f"the {name} label at position {wrong[0]} is {split.labels[wrong[0]]}."
            )


def check_model(model, loss, batch: tf.Tensor, one_hot: tf.Tensor, *, expects_logits: bool) -> tuple[list, str]:
    """Run `model` and `loss` once on one batch and raise, in words, unless they can be trained.

    batch: float32 [batch, 784]. one_hot: float32 [batch, 10]. expects_logits: whether `loss` applies the softmax.
    Returns the variables to train, in the order they were made, and how the loss adds up: "mean" or "sum".
    """
    if not callable(model):
        raise ReaderTypeError(
            f"The model should be a function from a batch of images to logits; got {type(model).__name__}. "
            "Hand over the function itself: train(model, …), not the result of calling it, train(model(x), …)."
        )
    if not callable(loss):
        raise ReaderTypeError(
            f"The loss should be a function, such as training.mean_cross_entropy; got {type(loss).__name__}. "
            "Hand over the function itself, without calling it."
        )
    with tf.GradientTape() as tape:
        output = _call_model(model, batch)
        _check_output(output, len(batch), one_hot.shape[1], expects_logits)
        value = _call_loss(loss, one_hot, output)
    variables = list(tape.watched_variables())
    with tf.GradientTape() as again:
        model(batch)
    if {id(variable) for variable in variables} != {id(variable) for variable in again.watched_variables()}:
        raise ReaderValueError(
            "The model makes new variables each time it is called, so it would forget what it learned at once. "
            "Make them once, above the function: W = tf.Variable(…), then def model(x): …"
        )
    if not variables:
        raise ReaderValueError(
            "The model uses no tf.Variable, so there is nothing to train. The likely cause: the weights are plain "
            "tensors or arrays. Make them variables: W = tf.Variable(tf.zeros([784, 10]))."
        )
    for variable, gradient in zip(variables, tape.gradient(value, variables), strict=True):
        if gradient is None:
            raise ReaderValueError(
                f"The loss does not depend on the variable {_describe(variable)}, so it cannot be trained. The likely "
                "cause: the way from it to the loss leaves TensorFlow (.numpy(), np.…) or is cut (tf.argmax, tf.round)."
            )
    return variables, _reduction(loss, one_hot, output, value)


def check_compilable(trace: Callable) -> None:
    """Call `trace`, which translates the reader's model and loss for the compiler; raise in words if that fails."""
    try:
        trace()
    except tf.errors.OpError:
        raise  # from the compiler, which is not the reader's fault
    except Exception as error:
        cause = (
            "The usual causes: .numpy(), np.…, len(x) or a Python if on a tensor inside it (use tf.… and x.shape[0])."
        )
        if "shape" in str(error):
            cause = (
                "The usual cause: a batch size written as a number, while the test set comes in batches of another "
                "size. Write -1 or x.shape[0] in its place."
            )
        raise ReaderValueError(
            "The model or the loss works on one batch but cannot be compiled for training: "
            f"{_first_line(error)} {cause}"
        ) from error


@contextlib.contextmanager
def in_words(step: int) -> Iterator[None]:
    """What TensorFlow says against the compiled model, in words; `step` steps are done."""
    try:
        yield
    except tf.errors.OpError as error:
        raise ReaderValueError(
            f"The model or the loss failed after step {step:,}, although it worked on its first batch: "
            f"{_first_line(error)} What depends on the weights or on the images in it?"
        ) from error


def _call_model(model, batch: tf.Tensor):
    try:
        return model(batch)
    except Exception as error:
        shapes = f"float32 images of shape {_shape(batch)}"
        raise ReaderValueError(
            f"The model failed on its first batch, {shapes}, before any training: {_first_line(error)}"
            f"{_likely_cause(error, pixels=batch.shape[1])}"
        ) from error


def _likely_cause(error: Exception, pixels: int) -> str:
    """What usually lies behind an error in a model, as one more sentence; "" where the error says it all."""
    words = str(error)
    if isinstance(error, NameError):
        return " Is the name misspelt, or has the cell that makes it not been run?"
    if isinstance(error, AttributeError):
        return " Is the name after the dot misspelt?"
    trace = error.__traceback__
    if isinstance(error, TypeError) and trace and trace.tb_next is None:  # not even its first line was reached
        return " The model is called with one argument, the batch of images."
    if "double" in words or "int32 tensor" in words:
        return " The likely cause: a variable that is not float32."
    if "incompatible" in words.lower():
        return (
            " The usual causes: a weight matrix whose first number is not the width of what enters it "
            f"({pixels} at the first layer), or biases of another width than their layer."
        )
    return ""


def _check_output(output, examples: int, classes: int, expects_logits: bool) -> None:
    if not tf.is_tensor(output):
        raise ReaderValueError(
            f"The model should return a tensor of logits; it returned {type(output).__name__}. "
            + ("Is its last line missing a return?" if output is None else "Compute with tf.… rather than np.….")
        )
    expected = (examples, classes)
    if tuple(output.shape) != expected:
        raise ReaderValueError(
            f"The model should return one row of {classes} logits for each image: shape {list(expected)} here. "
            f"It returned shape {_shape(output)}. "
            f"The likely cause: the last layer's weights or biases do not end in {classes}."
        )
    if output.dtype != tf.float32:
        raise ReaderValueError(
            f"The model should return float32 logits; it returned {output.dtype.name}. "
            "Make its variables from float32 values."
        )
    if not expects_logits:
        return
    rows = tf.reduce_sum(output, axis=1)
    if tf.reduce_all(output >= 0) and tf.reduce_all(abs(rows - 1) < 1e-3):
        raise ReaderValueError(
            "The model should return logits, the plain sums before the softmax; it returned probabilities (every row "
            "is positive and sums to 1). Remove the softmax from its last line: the loss applies it, in a way that "
            "cannot run into log(0)."
        )


def _call_loss(loss, one_hot: tf.Tensor, output: tf.Tensor):
    try:
        value = loss(one_hot, output)
    except Exception as error:
        cause = _likely_cause(error, 0) if isinstance(error, NameError | AttributeError) else ""
        raise ReaderValueError(
            f"The loss failed on its first batch, one-hot labels {_shape(one_hot)} and the model's output "
            f"{_shape(output)}: {_first_line(error)}{cause or ' A loss takes the labels first, then the output.'}"
        ) from error
    if not tf.is_tensor(value) or value.shape.rank != 0:
        got, cause = type(value).__name__, "it is computed with np.… rather than tf.…, or its return is missing."
        if tf.is_tensor(value):
            got = f"a tensor of shape {_shape(value)}"
            cause = "the mean (or sum) over the batch is missing. Wrap it: tf.reduce_mean(…)."
        raise ReaderValueError(
            "The loss should be one number for the whole batch, a tensor without dimensions; "
            f"it returned {got}. The likely cause: {cause}"
        )
    if value.dtype != tf.float32:
        raise ReaderValueError(
            f"The loss should be a float32 number; it returned {value.dtype.name}. Look for a tf.cast."
        )
    return value


def _reduction(loss, one_hot: tf.Tensor, output: tf.Tensor, value: tf.Tensor) -> str:
    """Whether the loss is a "mean" or a "sum" over the batch: of the same batch twice over, only a sum doubles."""
    try:
        twice = loss(tf.concat([one_hot, one_hot], axis=0), tf.concat([output, output], axis=0))
    except Exception as error:
        raise ReaderValueError(
            f"The loss works on a batch of {len(output)} images but not on one of {2 * len(output)}: "
            f"{_first_line(error)} The likely cause: a batch size written as a number in it. Take the mean instead."
        ) from error
    ratio = float(twice / value)
    if not math.isfinite(ratio) or abs(ratio - 1) < 1e-3:  # a loss that starts as NaN is stopped at step 1
        return "mean"
    if abs(ratio - 2) < 1e-3:
        return "sum"
    raise ReaderValueError(
        "The loss should be a mean or a sum over the examples of the batch, so that it can be reported per image. "
        f"Shown the same batch twice over, a mean stays and a sum doubles; yours became {ratio:.3g} times as large. "
        "The likely cause: a sum with another term added. Take the mean over the examples instead."
    )


def _describe(variable) -> str:
    name = variable.name.split(":")[0]
    return f"of shape {_shape(variable)}" if name == "Variable" else f"{name!r} of shape {_shape(variable)}"


def _shape(tensor) -> list[int]:
    return list(tensor.shape)


def _first_line(error: Exception) -> str:
    text = (str(error).strip().splitlines() or [""])[0]
    text = re.sub(r"\{\{.*?\}\} ?| \[Op:.*", "", text)  # operation names that TensorFlow puts into its messages
    text = re.split(r"\. (?=[A-Z])| for '", text)[0]
    return f"{type(error).__name__}: {text}".rstrip(".: ") + "."
