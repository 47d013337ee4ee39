"""What a class is started with, and where its files lie; the hub reads it from a file that only its account may read.

The hub's parts find each other by ports that follow the one that the browsers know: the proxy's own door, the hub, the
board, and a thousand higher the learners' servers, one each.
"""

import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from helpers import data

PROJECT = Path(__file__).resolve().parent.parent.parent
VARIABLE = "CLASSROOM_SETTINGS"  # in the hub's environment: the file to read
LOOPBACK = "127.0.0.1"
INSTRUCTOR = "instructor"
MOST_LEARNERS = 60  # servers at once; what the machine has the memory for is said by `make class DRY=1`
HIGHEST_PORT = 63_000  # of the class itself: above it there is room for the learners'
SHORTEST_CODE, SHORTEST_INSTRUCTOR_CODE = 8, 32  # JupyterHub accepts no shorter ones


@dataclass(frozen=True)
class Settings:
    """How one class is served.

    host, port: where browsers come in. code: what a learner needs to come in; instructor_code: what the instructor
    needs. folder: holds everything of the class. certificate, key: files for TLS, or "". walls: whether every learner
    has an account of the system.
    """

    host: str
    port: int
    code: str
    instructor_code: str
    folder: str
    certificate: str = ""
    key: str = ""
    walls: bool = False

    @property
    def state(self) -> Path:
        """Codes, the hub's database and its log: for the hub's account alone."""
        return Path(self.folder, "state")

    @property
    def homes(self) -> Path:
        """One folder for each learner, which only that learner may enter."""
        return Path(self.folder, "homes")

    @property
    def data(self) -> Path:
        """MNIST as files that all kernels map, so that it is in memory once."""
        return Path(self.folder, "data")

    @property
    def file(self) -> Path:
        """Where these settings are kept."""
        return self.state / "settings.json"

    @property
    def runtime(self) -> Path:
        """Where kernels put their sockets: a short path, for a socket's name may have about a hundred characters."""
        return Path("/tmp" if os.name == "posix" else tempfile.gettempdir(), f"class-{os.geteuid()}-{self.port}")

    @property
    def proxy_api(self) -> str:
        """Where the hub tells the proxy who is served where."""
        return f"http://{LOOPBACK}:{self.port + 1}"

    @property
    def hub(self) -> str:
        """Where the hub answers the proxy and the learners' servers."""
        return f"http://{LOOPBACK}:{self.port + 2}"

    @property
    def board(self) -> str:
        """Where the board answers the proxy."""
        return f"http://{LOOPBACK}:{self.port + 3}"

    def learner_port(self, number: int) -> int:
        """The port of the learner with this number. A random one is taken by another learner seconds later."""
        return self.port + 1000 + number

    def keep(self) -> None:
        """Write the file, and the folders that hold the class, readable for those who should."""
        # Learners pass through both folders to their own, and can list neither.
        for folder, mode in ((Path(self.folder), 0o711), (self.homes, 0o711), (self.state, 0o700)):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        write_privately(self.file, json.dumps(asdict(self), indent=2))
        data.unpack(self.data)
        self.data.chmod(0o755)


def read(file: Path) -> Settings:
    """The settings that a class was started with. Raises OSError if there are none."""
    return Settings(**json.loads(file.read_text(encoding="utf-8")))


def write_privately(file: Path, text: str) -> None:
    """Write a file that only this account may read, whole or not at all."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as written:
        written.write(text)
    os.replace(beside, file)


def new_code() -> str:
    """A class code to be read off a wall and typed, such as "tavo-kire": one of 24 million."""
    syllables = [secrets.choice("bdfghkmnprstvz") + secrets.choice("aeiou") for _ in range(4)]
    return "".join(syllables[:2]) + "-" + "".join(syllables[2:])


def new_instructor_code() -> str:
    """A code that nobody guesses, of 32 characters."""
    return secrets.token_urlsafe(24)
