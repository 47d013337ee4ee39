"""The kernel's stop button, heard between two steps instead of in the middle of one."""

import contextlib
import signal
import threading
from collections.abc import Iterator


class Interrupt:
    """Notes that the stop button was pressed while a `with` block runs; `check()` then raises KeyboardInterrupt.

    Python by itself raises it wherever it happens to be. Within TensorFlow that ended the whole kernel now and then,
    and within Matplotlib it became a TypeError. So a press is noted first, and the code asks for it
    where it can stop: `with Interrupt() as interrupt: … interrupt.check()`. A second press raises at once, for code
    that never asks. Outside the main thread, the only one that Python interrupts, nothing is ever noted.
    """

    def __enter__(self) -> "Interrupt":
        self.pressed, self.before = False, None
        if threading.current_thread() is threading.main_thread():
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
