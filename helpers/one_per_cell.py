"""Running a cell again replaces what it showed: what the earlier one still had under way is ended."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from IPython import get_ipython


@dataclass
class _Cell:
    """What one run of a cell has shown: for each thing, its method that ends it, which is held weakly."""

    run: str
    shown: list[weakref.WeakMethod] = field(default_factory=list)


_cells: dict[str, _Cell] = {}


def show(end: Callable[[], Any]) -> None:
    """Note that the running cell shows something; what an earlier run of the same cell has shown is ended.

    end: a bound method that ends what is shown, and does not wait. What is shown in another cell too, or again in this
    one, goes on, and so does everything where there are no cells.
    """
    run, name = _running_cell()
    if not run or not name:  # shown by a widget's callback, say
        return
    mine, before = weakref.WeakMethod(end), _cells.get(name)
    if before is None or before.run != run:
        _cells[name] = _Cell(run)
    if mine not in _cells[name].shown:
        _cells[name].shown.append(mine)
    if before is not None and before.run != run:
        still_shown = [each for cell in _cells.values() for each in cell.shown]
        for method in (each() for each in before.shown if each not in still_shown):
            if method is not None:
                method()


def _running_cell() -> tuple[str, str]:
    """A mark of this one run, and the cell's name; nothing where no cell runs."""
    shell = get_ipython()
    if shell is None or not hasattr(shell, "get_parent"):
        return "", ""
    asked = shell.get_parent()
    # Where the front end does not say which cell it is, as the older protocol does not, its code has to stand for it.
    name = asked.get("metadata", {}).get("cellId") or asked.get("content", {}).get("code", "")
    return asked.get("header", {}).get("msg_id", ""), name
