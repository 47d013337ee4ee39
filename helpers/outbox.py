"""Events on their way to a class's board: kept in a file of the learner's until the board has said that it has them.

The file is SQLite's. A kernel that is killed loses nothing: the next one sends what waits. Two kernels may share the
file; what both send, the board keeps once, since every event has a name of its own.
"""

import http.client
import json
import secrets
import sqlite3
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from helpers.errors import ReaderOSError

BATCH = 50  # events in one request
LARGEST = 4000  # letters of one event: a board takes 50 of them in one request
PATIENCE = 5  # seconds for an answer
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  # seconds between two tries; doubled each time
TABLES = """
CREATE TABLE IF NOT EXISTS waiting (id TEXT PRIMARY KEY, recipient TEXT NOT NULL, event TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS membership (place INTEGER PRIMARY KEY CHECK (place = 1), card TEXT NOT NULL);
"""


class RefusedError(ReaderOSError):
    """The board has answered, and said no; the message is its sentence. `code`: HTTP's number for it."""

    def __init__(self, code: int, sentence: str):
        super().__init__(sentence)
        self.code = code


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A board never sends its caller elsewhere; the code and the key are for it alone."""

    def redirect_request(self, *_request):
        return None


# Straight to the board: a proxy for the world outside does not know the classroom's addresses.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def ask(method: str, address: str, headers: dict[str, str], body: object = None, patience: float = PATIENCE) -> dict:
    """What the board answers, from JSON. Raises RefusedError if it refuses, OSError if it cannot be reached."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {**headers, "Content-Type": "application/json"}, method=method)
    try:
        with _opener.open(request, timeout=patience) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            raise RefusedError(error.code, _sentence(error)) from None
    except ValueError as error:  # half an answer, or none of a board's
        raise ReaderOSError(f"What answers at {address} is no class board.") from error
    except (OSError, EOFError, http.client.HTTPException) as error:  # the last of an answer that was cut off
        reason = getattr(error, "reason", error)
        raise ReaderOSError(f"Nothing answers at {address} ({reason}).") from error
    if not isinstance(said, dict):
        raise ReaderOSError(f"What answers at {address} is no class board.")
    return said


def _sentence(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(10_000))["why"])
    except (OSError, ValueError, KeyError, TypeError):  # not written by a board
        return f"The board answered {error.code} {error.reason}. Is its address right?"


class Outbox:
    """The file, and the thread that empties it.

    path: of the file, which is made. Raises OSError, in words, if it cannot be. `tell` writes an event down and returns
    at once; `open` begins to send, `close` ends it. on_change: called, in whatever thread, when `state` has another
    sentence.
    """

    def __init__(self, path: Path, on_change: Callable[[], None] = lambda: None):
        self.path, self.on_change = path, on_change
        self.state = self.recipient = ""
        self.refused = 0  # events that the board would not have
        self._wake, self._end = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            with closing(self._connect()) as file, file:
                file.executescript(TABLES)
        except (OSError, sqlite3.Error) as error:
            raise ReaderOSError(
                f"What is on its way to the class's board is kept in {path.name}, in your folder {path.parent.name}/, "
                f"and that cannot be written: {error}. The lessons work without it."
            ) from error

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=10)

    # The membership: which board, under which name

    def card(self) -> dict | None:
        """What was kept of a class that was joined, or None."""
        with closing(self._connect()) as file:
            kept = file.execute("SELECT card FROM membership").fetchone()
        return json.loads(kept[0]) if kept else None

    def keep_card(self, card: dict | None) -> None:
        """Keep what the next kernel needs to send by itself; None forgets it, and what waits."""
        with closing(self._connect()) as file, file:
            if card is None:
                file.executescript("DELETE FROM membership; DELETE FROM waiting;")
            else:
                file.execute("INSERT OR REPLACE INTO membership VALUES (1, ?)", [json.dumps(card)])

    # The events

    def tell(self, kind: str, body: dict) -> None:
        """Write an event down and return; the thread sends it.

        Raises sqlite3.Error if it cannot be written, ValueError or TypeError if it is none that a board would take.
        """
        event = {"id": uuid.uuid4().hex, "kind": kind, "body": body, "told": round(time.time(), 3)}
        text = json.dumps(event, allow_nan=False)
        if len(text) > LARGEST:
            raise ValueError(f"A {kind} of {len(text):,} letters is too large for the board.")
        with closing(self._connect()) as file, file:
            file.execute("INSERT INTO waiting VALUES (?, ?, ?)", [event["id"], self.recipient, text])
        self._wake.set()

    def waiting(self) -> int:
        """How many events the board has not yet said that it has."""
        with closing(self._connect()) as file:
            return file.execute("SELECT count(*) FROM waiting").fetchone()[0]

    def open(self, address: str, headers: dict[str, str], recipient: str = "") -> None:
        """Begin to send to the board at an address what is told from now on, and what waits for the same recipient.

        recipient: which class, and who in it; another kernel may tell another class through the same file.
        """
        self.close()
        self.recipient = recipient
        self._end.clear()
        self._thread = threading.Thread(target=self._send, args=(address, headers), daemon=True, name="class board")
        self._thread.start()

    def close(self, patience: float = 0.0) -> None:
        """Send no more, once what waits is sent or `patience` seconds are over."""
        until = time.monotonic() + patience
        while self._thread and self._thread.is_alive() and time.monotonic() < until and self.waiting():
            self._wake.set()
            time.sleep(0.05)
        self._end.set()
        self._wake.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(2 * PATIENCE)
        self._thread = None

    # In the thread

    def _send(self, address: str, headers: dict[str, str]) -> None:
        wait = FIRST_WAIT
        while not self._end.is_set():
            try:
                sent = self._send_some(address, headers)
            except (OSError, sqlite3.Error) as error:  # all of it is tried again
                self._say(f"Your events wait, and are tried again. {error}")
                self._end.wait(wait * (0.5 + secrets.randbelow(1000) / 1000))  # not all thirty at the same moment
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            if not sent:
                self._wake.wait()
                self._wake.clear()

    def _send_some(self, address: str, headers: dict[str, str]) -> bool:
        """Send a batch, and forget what the board has; tell whether there was any."""
        with closing(self._connect()) as file:
            asked = "SELECT id, event FROM waiting WHERE recipient = ? ORDER BY rowid LIMIT ?"
            rows = file.execute(asked, [self.recipient, BATCH]).fetchall()
        if not rows:
            return False
        answer = ask("POST", f"{address}/events", headers, [json.loads(event) for _, event in rows])
        with closing(self._connect()) as file, file:
            file.executemany("DELETE FROM waiting WHERE id = ?", [[name] for name, _ in rows])
        self.refused += len(answer.get("refused", ()))
        more = f" {self.refused} were refused: {answer['why']}" if answer.get("why") else ""
        self._say(f"All events are at the board.{more}")
        return True

    def _say(self, sentence: str) -> None:
        if sentence != self.state:
            self.state = sentence
            self.on_change()


def new_key() -> str:
    """What proves that a name is the learner's own: they can take it along to another computer."""
    return "-".join(secrets.token_hex(3) for _ in range(4))
