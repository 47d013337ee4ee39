"""How many steps of training the present weights have behind them."""

import functools
import weakref
from collections.abc import Iterable

_trained: dict[int, tuple[weakref.ref, int, int]] = {}  # by id: the variable, its steps, its values then


def remember(variables: Iterable, steps: int) -> None:
    """Note that these variables, as they are now, have so many steps of training behind them."""
    for variable in variables:
        key = id(variable)
        # A variable cannot be the key of a dictionary; once it is gone, another may get its id.
        itself = weakref.ref(variable, functools.partial(_forget, key))
        _trained[key] = itself, steps, _fingerprint(variable)


def _forget(key: int, _gone: weakref.ref) -> None:
    _trained.pop(key, None)


def steps_behind(variables: Iterable) -> int:
    """Steps of training behind the present weights: 0 as soon as one of the variables was set anew."""
    return min(_steps_of(variable) for variable in variables)


def _steps_of(variable) -> int:
    itself, steps, held = _trained.get(id(variable), (lambda: None, 0, 0))
    return steps if itself() is variable and held == _fingerprint(variable) else 0


def _fingerprint(variable) -> int:
    return hash(variable.numpy().tobytes())
