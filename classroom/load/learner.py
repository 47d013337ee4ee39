"""A learner that is a program: comes in through the form, opens a lesson, runs its cells, presses a lab's Train, saves.

What it asks for, and in which order, is what JupyterLab's page asks for, so that the hub has the same work.
"""

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field

import aiohttp
from jupyter_server.services.kernels.connection.base import deserialize_binary_message

PATIENCE = 900.0  # seconds for one cell, or for a server
FILES = ("lab", "lab/api/settings", "lab/api/translations", "api/kernelspecs", "api/contents", "api/sessions")


class LoadError(Exception):
    """Something that a learner would have seen as an error."""


@dataclass
class Answer:
    """What a cell showed: its text, the widgets' models by id, and the seconds until it was done."""

    text: str = ""
    models: dict[str, dict] = field(default_factory=dict)
    seconds: float = 0.0


class Learner:
    """One learner, in a session of their own; `async with` closes it.

    seconds: when what had happened, counted from the first request.
    """

    def __init__(self, address: str, name: str, code: str):
        self.address, self.name, self.code = address.rstrip("/"), name, code
        self.began = time.monotonic()
        self.seconds: dict[str, float] = {}
        self.models: dict[str, dict] = {}
        self.frames = 0  # of charts, that were shown so far
        self.socket: aiohttp.ClientWebSocketResponse[bool] | None = None
        self.session_id = uuid.uuid4().hex
        self.kernel = self.subshell = ""

    async def __aenter__(self):
        jar = aiohttp.CookieJar(unsafe=True)  # an address of numbers has cookies too
        self.web = aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=PATIENCE))
        return self

    async def __aexit__(self, *_):
        if self.socket is not None:
            await self.socket.close()
        await self.web.close()

    @property
    def home(self) -> str:
        """The address of this learner's server."""
        return f"{self.address}/user/{self.name}"

    def _since(self, what: str) -> None:
        self.seconds.setdefault(what, time.monotonic() - self.began)

    async def come_in(self, word: str = "a word of mine") -> None:
        """Send the form, and follow the pages until JupyterLab's own comes. Raises LoadError, with what stood there."""
        await self.web.get(f"{self.address}/hub/login")
        form = {"username": self.name, "password": self.code, "word": word, "_xsrf": self._xsrf("/hub/")}
        async with self.web.post(f"{self.address}/hub/login?next=", data=form, allow_redirects=False) as answer:
            if answer.status != 302:
                raise LoadError(f"login: {answer.status} {_told(await answer.text())}")
        self._since("come in")
        await self.wait_for_server()

    async def wait_for_server(self) -> None:
        """Look at one's own page until it is JupyterLab, as a browser does that was sent to the hub's page to wait."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                async with self.web.get(f"{self.address}/hub/spawn") as answer:
                    if answer.status == 200 and answer.url.path.startswith(f"/user/{self.name}/lab"):
                        await answer.read()
                        self._since("page")
                        return
                    if answer.status == 500 or answer.status == 429:
                        raise LoadError(f"server: {answer.status} {_told(await answer.text())}")
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, asyncio.TimeoutError):
                pass  # the hub is just being started again
            await asyncio.sleep(1)
        raise LoadError("server: it did not come")

    def _xsrf(self, path: str) -> str:
        cookies = [each for each in self.web.cookie_jar if each.key == "_xsrf" and each["path"] == path]
        return cookies[-1].value if cookies else ""

    async def _ask(self, way: str, path: str, **how) -> dict:
        headers = {"X-XSRFToken": self._xsrf(f"/user/{self.name}/")}
        async with self.web.request(way, f"{self.home}/{path}", headers=headers, **how) as answer:
            if answer.status >= 400:
                raise LoadError(f"{way} {path}: {answer.status}")
            return await answer.json() if "json" in answer.content_type else {}

    async def read(self, lesson: str) -> dict:
        """A notebook as it lies in the learner's folder."""
        return (await self._ask("GET", f"api/contents/{lesson}?content=1&type=notebook"))["content"]

    async def save(self, lesson: str, notebook: dict) -> None:
        """Save a notebook."""
        body = {"type": "notebook", "format": "json", "content": notebook}
        await self._ask("PUT", f"api/contents/{lesson}", json=body)

    async def open(self, lesson: str) -> dict:
        """Open a notebook as the page does, with a kernel; return it."""
        for path in FILES:
            await self._ask("GET", path)
        notebook = await self.read(lesson)
        body = {"path": lesson, "name": lesson, "type": "notebook", "kernel": {"name": "python3"}}
        session = await self._ask("POST", "api/sessions", json=body)
        self.kernel = session["kernel"]["id"]
        await self.connect()
        self._since("kernel")
        return notebook

    async def connect(self) -> None:
        """Open the way to the kernel, again after it was lost."""
        address = (
            f"{self.home.replace('http', 'ws', 1)}/api/kernels/{self.kernel}/channels?session_id={self.session_id}"
        )
        self.socket = await self.web.ws_connect(address, max_msg_size=0, heartbeat=30)
        # JupyterLab sends what belongs to widgets to a thread of their own, so that they answer while a cell runs.
        number = await self._send("create_subshell_request", {}, channel="control")
        self.subshell = await asyncio.wait_for(self._hear_of_subshell(number), PATIENCE)

    async def _hear_of_subshell(self, number: str) -> str:
        while (message := await self._hear())["parent_header"].get("msg_id") != number or (
            message["msg_type"] != "create_subshell_reply"
        ):
            pass
        return message["content"]["subshell_id"]

    def first_result(self) -> None:
        """A cell has answered; only the first time counts."""
        self._since("first result")

    async def restart(self) -> None:
        """Restart the kernel, as the menu does, and open the way to it anew."""
        if self.socket is not None:
            await self.socket.close()
        await self._ask("POST", f"api/kernels/{self.kernel}/restart")
        await self.connect()

    async def shut_down(self) -> None:
        """End the kernel, as closing a lesson should."""
        if self.socket is not None:
            await self.socket.close()
        await self._ask("DELETE", f"api/kernels/{self.kernel}")

    async def _send(self, kind: str, content: dict, *, channel: str = "shell", subshell: str = "") -> str:
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": kind, "username": "", "session": self.session_id}
        header |= {"date": "2026-01-01T00:00:00Z", "version": "5.3"}
        header |= {"subshell_id": subshell} if subshell else {}
        message = {"header": header, "parent_header": {}, "metadata": {}, "channel": channel, "buffers": []}
        if self.socket is None:
            raise LoadError("no kernel is open")
        await self.socket.send_str(json.dumps(message | {"content": content}))
        return number

    async def run(self, source: str) -> Answer:
        """Run a cell, and wait until its kernel rests. Raises LoadError for an exception, or a kernel that ended."""
        began, answer = time.monotonic(), Answer()
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        number = await self._send("execute_request", content | {"stop_on_error": True})
        answer.text = await asyncio.wait_for(self._hear_until_it_rests(number), PATIENCE)
        answer.models, answer.seconds = self.models, time.monotonic() - began
        return answer

    async def _hear_until_it_rests(self, number: str) -> str:
        """What the cell of this message prints."""
        text, open_ends = "", {"execute_reply", "idle"}
        while open_ends:
            message = await self._hear()
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] in ("restarting", "dead"):
                raise LoadError("the kernel ended")
            if message["parent_header"].get("msg_id") != number:
                continue
            if kind == "stream":
                text += content["text"]
            elif kind == "error":
                raise LoadError(f"{content['ename']}: {content['evalue'][:300]}")
            elif kind == "status":
                open_ends.discard(content["execution_state"])
            open_ends.discard(kind)
        return text

    async def run_cell(self, cell: dict) -> Answer:
        """Run a cell of a notebook; one that is there to show an error may end in one."""
        try:
            return await self.run(cell["source"])
        except LoadError:
            if "raises-exception" not in cell["metadata"].get("tags", []):
                raise
            return Answer()

    async def _hear(self) -> dict:
        """The next message of the kernel; remembers the widgets that it makes, and tells them that a frame was seen."""
        if self.socket is None:
            raise LoadError("no kernel is open")
        raw = await self.socket.receive()
        if raw.type == aiohttp.WSMsgType.TEXT:
            message = json.loads(raw.data)
        elif raw.type == aiohttp.WSMsgType.BINARY:  # with the bytes of a picture, or the numbers of a chart
            message = deserialize_binary_message(raw.data)
        else:
            raise LoadError("the way to the kernel is lost")
        content = message["content"]
        if message["msg_type"] == "comm_open":
            self.models[content["comm_id"]] = content["data"].get("state", {})
        elif message["msg_type"] == "comm_msg" and content["data"].get("method") == "update":
            state = content["data"]["state"]
            self.models.setdefault(content["comm_id"], {}).update(state)
            if "number" in state:  # a frame, which the page would draw now
                self.frames += 1
                await self._tell_widget(content["comm_id"], {"seen": state["number"]})
        return message

    async def _tell_widget(self, number: str, content: dict) -> None:
        data = {"comm_id": number, "data": {"method": "custom", "content": content}}
        await self._send("comm_msg", data, subshell=self.subshell)

    async def press(self, button: str) -> None:
        """Press the last button of this name that was shown, as the page does."""
        found = [number for number, state in self.models.items() if state.get("description") == button]
        if not found:
            raise LoadError(f"no button {button}")
        await self._tell_widget(found[-1], {"event": "click"})


def _told(page: str) -> str:
    """The answer that stands in a page of the hub's."""
    start = page.find('role="alert">')
    return page[start + 13 : page.find("<", start + 13)] if start >= 0 else page[:200].replace("\n", " ")
