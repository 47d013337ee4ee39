"""Running a cell again replaces what it showed: what the earlier one still had under way is ended."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from IPython import get_ipython


@dataclass
class _Cell:
    """What one run of a cell has shown: for each thing, its method that ends it, which is held weakly.

    before: the same of the run before, until this one is over.
    """

    run: str
    before: list[weakref.WeakMethod]
    shown: list[weakref.WeakMethod] = field(default_factory=list)


_cells: dict[str, _Cell] = {}


def show(end: Callable[[], Any]) -> None:
    """Note that the running cell shows something; what an earlier run of it has shown is ended when this one is over.

    end: a bound method that ends what is shown, and does not wait. What is shown in another cell too, or again in this
    one, goes on, and so does everything where there are no cells.
    """
    shell = get_ipython()
    run, name = _running_cell(shell)
    if not run or not name:  # shown by a widget's callback, say
        return
    cell = _cells.get(name)
    if cell is None or cell.run != run:
        cell = _cells[name] = _Cell(run, before=cell.shown if cell else [])
        shell.events.register("post_run_cell", _end_earlier)  # it is registered once only
    mine = weakref.WeakMethod(end)
    if mine not in cell.shown:
        cell.shown.append(mine)


def _end_earlier(_result=None) -> None:
    """The running cell is over, and all that it shows is known: end what it showed before and does not show again."""
    still_shown = [each for cell in _cells.values() for each in cell.shown]
    for cell in _cells.values():
        before, cell.before = cell.before, []
        for method in (each() for each in before if each not in still_shown):
            if method is not None:
                method()


def _running_cell(shell) -> tuple[str, str]:
    """A mark of this one run, and the cell's name; nothing where no cell runs."""
    if shell is None or not hasattr(shell, "get_parent"):
        return "", ""
    asked = shell.get_parent()
    # Where the front end does not say which cell it is, as the older protocol does not, its code has to stand for it.
    name = asked.get("metadata", {}).get("cellId") or asked.get("content", {}).get("code", "")
    return asked.get("header", {}).get("msg_id", ""), name
