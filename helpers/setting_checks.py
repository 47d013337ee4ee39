"""The numbers that a reader gives a run, looked at before its first step; without TensorFlow, which not all runs need.

Each check says what was expected, what it got, the likely cause and the cure.
"""

import math
import numbers

from helpers.errors import ReaderTypeError, ReaderValueError


def check_settings(*, learning_rate, steps, batch_size, test_every, seed, examples: int, l2=0.0, shift=0) -> None:
    """Raise ValueError or TypeError, in words, unless every setting of a training run makes sense."""
    check_learning_rate(learning_rate)
    _check_whole("steps", steps, least=1, example="10_000")
    _check_whole("batch_size", batch_size, least=1, example="100")
    _check_whole("test_every", test_every, least=1, example="100")
    _check_whole("seed", seed, least=0, example="0")
    _check_whole("shift", shift, least=0, example="1")
    if isinstance(l2, bool) or not isinstance(l2, numbers.Real) or not 0 <= float(l2) < math.inf:
        raise ReaderValueError(f"l2 should be a number, 0 or more, such as 0.001; got {l2!r}.")
    if batch_size > examples:
        raise ReaderValueError(
            f"A batch of {batch_size:,} cannot be drawn from {examples:,} training examples. "
            f"Choose a batch_size of at most {examples:,}; the lessons use 100."
        )


def check_count(name: str, value) -> None:
    """Raise ValueError or TypeError, in words, unless `value` is a whole number of at least 1."""
    _check_whole(name, value, least=1, example="5")


def check_epochs(epochs) -> None:
    """Raise ValueError or TypeError, in words, unless `epochs` is a finite number above 0."""
    why = "It is how often each training image comes; half an epoch is 0.5."
    _check_above_0("epochs", epochs, example="5", why=why)


def check_learning_rate(rate) -> None:
    """Raise ValueError or TypeError, in words, unless `rate` is a finite number above 0."""
    why = "At 0 nothing is learned, and below 0 every step would climb the loss instead of going down."
    _check_above_0("learning_rate", rate, example="0.5", why=why)


def _check_above_0(name: str, value, *, example: str, why: str) -> None:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ReaderTypeError(f"{name} should be a number such as {example}; got {value!r}, a {type(value).__name__}.")
    if not math.isfinite(value) or value <= 0:
        raise ReaderValueError(f"{name} should be a finite number above 0, such as {example}; got {value!r}. {why}")


def _check_whole(name: str, value, *, least: int, example: str) -> None:
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise ReaderTypeError(
            f"{name} should be a whole number such as {example}; got {value!r}, a {type(value).__name__}. "
            "Numbers written with a point or as 1e4 are not whole numbers in Python, whatever their value."
        )
    if value < least:
        raise ReaderValueError(f"{name} should be {least} or more, such as {example}; got {value!r}.")
