"""Advice on how the notebooks are written, a line for each place that goes beyond a rule: `python -m tools.prose`.

It is advice because a derivation may need more room than a rule gives. A cell that does says so in its metadata,
`"advice": "why the room is needed"`, and is left out here: unlike a table of exceptions in this file, that moves with
the cell, goes with it, and stands where the next writer reads it.
"""

import re
import statistics
import sys
from collections.abc import Iterator

import nbformat

from tools.execute import NOTEBOOKS

LONGEST_CELL, MEDIAN_CELL = 25, 6  # lines of code
WORDS_BEFORE_A_CELL = (25, 60)  # median
EXERCISES = (2, 4)
HOUSE_WORDS = {r"iterations?": "steps", r"minibatch": "batch", r"hyper-?params?": "setting", r"lr": "learning rate"}


def words(markdown: str) -> int:
    """Return how many words of prose there are: no headings, tables, folded parts or addresses."""
    text = re.sub(r"<details>.*?</details>|\]\([^)]*\)", "", markdown, flags=re.DOTALL)
    lines = [line for line in text.splitlines() if not line.startswith(("#", "|"))]
    return sum(len(re.findall(r"[^\W_]+(?:[’'.,-][^\W_]+)*", line)) for line in lines)


def advice(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Yield what could be written better, each with its place: cells count from 1, those of prose too, as in ruff."""
    cells = [(number, cell) for number, cell in enumerate(notebook.cells, 1) if not cell.metadata.get("advice")]
    lines = {number: len(cell.source.splitlines()) for number, cell in cells if cell.cell_type == "code"}
    for number, cell in cells:
        if lines.get(number, 0) > LONGEST_CELL:
            yield f"cell {number}: {lines[number]} lines of code; a reader follows {LONGEST_CELL}"
        if cell.cell_type == "markdown":
            yield from (f"cell {number}: {each}" for each in _about_words(cell.source))
    if lines:
        yield from _about_balance(notebook, lines)
    exercises = sum(len(re.findall(r"^### Exercise \d", cell.source, re.MULTILINE)) for cell in notebook.cells)
    if exercises and not EXERCISES[0] <= exercises <= EXERCISES[1]:
        yield f"the whole: exercises number {exercises}; {EXERCISES[0]} to {EXERCISES[1]} are enough for a lesson"


def _about_words(markdown: str) -> Iterator[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`|!\[", "", markdown, flags=re.DOTALL)
    if "!" in text:
        yield "an exclamation mark; the reader decides what is exciting"
    for pattern, better in HOUSE_WORDS.items():
        for word in re.findall(rf"\b{pattern}\b", text):
            yield f"'{word}'; these lessons say {better}"


def _about_balance(notebook: nbformat.NotebookNode, lines: dict[int, int]) -> Iterator[str]:
    median = statistics.median(lines.values())
    if median > MEDIAN_CELL:
        yield f"the whole: half of the code cells have {median:g} lines or more; a good half has {MEDIAN_CELL} at most"
    before = {number: _words_before(notebook, number) for number in lines}
    bare = [number for number, count in before.items() if count == 0]
    if len(bare) > len(lines) / 10:
        yield f"the whole: no prose before cells {', '.join(map(str, bare))}; one code cell in ten can do without"
    median, (fewest, most) = statistics.median(before.values()), WORDS_BEFORE_A_CELL
    if not fewest <= median <= most:
        yield f"the whole: {median:g} words before a code cell, by the median; {fewest} to {most} read well"


def _words_before(notebook: nbformat.NotebookNode, number: int) -> int:
    previous = notebook.cells[number - 2] if number > 1 else None
    return words(previous.source) if previous and previous.cell_type == "markdown" else 0


def main() -> None:
    """Print the advice on every notebook."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception as problem:  # nbformat raises whatever it stumbles over
            sys.exit(f"{path.name} cannot be read: {problem}")
        for each in advice(notebook):
            print(f"{path.name}, {each}")


if __name__ == "__main__":
    main()
