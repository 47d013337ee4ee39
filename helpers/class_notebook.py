"""What a notebook says that a class's board may hear: which lesson it is, and what its reader has guessed."""

import os
import re
from collections.abc import Iterator

from IPython import get_ipython

LONGEST_WORD = 60  # letters of a guess in words


def lesson() -> str:
    """The number of the lesson, such as "01", by the notebook's name; "" where nobody says what that is."""
    shell = get_ipython()
    beside = str(getattr(shell, "user_ns", {}).get("__vsc_ipynb_file__", ""))
    found = re.match(r"(\d\d)_", os.path.basename(os.environ.get("JPY_SESSION_NAME", "") or beside))
    return found[1] if found else ""


def guesses() -> Iterator[dict]:
    """What the notebook's `my_guess` holds, as it is told: each part by itself, and nothing that is no guess."""
    guess = getattr(get_ipython(), "user_ns", {}).get("my_guess")
    for about, value in (guess if isinstance(guess, dict) else {"": guess}).items():
        if (plain := _plain(value)) is not None:
            yield {"about": str(about)[:LONGEST_WORD], "value": plain}


def _plain(value):
    """A guess as it is sent: a number, or a few words; None for anything else."""
    if isinstance(value, str):
        return value[:LONGEST_WORD]
    if isinstance(value, bool) or not isinstance(value, int | float):
        value = value.item() if hasattr(value, "item") and getattr(value, "size", 1) == 1 else None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
        return value
    return None
