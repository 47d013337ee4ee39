"""The learner's own copy of the lessons: made once, never overwritten, what is new put beside it."""

import errno
import re
import stat
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.errors import ReaderOSError
from tools import lessons, own_copy

PROJECT = Path(__file__).resolve().parent.parent
NAME = "03_five_layers_relu.ipynb"
GUESS = "my_guess = 'the start'"


@pytest.fixture
def folder(empty_own_folder):
    """A learner's folder with a copy that was just made."""
    own_copy.bring(empty_own_folder)
    return empty_own_folder


@pytest.fixture
def ours(monkeypatch, tmp_path):
    """The lessons of another version, in which lesson 03 has one cell more, and a lesson is new."""
    place = tmp_path / "another version"
    place.mkdir()
    for path in lessons.paths():
        (place / path.name).write_bytes(path.read_bytes())
    changed = lessons.read(place / NAME)
    changed.cells.append(nbformat.v4.new_markdown_cell("A better sentence."))
    lessons.write(changed, place / NAME)
    lessons.write(changed, place / "99_last.ipynb")
    monkeypatch.setattr(lessons, "NOTEBOOKS", place)
    return place


def write_into(path, source):
    notebook = lessons.read(path)
    notebook.cells[3].source = source
    lessons.write(notebook, path)


def test_a_copy_has_every_lesson_without_outputs_and_the_committed_ones_stay(folder):
    committed = {path.name: path.read_bytes() for path in lessons.paths()}
    assert {path.name for path in folder.glob("*.ipynb")} == set(committed)
    for name, content in committed.items():
        copy, lesson = lessons.read(folder / name), nbformat.reads(content.decode(), as_version=4)
        assert [cell.source for cell in copy.cells] == [cell.source for cell in lesson.cells]
        code = [cell for cell in copy.cells if cell.cell_type == "code"]
        assert code and not any(cell.outputs or cell.execution_count for cell in code)
    assert {path.name: path.read_bytes() for path in lessons.paths()} == committed


def test_every_link_and_picture_of_the_lessons_is_there_from_the_copy_as_well(folder):
    for path in folder.glob("*.ipynb"):
        text = "\n".join(cell.source for cell in lessons.read(path).cells if cell.cell_type == "markdown")
        links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"(?:src|href)=[\"']([^\"']+)", text)
        for link in links:
            target = link.partition("#")[0]
            assert target.startswith(("https://", "data:")) or (folder / target).exists(), link


def test_it_is_made_once_and_what_the_learner_did_stays(folder):
    write_into(folder / NAME, GUESS)
    before = {path: path.read_bytes() for path in folder.rglob("*.ipynb")}
    assert own_copy.bring(folder) == []
    assert {path: path.read_bytes() for path in folder.rglob("*.ipynb")} == before


def test_a_lesson_that_has_changed_is_put_beside_the_learner_s_once(folder, ours):
    write_into(folder / NAME, GUESS)
    mine = (folder / NAME).read_bytes()
    said = own_copy.bring(folder)
    assert said == [
        f"{NAME} has changed since your copy was made: the new one is 03_five_layers_relu.changed.ipynb, beside yours.",
        "99_last.ipynb is new.",
    ]
    assert own_copy.bring(folder) == []
    assert (folder / NAME).read_bytes() == mine
    assert lessons.read(folder / "03_five_layers_relu.changed.ipynb").cells[-1].source == "A better sentence."

    changed_again = lessons.read(ours / NAME)
    changed_again.cells.append(nbformat.v4.new_markdown_cell("Another one."))
    lessons.write(changed_again, ours / NAME)
    assert "03_five_layers_relu.changed-2.ipynb" in own_copy.bring(folder)[0]


def test_a_lesson_starts_again_and_the_old_one_is_kept(folder):
    for number in ("", "-2"):
        write_into(folder / NAME, GUESS)
        said = own_copy.fresh(folder, "03")
        old = f"03_five_layers_relu.old{number}.ipynb"
        assert f"{NAME} is as it came. Yours is kept as {old}." in said
        assert lessons.read(folder / old).cells[3].source == GUESS
        assert lessons.read(folder / NAME).cells[3].source != GUESS
    (folder / NAME).unlink()
    assert "kept" not in own_copy.fresh(folder, "3")
    assert (folder / NAME).exists() and own_copy.bring(folder) == []


@pytest.mark.parametrize("lesson", ["", "42", "relu", "."])
def test_a_lesson_that_there_is_not_is_answered_with_those_there_are(folder, lesson):
    with pytest.raises(ValueError, match=r"Which lesson\? Name one of 00, 01, 02.*LESSON=03"):
        own_copy.fresh(folder, lesson)


@pytest.mark.parametrize("text", ["{ half a notebook", "{}", "[]", "null", '{"metadata": {}}', '{"metadata": []}'])
def test_a_copy_that_the_learner_has_damaged_is_theirs(folder, text):
    (folder / NAME).write_text(text)
    (said,) = own_copy.bring(folder)
    assert "beside yours" in said and (folder / NAME).read_text() == text


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that is full from now on: of a lesson only the beginning fits."""
    write = Path.write_text

    def write_the_beginning(path, text, **how):
        write(path, text[:100], **how)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", write_the_beginning)


def test_of_a_lesson_for_which_the_disk_has_no_room_nothing_is_left(empty_own_folder, full_disk):
    with pytest.raises(OSError, match=r"No space left.*make room on the disk"):
        own_copy.bring(empty_own_folder)
    assert list(empty_own_folder.iterdir()) == []


def test_where_a_lesson_cannot_start_again_the_message_names_the_old_copy(folder, full_disk):
    with pytest.raises(OSError, match=r"No space left.* Yours is kept as 03_five_layers_relu\.old\.ipynb"):
        own_copy.fresh(folder, "03")
    assert (folder / "03_five_layers_relu.old.ipynb").exists() and not (folder / NAME).exists()


def test_a_lesson_in_a_folder_that_cannot_be_written_is_answered_in_words(folder, monkeypatch):
    def refuse(*_names):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ReaderOSError, match=r"Permission denied.*Set LESSONS_WORK"):
        own_copy.fresh(folder, "03")


def test_a_lesson_that_starts_again_says_what_else_is_new(folder, ours):
    said = own_copy.fresh(folder, "01").splitlines()
    assert said[0].startswith("01_one_layer.ipynb is as it came. Yours is kept as")
    assert [line.partition(" ")[0] for line in said[1:]] == [NAME, "99_last.ipynb"]
    assert (folder / "03_five_layers_relu.changed.ipynb").exists()


def test_pages_of_a_project_where_nobody_may_write_are_kept_up_to_date_all_the_same(empty_own_folder, ours):
    """Root may write everywhere, so the modes are looked at."""
    page, picture = ours / "glossary.md", ours / "images" / "map.png"
    picture.parent.mkdir()
    for content in (b"first", b"second"):
        for file in (page, picture):
            file.unlink(missing_ok=True)
            file.write_bytes(content)
            file.chmod(0o444)
        own_copy.bring(empty_own_folder)
        for copy in (empty_own_folder / "glossary.md", empty_own_folder / "images" / "map.png"):
            assert copy.read_bytes() == content and copy.stat().st_mode & stat.S_IWUSR
            copy.chmod(0o444)  # as copies were made before, which has to heal


def test_pages_that_are_up_to_date_are_not_written_again(folder):
    before = (folder / "glossary.md").stat()
    own_copy.bring(folder)
    after = (folder / "glossary.md").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_folder_that_cannot_be_made_is_answered_in_one_sentence(tmp_path):
    (tmp_path / "a file").touch()
    command = [sys.executable, "-m", "tools.own_copy"]
    ended = subprocess.run(
        command, cwd=PROJECT, env={"LESSONS_WORK": str(tmp_path / "a file" / "work")}, capture_output=True, text=True
    )
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert "cannot be written" in ended.stderr and "Set LESSONS_WORK" in ended.stderr
