"""What every lab does in the background: work in a thread of its own, which can be stopped, paced and waited for."""

import threading
import time
from collections.abc import Callable

from helpers.interrupts import Interrupt

LATE = 0.5  # seconds behind its pace that a run makes up for; what it lost beyond, it lets be


class Runner:
    """Does one piece of work at a time in a thread, so that the page stays awake and Stop is heard.

    at_end: called in that thread after each piece of work, however it ended, and after `wake`. The work asks
    `stopping.is_set()` wherever it can end, and calls `keep_pace` after each few steps. `start`, `stop` and `wake`
    return at once, so that a widget's callback may call them: only the newest wish is kept, and it is taken up when
    what is under way has ended. What the latest work raised is kept in `error`. `idle` is set while nothing runs.
    """

    def __init__(self, at_end: Callable[[], None] = lambda: None):
        self.at_end = at_end
        self.error: BaseException | None = None
        self.stopping, self.idle = threading.Event(), threading.Event()
        self.idle.set()
        self._wish: Callable[[], None] | None = None
        self._due = 0.0  # the moment at which the next step is due
        self._end_due = False  # whether `at_end` has to be called before the thread may rest
        self._changing = threading.Lock()  # held for a moment only, never while anything is done

    @property
    def waiting(self) -> bool:
        """Whether there is a wish that has not begun."""
        return self._wish is not None

    def start(self, work: Callable[[], None]) -> None:
        """Have `work` done instead of what waits, and of what is under way, which is told to end."""
        with self._changing:
            self._wish = work
            self.stopping.set()
            if self.idle.is_set():
                self.error = None  # or it would pass for this work's if Stop comes before it begins
            self._rouse()

    def stop(self) -> None:
        """Forget what waits, and tell what is under way to end."""
        with self._changing:
            self._wish = None
            self.stopping.set()

    def wake(self) -> None:
        """Have `at_end` called, now or when what is under way has ended; that goes on."""
        with self._changing:
            self._end_due = True
            self._rouse()

    def wait(self) -> None:
        """Wait until nothing runs, and raise what went wrong; the kernel's stop button stops what runs."""
        with Interrupt() as interrupt:
            while not self.idle.wait(0.05):
                try:
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

    # The thread

    def _rouse(self) -> None:
        if self.idle.is_set():
            self.idle.clear()
            threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while do := self._next():
            try:
                do()
            except BaseException as error:  # SystemExit too, or who waits would wait for ever
                self.error = self.error or error

    def _next(self) -> Callable[[], None] | None:
        """What is to be done next: the end of what was done, then the newest wish; None if there is neither."""
        with self._changing:
            if self._end_due:
                self._end_due = False
                return self.at_end
            if self._wish:
                work, self._wish = self._wish, None
                self._end_due, self.error = True, None
                self.stopping.clear()
                self._due = time.perf_counter()
                return work
            self.idle.set()
            return None
