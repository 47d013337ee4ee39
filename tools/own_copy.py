"""The learner's own copy of the lessons, in `work/`: made once, without outputs, and never overwritten.

`make lab` makes it. A lesson that has changed since is put beside the learner's. `make fresh LESSON=03`, or
`python -m tools.own_copy --fresh 03`, starts a lesson again and keeps the old one.
"""

import argparse
import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from helpers import own_folder
from helpers.errors import ReaderError, ReaderOSError
from tools import lessons

CAME_AS = "sources_sha256"  # in a copy's metadata: the sum of the lesson that it was made of, kept while it is edited


def bring(folder: Path, handed_out: Callable[[NotebookNode], NotebookNode] = lessons.without_outputs) -> list[str]:
    """Put into `folder` what it lacks of the lessons; return what is new there, in words.

    handed_out: makes of a lesson what a learner gets, with nobody's outputs unless said otherwise.
    Nothing that is there is changed but the pictures and pages that the lessons link to. Raises OSError, in words, if
    the folder cannot be written.
    """
    said = []
    began = not any(folder.glob("*.ipynb"))
    with _in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for path in lessons.paths():
            came_as = lessons.sources_hash(lessons.read(path))
            theirs = [_came_as(copy) for copy in folder.glob(f"{path.stem}*.ipynb")]
            if not (folder / path.name).exists():
                _put(path, folder / path.name, handed_out)
                said += [] if began else [f"{path.name} is new."]
            elif came_as not in theirs:
                beside = free_name(folder, path.stem, "changed")
                _put(path, beside, handed_out)
                said.append(
                    f"{path.name} has changed since your copy was made: the new one is {beside.name}, beside yours."
                )
        _bring_what_lessons_show(folder)
    if began:
        said.append(
            f"Your own copy of the lessons is in {folder.name}/: whatever you do there, the lessons stay as they came."
        )
    return said


def fresh(folder: Path, lesson: str) -> str:
    """Start a lesson again, and keep the old copy under another name; return what was done, in words.

    lesson: its number, such as "03". Raises ValueError, in words, if there is no such lesson, and OSError, in words, if
    the folder cannot be written.
    """
    path = lessons.numbered(lesson)
    copy, kept = folder / path.name, ""
    with _in_words(folder):
        if copy.exists():
            old = free_name(folder, path.stem, "old")
            copy.rename(old)
            kept = f" Yours is kept as {old.name}."
    try:
        brought = bring(folder)
    except ReaderOSError as error:
        raise ReaderOSError(f"{error}{kept}") from error
    others = [said for said in brought if said != f"{path.name} is new."]
    again = f"{path.name} is as it came.{kept} If it is open in JupyterLab, close it there first, and do not save."
    return "\n".join([again, *others])


@contextlib.contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """Say what can be done if the folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise ReaderOSError(
            f"Your own copy of the lessons belongs into {folder}, which cannot be written: "
            f"{error.strerror or error}. Set {own_folder.VARIABLE} to a folder of yours, or make room on the disk."
        ) from error


def free_name(folder: Path, stem: str, word: str) -> Path:
    """A name that no file has: "03_five_layers_relu.old.ipynb", then "….old-2.ipynb"."""
    number = 1
    while (path := folder / f"{stem}.{word}{f'-{number}' if number > 1 else ''}.ipynb").exists():
        number += 1
    return path


def is_as_written(copy: Path) -> bool:
    """Whether a copy has the text whose sum was stored with it; one that is damaged has not."""
    came_as = _came_as(copy)
    return came_as != "" and came_as == lessons.sources_hash(lessons.read(copy))


def _came_as(copy: Path) -> str:
    """The sum of the lesson that a copy was made of; "" if it does not say."""
    try:
        return str(json.loads(copy.read_text(encoding="utf-8"))["metadata"][CAME_AS])
    except (ValueError, KeyError, TypeError, OSError):  # a file that the learner has damaged is theirs all the same
        return ""


def _put(path: Path, copy: Path, handed_out: Callable[[NotebookNode], NotebookNode]) -> None:
    lesson = lessons.read(path)
    clean = handed_out(lesson)
    clean.metadata[CAME_AS] = lessons.sources_hash(lesson)
    lessons.write(clean, copy)


def _bring_what_lessons_show(folder: Path) -> None:
    """Keep the pictures and pages that lessons link to beside them, up to date."""
    for path in [*(lessons.NOTEBOOKS / "images").glob("*"), *lessons.NOTEBOOKS.glob("*.md")]:
        copy = folder / path.relative_to(lessons.NOTEBOOKS)
        if not copy.exists() or copy.read_bytes() != path.read_bytes():
            copy.parent.mkdir(exist_ok=True)
            copy.unlink(missing_ok=True)  # it may be one that cannot be overwritten
            shutil.copyfile(path, copy)  # without the mode: the project may stand where nobody may write


def main() -> None:
    """Bring the learner's copy up to date, or start a lesson of it again."""
    parser = argparse.ArgumentParser(prog="python -m tools.own_copy", description=__doc__)
    parser.add_argument("--fresh", metavar="03", help="start this lesson again, and keep the old copy")
    lesson = parser.parse_args().fresh
    try:
        folder = own_folder.folder()
        print(*([fresh(folder, lesson)] if lesson is not None else bring(folder)), sep="\n")
    except ReaderError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
