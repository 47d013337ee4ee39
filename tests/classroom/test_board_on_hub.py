"""The board as a service of a real JupyterHub: the hub says who asks, and nobody else does."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from boards import PATIENCE, PROJECT, told

from helpers import class_card, classroom, outbox

TOKEN = "a-token-for-the-tests-of-the-board"
CODE = "room-42-code-of-the-hub"
# Browsers come through a proxy, which another program is: here they find hub and board at their own ports.
CONFIG = """
import os, sys
from jupyterhub.proxy import Proxy
class NoProxy(Proxy):
    should_start = False
    async def add_route(self, *_): pass
    async def delete_route(self, *_): pass
    async def get_all_routes(self): return {}
hub, board = os.environ["HUB_PORT"], os.environ["BOARD_PORT"]
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.bind_url = f"http://127.0.0.1:{hub}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{hub}"
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["CODE"]
c.Authenticator.allow_all = True
c.Authenticator.any_allow_config = True
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.services = [
    {"name": "board", "url": f"http://127.0.0.1:{board}", "command": [sys.executable, "-m", "classroom.board",
     "--folder", os.path.abspath("board")], "cwd": os.environ["PROJECT"],
     "environment": {"CLASSROOM_INSTRUCTORS": "teacher"}, "oauth_no_confirm": True},
    {"name": "test", "api_token": os.environ["TOKEN"]},
]
reach = ["self", "access:services!service=board"]
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": reach},
    {"name": "test", "services": ["test"], "scopes": ["admin:users", "tokens", "access:services"]},
]
"""


class Browser:
    """A browser as far as the hub and the board need one: cookies, and redirects between their ports."""

    def __init__(self, hub, board):
        self.hub, self.board, self.cookies = hub, board, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Stays)

    def ask(self, path, body=None, method=None, **headers):
        """The status of the answer, and its text; redirects are followed to the end."""
        for _ in range(12):
            place = self.board if path.startswith("/services/board") else self.hub
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            request = urllib.request.Request(place + path, body, given, method=method)
            try:
                with self.opener.open(request, timeout=PATIENCE) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                with error:
                    if error.code not in (301, 302, 303):
                        return error.code, error.read().decode()
                    path, body, method = re.sub(r"^http://[^/]+", "", error.headers["Location"]), None, None
        raise AssertionError("The redirects do not end.")

    def log_in(self, name):
        """Log in to the hub, and open the board's page."""
        self.ask("/hub/login")
        xsrf = next(cookie.value for cookie in self.cookies if cookie.name == "_xsrf")
        form = urllib.parse.urlencode({"username": name, "password": CODE, "_xsrf": xsrf}).encode()
        self.ask(f"/hub/login?next={urllib.parse.quote('/services/board/')}", form)
        status, self.page = self.ask("/services/board/")
        assert status == 200, self.page
        self.token = re.search('data-token="([^"]*)"', self.page)[1]


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_request):
        return None


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """The addresses of a hub and of its board."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "config.py").write_text(CONFIG)
    ports = []
    for _ in range(2):
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            ports.append(str(chosen.getsockname()[1]))
    given = {"HUB_PORT": ports[0], "BOARD_PORT": ports[1], "CODE": CODE, "TOKEN": TOKEN, "PROJECT": str(PROJECT)}
    with (folder / "log").open("w") as log:
        words = [sys.executable, "-m", "jupyterhub", "-f", "config.py"]
        running = subprocess.Popen(words, cwd=folder, env=os.environ | given, stdout=log, stderr=log)
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        try:
            _wait_for(f"{addresses[0]}/hub/api/", running, folder / "log")
            _wait_for(f"{addresses[1]}/services/board/health", running, folder / "log")
            yield addresses
        finally:
            running.terminate()  # it ends its board as well
            running.wait(PATIENCE)
            print((folder / "log").read_text())


def _wait_for(address: str, running: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            assert running.poll() is None, log.read_text()
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def token_of(hub: str, name: str, *scopes: str) -> str:
    """What a kernel of this user has in its environment."""
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}

    def ask(path, body=None):
        request = urllib.request.Request(f"{hub}/hub/api{path}", json.dumps(body or {}).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    try:
        ask(f"/users/{name}")
    except urllib.error.HTTPError as error:
        error.close()
        assert error.code == 409  # it is there
    return ask(f"/users/{name}/tokens", {"scopes": list(scopes)} if scopes else None)["token"]


@pytest.mark.slow
def test_kernels_tell_by_their_token_and_pages_look_by_the_hubs_login(hub, event, monkeypatch, capsys):
    address = f"{hub[1]}/services/board"
    monkeypatch.setenv(class_card.BOARD, address)
    monkeypatch.setenv(class_card.USER, "ann")
    monkeypatch.setenv(class_card.TOKEN, token_of(hub[0], "ann"))
    member = classroom.Membership(class_card.of_the_hub(None), "01")
    try:
        assert member.try_to_join() == "You are in the class as ann."
        member._on_event("exercise", {"name": "one_hot"})
        member._on_event("guess", {"about": "", "value": 8000})
        until = time.monotonic() + PATIENCE
        while member.outbox.waiting() and time.monotonic() < until:
            time.sleep(0.05)
        assert "All events are at the board" in member.in_words
    finally:
        member.end()
        classroom._here = None

    nobody, room, teacher = (Browser(*hub) for _ in range(3))
    room.log_in("bob"), teacher.log_in("teacher")
    assert 'data-role="room"' in room.page and 'data-role="instructor"' in teacher.page
    assert "join" not in re.search('data-code="([^"]*)"', room.page)[1]

    fetch = {"Sec_Fetch_Mode": "cors", "Sec_Fetch_Site": "same-origin"}
    assert nobody.ask("/services/board/stream", **fetch)[0] == 403
    rows = told(_stream(room, f"?_xsrf={room.token}"))
    assert [(row["kind"], row.get("by")) for row in rows] == [("exercise", "ann"), ("guess", None)]

    # Nobody tells or withdraws in another's name: not by a cookie, not by a header, not by a token for something else.
    batch, one = json.dumps([event()]).encode(), {"Board_Name": "ann", "X_Forwarded_User": "ann"}
    assert nobody.ask("/services/board/events", batch, **one)[0] == 403
    assert room.ask("/services/board/events", batch, **one)[0] == 403
    assert room.ask("/services/board/events", batch, X_XSRFToken=room.token, **one)[0] == 403
    assert room.ask("/services/board/events", None, "DELETE", X_XSRFToken=room.token)[0] == 403
    forged = {"Authorization": "token forged"}
    assert room.ask("/services/board/events", batch, X_XSRFToken=room.token, **forged)[0] == 403
    other = token_of(hub[0], "ann", "read:users!user=ann")
    with pytest.raises(outbox.RefusedError, match="does not know who asks"):
        outbox.ask("POST", f"{address}/events", {"Authorization": f"token {other}"}, [event()])
    assert outbox.ask("DELETE", f"{address}/events", {"Authorization": f"token {token_of(hub[0], 'bob')}"}) == {
        "withdrawn": 0
    }

    # The instructor's page uncovers; another page with the instructor's cookie does not, nor does the room's.
    uncover = json.dumps({"do": "uncover", "about": "01"}).encode()
    assert room.ask("/services/board/instructor", uncover, X_XSRFToken=room.token, **fetch)[0] == 403
    assert teacher.ask("/services/board/instructor", uncover, **fetch)[0] == 403
    assert teacher.ask("/services/board/instructor", uncover, Authorization="token forged", **fetch)[0] == 403
    assert (
        teacher.ask("/services/board/instructor", uncover, Sec_Fetch_Mode="no-cors", Sec_Fetch_Site="cross-site")[0]
        == 403
    )
    assert teacher.ask("/services/board/instructor", uncover, X_XSRFToken=teacher.token, **fetch)[0] == 200
    assert teacher.ask("/services/board/board.csv")[0] == 200 and room.ask("/services/board/board.csv")[0] == 403
    classroom.withdraw()
    assert "has deleted 2 events of yours" in capsys.readouterr().out


def _stream(browser, query):
    request = urllib.request.Request(f"{browser.board}/services/board/stream{query}")
    for name, value in {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}.items():
        request.add_header(name, value)
    came, event = [], {}
    with browser.opener.open(request, timeout=PATIENCE) as answer:
        for line in answer:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                event[name] = value
            else:
                came.append((event.get("event"), event.get("id"), json.loads(event.get("data", "null"))))
                event = {}
            if any(name == "state" for name, _, _ in came):
                return came
    return came
