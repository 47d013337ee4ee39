"""Notes for instructors, which live in the metadata of the cell that they are about, under "teaching".

So they move with their cell, and no reader of the lesson sees them. `minutes` counts for the part of the lesson that
begins at this cell, up to the next cell with minutes.
"""

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

LABELS = {
    "say": "Say",
    "ask": "Ask the room",
    "answers": "What rooms may answer",
    "stuck": "Where people get stuck",
    "cut": "If time is short",
}


def of(cell: NotebookNode) -> dict:
    """The notes of a cell, {} if it has none. Raises ValueError for one that is no note."""
    notes = dict(cell.metadata.get("teaching", {}))
    unknown = set(notes) - set(LABELS) - {"minutes"}
    if unknown:
        raise ValueError(f"A note for instructors is minutes, {', '.join(LABELS)}; got {', '.join(sorted(unknown))}.")
    if not isinstance(notes.get("minutes", 1), int) or not all(isinstance(notes.get(name, ""), str) for name in LABELS):
        raise ValueError(f"The minutes of a note are a whole number, all else is text; got {notes}.")
    return notes


def minutes(lesson: NotebookNode) -> int:
    """What the parts of a lesson take in a workshop, together."""
    return sum(of(cell).get("minutes", 0) for cell in lesson.cells)


def as_cell(notes: dict) -> NotebookNode:
    """The notes as a cell to be read by the instructor."""
    head = f"**For the instructor, {notes['minutes']} minutes**" if "minutes" in notes else "**For the instructor**"
    parts = [f"**{label}.** {notes[name]}" for name, label in LABELS.items() if name in notes]
    return new_markdown_cell("\n>\n".join(f"> {part}" for part in [head, *parts]))
