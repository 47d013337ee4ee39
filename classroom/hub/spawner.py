"""Starts and ends a learner's server: as the learner's own account, with limits, on a port that is theirs alone."""

import asyncio
import os
import socket
import stat
import sys
from pathlib import Path

import psutil
from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Instance

from classroom.hub import accounts
from classroom.hub.settings import LOOPBACK, Settings
from helpers import data, own_folder

if os.name == "posix":
    import resource

FIRST = "00_start_here.ipynb"
LESSONS = "lessons"  # the folder of a learner's that JupyterLab shows
MEMORY = 2 * 2**30  # bytes of its own that one process may have; TensorFlow says so when it is reached, and goes on
PROCESSES = 600  # of one account, threads included: 30 to 60 for a notebook, and no end for a mistake in a loop
FILE = 2**30  # bytes of the largest file
KEPT = ("LANG", "LC_ALL", "PATH", "VIRTUAL_ENV", "TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class CannotStart(Exception):
    """A learner's server cannot be started; the words stand on the learner's page."""

    def __init__(self, words: str):
        super().__init__(words)
        self.jupyterhub_message = words


class LearnerSpawner(LocalProcessSpawner):
    """JupyterHub's spawner for processes on this machine, with an account made when it is first needed."""

    settings = Instance(Settings, config=True)

    def __init__(self, **how):
        super().__init__(**how)
        here = Path(__file__)
        self.cmd = [sys.executable, str(here.with_name("learner_server.py"))]
        self.args = [f"--config={here.with_name('learner_config.py')}"]
        self.notebook_dir = f"~/{LESSONS}"
        self.default_url = f"/lab/tree/{FIRST}"
        self.disable_user_config = True
        self.env_keep = list(KEPT)
        self.pre_spawn_hook = LearnerSpawner.prepare
        self.popen_kwargs = {"umask": 0o077}

    @property
    def account(self) -> accounts.Account:
        """Whose processes these are. Raises CannotStart if it cannot be made."""
        make = accounts.walled if self.settings.walls else accounts.shared
        try:
            return make(self.user.name, self.settings.homes)
        except RuntimeError as error:
            raise CannotStart(str(error)) from error

    def prepare(self) -> None:
        """Before every start: the account, its short folder for sockets, and a port that nobody else has."""
        account = self.account
        sockets = self.settings.runtime / self.user.name
        _own_folder(self.settings.runtime, os.geteuid(), os.getegid(), 0o711)
        _own_folder(sockets, account.uid, account.gid, 0o700)
        self.port = self._free_port()

    def _free_port(self) -> int:
        """This learner's port; the next one of theirs if somebody has it, as a server that was lost."""
        for number in range(self.user.orm_user.id, 20_000, 1000):
            with socket.socket() as tried:
                # A server that has just ended keeps no port.
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    tried.bind((LOOPBACK, self.settings.learner_port(number)))
                except OSError:
                    continue
                return self.settings.learner_port(number)
        raise CannotStart("Every port that could serve you is taken by another program: tell your instructor.")

    def user_env(self, env):
        """Where the learner's files are, for the server and its kernels."""
        account = self.account
        env = {name: value for name, value in env.items() if not name.startswith("CONFIGPROXY")}
        return env | {
            "USER": account.name,
            "HOME": str(account.home),
            "SHELL": "/bin/sh",
            own_folder.VARIABLE: str(account.home / LESSONS),
            data.UNPACKED: str(self.settings.data),
            "CLASSROOM_BOARD": f"{self.settings.board}/services/board",  # by which helpers/classroom.py finds it
            "JUPYTER_RUNTIME_DIR": str(self.settings.runtime / self.user.name),
            "MALLOC_ARENA_MAX": "1",  # one heap for all threads of a process: 36 MB less in lesson 01, and as fast
            "PYTHONDONTWRITEBYTECODE": "1",  # the lessons' own folders are not the learner's to write
        }

    def make_preexec_fn(self, name):
        """Become the learner, within limits."""
        account, walls = self.account, self.settings.walls
        groups = os.getgrouplist(account.name, account.gid) if walls else []

        def become():
            # Private memory, not RLIMIT_AS, which would count the address space that TensorFlow only reserves.
            for what, limit in (
                (resource.RLIMIT_DATA, MEMORY),
                (resource.RLIMIT_FSIZE, FILE),
                (resource.RLIMIT_CORE, 0),
                *([(resource.RLIMIT_NPROC, PROCESSES)] if walls else []),  # it counts all that an account runs
            ):
                hard = resource.getrlimit(what)[1]
                limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
                resource.setrlimit(what, (limit, limit))
            if walls:
                os.setgid(account.gid)
                os.setgroups(groups)
                os.setuid(account.uid)
            os.chdir(account.home)

        return become

    async def stop(self, now=False):
        """End the server, its kernels and whatever they have started."""
        try:
            below = psutil.Process(self.pid).children(recursive=True) if self.pid else []
        except psutil.NoSuchProcess:
            below = []
        await super().stop(now)
        _, left = await asyncio.to_thread(psutil.wait_procs, below, 3)
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue  # it has just ended
        if self.settings.walls:
            accounts.end_all_of(self.account.uid)


def _own_folder(folder: Path, uid: int, gid: int, mode: int) -> None:
    """Make a folder in a place where others may write too, and make sure that it is no one else's."""
    try:
        folder.mkdir(mode=mode)
        os.chown(folder, uid, gid)
        folder.chmod(mode)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
            raise CannotStart(f"{folder} belongs to somebody else: tell your instructor, who can remove it.") from None
