"""The committed lessons as material: their exercises, their notes for instructors, and copies without outputs."""

import hashlib
import os
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.errors import ReaderValueError

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
CALL = re.compile(r"^checks\.(\w+)\(.+\)$", re.MULTILINE)
FOLDED_SOLUTION = re.compile(r"\n*<details><summary>Solution</summary>\n(.*?)</details>", re.DOTALL)
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
HEADING = re.compile(r"^#{1,4} (.+)$", re.MULTILINE)
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson.

    check: the name of its check. title: the heading above it, such as "Exercise 1: accuracy". stub: the position of the
    cell that the learner fills in; the folded hint and solution are in the cell after it. call: the line that calls the
    check. solution: Python source; explained: it and what is said beside it, in Markdown.
    """

    check: str
    title: str
    stub: int
    call: str
    solution: str
    explained: str


def paths() -> list[Path]:
    """The lessons' files, in their order."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def numbered(number: str) -> Path:
    """The lesson with a number such as "03", or "3". Raises ValueError, in words, if there is none."""
    for path in paths():
        if number and path.name.startswith(f"{number.zfill(2)}_"):
            return path
    numbers = ", ".join(path.name[:2] for path in paths())
    raise ReaderValueError(f"Which lesson? Name one of {numbers}, such as LESSON=03; got {number!r}.")


def read(path: Path) -> NotebookNode:
    """A lesson as a notebook of nbformat's."""
    return nbformat.read(path, as_version=4)


def title(lesson: NotebookNode) -> str:
    """The lesson's heading."""
    return lesson.cells[0].source.splitlines()[0].removeprefix("# ")


def exercises(lesson: NotebookNode) -> Iterator[Exercise]:
    """The exercises of a lesson, in its order. Raises ValueError where a stub has no solution, or more than one."""
    for number, cell in enumerate(lesson.cells):
        if cell.cell_type == "code" and (call := CALL.search(cell.source)):
            (explained,) = FOLDED_SOLUTION.findall(lesson.cells[number + 1].source)
            (solution,) = CODE.findall(explained)
            yield Exercise(call[1], _heading_above(lesson, number), number, call[0], solution, explained.strip())


def _heading_above(lesson: NotebookNode, number: int) -> str:
    for cell in reversed(lesson.cells[:number]):
        if cell.cell_type == "markdown" and (found := HEADING.findall(FOLDED.sub("", cell.source))):
            return str(found[-1])
    return ""


def sources_hash(lesson: NotebookNode) -> str:
    """A sum over the text of all cells: stored outputs are fresh as long as it is the one stored with them."""
    text = "\0".join(cell.cell_type + "\0" + cell.source for cell in lesson.cells)
    return hashlib.sha256(text.encode()).hexdigest()


def without_outputs(lesson: NotebookNode) -> NotebookNode:
    """A copy as nobody has run it yet: no output, no count, no notes for instructors."""
    copy = deepcopy(lesson)
    for cell in copy.cells:
        cell.metadata.pop("teaching", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    copy.metadata.pop("sources_sha256", None)
    return copy


def for_students(lesson: NotebookNode) -> NotebookNode:
    """A copy as a class gets it: no outputs, so that no guess is spoiled, and no solutions."""
    copy = without_outputs(lesson)
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = FOLDED_SOLUTION.sub("", cell.source)
    return copy


def write(lesson: NotebookNode, path: Path) -> None:
    """Store a notebook, as the committed ones are stored, whole or not at all.

    Raises nbformat's error if it is not a valid one, and OSError if it cannot be written.
    """
    nbformat.validate(lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(nbformat.writes(lesson) + "\n", encoding="utf-8")
        os.replace(beside, path)
    except BaseException:  # Ctrl-C too leaves no half of a lesson
        beside.unlink(missing_ok=True)
        raise


def anchor(heading: str) -> str:
    """What a link to a heading ends in, after its #, as JupyterLab has it."""
    return heading.replace(" ", "-")
