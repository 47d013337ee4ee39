"""What a learner is told before a yes: what a class's board would hear of, word for word."""

import html
import json

HOURS = 12  # how long a yes holds
EXAMPLES = (
    ("your guess, the value of my_guess; the board shows it without your name", "guess", {"about": "", "value": 5000}),
    ("an exercise that you have solved, not what you wrote", "exercise", {"name": "one_hot"}),
    (
        "a run of a lab, of a sweep or of the playground: its settings and what came of them",
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


def in_words(card: dict, lesson: str) -> str:
    """What joining means, and what is sent, each kind with an example."""
    examples = "\n".join(
        f"- {said}: {json.dumps({'kind': kind, 'body': {**body, 'lesson': lesson or '01'}})}"
        for said, kind, body in EXAMPLES
    )
    return (
        f"The class's board at {card['address']} would hear of you as {card['name']}. It is sent\n{examples}\n"
        f"each with a number of its own and the time, and nothing else. It holds for {HOURS} hours, in every lesson "
        "that you open on this computer. classroom.leave() ends it, classroom.withdraw() has the board delete it all."
    )


def in_html(card: dict, lesson: str) -> str:
    """The same for a notebook's page."""
    before, *examples, after = in_words(card, lesson).split("\n")
    items = "".join(
        f"<li>{html.escape(said)}:<br><code>{html.escape(example)}</code></li>"
        for said, example in (line.removeprefix("- ").split(": ", 1) for line in examples)
    )
    return f"<p><b>{html.escape(before)}</b></p><ul>{items}</ul><p>{html.escape(after)}</p>"
