"""Who asks, in a room without a hub: learners by the class's code, a name and its key; pages by a code and a cookie."""

import asyncio
import hmac
import re

from tornado import web

from classroom.board.handlers import Answer

NAME = re.compile(r"[a-z][a-z0-9-]{1,23}")
KEY = re.compile(r"[\w-]{16,64}")
SLOW, MOST_SLOW = 0.5, 40  # seconds that a wrong code waits for its answer; how many may wait at once
COOKIE, DAYS = "class-board", 2
PAGE = "Board-Page"  # a header that no page of another site can send
WRONG = "That is not this class's code. It stands on the wall, beside the board's address."


class Handler(Answer):
    """A request to a board of its own."""

    async def learner(self) -> str:
        """The name of the learner who asks. Raises HTTPError for a wrong code, a name of another's, or haste."""
        headers = self.request.headers
        code = headers.get("Authorization", "").removeprefix("Bearer ")
        name, key = headers.get("Board-Name", ""), headers.get("Board-Key", "")
        if not self.is_same(code, self.settings["keys"].code):
            await self.refuse_slowly()
        if not NAME.fullmatch(name):
            raise web.HTTPError(
                403, reason="A name has 2 to 24 small letters, digits or hyphens and begins with a letter."
            )
        if not KEY.fullmatch(key):
            raise web.HTTPError(403, reason="The key of a name has 16 to 64 letters, digits or hyphens.")
        if why := await self.room.do(self.room.store.admit, name, key):
            raise web.HTTPError(409, reason=why)
        self.check_pace(name)
        return name

    async def looks(self, *, as_instructor: bool = False) -> str:
        """Who looks at the page: "instructor", "room", or "" for nobody, who is sent away with as_instructor."""
        role = (self.get_signed_cookie(COOKIE, max_age_days=DAYS) or b"").decode()
        if as_instructor and role != "instructor":
            raise web.HTTPError(403, reason="That is the instructor's. Open the board by the instructor's code.")
        return role

    def check_sender(self) -> None:
        """Raise HTTPError unless a page of the board's own asks: one of another site can bring the cookie along."""
        site = self.request.headers.get("Sec-Fetch-Site", "same-origin")
        if self.request.headers.get(PAGE) != "1" or site != "same-origin":
            raise web.HTTPError(403, reason="Only the board's own page may ask for that.")

    async def show_entrance(self, code: str) -> None:
        """Let a browser in by a code, or show it the form that asks for one."""
        keys = self.settings["keys"]
        role = next(
            (
                role
                for role, right in (("instructor", keys.instructor), ("room", keys.code))
                if self.is_same(code, right)
            ),
            "",
        )
        if role:
            self.set_signed_cookie(COOKIE, role, expires_days=DAYS, httponly=True, samesite="Strict", path=self.prefix)
            self.redirect(self.prefix)  # without the code in the address
            return
        if code:
            await self.slowly()
            self.set_status(403)
        self.render("entrance.html", prefix=self.prefix, said=WRONG if code else "")

    @staticmethod
    def is_same(one: str, other: str) -> bool:
        """Whether two codes are equal, in a time that does not say how nearly."""
        return hmac.compare_digest(one.strip().lower().encode(), other.lower().encode())

    async def slowly(self) -> None:
        """Keep whoever tries codes waiting, but nobody else. Raises HTTPError 429 if too many try at once."""
        if self.settings["trying"] >= MOST_SLOW:
            raise web.HTTPError(429, reason="Too many wrong codes at once. Try again in a moment.")
        self.settings["trying"] += 1
        try:
            await asyncio.sleep(SLOW)
        finally:
            self.settings["trying"] -= 1

    async def refuse_slowly(self) -> None:
        """Raise HTTPError 403, after a while."""
        await self.slowly()
        raise web.HTTPError(403, reason=WRONG)

    @property
    def code(self) -> str:
        """By which a notebook joins; the page of whoever is in the room shows it."""
        return self.settings["keys"].code

    @property
    def token(self) -> str:
        """What the page has to bring along in its addresses: nothing, here."""
        return ""


def more_routes(_prefix: str) -> list:
    """Routes that only this kind of board has."""
    return []
