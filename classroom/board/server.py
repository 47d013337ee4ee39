"""The board's answers: what learners tell, what a page shows and follows, what the instructor does."""

import asyncio
import contextlib
import json
import os
import ssl
from pathlib import Path

from tornado import httpserver, iostream, netutil, web

from classroom.board import kinds
from classroom.board.handlers import Answer, Limits
from classroom.board.keys import Keys
from classroom.board.room import Room

if "JUPYTERHUB_SERVICE_PREFIX" in os.environ:
    from classroom.board.hub import Handler, more_routes
else:
    from classroom.board.lan import Handler, more_routes  # type: ignore[assignment]

PAGE = Path(__file__).with_name("page")
BODY = 256 * 1024  # bytes of a request
MOST_AT_ONCE = 100  # events in a request
MOST_PAGES = 300
SOME = 500  # events in one message to a page
STILL_HERE = 5  # seconds between two signs of life: a page hears by them that there is a board, and a proxy goes on


class Events(Handler):
    """What learners tell, and take back."""

    async def post(self) -> None:
        """Keep a list of events. One that cannot be kept does not hold up the others; the answer says why."""
        author = await self.learner()
        batch = _parsed(self.request.body)
        if not isinstance(batch, list) or len(batch) > MOST_AT_ONCE:
            raise web.HTTPError(422, reason=f"Events come as a list of at most {MOST_AT_ONCE}, in JSON.")
        good, refused, why = [], [], ""
        for event in batch:
            if problem := kinds.refusal(event, self.room.lessons):
                name, why = event.get("id") if isinstance(event, dict) else None, problem
                refused.append(name if isinstance(name, str) else None)
            else:
                good.append(event)
        new = await self.room.keep(author, good) if good else 0
        self.write({"new": new, "refused": refused, "why": why})

    async def delete(self) -> None:
        """Delete all that this learner has told."""
        self.write({"withdrawn": await self.room.withdraw(await self.learner())})


class Me(Handler):
    """Whether a learner may join."""

    async def get(self) -> None:
        """Say under which name."""
        self.write({"name": await self.learner()})


class Page(Handler):
    """The page for the projector and for phones."""

    async def get(self) -> None:
        """The page, or the way in."""
        role = await self.looks()
        if code := self.get_query_argument("code", ""):
            await self.show_entrance(code)
        elif not role:
            await self.show_entrance("")
        else:
            lessons = json.dumps([lesson.public() for lesson in self.room.lessons.values()]).replace("<", "\\u003c")
            filled = {"prefix": self.prefix, "token": self.token, "code": self.code, "role": role}
            self.render("board.html", lessons=lessons, **filled)

    async def post(self) -> None:
        """A code from the form of the entrance."""
        await self.show_entrance(self.get_body_argument("code", "") or "-")


class Stream(Handler):
    """News, as server-sent events. A page that comes back says what it saw last and misses nothing."""

    async def get(self) -> None:
        """Send what is there, then what comes, until the page goes."""
        if not await self.looks():
            raise web.HTTPError(403, reason="Open the board's page first.")
        if len(self.room.pages) >= MOST_PAGES:
            raise web.HTTPError(503, reason=f"{MOST_PAGES} pages look at the board already.")
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("X-Accel-Buffering", "no")  # for proxies that would collect
        news = asyncio.Event()
        self.room.pages.add(news)
        with contextlib.suppress(iostream.StreamClosedError):
            try:
                await self._follow(news)
            finally:
                self.room.pages.discard(news)

    async def _follow(self, news: asyncio.Event) -> None:
        last = self.request.headers.get("Last-Event-ID") or self.get_query_argument("last", "")
        epoch, seq = _place(last)
        state = None
        while self.room.is_open:
            news.clear()
            if epoch != self.room.state["epoch"]:
                epoch, seq = self.room.state["epoch"], 0
                self._send("afresh", {}, f"{epoch}-0")
            for some in _after(self.room.rows, seq):
                seq = some[-1]["seq"]
                self._send("told", some, f"{epoch}-{seq}")
            if state != self.room.shown_state:
                state = self.room.shown_state
                self._send("state", state)
            await self.flush()
            try:
                await asyncio.wait_for(news.wait(), STILL_HERE)
            except asyncio.TimeoutError:
                self._send("here", {})

    def _send(self, name: str, data: object, place: str = "") -> None:
        self.write(f"{f'id: {place}{chr(10)}' if place else ''}event: {name}\ndata: {json.dumps(data)}\n\n")


class Instructor(Handler):
    """What only the instructor does."""

    async def post(self) -> None:
        """Show a lesson, uncover or cover an answer, clear the board, or take one name off it."""
        await self.looks(as_instructor=True)
        self.check_sender()
        asked = _parsed(self.request.body)
        action, about = (asked.get("do"), asked.get("about", "")) if isinstance(asked, dict) else (None, "")
        room, known = self.room, isinstance(about, str) and about in self.room.lessons
        if action == "show" and (known or about == ""):
            await room.show(about)
        elif action in ("uncover", "cover") and known and room.lessons[about].question:
            await (room.uncover(about) if action == "uncover" else room.cover(about))
        elif action == "clear":
            self.write({"backup": (await room.clear()).name})
        elif action == "remove" and isinstance(about, str) and about:
            self.write({"withdrawn": await room.withdraw(about, name_too=True)})
        else:
            raise web.HTTPError(422, reason="The board can show, uncover, cover, clear and remove.")


class Export(Handler):
    """All that was told, for a spreadsheet."""

    async def get(self) -> None:
        """Every event as CSV, guesses without names."""
        await self.looks(as_instructor=True)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="board.csv"')
        self.write(self.room.to_csv())


class File(Answer, web.StaticFileHandler):
    """What the page is made of."""


class Nothing(Answer):
    """Any other address."""

    def prepare(self) -> None:
        """Say so."""
        raise web.HTTPError(404, reason="The board has nothing there.")


class Health(Handler):
    """For whoever watches over services."""

    async def get(self) -> None:
        """Say that the board is there."""
        self.write({"board": "here"})


def application(room: Room, keys: Keys, prefix: str = "/") -> web.Application:
    """The board as a Tornado application. prefix: what its addresses begin with and end on: "/"."""
    routes = [
        (prefix, Page),
        (f"{prefix}events", Events),
        (f"{prefix}me", Me),
        (f"{prefix}stream", Stream),
        (f"{prefix}instructor", Instructor),
        (f"{prefix}board.csv", Export),
        (f"{prefix}health", Health),
        (f"{prefix}page/(.*)", File, {"path": str(PAGE)}),
        *more_routes(prefix),
    ]
    return web.Application(
        routes,
        room=room,
        keys=keys,
        prefix=prefix,
        limits=Limits(),
        trying=0,
        cookie_secret=keys.cookies,
        template_path=str(PAGE),
        default_handler_class=Nothing,
        log_function=_log,
    )


def listen(
    app: web.Application, host: str, port: int, certificate: Path | None = None, private_key: Path | None = None
) -> tuple[httpserver.HTTPServer, int]:
    """Begin to answer at an address of this machine, and return what does so and its port.

    port: 0 takes any that is free. certificate, private_key: files in PEM, for TLS. Raises OSError if the port is taken
    or the certificate is none.
    """
    secure = None
    if certificate:
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(certificate, private_key)
    server = httpserver.HTTPServer(
        app, ssl_options=secure, max_body_size=BODY, max_header_size=32 * 1024, body_timeout=10
    )
    sockets = netutil.bind_sockets(port, host)
    server.add_sockets(sockets)
    return server, sockets[0].getsockname()[1]


def _log(handler: web.RequestHandler) -> None:
    """Only what is a fault of the board's; addresses may hold a code, and are not for a log."""
    if handler.get_status() >= 500 and handler.get_status() != 503:
        print(f"{handler.request.method} {handler.request.path}: {handler.get_status()}", flush=True)


def _parsed(body: bytes) -> object:
    """A request's JSON; None for what is none. NaN and its like become None, which no field admits."""
    try:
        return json.loads(body, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return None


def _place(said: str) -> tuple[int, int]:
    """Epoch and number of the event that a page saw last; nothing for a page that is new."""
    epoch, _, seq = said.partition("-")
    return (int(epoch), int(seq)) if epoch.isdecimal() and seq.isdecimal() else (-1, 0)


def _after(rows: list[dict], seq: int) -> list[list[dict]]:
    """The rows after number `seq`, some at a time."""
    first = len(rows)
    while first and rows[first - 1]["seq"] > seq:
        first -= 1
    return [rows[at : at + SOME] for at in range(first, len(rows), SOME)]
