"""What a learner may tell the board, and nothing else: what comes from a room is looked at piece by piece."""

import re
from collections.abc import Callable

from classroom.board.lessons import Lesson

LONGEST = 60  # letters of a word
MOST_SETTINGS, MOST_PARTS = 30, 10  # settings of a run, parts of a setting such as `hidden`
WORD = re.compile(r"\w[\w .,:²×–()/*+-]*")  # begins with a letter or a digit, so that a spreadsheet takes it for a text
NAME = re.compile(r"[A-Za-z_]\w*")
ENDED = ("finished", "stopped", "diverged")


def refusal(event: object, lessons: dict[str, Lesson]) -> str:
    """Why an event cannot be kept, as a sentence; "" if it can."""
    if not isinstance(event, dict) or set(event) != {"id", "kind", "body", "told"}:
        return "an event has an id, a kind, a body, and the time at which it was told"
    if not _matches(re.compile(r"[\w-]{8,40}"), event["id"]) or not _number(event["told"], 0, 1e11):
        return "its id or its time is none"
    kind, body = event["kind"], event["body"]
    fields = FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        return f"the board knows the kinds {', '.join(FIELDS)} only"
    if not isinstance(body, dict) or set(body) != {*fields, "lesson"}:
        return f"the body of a {kind} has {', '.join(fields)} and lesson"
    if not isinstance(body["lesson"], str) or (body["lesson"] and body["lesson"] not in lessons):
        return "its lesson is none of the series"
    wrong = [name for name, fits in fields.items() if not fits(body[name])]
    return f"its {wrong[0]} cannot be that" if wrong else _between(kind, body, lessons)


def _between(kind: str, body: dict, lessons: dict[str, Lesson]) -> str:
    """What is wrong with an event whose parts are well formed, each by itself."""
    if kind == "exercise":
        names = [name for lesson in lessons.values() for name in lesson.exercises]
        return "" if body["name"] in names else "no lesson has this exercise"
    if kind == "run":
        needed = body["accuracy"] is not None or body["ended"] == "diverged"
        return "" if needed else "a run that did not diverge has an accuracy"
    question = lessons[body["lesson"]].question if body["lesson"] else None
    if question is None:
        return "its lesson asks for no guess"
    if body["about"] not in question.about:
        return "the question is not about that"
    return "" if question.words or not isinstance(body["value"], str) else "a guess at a number is a number"


def _number(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high  # NaN is in no range


def _matches(form: re.Pattern, value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and form.fullmatch(value) is not None


def _setting(value: object) -> bool:
    if isinstance(value, list):
        return len(value) <= MOST_PARTS and all(_setting(each) and not isinstance(each, list) for each in value)
    return isinstance(value, bool) or _number(value, -1e9, 1e9) or _matches(WORD, value)


def _settings(value: object) -> bool:
    if not isinstance(value, dict) or len(value) > MOST_SETTINGS:
        return False
    return all(_matches(NAME, name) and _setting(each) for name, each in value.items())


FIELDS: dict[str, dict[str, Callable[[object], bool]]] = {
    "guess": {
        "about": lambda value: value == "" or _matches(WORD, value),
        "value": lambda value: _number(value, -1e9, 1e9) or (isinstance(value, str) and 0 < len(value) <= LONGEST),
    },
    "exercise": {"name": lambda value: _matches(NAME, value)},
    "run": {
        "lab": lambda value: _matches(NAME, value),
        "settings": _settings,
        "steps": lambda value: _number(value, 0, 1e8),
        "ended": lambda value: value in ENDED,
        "accuracy": lambda value: value is None or _number(value, 0, 1),
        "moved": lambda value: isinstance(value, bool),
    },
}
