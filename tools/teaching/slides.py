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
HEADING = re.compile(r"^#{1,4} (.+)\n*")
# A slide of its own begins at each heading, wherever it stands in its cell, and at the question that the room answers.
PART = re.compile(r"^(?=#{1,4} |\*\*Guess first)", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")  # a deck stands by itself
LEFT_OUT = ("What we claimed", "Next, and further reading", "The map of the series")
MARKDOWN = re.compile(r"[][*_`$\\]")  # what would mean something in the words of a picture
BLOCK = re.compile(r"^(?:[-|>*\d$]|\$\$)")  # a paragraph that is a list, a table, a quotation or a formula
SENTENCE = re.compile(r"(?<=[.?:])\s+(?=[A-Z*`“\"])")  # where one ends and another begins
FORMULA = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)


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
    heading, read = "", False
    stubs = {exercise.stub: lesson.cells[exercise.stub].source for exercise in lessons.exercises(lesson)}
    for number, cell in enumerate(lesson.cells):
        if number in stubs:
            continue
        if cell.cell_type == "markdown":
            made = list(of_text(cell, heading, read=read, stub=stubs.get(number + 1, "")))
        else:
            after, note = read_by(lesson.cells, number)
            made = list(of_code(cell, heading, after, note, f"{name}-{number:03}", pictures))
        heading = made[-1].heading if made else heading
        read = cell.cell_type == "code" and bool(made)
        yield from (each for each in made if not each.heading.startswith(LEFT_OUT) or each.body.startswith("!["))


def of_text(cell: NotebookNode, heading: str, *, read: bool, stub: str) -> Iterator[Slide]:
    """The slides of a Markdown cell: one for each of its parts.

    read: whether what stands before its first heading is on the slide before. stub: the learner's part of an exercise
    if it comes next; then the whole task stays on the wall while the room works.
    """
    before, *rest = parts(cell)
    said = rest if not before or (read and (rest or not stub)) else [before, *rest]
    for part in said:
        found = HEADING.match(part)
        heading, text = found[1] if found else heading, HEADING.sub("", part)
        body = f"{text}\n\n{fenced(python=stub)}" if stub and part is said[-1] else beginning(text)
        level = 1 if part.startswith("# ") else 2 if found else 3
        yield Slide(level, heading, body, told(note_of(cell) if part is (rest or said)[0] else "", text))


def parts(cell: NotebookNode) -> list[str]:
    """The text of a Markdown cell, cut before each heading and each guess; the first part, without one, may be ""."""
    return [part.strip() for part in PART.split(LINK.sub(r"\1", lessons.FOLDED.sub("", cell.source)).strip())]


def read_by(cells: list[NotebookNode], number: int) -> tuple[str, str]:
    """The text after a code cell, up to a heading, and its note for the instructor; "" where there is none."""
    if number + 1 == len(cells) or cells[number + 1].cell_type == "code":
        return "", ""
    text, *rest = parts(cells[number + 1])
    return text, "" if rest else note_of(cells[number + 1])


def of_code(cell: NotebookNode, heading: str, after: str, note: str, name: str, pictures: Path) -> Iterator[Slide]:
    """The slides of a code cell: each of its pictures; or its source and what it printed, those that are short.

    after: the text that reads what it shows; note: that text's note for the instructor; name: of its pictures' files.
    """
    say = told(note_of(cell) + note, after)
    found = [output for output in cell.outputs if "image/png" in output.get("data", {})]
    for number, output in enumerate(found):
        file = pictures / f"{name}-{number}.png"
        file.write_bytes(base64.b64decode(output.data["image/png"]))
        words = MARKDOWN.sub(r"\\\g<0>", output.metadata.get("image/png", {}).get("alt", ""))
        yield Slide(3, heading, f"![{words}]({pictures.name}/{file.name})\n\n{beginning(after)}", say)
    if not found:
        printed = "".join(output.text for output in cell.outputs if output.output_type == "stream").rstrip()
        blocks = {"python": "" if only_imports(cell) else cell.source, "text": printed}
        short = {kind: text for kind, text in blocks.items() if text and len(text.splitlines()) <= LINES}
        if short:
            yield Slide(3, heading, f"{fenced(**short)}\n\n{beginning(after, WORDS // 2)}", say)


def fenced(**blocks: str) -> str:
    """Blocks of code in Markdown, by their language."""
    return "\n\n".join(f"```{language}\n{text}\n```" for language, text in blocks.items())


def only_imports(cell: NotebookNode) -> bool:
    """Whether a code cell loads tools and does nothing else."""
    return all(line.startswith(("from ", "import ")) for line in cell.source.splitlines() if line)


def beginning(text: str, words: int = WORDS) -> str:
    """Whole sentences from the start of a text, the lists, tables and formulas among them, and the last question."""
    kept: list[str] = []
    left = words
    paragraphs = re.split(r"\n\n+", text.strip())
    for paragraph in paragraphs:
        if BLOCK.match(paragraph) and len(paragraph.splitlines()) <= LINES:
            kept.append(paragraph)
            continue
        sentences = SENTENCE.split(paragraph)
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
    question = SENTENCE.split(paragraphs[-1])[-1]
    asked = question.endswith("?") and not BLOCK.match(paragraphs[-1]) and not (kept and kept[-1].endswith(question))
    return "\n\n".join([*kept, question] if asked else kept)


def note_of(cell: NotebookNode) -> str:
    """The cell's note for the instructor in Markdown; "" if it has none."""
    note = notes.of(cell)
    return notes.as_cell(note).source if note else ""


def told(note: str, text: str) -> str:
    """What the speaker sees: the note for instructors first, then the lesson's own words."""
    words = FORMULA.sub(lambda formula: f"${' '.join(formula[1].split())}$", text)  # set apart, it would end the notes
    return "\n\n".join(each for each in (note, words) if each)


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
    links = "\n".join(f"- [{stem[:2]} {title}]({stem}.md)" for stem, title in titles.items())
    hidden = "\n".join(titles)
    index = f"# Dense networks by touch\n\n{links}\n\n```{{toctree}}\n:hidden:\n\n{hidden}\n```\n"
    (source / "index.md").write_text(index, encoding="utf-8")
