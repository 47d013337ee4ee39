"""Who may come in: a name, the class code, and a word of one's own, without which the code would open every door."""

import hashlib
import json
import secrets
import time
from pathlib import Path

from jupyterhub.auth import Authenticator
from jupyterhub.authenticators.shared import SharedPasswordAuthenticator
from tornado.web import HTTPError
from traitlets import Unicode

from classroom.hub.settings import INSTRUCTOR, write_privately

NAME = r"^[a-z][a-z0-9-]{1,20}\Z"  # without both ends "ann b" would match, and get in
SHORTEST_WORD = 4
TRIES, PAUSE = 5, 30  # wrong words for a name, and the seconds that it then rests


class Words:
    """The learners' own words, as salted sums in a file that only the hub may read."""

    def __init__(self, file: Path):
        self.file = file

    def admits(self, name: str, word: str) -> bool:
        """Whether this word opens this name; whoever takes a name first, chooses its word."""
        kept = self._read()
        if name not in kept:
            salt = secrets.token_hex(16)
            write_privately(self.file, json.dumps(kept | {name: [salt, _sum(word, salt)]}, indent=1))
            return True
        salt, expected = kept[name]
        return secrets.compare_digest(_sum(word, salt), expected)

    def forget(self, name: str) -> bool:
        """Let a name choose a new word; whether it had one."""
        kept = self._read()
        if had := name in kept:
            del kept[name]
            write_privately(self.file, json.dumps(kept, indent=1))
        return had

    def _read(self) -> dict[str, list[str]]:
        return json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else {}


def _sum(word: str, salt: str) -> str:
    return hashlib.scrypt(word.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


class Doorkeeper(SharedPasswordAuthenticator):
    """JupyterHub's shared password, with a word for each name; answers in words what is wrong."""

    words_file = Unicode(config=True, help="Where the learners' own words are kept.")

    def __init__(self, **how):
        super().__init__(**how)
        self.wrong: dict[str, list[float]] = {}  # when wrong words were said, for each name

    async def authenticate(self, handler, data):
        """The learner's name, or the answer to what is wrong: HTTPError with a sentence for the form."""
        data = {"username": "", "password": "", "word": ""} | data
        name, word = self.normalize_username(data["username"].strip()), data["word"]
        data["username"], data["password"] = name, data["password"].strip()
        if not self.validate_username(name):
            raise HTTPError(
                403, "A name has 2 to 21 characters: small letters from a to z, digits, hyphens; a letter comes first."
            )
        right = data["password"].isascii() and await super().authenticate(handler, data)  # which compares ASCII only
        if name == INSTRUCTOR:
            return right or _refuse("That is not the instructor's code.")
        if not right:
            raise HTTPError(403, "That is not the class code. It stands on the wall; the hyphen belongs to it.")
        if len(word) < SHORTEST_WORD:
            raise HTTPError(403, f"Choose a word of your own of {SHORTEST_WORD} characters or more, and remember it.")
        self._let_guesses_rest(name)
        if not Words(Path(self.words_file)).admits(name, word):
            self.wrong.setdefault(name, []).append(time.monotonic())
            raise HTTPError(
                403,
                f"Somebody is called {name} already, and chose another word. If it is not you, take another name; if "
                "you forgot your word, your instructor can take it away.",
            )
        self.wrong.pop(name, None)
        return {"name": name, "admin": False, "groups": []}

    def _let_guesses_rest(self, name: str) -> None:
        since = time.monotonic() - PAUSE
        recent = [when for when in self.wrong.get(name, []) if when > since]
        self.wrong[name] = recent
        if len(recent) >= TRIES:
            raise HTTPError(403, f"Too many wrong words for {name}: wait half a minute.")


def _refuse(words: str):
    raise HTTPError(403, words)


def is_name(name: str) -> bool:
    """Whether a learner may be called so."""
    return bool(Authenticator(username_pattern=NAME).validate_username(name))
