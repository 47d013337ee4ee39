"""A learner in JupyterLab joins the class's board by a press, and the board hears of the lesson."""

import contextlib
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from reader import run_all

sys.path.append(str(Path(__file__).resolve().parent.parent / "classroom"))
from boards import CODE, BoardInThread

LAB = """
from helpers import data
from helpers.labs.training_lab import TrainingLab
import tensorflow as tf

class OneLayer(tf.Module):
    def __init__(self):
        self.W = tf.Variable(tf.zeros([784, 10]))
    def __call__(self, x):
        return x @ self.W

bench = TrainingLab(data.load_mnist(), OneLayer)
bench.run(steps=500)
"""


@pytest.mark.slow
def test_a_yes_in_a_notebook_brings_guess_exercise_and_run_to_the_board(open_cells, tmp_path):
    board = BoardInThread(tmp_path / "board")
    try:
        page = open_cells(
            "my_guess = 7000",
            f"from helpers import checks, classroom\nclassroom.join('{board.address}', '{CODE}', 'owl-7')",
            "import numpy as np\nchecks.one_hot(lambda labels: np.eye(10)[labels])",
            "print(classroom.state())",
            name="01_a_class.ipynb",
        )
        run_all(page)
        expect(page.get_by_text("You are in no class, so nothing is sent.")).to_be_visible()
        expect(page.get_by_text('"kind": "guess", "body": {"about": "", "value": 7000')).to_be_visible()
        assert board.room.people == set()
        page.get_by_role("button", name="Yes, join").click()
        expect(page.get_by_text(re.compile("You are in the class as owl-7"))).to_be_visible()
        run_all(page)  # the exercise is solved again, and the cell with join does not ask again
        expect(page.get_by_text(re.compile("All events are at the board")).first).to_be_visible()
        expect(page.get_by_role("button", name="Yes, join")).to_have_count(0)
        _wait_for(page, board, {("guess", "01"), ("exercise", "01")})

        other = open_cells(
            LAB, "classroom_ends = __import__('helpers.classroom').classroom.withdraw()", name="02_next.ipynb"
        )
        first = other.locator(".jp-CodeCell").first
        first.click()
        other.keyboard.press("Shift+Enter")
        expect(other.get_by_text("The class's board hears this notebook too: you are owl-7.")).to_be_visible()
        _wait_for(other, board, {("guess", "01"), ("exercise", "01"), ("run", "02")})
        runs = [row for row in board.room.rows if row["kind"] == "run"]
        assert len(runs) == 1, runs
        run = runs[0]
        assert (run["lab"], run["steps"], run["settings"]["steps"], run["ended"]) == (
            "TrainingLab",
            500,
            500,
            "finished",
        )
        assert 0.8 < run["accuracy"] < 0.95
        other.keyboard.press("Shift+Enter")
        expect(other.get_by_text(re.compile("the board has deleted [0-9]+ events of yours"))).to_be_visible()
        assert board.room.rows == []
    finally:
        board.end()


def _wait_for(page, board, wanted):
    """Wait, as a page does, until the board has been told of these kinds in these lessons."""
    for _ in range(300):
        if {(row["kind"], row["lesson"]) for row in board.room.rows} >= wanted:
            return
        with contextlib.suppress(TimeoutError):
            page.wait_for_timeout(200)
    raise AssertionError(board.room.rows)
