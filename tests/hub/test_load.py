"""The load's learners, who are programs: what they wait for, and what is counted when it does not come."""

import asyncio
import json
from types import SimpleNamespace

import aiohttp
import pytest
from factories import come_of

from classroom.load import __main__ as load
from classroom.load import learner as of_learner
from classroom.load.learner import Learner

ERRORS = [
    of_learner.LoadError("no button Train"),
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientPayloadError("cut off"),
    aiohttp.WSServerHandshakeError(SimpleNamespace(real_url="ws://127.0.0.1/"), (), status=503),
    asyncio.TimeoutError(),
]


class Way:
    """In the place of the way to a kernel: a cell prints "4" and is done, or nothing ever comes."""

    def __init__(self, is_silent=False):
        self.is_silent, self.waiting = is_silent, []

    async def send_str(self, text):
        self._answer(json.loads(text)["header"], "create_subshell_reply", subshell_id="a subshell")
        self._answer({"msg_id": "another's"}, "stream", text="5")
        self._answer(json.loads(text)["header"], "stream", text="4")
        self._answer(json.loads(text)["header"], "status", execution_state="idle")
        self._answer(json.loads(text)["header"], "execute_reply")

    def _answer(self, parent, kind, **content):
        message = {"parent_header": parent, "msg_type": kind, "content": content}
        self.waiting.append(SimpleNamespace(type=aiohttp.WSMsgType.TEXT, data=json.dumps(message)))

    async def receive(self):
        await asyncio.sleep(60 if self.is_silent else 0)
        return self.waiting.pop(0)

    async def ws_connect(self, _address, **_how):
        return self


def test_a_learner_runs_a_cell_on_the_oldest_python_that_the_lessons_take(monkeypatch):
    monkeypatch.delattr(asyncio, "timeout", raising=False)  # Python 3.10 has none
    one = Learner("http://127.0.0.1", "ann", "a code")
    one.web = Way()
    come_of(one.connect())
    assert one.subshell == "a subshell"
    one.socket = Way()
    assert come_of(one.run("print(2 + 2)")).text == "4"


def test_a_kernel_that_says_nothing_is_not_waited_for_without_end(monkeypatch):
    monkeypatch.setattr(of_learner, "PATIENCE", 0.05)
    one = Learner("http://127.0.0.1", "ann", "a code")
    one.web = one.socket = Way(is_silent=True)
    for act in (one.connect(), one.run("print(2 + 2)")):
        with pytest.raises(asyncio.TimeoutError):
            come_of(act)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_one_learner_meets_is_one_error_and_the_others_go_on(error):
    everybody = [Learner("http://127.0.0.1", name, "a code") for name in ("ann", "ben", "cem")]
    run = load.Load(None, everybody)

    async def act(learner):
        if learner.name == "ben":
            raise error
        return learner.name

    assert [answer for *_, answer in come_of(run.all_at_once("a cell", act))] == ["ann", "cem"]
    assert run.errors == [f"ben, a cell: {str(error) or type(error).__name__}"]
    assert [learner.name for learner in run.learners] == ["ann", "cem"]
    assert len(everybody) == 3  # whoever had an error has to be sent home too


def test_a_kernel_that_does_not_come_back_is_one_error(monkeypatch):
    async def restart(_learner):
        raise aiohttp.ServerDisconnectedError

    monkeypatch.setattr(Learner, "restart", restart)
    run = load.Load(SimpleNamespace(kernels=lambda _name: []), [Learner("http://127.0.0.1", "ann", "a code")])
    come_of(load.kill_a_kernel(run))
    assert run.errors == ["ann, the killed kernel restarted: Server disconnected"] and run.learners == []
