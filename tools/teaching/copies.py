"""Copies of the lessons: `make student` without outputs and solutions, `make instructor` with all of it and notes."""

import shutil
import sys
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode

from helpers.errors import ReaderError
from tools import execute, lessons, own_copy
from tools.teaching import notes

BUILD = Path(__file__).resolve().parent.parent.parent / "build"


def student(lesson: NotebookNode) -> NotebookNode:
    """A lesson as a class gets it: no outputs, so that no guess is spoiled, and no solutions.

    It says what it was made of: laid into a learner's folder `work`, it is their copy, and `make lab` adds no other.
    """
    copy = lessons.for_students(lesson)
    copy.metadata[own_copy.CAME_AS] = lessons.sources_hash(lesson)
    return copy


def solutions(lesson: NotebookNode, name: str) -> str:
    """The solutions of a lesson's exercises in Markdown; "" if it has none."""
    parts = [f"## {exercise.title}\n\n{exercise.explained}\n" for exercise in lessons.exercises(lesson)]
    return "\n".join([f"# Solutions: {lessons.title(lesson)}\n\nOf `{name}`.\n", *parts]) if parts else ""


def instructor(lesson: NotebookNode) -> NotebookNode:
    """A lesson with its solutions filled in, to be run, and its notes after the cells that they are about."""
    copy = deepcopy(lesson)
    for exercise in lessons.exercises(copy):
        copy.cells[exercise.stub].source = f"{exercise.solution}\n\n{exercise.call}"
    cells = []
    for cell in copy.cells:
        told = notes.of(cell)
        cell.metadata.pop("teaching", None)
        cells += [cell, notes.as_cell(told)] if told else [cell]
    copy.cells = cells
    copy.metadata[own_copy.CAME_AS] = lessons.sources_hash(copy)  # by which it is seen whether you have edited it
    return copy


def make_student(target: Path, *, solutions_into: Path | None) -> None:
    """Write the students' copies into a new folder, and the solutions into another one, if there is to be one."""
    for folder in filter(None, (target, solutions_into)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for path in lessons.paths():
        lesson = lessons.read(path)
        lessons.write(student(lesson), target / path.name)
        text = solutions(lesson, path.name)
        if text and solutions_into:
            (solutions_into / f"{path.stem}.md").write_text(text, encoding="utf-8")
    copy_what_lessons_show(target)


def make_instructor(target: Path, numbers: list[str]) -> None:
    """Write the instructor's copies and run them: those with these numbers, all if there are none.

    One that was edited is kept under another name. Raises ValueError, in words, if there is no such lesson.
    """
    chosen = [lessons.numbered(number) for number in numbers] or lessons.paths()
    target.mkdir(parents=True, exist_ok=True)
    copy_what_lessons_show(target)
    for path in chosen:
        copy = target / path.name
        if copy.exists() and not own_copy.is_as_written(copy):
            old = own_copy.free_name(target, path.stem, "old")
            copy.rename(old)
            print(f"You have edited {copy.name}: yours is kept as {old.name}, beside the new one.")
        lessons.write(instructor(lessons.read(path)), copy)
        print(f"Running {copy.name} …", flush=True)
        execute.execute(copy)


def copy_what_lessons_show(target: Path) -> None:
    """Copy the pictures and pages that lessons link to beside them."""
    for path in lessons.NOTEBOOKS.iterdir():
        if path.is_dir() and path.name == "images":
            shutil.copytree(path, target / path.name, dirs_exist_ok=True)
        elif path.suffix == ".md":
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def main(words: list[str]) -> None:
    """Make the copies that the first word names."""
    kind, *numbers = words
    if kind == "student":
        make_student(BUILD / "student", solutions_into=BUILD / "solutions")
        print("The students' copy is in build/student, without outputs; the solutions are in build/solutions.")
        print("Handed out, it becomes a learner's folder `work`, beside `notebooks`, before their first `make lab`.")
    else:
        try:
            make_instructor(BUILD / "instructor", numbers)
        except ReaderError as error:
            sys.exit(str(error))
        print("The instructor's copy is in build/instructor, with solutions and notes.")
        print("To open it, `make lab`, and in the list of files on the left build, then instructor.")


if __name__ == "__main__":
    main(sys.argv[1:])
