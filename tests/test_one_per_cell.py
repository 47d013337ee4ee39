"""Running a cell again ends what it showed, and nothing else."""

import gc

import pytest
from IPython.core.events import EventManager

from helpers import one_per_cell


class Shown:
    def __init__(self):
        self.ended = 0

    def end(self):
        self.ended += 1


class Shell:
    """A kernel's shell."""

    def __init__(self):
        self.events = EventManager(self, ["post_run_cell"], print_on_error=False)

    def run(self, cell, number, *things, code=""):
        """Run a cell that shows some things."""
        metadata = {"cellId": cell} if cell else {}
        self.parent = {"header": {"msg_id": str(number)}, "metadata": metadata, "content": {"code": code}}
        show(*things)
        self.events.trigger("post_run_cell", None)

    def get_parent(self):
        return self.parent


@pytest.fixture
def shell(monkeypatch):
    made = Shell()
    monkeypatch.setattr(one_per_cell, "get_ipython", lambda: made)
    monkeypatch.setattr(one_per_cell, "_cells", {})
    return made


def show(*things):
    for each in things:
        one_per_cell.show(each.end)


def test_running_a_cell_again_ends_what_it_showed_once(shell):
    first, second, other = Shown(), Shown(), Shown()
    shell.run("a", 1, first)
    shell.run("b", 2, other)
    shell.run("a", 3, second)
    shell.run("a", 4, second)  # the same again
    assert (first.ended, second.ended, other.ended) == (1, 0, 0)


def test_two_in_one_cell_both_go_on_and_both_end(shell):
    first, second = Shown(), Shown()
    shell.run("a", 1, first, second, first)
    assert (first.ended, second.ended) == (0, 0)
    shell.run("a", 2, Shown())
    assert (first.ended, second.ended) == (1, 1)


def test_two_in_one_cell_that_shows_them_again_both_go_on(shell):
    first, second, third = Shown(), Shown(), Shown()
    shell.run("a", 1, first, second)
    shell.run("a", 2, first, second)
    assert (first.ended, second.ended) == (0, 0)
    shell.run("a", 3, third, second)
    assert (first.ended, second.ended, third.ended) == (1, 0, 0)
    shell.run("a", 4, Shown())
    assert (first.ended, second.ended, third.ended) == (1, 1, 1)


def test_what_another_cell_shows_too_goes_on_until_that_is_run_again(shell):
    first = Shown()
    for number, cell in enumerate("ab"):
        shell.run(cell, number, first)
    shell.run("a", 7, Shown())
    assert first.ended == 0
    shell.run("b", 8, Shown())
    assert first.ended == 1


def test_nothing_is_kept_alive(shell):
    shell.run("a", 1, Shown())
    gc.collect()
    assert [each() for cell in one_per_cell._cells.values() for each in cell.shown] == [None]
    shell.run("a", 2, Shown())


def test_a_front_end_that_names_no_cells_is_known_by_the_code(shell):
    first, other = Shown(), Shown()
    shell.run(None, 1, first, code="Lab()")
    shell.run(None, 2, other, code="OtherLab()")
    shell.run(None, 3, Shown(), code="Lab()")
    assert (first.ended, other.ended) == (1, 0)


def test_where_there_are_no_cells_everything_goes_on():
    first, second = Shown(), Shown()
    show(first, second)
    assert (first.ended, second.ended) == (0, 0)
