"""What the tests of a class share: a board, and events for it."""

import time

import pytest
from boards import BoardInProcess, BoardInThread

from classroom.board import lan
from helpers.class_terms import EXAMPLES


@pytest.fixture
def board(tmp_path, monkeypatch):
    """A board with nothing on it, which keeps wrong codes waiting for a moment only."""
    monkeypatch.setattr(lan, "SLOW", 0.05)
    running = BoardInThread(tmp_path / "board")
    yield running
    running.end()


@pytest.fixture
def new_process(tmp_path):
    """A function that starts a board in a process of its own."""
    started = []

    def start(**options):
        started.append(BoardInProcess(tmp_path / "board", **options))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.fixture
def event():
    """A function that makes an event: event("exercise", name="one_hot")."""
    count = iter(range(10**6))

    def make(kind="exercise", *, lesson="01", **body):
        whole = {name: example for _, name, example in EXAMPLES}[kind]  # what a learner is shown is what is taken
        told = round(time.time(), 3)
        return {
            "id": f"event-{next(count):06}",
            "kind": kind,
            "body": {**whole, **body, "lesson": lesson},
            "told": told,
        }

    return make
