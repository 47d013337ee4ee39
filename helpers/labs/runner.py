"""What every lab does in the background: work in a thread of its own, which can be stopped, paced and waited for."""

import threading
import time
from collections.abc import Callable

from helpers.interrupts import Interrupt

LATE = 0.5  # seconds behind its pace that a run makes up for; what it lost beyond, it lets be


class Runner:
    """Runs one piece of work at a time in a thread, so that the page stays awake and Stop is heard.

    The work asks `stopping.is_set()` wherever it can end, and calls `keep_pace` after each few steps. What it raises is
    kept in `error`. `idle` is set while nothing runs.
    """

    def __init__(self):
        self.error: Exception | None = None
        self.stopping, self.idle = threading.Event(), threading.Event()
        self.idle.set()
        self.turn = threading.Lock()  # held while the work comes to rest, and by whoever has to know whether it has

    def start(self, work: Callable[[], None], at_end: Callable[[], None]) -> None:
        """Begin `work`, after stopping what is under way; `at_end` is called when it has ended, well or badly."""
        self.stop()
        self.stopping.clear()
        self.error = None
        self.idle.clear()
        self._due = time.perf_counter()
        threading.Thread(target=self._run, args=(work, at_end), daemon=True).start()

    def stop(self) -> None:
        """End the work under way, if there is any, and wait until it has ended: a few hundredths of a second."""
        self.stopping.set()
        self.idle.wait()  # rather than join the thread: a join that is interrupted takes it for ended ever after

    def wait(self) -> None:
        """Wait for the work to end, and raise what went wrong in it; the kernel's stop button stops it."""
        with Interrupt() as interrupt:
            try:
                while not self.idle.wait(0.05):
                    interrupt.check()
            except KeyboardInterrupt:
                self.stop()
        if self.error:
            raise self.error

    def keep_pace(self, steps: int, per_second: float) -> None:
        """Wait until so many more steps are due, or until Stop; per_second = 0 means as fast as it goes."""
        now = time.perf_counter()
        self._due = max(self._due + steps / per_second, now - LATE) if per_second else now
        self.stopping.wait(max(0.0, self._due - now))

    def _run(self, work: Callable[[], None], at_end: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self.error = error
        with self.turn:
            try:
                at_end()
            except Exception as error:
                self.error = self.error or error
            finally:
                self.idle.set()
