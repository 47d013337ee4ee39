"""A learner's card in a class: the board's address, its code, the learner's name, and the key that keeps it theirs.

A dict, since it is kept as JSON; on a hub that vouches for its learners, code and key are "".
"""

import os
import re
import time
from urllib.parse import urlsplit

from helpers import outbox
from helpers.class_terms import HOURS
from helpers.errors import ReaderTypeError, ReaderValueError

BOARD, CODE = "CLASSROOM_BOARD", "CLASSROOM_CODE"  # set in the environment by a hub
USER, TOKEN = "JUPYTERHUB_USER", "JUPYTERHUB_API_TOKEN"  # by which a hub knows its learners
NAME = re.compile(r"[a-z][a-z0-9-]{1,23}")
HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:]+\])(:\d+)?", re.ASCII)


def from_the_wall(address: str, code: str, name: str, key: str, kept: dict | None) -> dict:
    """What a learner has typed, as a card; kept: the one of this computer, whose key may hold the name already.

    Raises ValueError or TypeError, in words, for what cannot be right.
    """
    for what, value in {"address": address, "code": code, "name": name, "key": key}.items():
        if not isinstance(value, str):
            raise ReaderTypeError(f"The {what} should be a text in quotes; got {value!r}.")
    name = name.lower()  # two that differ by that alone would be taken for each other
    if not NAME.fullmatch(name):
        raise ReaderValueError(
            f"A name on the board has 2 to 24 letters, digits or hyphens and begins with a letter, such as owl-7; got "
            f"{name[:40]!r}. Take a pseudonym: the board is on the projector."
        )
    if not code.strip():
        raise ReaderValueError("The code is missing. It stands on the wall, beside the board's address.")
    for what, value in {"code": code, "key": key}.items():
        if strange := re.search("[^!-~]", value.strip()):
            raise ReaderValueError(
                f"The {what} holds {strange[0]!r}, which is in no {what}; got {value[:40]!r}. Some programs put "
                "another sign in place of a hyphen: type it anew."
            )
    card = {"address": _place(address), "code": code.strip(), "name": name}
    return {**card, "key": key.strip() or _key(card, kept)}


def of_the_hub(kept: dict | None) -> dict:
    """What the environment says of a hub's learner, as a card. Raises ValueError for a board that has no address."""
    card = {
        "address": _place(os.environ[BOARD]),
        "code": os.environ.get(CODE, ""),
        "name": os.environ.get(USER, "learner"),
    }
    return {**card, "key": _key(card, kept) if card["code"] else ""}


def who(card: dict) -> tuple[str, str]:
    """Which class is told, and in whose name. A class keeps its code when its board moves to another address."""
    return card["code"] or card["address"], card["name"]


def holds(card: dict) -> bool:
    """Whether what was said last, yes or no, was said within the last hours."""
    return time.time() - max(card["joined"], card.get("left", 0)) < 3600 * HOURS


def headers(card: dict) -> dict[str, str]:
    """By what the board knows the learner: its code, name and key; on a hub the token of their own server."""
    if card["code"]:
        return {"Authorization": f"Bearer {card['code']}", "Board-Name": card["name"], "Board-Key": card["key"]}
    return {"Authorization": f"token {os.environ.get(TOKEN, '')}"}


def _key(card: dict, kept: dict | None) -> str:
    return kept["key"] if kept and who(kept) == who(card) else outbox.new_key()


def _place(address: str) -> str:
    """An address as it is asked, without what a browser has added to it."""
    try:
        parts = urlsplit(address.strip() if "://" in address else f"http://{address.strip()}")
        right = parts.scheme in ("http", "https") and HOST.fullmatch(parts.netloc) and parts.port != 0
    except ValueError:  # a port of letters, or too large a one
        right = False
    if not right:
        raise ReaderValueError(
            f"The board's address looks like http://192.168.1.20:8010, as it stands on the wall; got {address[:80]!r}."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
