"""Settings of a class that is not started, and a Python that learners' accounts may run."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from classroom.hub import accounts
from classroom.hub.settings import LOOPBACK, PROJECT, Settings

CODE, INSTRUCTOR_CODE = "tavo-kire", "i" * 32


@pytest.fixture
def plan(tmp_path):
    """A class that nobody has started."""
    return Settings(LOOPBACK, 8000, CODE, INSTRUCTOR_CODE, str(tmp_path / "class"))


@pytest.fixture(scope="session")
def open_python():
    """An interpreter that learners may run, with this environment's packages.

    The one that runs the tests often lies in root's own folder, which no other account may enter: then a copy of it.
    """
    if not accounts.can_have_walls():
        yield sys.executable
        return
    if barred := accounts.barred(PROJECT):
        pytest.skip(f"no other account may enter {barred}")
    if not any(map(accounts.barred, [*accounts.ways_into(Path(sys.executable)), Path(sys.base_prefix)])):
        yield sys.executable
        return
    place = Path(tempfile.mkdtemp(prefix="python-", dir="/tmp"))
    place.chmod(0o755)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    left_out = shutil.ignore_patterns("__pycache__", "site-packages", "test", "idlelib", "tkinter", "include", "share")
    shutil.copytree(sys.base_prefix, place / "base", ignore=left_out, symlinks=True)
    python = place / "venv" / "bin" / "python"
    subprocess.run([place / "base" / "bin" / name, "-m", "venv", "--without-pip", place / "venv"], check=True)
    packages = place / "venv" / "lib" / name / "site-packages" / "packages.pth"
    packages.write_text(f"import site; site.addsitedir({str(Path(sys.prefix, 'lib', name, 'site-packages'))!r})\n")
    for folder in ("share", "etc"):
        if (Path(sys.prefix) / folder).exists():
            (place / "venv" / folder).symlink_to(Path(sys.prefix) / folder)
    yield str(python)
    shutil.rmtree(place)
