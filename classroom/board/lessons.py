"""What the board knows of the lessons: the question that each begins with, what came out, and its exercises."""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from helpers import claims

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

QUESTIONS = Path(__file__).with_name("questions.toml")
NOTEBOOKS = Path(__file__).resolve().parent.parent.parent / "notebooks"


@dataclass(frozen=True)
class Question:
    """What a lesson has its readers guess, in the words of the projector.

    about: what each part of the guess is about, [""] for a single one. words: the answers to choose from; a question
    for a number has none, but the range from low to high. left: for each part what stands in the lesson before the
    reader changes it. answer: for each part what came out: a word, or the number that the lesson states and the band
    that it is claimed to land in.
    """

    text: str
    unit: str
    about: tuple[str, ...]
    low: float
    high: float
    words: tuple[str, ...]
    left: dict[str, float | str]
    answer: dict[str, dict]


@dataclass(frozen=True)
class Lesson:
    """One lesson: its number, its title, its question if it has one, and the names of its exercises in their order."""

    number: str
    title: str
    question: Question | None = None
    exercises: tuple[str, ...] = field(default=())

    def public(self) -> dict:
        """What a page may know before the answer is uncovered."""
        asked = self.question
        return {
            "number": self.number,
            "title": self.title,
            "exercises": self.exercises,
            "question": asked
            and {name: getattr(asked, name) for name in ("text", "unit", "about", "low", "high", "words", "left")},
        }


def load(notebooks: Path = NOTEBOOKS) -> dict[str, Lesson]:
    """Every lesson by its number. Raises FileNotFoundError, in words, where there are no notebooks."""
    asked = {number: _question(table) for number, table in tomllib.loads(QUESTIONS.read_text("utf-8")).items()}
    found = {}
    for path in sorted(notebooks.glob("[0-9][0-9]_*.ipynb")):
        number, cells = path.name[:2], json.loads(path.read_text("utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        exercises = tuple(dict.fromkeys(re.findall(r"\bchecks\.(\w+)\(", code)))
        title = re.sub(r"^#\s*(\d+[.:]?\s*)?", "", "".join(cells[0]["source"]).splitlines()[0])
        found[number] = Lesson(number, title, asked.get(number), exercises)
    if not found:
        raise FileNotFoundError(f"The board reads the lessons' exercises from {notebooks}, where there are no lessons.")
    return found


def _question(table: dict) -> Question:
    parts = table["parts"] if "parts" in table else {"": table}
    low, high = table.get("range", (0.0, 0.0))
    return Question(
        table["text"],
        table.get("unit", ""),
        tuple(parts),
        low,
        high,
        tuple(table.get("words", ())),
        {about: part["left"] for about, part in parts.items()},
        {about: _answer(part) for about, part in parts.items()},
    )


def _answer(part: dict) -> dict:
    """What is said to come out, with its band if helpers/claims.toml has one, times `times`."""
    if "answer" in part:
        return {"says": part["answer"]}
    run, figure = part["claim"].split(".")
    claim, times = claims.claims(run)[figure], part.get("times", 1)
    figures = {"says": claim.said, "low": claim.low, "high": claim.high}
    return {name: round(value * times, 6) for name, value in figures.items()}
