"""The budget of drawing, with a clock that is moved by hand, and what is drawn beside the callbacks."""

import threading

import pytest
from factories import PATIENCE, wait_until

from helpers.plots import drawing
from helpers.plots.drawing import Budget, Drawer


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Chart:
    """Something that takes its time to draw."""

    def __init__(self, seconds):
        self.seconds, self.drawn = seconds, 0

    def show(self, budget, clock):
        if not budget.begin(self):
            return
        clock.now += self.seconds
        budget.end(self)
        self.drawn += 1


def train(charts, chunk, seconds):
    """Chunks of training of so many seconds each, between which every chart asks; the share of time spent drawing."""
    clock = Clock()
    budget = Budget(clock)
    end, trained = clock.now + seconds, 0.0
    while clock.now < end:
        clock.now += chunk
        trained += chunk
        for chart in charts:
            chart.show(budget, clock)
    return 1 - trained / seconds


@pytest.mark.parametrize("chunk", [0.001, 0.015, 0.3, 5], ids=lambda chunk: f"chunks of {chunk} s")
@pytest.mark.parametrize("slow", [1, 10, 100], ids=lambda slow: f"{slow} times slower")
def test_drawing_takes_a_fifth_of_the_time_at_most_however_slow_the_machine(slow, chunk):
    charts = [Chart(slow * seconds) for seconds in (0.004, 0.03, 0.02, 0.01, 0.05)]
    share = train(charts, slow * chunk, slow * max(20, 200 * chunk))
    assert share <= drawing.SHARE + 0.02
    counts = [chart.drawn for chart in charts]
    assert min(counts) > 5 and max(counts) <= min(counts) + 1  # they take turns


def test_one_alone_uses_its_whole_share():
    assert train([Chart(0.01)], chunk=0.001, seconds=60) == pytest.approx(drawing.SHARE, abs=0.02)


def test_who_stopped_asking_is_not_waited_for():
    clock = Clock()
    budget, first, second = Budget(clock), Chart(0.1), Chart(0.1)
    first.show(budget, clock)
    assert not budget.begin(second)  # it asks once, and never again
    clock.now += 0.5
    assert not budget.begin(first)  # the other one has not been drawn for longer
    clock.now += drawing.FORGOTTEN
    assert budget.begin(first)


def test_a_still_picture_waits_while_something_moves_and_only_then():
    clock = Clock()
    budget, moving, still = Budget(clock), Chart(0.1), Chart(0.3)
    moving.show(budget, clock)
    assert not budget.begin(still, moves=False)
    clock.now += 0.41
    assert budget.begin(still, moves=False)
    clock.now += 0.3
    budget.end(still)
    clock.now += drawing.FORGOTTEN  # nothing moves any more: only the hand itself would wait
    for _ in range(50):
        assert budget.begin(still, moves=False)
        clock.now += 0.3
        budget.end(still)
    assert not budget.begin(moving)
    clock.now += 1.3  # a long drag before it does not hold a run up for long
    assert budget.begin(moving)


def test_a_final_picture_waits_for_nobody_and_counts():
    clock = Clock()
    budget, moving, final = Budget(clock), Chart(0.1), Chart(0.2)
    moving.show(budget, clock)
    budget.begin_at_once(final)
    clock.now += 0.2
    budget.end(final)
    clock.now += 0.7
    assert not budget.begin(moving)
    clock.now += 0.2
    assert budget.begin(moving)


def test_what_is_gone_is_forgotten():
    budget = Budget()
    gone = Chart(0)
    budget.begin(gone)
    budget.end(gone)
    del gone
    assert len(budget.asked) == len(budget.drawn) == 0


# --- Beside the callbacks -------------------------------------------------------------------------------------------


@pytest.fixture
def drawer(monkeypatch):
    monkeypatch.setattr(drawing, "REST", 0.05)
    made = Drawer(Budget())
    yield made
    made.wait()


def test_only_the_newest_wish_of_a_place_is_done_and_places_take_turns(drawer):
    begun, go_on, done = threading.Event(), threading.Event(), []
    slider, other = Chart(0), Chart(0)

    def first():
        begun.set()
        go_on.wait(PATIENCE)
        done.append("slider 0")

    drawer.soon(slider, first)
    begun.wait(PATIENCE)
    drawer.soon(slider, lambda: done.append("slider 1"))
    drawer.soon(other, lambda: done.append("other"))
    for number in range(2, 100):
        drawer.soon(slider, lambda number=number: done.append(f"slider {number}"))
    go_on.set()
    drawer.wait()
    assert done == ["slider 0", "slider 99", "other"]


def test_what_can_wait_is_done_at_rest_and_once(drawer, monkeypatch):
    slider, done = Chart(0), []
    monkeypatch.setattr(drawing, "REST", PATIENCE)
    for number in range(5):
        drawer.soon(slider, lambda number=number: done.append(number))
        drawer.at_rest(slider, lambda: done.append("kept"))
    wait_until(lambda: 4 in done)
    assert "kept" not in done
    monkeypatch.setattr(drawing, "REST", 0.05)
    drawer.soon(slider, lambda: done.append(5))
    drawer.wait()
    assert done[-2:] == [5, "kept"] and done.count("kept") == 1
    assert drawer.thread is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_a_mistake_the_next_wish_is_heard(drawer):
    done = []
    drawer.soon(drawer, lambda: 1 / 0)
    thread = drawer.thread
    if thread:
        thread.join()
    drawer.soon(drawer, lambda: done.append(1))
    drawer.wait()
    assert done == [1]
