"""`make slides`: from each lesson a deck for the projector, with large pictures, and the lesson's prose as notes.

A section of the lesson is a column of slides: its heading and what it begins with, then each picture with the sentence
that reads it, and each short cell with what it printed. What a slide leaves out is in the speaker's notes (key S).
"""

import base64
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from tools import lessons
from tools.teaching import notes

LINES = 12  # of code or of what it printed, that can be read from the last row
WORDS = 45  # beside a picture or under a heading
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
HEADING = re.compile(r"^#{1,4} (.+)\n*")
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")  # a deck stands by itself
LEFT_OUT = ("What we claimed", "Next, and further reading", "The map of the series")
MARKDOWN = re.compile(r"[][*_`$\\]")  # what would mean something in the words of a picture
BLOCK = re.compile(r"^(?:[-|>*\d$]|\$\$)")  # a paragraph that is a list, a table, a quotation or a formula


@dataclass
class Slide:
    """One slide in Markdown, and what is told beside it. level: 1 the deck's first, 2 begins a column, 3 goes on."""

    level: int
    heading: str
    body: str
    told: str = ""

    def __str__(self):
        told = f'\n\n<aside class="notes">\n\n{self.told}\n\n</aside>' if self.told else ""
        return f"{'#' * self.level} {self.heading}\n\n{self.body}{told}\n"


def slides(lesson: NotebookNode, name: str, pictures: Path) -> Iterator[Slide]:
    """The slides of a lesson. name: what its pictures' files begin with; pictures: the folder for them."""
    heading, left_out, ahead = "", False, {exercise.stub for exercise in lessons.exercises(lesson)}
    cells = lesson.cells
    for number, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            text = LINK.sub(r"\1", FOLDED.sub("", cell.source)).strip()
            if found := HEADING.match(text):
                heading, left_out = found[1], found[1].startswith(LEFT_OUT)
                if not left_out:
                    level = 1 if number == 0 else 2
                    yield Slide(level, heading, beginning(text[found.end() :]), as_told(cell, text))
        elif number not in ahead and (not left_out or has_picture(cell)):
            after = cells[number + 1].source if number + 1 < len(cells) else ""
            after = "" if HEADING.match(after) else LINK.sub(r"\1", FOLDED.sub("", after))
            yield from of_code(cell, heading, after, f"{name}-{number:03}", pictures)


def has_picture(cell: NotebookNode) -> bool:
    """Whether a code cell shows a picture."""
    return any("image/png" in output.get("data", {}) for output in cell.outputs)


def of_code(cell: NotebookNode, heading: str, after: str, name: str, pictures: Path) -> Iterator[Slide]:
    """The slides of a code cell: each of its pictures, or its source with what it printed where both are short."""
    found = [output for output in cell.outputs if "image/png" in output.get("data", {})]
    for number, output in enumerate(found):
        file = pictures / f"{name}-{number}.png"
        file.write_bytes(base64.b64decode(output.data["image/png"]))
        words = MARKDOWN.sub(r"\\\g<0>", output.metadata.get("image/png", {}).get("alt", ""))
        picture = f"![{words}]({pictures.name}/{file.name})"
        yield Slide(3, heading, f"{picture}\n\n{beginning(after)}", f"{as_told(cell, after)}")
    printed = "".join(output.text for output in cell.outputs if output.output_type == "stream").rstrip()
    short = max(len(cell.source.splitlines()), len(printed.splitlines())) <= LINES
    if not found and printed and short:
        source = f"```python\n{cell.source}\n```\n\n```text\n{printed}\n```"
        yield Slide(3, heading, f"{source}\n\n{beginning(after, WORDS // 2)}", as_told(cell, after))


def beginning(text: str, words: int = WORDS) -> str:
    """Whole sentences from the start of a text, and the lists, tables and formulas that stand before its end."""
    kept: list[str] = []
    left = words
    for paragraph in re.split(r"\n\n+", text.strip()):
        if BLOCK.match(paragraph) and len(paragraph.splitlines()) <= LINES:
            kept.append(paragraph)
            continue
        sentences = re.split(r"(?<=[.?:])\s+(?=[A-Z*`“\"])", paragraph)
        taken: list[str] = []
        for sentence in sentences:
            if left - len(sentence.split()) < 0 and (kept or taken):
                break
            taken.append(sentence)
            left -= len(sentence.split())
        if taken:
            kept.append(" ".join(taken))
        if len(taken) < len(sentences):
            break
    return "\n\n".join(kept)


def as_told(cell: NotebookNode, text: str) -> str:
    """What the speaker sees: the notes for instructors first, then the lesson's own words."""
    told = notes.of(cell)
    head = [notes.as_cell(told).source] if told else []
    return "\n\n".join([*head, HEADING.sub("", text).strip()]).replace("$$", "")


def write(source: Path) -> None:
    """Write every lesson's deck as Markdown, its pictures beside it, into a new folder for Sphinx."""
    shutil.rmtree(source, ignore_errors=True)
    (source / "pictures").mkdir(parents=True)
    titles = {}
    for path in lessons.paths():
        lesson = lessons.read(path)
        deck = "\n\n".join(str(each) for each in slides(lesson, path.stem, source / "pictures"))
        (source / f"{path.stem}.md").write_text(deck, encoding="utf-8")
        titles[path.stem] = lessons.title(lesson)
    links = "\n".join(f"- [{title}]({stem}.md)" for stem, title in titles.items())
    hidden = "\n".join(titles)
    index = f"# Dense networks by touch\n\n{links}\n\n```{{toctree}}\n:hidden:\n\n{hidden}\n```\n"
    (source / "index.md").write_text(index, encoding="utf-8")
