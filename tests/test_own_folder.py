"""A learner's own files: made on demand, written whole, and answered in words where nobody may write."""

import errno
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from helpers import own_folder
from helpers.errors import ReaderError


def test_it_is_beside_the_lessons_and_git_does_not_look_at_it(monkeypatch):
    monkeypatch.delenv(own_folder.VARIABLE)
    project = own_folder.folder().parent
    assert (project / "notebooks").is_dir()
    assert f"/{own_folder.folder().name}/" in (project / ".gitignore").read_text().splitlines()


def test_in_a_kit_no_work_lies_where_the_next_install_deletes_it(tmp_path):
    """A kit in small: the helpers are installed in its .venv, and the class's package stands beside that."""
    kit, project = tmp_path / "a kit", Path(__file__).resolve().parent.parent
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", kit / ".venv"], check=True)
    (installed,) = (kit / ".venv").glob("lib/python*/site-packages")
    code = shutil.ignore_patterns("__pycache__", "*.npz")
    shutil.copytree(project / "helpers", installed / "helpers", ignore=code)
    (installed / "others.pth").write_text(sysconfig.get_path("purelib"))  # all else that a kit installs
    for package in ("classroom", "tools"):
        shutil.copytree(project / package, kit / package, ignore=code)
    source = (
        "from classroom import __main__ as of_class; from classroom.board import __main__ as of_board\n"
        "from helpers import own_folder\n"
        "print(own_folder.__file__, own_folder.folder(), of_class.arguments([]).folder, of_board.options([]).folder,"
        " sep='\\n')"
    )
    plain = {name: value for name, value in os.environ.items() if name != own_folder.VARIABLE}
    # An empty name counts as none: the two differ in a shell only.
    for environment in (plain, plain | {own_folder.VARIABLE: ""}):
        ended = subprocess.run(
            [kit / ".venv" / "bin" / "python", "-c", source], cwd=kit, env=environment, capture_output=True, text=True
        )
        helpers, *work = ended.stdout.splitlines()
        assert helpers.startswith(str(installed)), ended.stderr
        assert work == [str(kit / "work"), str(kit / "work" / "class"), str(kit / "work" / "class" / "board")]


def test_it_is_made_when_something_is_kept_and_not_before(empty_own_folder):
    assert own_folder.folder() == empty_own_folder
    assert own_folder.kept("a.json") is None and not empty_own_folder.exists()
    own_folder.keep("a.json", b"first")
    own_folder.keep("a.json", b"second")
    assert own_folder.kept("a.json") == b"second"
    assert os.listdir(empty_own_folder) == ["a.json"]  # and nothing half written beside it


def test_a_folder_that_cannot_be_made_is_answered_in_words(empty_own_folder):
    empty_own_folder.write_text("a file where the folder should be")
    with pytest.raises(
        OSError, match=r"kept in the folder work/, and it cannot be written.*set LESSONS_WORK"
    ) as caught:
        own_folder.keep("a.json", b"")
    assert isinstance(caught.value, ReaderError)
    assert own_folder.kept("a.json") is None


def test_a_full_disk_leaves_what_was_kept_and_nothing_beside_it(empty_own_folder, monkeypatch):
    own_folder.keep("a.json", b"first")

    def full(_path, _content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ReaderError, match="it cannot be written: No space left on device"):
        own_folder.keep("a.json", b"second")
    assert own_folder.kept("a.json") == b"first"
    assert os.listdir(empty_own_folder) == ["a.json"]


def test_a_file_that_cannot_be_read_or_replaced_is_answered_in_words(empty_own_folder):
    (empty_own_folder / "a.json").mkdir(parents=True)
    with pytest.raises(ReaderError, match="it cannot be read"):
        own_folder.kept("a.json")
    with pytest.raises(ReaderError, match="it cannot be written"):
        own_folder.keep("a.json", b"")
    assert os.listdir(empty_own_folder) == ["a.json"]
