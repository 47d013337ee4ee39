"""What all answers of the board have in common, whoever asks: their headers, their sentences, and their limits."""

import json
import time
from typing import Any

from tornado import web

from classroom.board.room import Room
from classroom.board.store import FullError

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
BURST, A_SECOND = 60, 2.0  # requests of one learner: at once, and on average


class Limits:
    """How many requests each learner has left: a bucket of BURST, filled A_SECOND."""

    def __init__(self) -> None:
        self.left: dict[str, tuple[float, float]] = {}  # how many, and when that was

    def wait(self, who: str) -> int:
        """0 if a request may pass now; else in how many seconds the next one may."""
        now = time.monotonic()
        left, since = self.left.get(who, (float(BURST), now))
        left = min(float(BURST), left + (now - since) * A_SECOND)
        self.left[who] = (left - 1 if left >= 1 else left, now)
        return 0 if left >= 1 else max(1, round((1 - left) / A_SECOND))


class Answer(web.RequestHandler):
    """The base of all handlers; the subclasses in lan.py and hub.py say who asks."""

    seconds = 0  # after which whoever asked too often may ask again

    def set_default_headers(self) -> None:
        """Nothing from elsewhere on the page, and the page in nobody's frame."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Every refusal is a sentence, which the learner's notebook shows."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if self.seconds:
            self.set_header("Retry-After", str(self.seconds))
        said = error.reason if isinstance(error, web.HTTPError) and error.reason else self._reason
        if isinstance(error, FullError):
            self.set_status(409)
            said = str(error)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"why": said}))

    def log_exception(self, typ, value, tb) -> None:
        """A refusal is no fault of the board's."""
        if not isinstance(value, web.HTTPError | FullError):
            super().log_exception(typ, value, tb)

    @property
    def room(self) -> Room:
        """What the board shows."""
        return self.settings["room"]

    @property
    def prefix(self) -> str:
        """What the board's addresses begin with: "/", or what a hub gave it."""
        return self.settings["prefix"]

    def check_pace(self, who: str) -> None:
        """Raise HTTPError 429 if a learner asks too often."""
        self.seconds = self.settings["limits"].wait(who)
        if self.seconds:
            raise web.HTTPError(429, reason=f"The board was asked too often. It answers again in {self.seconds} s.")
