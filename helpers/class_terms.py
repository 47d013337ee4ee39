"""What a learner is told before a yes: what a class's board would hear of, word for word."""

import html
import json
from urllib.parse import urlsplit

HOURS = 12  # how long a yes holds
EXAMPLES = (
    ("your guess, the value of my_guess; the board shows it without your name", "guess", {"about": "", "value": 5000}),
    ("an exercise that you have solved, not what you wrote", "exercise", {"name": "one_hot"}),
    (
        "a run of a lab, of a sweep or of the playground, with its settings and its accuracy",
        "run",
        {
            "lab": "TrainingLab",
            "settings": {"learning_rate": 0.3, "batch_size": 100, "steps": 2000},
            "steps": 2000,
            "ended": "finished",
            "accuracy": 0.917,
            "moved": False,
        },
    ),
)


def in_words(card: dict, lesson: str, guess: dict | None = None) -> str:
    """What joining means, and what is sent, each kind with an example; guess: the body of the learner's own."""
    before, examples, after = _parts(card, lesson, guess)
    return "\n".join([before, *(f"- {said}: {example}" for said, example in examples), after])


def in_html(card: dict, lesson: str, guess: dict | None = None) -> str:
    """The same for a notebook's page."""
    before, examples, after = _parts(card, lesson, guess)
    items = "".join(
        f"<li>{html.escape(said)}:<br><code>{html.escape(example)}</code></li>" for said, example in examples
    )
    look = ""
    if not card["code"]:  # a hub's board lies below the address that this page came from
        path = html.escape(f"{urlsplit(card['address']).path}/")
        look = f' <a href="{path}" target="_blank" style="text-decoration: underline">Look at the board.</a>'
    return f"<p><b>{html.escape(before)}</b></p><ul>{items}</ul><p>{html.escape(after)}{look}</p>"


def _parts(card: dict, lesson: str, guess: dict | None) -> tuple[str, list[tuple[str, str]], str]:
    """What stands before the examples, each of these with what it is, and what stands after them."""
    place = f" at {card['address']}" if card["code"] else ""  # a hub's is the one that kernels ask, and no browser
    before = f"The class's board{place} would hear of you as {card['name']}. It is sent"
    examples = [
        (said, json.dumps({"kind": kind, "body": {**(guess or body if kind == "guess" else body), "lesson": lesson}}))
        for said, kind, body in EXAMPLES
    ]
    after = (
        f"each with a number of its own and the time, and nothing else. It holds for {HOURS} hours, in every lesson "
        "that you open on this computer. classroom.leave() ends it, classroom.withdraw() has the board delete these "
        "events; your name stays taken, and a backup that your instructor has made before keeps its copy."
    )
    return before, examples, after
