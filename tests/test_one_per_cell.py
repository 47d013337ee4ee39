"""Running a cell again ends what it showed, and nothing else."""

import gc

import pytest

from helpers import one_per_cell


class Shown:
    def __init__(self):
        self.ended = 0

    def end(self):
        self.ended += 1


class Shell:
    """A kernel's shell that is in the middle of a cell."""

    def run(self, cell, number, code=""):
        metadata = {"cellId": cell} if cell else {}
        self.parent = {"header": {"msg_id": str(number)}, "metadata": metadata, "content": {"code": code}}

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
    shell.run("a", 1)
    show(first)
    shell.run("b", 2)
    show(other)
    shell.run("a", 3)
    show(second)
    shell.run("a", 4)
    show(second)  # the same again
    assert (first.ended, second.ended, other.ended) == (1, 0, 0)


def test_two_in_one_cell_both_go_on_and_both_end(shell):
    first, second = Shown(), Shown()
    shell.run("a", 1)
    show(first, second, first)
    assert (first.ended, second.ended) == (0, 0)
    shell.run("a", 2)
    show(Shown())
    assert (first.ended, second.ended) == (1, 1)


def test_what_another_cell_shows_too_goes_on_until_that_is_run_again(shell):
    first = Shown()
    for number, cell in enumerate("ab"):
        shell.run(cell, number)
        show(first)
    shell.run("a", 7)
    show(Shown())
    assert first.ended == 0
    shell.run("b", 8)
    show(Shown())
    assert first.ended == 1


def test_nothing_is_kept_alive(shell):
    shell.run("a", 1)
    show(Shown())
    gc.collect()
    assert [each() for cell in one_per_cell._cells.values() for each in cell.shown] == [None]
    shell.run("a", 2)
    show(Shown())


def test_a_front_end_that_names_no_cells_is_known_by_the_code(shell):
    first, other = Shown(), Shown()
    shell.run(None, 1, "Lab()")
    show(first)
    shell.run(None, 2, "OtherLab()")
    show(other)
    shell.run(None, 3, "Lab()")
    show(Shown())
    assert (first.ended, other.ended) == (1, 0)


def test_where_there_are_no_cells_everything_goes_on():
    first, second = Shown(), Shown()
    show(first, second)
    assert (first.ended, second.ended) == (0, 0)
