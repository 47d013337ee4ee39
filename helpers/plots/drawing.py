"""When to draw: all that draws shares a small part of the time, and what a hand asks for is drawn beside its thread."""

import threading
import time
from collections.abc import Callable, Hashable
from weakref import WeakKeyDictionary, WeakSet

SHARE = 1 / 5  # of the time that all drawing together takes while something trains
FORGOTTEN = 1.0  # seconds after which something that stopped asking for its turn no longer waits for it
REST = 0.7  # seconds without a wish after which a hand has come to rest


class Budget:
    """Lets one after the other draw, at most SHARE of the time, the one first that has not been drawn for longest.

    Each asks `begin(self)` whenever it could draw, and calls `end(self)` when it has drawn. clock: counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter):
        self.clock, self.changing = clock, threading.Lock()
        self.free_at, self.moved = 0.0, -FORGOTTEN
        self.drawing: object | None = None
        self.began = 0.0
        self.waiting: WeakSet[object] = WeakSet()  # who asked and has not had a turn since
        self.asked: WeakKeyDictionary[object, float] = WeakKeyDictionary()  # when each one asked last
        self.drawn: WeakKeyDictionary[object, float] = WeakKeyDictionary()  # when each one's last turn ended

    def begin(self, who: object, *, moves: bool = True) -> bool:
        """Whether `who` may draw now. moves: it is drawn in frames; a still picture waits only while frames are."""
        with self.changing:
            now = self.clock()
            asked_before = self.asked.get(who, now)
            self.asked[who] = now
            self.waiting.add(who)
            if moves:
                self.moved = now
            pressed = now - self.moved < FORGOTTEN
            if self.drawing is not None or (pressed and (now < self.free_at or self._first(who, asked_before) != who)):
                return False
            self._begin(who, now)
            return True

    def begin_at_once(self, who: object) -> None:
        """Let `who` draw whoever else waits: a final picture, which nothing may hold up. Its time counts as well."""
        with self.changing:
            self._begin(who, self.clock())

    def end(self, who: object) -> None:
        """The turn is over; its time is counted from here, so that drawing never takes more than its share."""
        with self.changing:
            now = self.clock()
            self.drawn[who] = now
            if self.drawing is who:
                self.drawing = None
                self.free_at = now + (1 / SHARE - 1) * (now - self.began)

    def _begin(self, who: object, now: float) -> None:
        self.drawing, self.began = who, now
        self.waiting.discard(who)

    def _first(self, who: object, asked_before: float) -> object:
        """Who of those that wait was not drawn for longest. One that has not asked again for long waits no more."""
        since = min(asked_before, self.clock() - FORGOTTEN)
        waiting = (each for each in self.waiting if self.asked[each] >= since)
        return min(waiting, key=lambda each: (self.drawn.get(each, 0.0), each is not who))


class Drawer:
    """Does what is asked for in a thread of its own, one after the other, so that no callback waits for a picture.

    Of several wishes of the same place only the newest is done. The thread ends when nothing is left to do.
    """

    def __init__(self, budget: Budget):
        self.budget, self.changed = budget, threading.Condition()
        self.wishes: dict[Hashable, Callable[[], None]] = {}
        self.for_rest: dict[Hashable, Callable[[], None]] = {}
        self.thread: threading.Thread | None = None

    def soon(self, who: Hashable, job: Callable[[], None]) -> None:
        """Do `job` as soon as drawing may take its time; a newer job of `who` takes its place.

        What goes wrong in it, it has to tell the reader itself: nobody waits for its end.
        """
        self._take(self.wishes, who, job)

    def at_rest(self, who: Hashable, job: Callable[[], None]) -> None:
        """Do `job` when nobody has asked for anything for a moment: what is not worth doing while a slider moves."""
        self._take(self.for_rest, who, job)

    def wait(self) -> None:
        """Wait until all is done."""
        while thread := self.thread:
            thread.join()

    def _take(self, jobs: dict, who: Hashable, job: Callable[[], None]) -> None:
        with self.changed:
            jobs[who] = job  # in the place of an older one: who asks often does not wait longer
            self.changed.notify()
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, daemon=True)
                self.thread.start()

    def _work(self) -> None:
        while job := self._next():
            who, work = job
            while not self.budget.begin(who, moves=False):
                time.sleep(0.01)
            try:
                work()
            except BaseException:
                self.thread = None  # so that the next wish begins a new one
                raise
            finally:
                self.budget.end(who)

    def _next(self) -> tuple[Hashable, Callable[[], None]] | None:
        with self.changed:
            while not self.wishes and self.changed.wait(REST):
                pass  # someone asked for something
            jobs = self.wishes or self.for_rest
            if not jobs:
                self.thread = None
                return None
            who = next(iter(jobs))
            return who, jobs.pop(who)


BUDGET = Budget()
DRAWER = Drawer(BUDGET)
