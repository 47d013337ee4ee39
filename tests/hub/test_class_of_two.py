"""A class that runs: two learners at once, walls between them, a kernel and a hub that die, and nothing left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from factories import come_of

from classroom.hub import accounts
from classroom.load.__main__ import load
from classroom.load.learner import Learner, LoadError
from classroom.load.rehearsal import Rehearsal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LESSON = "00_start_here.ipynb"
TRY = """
import os, signal
def tried(what, *words):
    try:
        return what(*words)
    except OSError as error:
        return type(error).__name__
"""


@pytest.fixture(scope="module")
def room(open_python):
    with Rehearsal(python=open_python) as made:
        yield made


def as_learner(room, name, act, word="a word of mine"):
    """What a learner does who comes in and opens lesson 00."""

    async def come():
        async with Learner(room.address, name, room.code) as learner:
            await learner.come_in(word)
            await learner.open(LESSON)
            return await act(learner)

    return come_of(come())


def test_two_learners_at_once_lose_nothing_when_a_kernel_and_the_hub_are_killed(room, capsys):
    assert come_of(load(2, room)) == []
    assert "all is there after a reload" in capsys.readouterr().out


@pytest.mark.skipif(not accounts.can_have_walls(), reason="without root there are no walls, as the class itself says")
def test_a_learner_can_neither_read_nor_change_nor_end_what_is_anothers(room):
    as_learner(room, "wall-1", lambda each: each.run("open('secret.txt', 'w').write('mine')"))
    home, kernel = room.folder / "homes" / "wall-1", room.kernels("wall-1")[0]
    assert (home / "lessons" / "secret.txt").read_text() == "mine"  # it is there, and root can read it
    attempts = {
        "read a file": f"lambda: open('{home}/lessons/secret.txt').read()",
        "list a folder": f"lambda: os.listdir('{home}')",
        "list the homes": f"lambda: os.listdir('{home.parent}')",
        "write beside it": f"lambda: open('{home}/lessons/mine.txt', 'w')",
        "read the class code": f"lambda: open('{room.settings.file}').read()",
        "read the sockets": f"lambda: os.listdir('{room.settings.runtime}/wall-1')",
        "end a kernel": f"lambda: os.kill({kernel.pid}, signal.SIGKILL)",
        "read its token": f"lambda: open('/proc/{kernel.pid}/environ').read()",
        "write the lessons' code": f"lambda: open('{accounts.__file__}', 'a')",
        "write the shared data": f"lambda: open('{room.settings.data}/x_test.npy', 'r+')",
    }
    source = TRY + "\n".join(f"print({what!r}, tried({how}), sep=': ')" for what, how in attempts.items())
    said = as_learner(room, "wall-2", lambda each: each.run(source)).text
    assert said.splitlines() == [f"{what}: PermissionError" for what in attempts]
    first, second = (accounts.walled(name, home.parent) for name in ("wall-1", "wall-2"))
    assert first.uid != second.uid
    assert kernel.is_running()


def test_another_word_does_not_open_a_name(room):
    as_learner(room, "own-word", lambda each: each.run("1"))
    with pytest.raises(LoadError, match="chose another word"):
        as_learner(room, "own-word", lambda each: each.run("1"), word="a guess")


def test_what_a_learner_left_running_ends_with_their_server_and_all_with_the_class(open_python):
    with Rehearsal(python=open_python) as room:
        as_learner(room, "leaves", lambda each: each.run("import subprocess; subprocess.Popen(['sleep', '600'])"))
        left = room.processes("leaves")
        assert any("sleep" in each.name() for each in left)
        class_processes = psutil.Process(room.process.pid).children(recursive=True)
        closed = signal.SIGTERM if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else signal.SIGHUP  # under `nohup`
        for _ in range(2):  # a shell passes on what its terminal has said already, when the window is closed
            room.process.send_signal(closed)
        room.process.wait(120)
    assert not any(each.is_running() for each in left + class_processes)
    assert not room.folder.exists() and not os.path.exists(room.settings.runtime)
    assert accounts.of_this_class(room.folder / "homes") == []


def test_a_class_that_is_tried_out_ends_with_whoever_tries_it(open_python):
    source = (
        "import time; from classroom.load.rehearsal import Rehearsal\n"
        f"with Rehearsal(python={open_python!r}) as room:\n"
        "    print(room.process.pid, room.folder, flush=True); time.sleep(600)"
    )
    project = Path(__file__).resolve().parent.parent.parent
    with subprocess.Popen([sys.executable, "-c", source], cwd=project, stdout=subprocess.PIPE, text=True) as trying:
        pid, folder = trying.stdout.readline().split()
        began = psutil.Process(int(pid))
        trying.send_signal(signal.SIGTERM)
        trying.wait(120)
        assert not began.is_running() and not Path(folder).exists()
