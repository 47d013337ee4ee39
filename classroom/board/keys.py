"""The codes by which the board knows the room and its instructor, kept so that a restart changes none of them."""

import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read from a wall
SHORTEST = 8  # letters of a code that somebody chooses


@dataclass(frozen=True)
class Keys:
    """code: the room's. instructor: what uncovers and clears. cookies, guesses: what the board signs with."""

    code: str
    instructor: str
    cookies: str
    guesses: str


def keys(folder: Path, code: str = "") -> Keys:
    """The keys of a folder, made the first time; code: one that the instructor chooses for the room.

    Raises ValueError, in words, for a code that cannot be typed or is too short, and for a file that has been damaged.
    """
    if code and len(code) < SHORTEST:
        raise ValueError(f"A code for the room has {SHORTEST} letters at least; got {len(code)}.")
    if not re.fullmatch("[!-~]*", code):
        raise ValueError(
            f"A code for the room is typed on any keyboard: no spaces, no letters such as ö; got {code!r}."
        )
    path = folder / "keys.json"
    try:
        kept = Keys(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        kept = Keys(_spoken(2), _spoken(4), secrets.token_hex(32), secrets.token_hex(32))
        _keep(kept, path)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} holds no codes any more ({error}). Take it away, and new ones are made.") from None
    if code and code != kept.code:
        kept = replace(kept, code=code)
        _keep(kept, path)
    return kept


def _keep(made: Keys, path: Path) -> None:
    """Write the file whole or not at all, for its owner's eyes alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(made), file)
    os.replace(new, path)


def _spoken(groups: int) -> str:
    """A random code in groups of four, such as h7kd-m2wq: 20 bits a group."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(groups))
