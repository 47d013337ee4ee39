"""Boards for tests: in a thread of the test's own process, or in a process that a test may kill."""

import asyncio
import functools
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

from classroom.board import lessons, server
from classroom.board.keys import keys
from classroom.board.room import Room
from classroom.board.store import Store

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30  # seconds
CODE, KEY = "room-42-code", "0123456789abcdef"


known_lessons = functools.cache(lessons.load)  # they hold megabytes of pictures


def told(came):
    """The rows among what a page was sent."""
    return [row for name, _, data in came if name == "told" for row in data]


class Board:
    """A board that answers at `address`, with what a test asks it."""

    address: str
    code = CODE

    def ask(self, method="GET", path="/", body=None, **headers):
        """The status of an answer, and its body: from JSON, or as text."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data, given, method=method)
        try:
            with urllib.request.build_opener(_Stays).open(request, timeout=PATIENCE) as answer:
                status, text, self.headers = answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                status, text, self.headers = error.code, error.read(), error.headers
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text.decode()

    def as_learner(self, method, path, body=None, *, name="owl-7", key=KEY, code=CODE):
        """What a learner's notebook asks."""
        return self.ask(method, path, body, Authorization=f"Bearer {code}", Board_Name=name, Board_Key=key)

    def cookie(self, code=CODE):
        """What a browser has after it was let in."""
        self.ask("GET", f"/?code={code}")
        return (self.headers["Set-Cookie"] or "").partition(";")[0]

    def stream(self, cookie, until, last=""):
        """What a page is sent, as (name, place, data), until `until` of what came so far is true."""
        request = urllib.request.Request(f"{self.address}/stream", headers={"Cookie": cookie, "Last-Event-ID": last})
        came, event = [], {}
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            for line in answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    event[name] = value
                    continue
                if "data" in event:
                    came.append((event["event"], event.get("id", ""), json.loads(event["data"])))
                event = {}
                if until(came):
                    return came
        return came


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_request):
        return None


class BoardInThread(Board):
    """A board in this process, whose room a test may look into."""

    def __init__(self, folder, database="", code=CODE):
        self.code = code
        self.folder, self.database = folder, database or f"sqlite:///{folder / 'board.sqlite'}"
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def _serve(self):
        asyncio.set_event_loop(self._loop)

        async def begin():
            self.keys = keys(self.folder, self.code)
            self.instructor = self.keys.instructor
            secret = bytes.fromhex(self.keys.guesses)
            self.room = Room(Store(self.database), known_lessons(), secret, self.folder / "backups")
            self._server, port = server.listen(server.application(self.room, self.keys), "127.0.0.1", 0)
            self.address = f"http://127.0.0.1:{port}"
            self._ready.set()

        self._loop.run_until_complete(begin())
        self._loop.run_forever()

    def end(self):
        """Answer no more."""

        async def stop():
            self._server.stop()
            self.room.close()
            await self._server.close_all_connections()

        asyncio.run_coroutine_threadsafe(stop(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
        self.room.writer.shutdown()
        self.room.store.close()


class BoardInProcess(Board):
    """A board in a process of its own, always at the same address."""

    def __init__(self, folder, port=0, words=()):
        self.folder, self.port, self.words = folder, port, words
        self.begin()

    def begin(self):
        """Start it, and wait until it answers."""
        words = [sys.executable, "-m", "classroom.board", "--folder", str(self.folder), "--port", str(self.port)]
        words += ["--code", CODE, *self.words]
        self.process = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        self.said = self.process.stdout.readline()
        self.address = self.said.split()[-1]
        self.port = int(self.address.rpartition(":")[2])

    def kill(self):
        """End it as a power cut would."""
        self.process.kill()
        self.end()

    def end(self):
        """End it, if it has not been ended."""
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
