"""What happens in a lesson that a class may want to hear of. Nobody listens unless the learner has joined a class."""

from collections.abc import Callable

Listener = Callable[[str, dict], None]

_listeners: list[Listener] = []


def tell(kind: str, body: dict) -> None:
    """Tell whoever listens, and return. kind: "exercise" or "run"; body: what happened, as JSON could write it.

    A listener is called in the thread that tells, and so must not wait; without one, nothing happens.
    """
    for listener in tuple(_listeners):
        listener(kind, body)


def listen(listener: Listener) -> None:
    """Have `listener` called with every kind and body from now on."""
    if listener not in _listeners:
        _listeners.append(listener)


def hush(listener: Listener) -> None:
    """Call `listener` no more."""
    if listener in _listeners:
        _listeners.remove(listener)
