"""A learner's own files: made on demand, written whole, and answered in words where nobody may write."""

import os

import pytest

from helpers import own_folder
from helpers.errors import ReaderError


def test_it_is_beside_the_lessons_and_git_does_not_look_at_it(monkeypatch):
    monkeypatch.delenv(own_folder.VARIABLE)
    project = own_folder.folder().parent
    assert (project / "notebooks").is_dir()
    assert f"/{own_folder.folder().name}/" in (project / ".gitignore").read_text().splitlines()


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


def test_a_file_that_cannot_be_read_or_replaced_is_answered_in_words(empty_own_folder):
    (empty_own_folder / "a.json").mkdir(parents=True)
    with pytest.raises(ReaderError, match="it cannot be read"):
        own_folder.kept("a.json")
    with pytest.raises(ReaderError, match="it cannot be written"):
        own_folder.keep("a.json", b"")
    assert os.listdir(empty_own_folder) == ["a.json"]
