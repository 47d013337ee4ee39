"""A class to be tried out: on loopback, in a folder of its own, with everything ended and removed afterwards."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from classroom.hub import accounts
from classroom.hub.settings import LOOPBACK, PROJECT, read
from helpers import own_folder

LONGEST = 120.0  # seconds for a class to open, or to end
MB = 2**20


class Rehearsal:
    """A class that `with` starts by `python -m classroom` and ends as Ctrl-C does, also when SIGTERM ends this process.

    folder: where its files lie, a new one unless said otherwise; removed only if new. python: an interpreter that
    learners may run. project: where the lessons lie.
    """

    def __init__(self, folder: Path | None = None, python: str = sys.executable, project: Path = PROJECT):
        # Below /tmp, for a folder that a test makes elsewhere is often one that no other account may enter.
        self.folder = folder or Path(tempfile.mkdtemp(prefix="rehearsal-", dir="/tmp" if os.name == "posix" else None))
        self.is_new, self.python, self.project = folder is None, python, project
        self.port, self.code = _free_ports(), f"try-{secrets.token_hex(4)}"
        self.address = f"http://{LOOPBACK}:{self.port}"
        self.said = self.folder / "said"

    def __enter__(self):
        # By itself a SIGTERM would end this process at once, and leave the class running.
        self.before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        command = [self.python, "-m", "classroom", "--port", str(self.port), "--code", self.code]
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [*command, "--folder", str(self.folder)],
                cwd=self.project,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        try:
            self.wait_for("The class is open")
        except BaseException:
            self.__exit__()
            raise
        self.settings = read(self.folder / "state" / "settings.json")
        return self

    def __exit__(self, *_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would leave it half ended
        try:
            self._end()
        finally:
            signal.signal(signal.SIGTERM, self.before)

    def _end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(LONGEST)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        if self.is_new:
            if accounts.can_have_walls():
                accounts.remove(self.folder / "homes")
            shutil.rmtree(self.folder, ignore_errors=True)

    def wait_for(self, words: str, times: int = 1) -> None:
        """Wait until the class has said these words so often. Raises RuntimeError, with what it said, if it ends."""
        end = time.monotonic() + LONGEST
        while self.said.read_text().count(words) < times:
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The class did not say {words!r}: {self.said.read_text()}")
            time.sleep(0.1)

    def kill_hub(self) -> None:
        """Kill the hub, as a lack of memory would, and wait until it is there again."""
        self._kill("jupyterhub")
        self.wait_for("The hub has ended")
        end = time.monotonic() + LONGEST
        while not _answers(self.port + 2):
            if time.monotonic() > end:
                raise RuntimeError("The hub did not come back.")
            time.sleep(0.1)

    def kill_board(self) -> None:
        """Kill the board; the hub notices within half a minute, and starts it again."""
        self._kill("classroom.board")

    def _kill(self, module: str) -> None:
        below = psutil.Process(self.process.pid).children(recursive=True)
        (found,) = [each for each in below if module in command_of(each)]
        found.kill()

    def processes(self, name: str = "") -> list[psutil.Process]:
        """The servers and kernels of one learner, or of all of them."""
        homes = self.folder / "homes"
        found = []
        for process in psutil.process_iter():
            try:
                lessons = process.environ().get(own_folder.VARIABLE, "")
            except psutil.Error:
                continue
            if lessons.startswith(f"{homes / name}{os.sep}"):
                found.append(process)
        return found

    def kernels(self, name: str = "") -> list[psutil.Process]:
        """The kernels among them."""
        return [each for each in self.processes(name) if "ipykernel_launcher" in command_of(each)]

    def private(self, processes: list[psutil.Process]) -> float:
        """MB that only these processes use: what one learner more costs. What all of them share is not counted."""
        return sum(map(own_memory, processes)) / MB


def command_of(process: psutil.Process) -> list[str]:
    """What a process was started with; nothing for one that has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def own_memory(process: psutil.Process) -> int:
    """Bytes that no other process shares and that could not be read again from a file; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Anonymous:", "Swap:")))


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((LOOPBACK, port)) == 0


def _free_ports() -> int:
    """The first of four ports in a row that nobody uses, with room for learners a thousand higher."""
    for port in range(20_000 + secrets.randbelow(2000) * 10, 60_000, 10):
        if not any(_answers(port + each) for each in (*range(4), 1001, 1002)):
            return port
    raise RuntimeError("No four free ports in a row.")
