"""Work in the background: one piece at a time, stopped, paced, waited for, and its errors kept."""

import signal
import time

import pytest

from helpers.labs.runner import LATE, Runner


@pytest.fixture
def runner():
    made = Runner()
    yield made
    made.stop()


def until_stopped(runner, done):
    def work():
        while not runner.stopping.wait(0.001):
            done.append(1)

    return work


def test_work_goes_on_until_it_is_stopped_and_then_ends(runner):
    done, ended = [], []
    runner.start(until_stopped(runner, done), lambda: ended.append(runner.idle.is_set()))
    while not done:
        time.sleep(0.001)
    runner.stop()
    assert runner.idle.is_set()
    assert ended == [False]  # what is done at the end belongs to the work


def test_new_work_stops_the_old_one_first(runner):
    ended = []
    runner.start(until_stopped(runner, []), lambda: ended.append("old"))
    runner.start(lambda: ended.append("new"), lambda: None)
    runner.wait()
    assert ended == ["old", "new"]


@pytest.mark.parametrize("where", ["work", "at_end"])
def test_what_goes_wrong_is_kept_and_raised_to_who_waits(runner, where):
    def fail():
        raise ZeroDivisionError(where)

    runner.start(**{"work": lambda: None, "at_end": lambda: None, where: fail})
    with pytest.raises(ZeroDivisionError, match=where):
        runner.wait()
    runner.start(lambda: None, lambda: None)
    runner.wait()
    assert runner.error is None


def test_the_first_error_is_the_one_that_counts(runner):
    def fail(word):
        raise RuntimeError(word)

    runner.start(lambda: fail("first"), lambda: fail("second"))
    with pytest.raises(RuntimeError, match="first"):
        runner.wait()


def test_the_kernels_stop_button_stops_what_is_waited_for(runner, monkeypatch):
    wait, pressed = runner.idle.wait, []

    def wait_and_press(seconds=None):
        if not pressed:
            pressed.append(signal.raise_signal(signal.SIGINT))
        return wait(seconds)

    runner.start(until_stopped(runner, []), lambda: None)
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
    runner.start(lambda: None, lambda: None)
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
    runner.start(lambda: None, lambda: None)
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
        runner.start(lambda done=done: done.append(1), lambda: None)
        runner.wait()
        assert done == [1]
