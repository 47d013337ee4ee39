"""Where a learner's own files live: the folder `work` beside the lessons, which git does not look at.

It is made when something is kept there for the first time. LESSONS_WORK in the environment names another place, for a
project that stands where nobody may write, and for the tests.
"""

import os
import sys
import sysconfig
import tempfile
from pathlib import Path

from helpers.errors import ReaderOSError

VARIABLE = "LESSONS_WORK"
_ABOVE = Path(__file__).resolve().parent.parent
# A kit installs the helpers into the folder .venv that stands beside its lessons, and its next install.sh empties that.
_IN_A_KIT = _ABOVE == Path(sysconfig.get_path("purelib")).resolve()
BESIDE_THE_LESSONS = (Path(sys.prefix).resolve().parent if _IN_A_KIT else _ABOVE) / "work"


def folder() -> Path:
    """The folder, which may not be there yet."""
    return Path(os.environ.get(VARIABLE) or BESIDE_THE_LESSONS).expanduser()


def kept(name: str) -> bytes | None:
    """What is kept under a name, or None. Raises OSError, in words, if it is there and cannot be read."""
    try:
        return (folder() / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):  # the folder itself may be missing too
        return None
    except OSError as error:
        raise _in_words(error, "read") from error


def names(pattern: str) -> list[str]:
    """The names, such as "networks/lesson-03.npz", under which something is kept that fits a pattern, in order."""
    return sorted(str(path.relative_to(folder()).as_posix()) for path in folder().glob(pattern))


def keep(name: str, content: bytes) -> None:
    """Keep `content` under a name, in place of what was there; a reader at the same time sees the old or the new whole.

    Raises OSError, in words, if the folder cannot be made or written.
    """
    place = folder() / name
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as file:
            beside = Path(file.name)
        try:
            beside.write_bytes(content)
            beside.replace(place)
        except BaseException:  # a full disk, or Ctrl-C: no half of a file stays beside it
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _in_words(error, "written") from error


def _in_words(error: OSError, what: str) -> ReaderOSError:
    return ReaderOSError(
        f"Your own files are kept in the folder {folder().name}/, and it cannot be {what}: {error.strerror or error}. "
        "The project may stand where you may not write, or the disk is full. The lessons work without it. "
        f"To keep your files elsewhere, set {VARIABLE} to a folder of yours before you start JupyterLab."
    )
