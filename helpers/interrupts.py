"""The kernel's stop button, heard between two steps instead of in the middle of one."""

import asyncio
import contextlib
import signal
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from IPython import get_ipython

AGAIN = 0.2  # seconds until the kernel is asked once more whether it is idle


class Interrupt:
    """Notes that the stop button was pressed while a `with` block runs; `check()` then raises KeyboardInterrupt.

    Python by itself raises it wherever it happens to be. Within TensorFlow that ended the whole kernel now and then,
    and within Matplotlib it became a TypeError. So a press is noted first, and the code asks for it
    where it can stop: `with Interrupt() as interrupt: … interrupt.check()`. A second press raises at once, for code
    that never asks. Outside the main thread, the only one that Python interrupts, nothing is ever noted; nor where a
    program around Python has its own way with the signal, since Python could not give that back.
    """

    def __enter__(self) -> "Interrupt":
        self.pressed, self.before = False, None
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is not None:
            self.before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_error) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)

    def check(self) -> None:
        """Raise KeyboardInterrupt if the stop button was pressed since the last time."""
        if self.pressed:
            self.pressed = False
            raise KeyboardInterrupt

    def _note(self, _number, _frame) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Let no press reach this thread while the block runs; one that comes is heard right after it.

    A signal in the middle of what XLA compiled spoiled the memory now and then, and the process aborted.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where a press is no signal
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class IdleButton:
    """The stop button while no cell runs: a press then ends what works in the background.

    ipykernel ignores a press that comes while it is idle, and takes the button over for as long as a cell or a widget's
    callback runs: a press then ends the cell, as ever, and the background goes on.
    """

    def __init__(self):
        self.methods: list[weakref.WeakMethod] = []
        self.before: Any = None  # what a press did before

    def stops(self, end: Callable[[], Any]) -> None:
        """Have a press call `end`, a bound method that does not wait. It is held weakly."""
        self.methods = [method for method in self.methods if method()] + [weakref.WeakMethod(end)]
        shell = get_ipython()
        if hasattr(shell, "kernel") and threading.current_thread() is threading.main_thread():
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:  # a kernel of another make, whose button is its own
                return
            self._take_over(loop)

    def _take_over(self, loop: asyncio.AbstractEventLoop) -> None:
        now = signal.getsignal(signal.SIGINT)
        if now == signal.default_int_handler:  # a cell runs; afterwards ipykernel puts back what was there before it
            loop.call_later(AGAIN, self._take_over, loop)
        elif now is not None and getattr(now, "__self__", None) is not self:
            self.loop, self.before = loop, signal.signal(signal.SIGINT, self._pressed)

    def _pressed(self, number, frame) -> None:
        # A handler may come between any two lines of the loop's own. This is the one thing it may ask of the loop.
        self.loop.call_soon_threadsafe(self._end_all)
        if callable(self.before):
            self.before(number, frame)

    def _end_all(self) -> None:
        for end in [method() for method in self.methods]:
            if end:
                end()


idle_button = IdleButton()
