"""Work in the background: one piece at a time, the newest wish, stopped, paced, waited for, and its errors kept."""

import signal
import threading

import pytest
from factories import PATIENCE, wait_until

from helpers.labs.runner import LATE, Runner


@pytest.fixture
def ended():
    """What has come to its end, in order."""
    return []


@pytest.fixture
def runner(ended):
    made = Runner(lambda: ended.append("end"))
    yield made
    made.stop()
    assert made.idle.wait(PATIENCE)


def until_stopped(runner, done):
    def work():
        while not runner.stopping.wait(0.001):
            done.append(1)

    return work


class Held:
    """Work that has begun and does not ask whether it should end, like compiling, until it is let go."""

    def __init__(self, runner):
        self.begun, self.let_go = threading.Event(), threading.Event()
        runner.start(self.work)
        assert self.begun.wait(PATIENCE)

    def work(self):
        self.begun.set()
        assert self.let_go.wait(PATIENCE)


def test_work_goes_on_until_it_is_stopped_and_then_ends(runner, ended):
    done = []
    runner.start(until_stopped(runner, done))
    wait_until(lambda: done)
    assert not runner.idle.is_set() and ended == []
    runner.stop()
    assert runner.idle.wait(PATIENCE)
    assert ended == ["end"]


def test_new_work_begins_when_the_old_has_ended(runner, ended):
    runner.start(until_stopped(runner, []))
    runner.start(lambda: ended.append("new"))
    runner.wait()
    assert ended in (["end", "new", "end"], ["new", "end"])  # the old one may not even have begun


def test_of_what_is_wished_for_meanwhile_only_the_newest_is_done(runner, ended):
    held = Held(runner)
    for number in range(10):
        runner.start(lambda number=number: ended.append(number))
        assert runner.waiting
    held.let_go.set()
    runner.wait()
    assert ended == ["end", 9, "end"]


def test_stop_forgets_what_waits_and_new_work_is_not_told_to_stop(runner, ended):
    held, seen = Held(runner), []
    runner.start(lambda: ended.append("forgotten"))
    runner.stop()
    assert not runner.waiting and runner.stopping.is_set() and not runner.idle.is_set()
    held.let_go.set()
    runner.wait()
    assert ended == ["end"]
    runner.start(lambda: seen.append(runner.stopping.is_set()))
    runner.wait()
    assert seen == [False]


def test_waking_has_the_end_called_and_lets_the_work_go_on(runner, ended):
    runner.wake()
    runner.wait()
    assert ended == ["end"]
    held = Held(runner)
    runner.wake()
    assert not runner.stopping.is_set()
    held.let_go.set()
    runner.wait()
    assert ended == ["end", "end"]


def test_what_is_asked_for_while_the_end_is_called_is_not_lost():
    asked = []

    def at_end():
        if not asked:
            asked.append("wake")
            runner.wake()
        elif asked == ["wake"]:
            asked.append("start")
            runner.start(lambda: asked.append("done"))

    runner = Runner(at_end)
    runner.wake()
    runner.wait()
    assert asked == ["wake", "start", "done"]


@pytest.mark.parametrize("where", ["work", "at_end"])
def test_what_goes_wrong_is_kept_and_raised_to_who_waits(where):
    def fail():
        if failing:
            raise ZeroDivisionError(where)

    runner, failing = Runner(fail if where == "at_end" else lambda: None), True
    runner.start(fail if where == "work" else lambda: None)
    with pytest.raises(ZeroDivisionError, match=where):
        runner.wait()
    failing = False
    runner.start(lambda: None)
    runner.wait()
    assert runner.error is None


def test_the_first_error_is_the_one_that_counts():
    def fail(word):
        raise RuntimeError(word)

    runner = Runner(lambda: fail("second"))
    runner.start(lambda: fail("first"))
    with pytest.raises(RuntimeError, match="first"):
        runner.wait()


def test_work_that_would_leave_the_program_ends_and_is_told(runner):
    def leave():
        raise SystemExit(3)

    runner.start(leave)
    with pytest.raises(SystemExit):
        runner.wait()


def test_the_kernels_stop_button_stops_what_is_waited_for(runner, monkeypatch):
    wait, pressed = runner.idle.wait, []

    def wait_and_press(seconds=None):
        if not pressed:
            pressed.append(signal.raise_signal(signal.SIGINT))
        return wait(seconds)

    runner.start(until_stopped(runner, []))
    monkeypatch.setattr(runner.idle, "wait", wait_and_press)
    runner.wait()
    assert pressed and runner.idle.is_set()


class Clock:
    """A clock that stands still unless somebody waits on it or says that work took time."""

    def __init__(self, monkeypatch, runner):
        self.now = 0.0
        monkeypatch.setattr("helpers.labs.runner.time", self)
        monkeypatch.setattr(runner.stopping, "wait", self.wait)

    def perf_counter(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds


def test_a_pace_is_kept_and_a_short_delay_made_up_for(runner, monkeypatch):
    clock = Clock(monkeypatch, runner)
    runner.start(lambda: None)
    runner.wait()
    for _ in range(10):
        runner.keep_pace(5, per_second=50)
    assert clock.now == pytest.approx(1.0)
    clock.now += LATE / 2
    for _ in range(10):
        runner.keep_pace(5, per_second=50)
    assert clock.now == pytest.approx(2.0)


def test_what_is_lost_beyond_that_is_let_be_and_no_pace_means_no_waiting(runner, monkeypatch):
    clock = Clock(monkeypatch, runner)
    runner.start(lambda: None)
    runner.wait()
    clock.now += 10
    for _ in range(100):
        runner.keep_pace(5, per_second=50)
    assert clock.now == pytest.approx(20 - LATE, abs=0.11)
    before = clock.now
    for _ in range(100):
        runner.keep_pace(5, per_second=0)
    assert clock.now == before


def test_work_that_comes_to_rest_does_not_end_the_work_after_it(runner):
    for _ in range(200):
        done = []
        runner.start(lambda done=done: done.append(1))
        runner.wait()
        assert done == [1]


def test_work_that_is_stopped_before_it_begins_does_not_raise_what_went_wrong_before(runner):
    runner.start(lambda: 1 / 0)
    assert runner.idle.wait(PATIENCE) and runner.error
    runner.start(lambda: None)
    runner.stop()
    runner.wait()
