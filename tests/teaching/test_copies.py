"""The copies for students and instructors, and the kit: what they hold, and what they must not."""

import shutil

import nbformat
import pytest

from tools import lessons, own_copy
from tools.teaching import copies, kit, notes


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folders of the students' copy and of the solutions."""
    folder = tmp_path_factory.mktemp("made")
    copies.make_student(folder / "student", solutions_into=folder / "solutions")
    return folder


@pytest.mark.parametrize("path", lessons.paths(), ids=lambda path: path.stem)
def test_a_students_copy_has_every_cell_and_no_output_solution_or_note(made, path):
    lesson, copy = lessons.read(path), lessons.read(made / "student" / path.name)
    assert [cell.id for cell in copy.cells] == [cell.id for cell in lesson.cells]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
    assert not any("<summary>Solution</summary>" in cell.source or "teaching" in cell.metadata for cell in copy.cells)
    for exercise in lessons.exercises(lesson):
        hint = "<summary>Hint</summary>"
        assert (hint in copy.cells[exercise.stub + 1].source) == (hint in lesson.cells[exercise.stub + 1].source)
        assert not any(exercise.solution.strip() in cell.source for cell in copy.cells)
        assert exercise.solution.strip() in (made / "solutions" / f"{path.stem}.md").read_text(encoding="utf-8")


def test_laid_into_a_learners_folder_it_is_their_copy_and_no_other_is_put_beside_it(made, tmp_path):
    folder = tmp_path / "work"
    shutil.copytree(made / "student", folder)
    before = {path.name: path.read_bytes() for path in folder.glob("*.ipynb")}
    assert own_copy.bring(folder) == []
    assert {path.name: path.read_bytes() for path in folder.glob("*.ipynb")} == before


def test_solutions_stand_under_the_headings_of_their_exercises(made):
    text = (made / "solutions" / "01_one_layer.md").read_text(encoding="utf-8")
    assert "## Exercise 1: one-hot labels" in text and "## Exercise 2: accuracy" in text


def test_pictures_and_pages_that_lessons_link_to_are_there(made):
    for path in lessons.NOTEBOOKS.glob("*.md"):
        assert (made / "student" / path.name).exists()
    assert {path.name for path in (made / "student" / "images").iterdir()} == {
        path.name for path in (lessons.NOTEBOOKS / "images").iterdir()
    }


def test_an_instructors_copy_has_solutions_in_their_cells_and_notes_below_what_they_are_about():
    lesson = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# A lesson", metadata={"teaching": {"minutes": 3, "say": "Good morning."}}),
            nbformat.v4.new_code_cell("def double(x):\n    return None\n\n\nchecks.double(double)"),
            nbformat.v4.new_markdown_cell(
                "<details><summary>Solution</summary>\n\n```python\ndef double(x):\n    return 2 * x\n```\n</details>"
            ),
        ]
    )
    copy = copies.instructor(lesson)
    first, note, stub, _ = copy.cells
    assert first.source == "# A lesson" and "teaching" not in first.metadata
    assert note.source == "> **For the instructor, 3 minutes**\n>\n> **Say.** Good morning."
    assert stub.source.startswith("def double(x):\n    return 2 * x") and stub.source.endswith("checks.double(double)")
    assert "return None" in lesson.cells[1].source  # the lesson itself stays as it is
    assert notes.minutes(lesson) == 3


@pytest.fixture
def executed(monkeypatch, tmp_path):
    """What would be run of the instructor's copies, which are made in a folder of their own."""
    names = []
    monkeypatch.setattr(copies, "BUILD", tmp_path)
    monkeypatch.setattr(copies.execute, "execute", lambda path: names.append(path.name))
    return names


@pytest.mark.parametrize(
    ("numbers", "names"),
    [(["1"], ["01_one_layer.ipynb"]), (["10", "00"], ["10_convolution.ipynb", "00_start_here.ipynb"])],
)
def test_an_instructor_names_lessons_by_their_numbers(executed, tmp_path, numbers, names):
    copies.main(["instructor", *numbers])
    assert executed == names
    assert {path.name for path in (tmp_path / "instructor").glob("*.ipynb")} == set(names)


def test_a_copy_that_the_instructor_has_edited_is_kept_beside_the_new_one(executed, tmp_path, capsys):
    copies.main(["instructor", "01"])
    copy = tmp_path / "instructor" / "01_one_layer.ipynb"
    for name in ("01_one_layer.old.ipynb", "01_one_layer.old-2.ipynb"):
        edited = lessons.read(copy)
        edited.cells[1].source = "My own words."
        lessons.write(edited, copy)
        copies.main(["instructor", "01"])
        assert f"You have edited 01_one_layer.ipynb: yours is kept as {name}" in capsys.readouterr().out
        assert lessons.read(copy.with_name(name)).cells[1].source == "My own words."
        assert own_copy.is_as_written(copy)
    copy.write_text("{ damaged")
    copies.main(["instructor", "01"])
    assert copy.with_name("01_one_layer.old-3.ipynb").read_text() == "{ damaged" and own_copy.is_as_written(copy)


def test_a_copy_that_was_only_run_is_made_anew(executed, tmp_path):
    copies.main(["instructor", "01"])
    copy = tmp_path / "instructor" / "01_one_layer.ipynb"
    run = lessons.read(copy)
    next(cell for cell in run.cells if cell.cell_type == "code").execution_count = 7
    lessons.write(run, copy)
    copies.main(["instructor", "01"])
    assert [path.name for path in copy.parent.glob("*.ipynb")] == [copy.name]


@pytest.mark.parametrize("number", ["12", "lesson05", "one"])
def test_a_lesson_that_there_is_not_is_answered_with_those_there_are(executed, tmp_path, number):
    with pytest.raises(SystemExit, match=rf"Which lesson\? Name one of 00, .*; got '{number}'"):
        copies.main(["instructor", "01", number])
    assert executed == [] and not (tmp_path / "instructor").exists()


@pytest.mark.parametrize("note", [{"minute": 3}, {"minutes": "three"}, {"say": 3}])
def test_what_is_no_note_is_refused_in_words(note):
    with pytest.raises(ValueError, match="note"):
        notes.of(nbformat.v4.new_markdown_cell("text", metadata={"teaching": note}))


@pytest.mark.parametrize("path", lessons.paths(), ids=lambda path: path.stem)
def test_every_note_in_the_lessons_is_one(path):
    for cell in lessons.read(path).cells:
        notes.of(cell)


def test_a_kits_wheel_is_built_without_what_an_earlier_build_has_left(monkeypatch, tmp_path):
    """setuptools packs all of build/lib, also a module that the project has no longer."""
    gone = tmp_path / "build" / "lib" / "helpers" / "spiral.py"
    kept = tmp_path / "build" / "proxy" / "package.json"
    for file in (gone, tmp_path / "build" / "bdist.linux-x86_64" / "wheel", kept):
        file.parent.mkdir(parents=True)
        file.touch()
    found = []
    monkeypatch.setattr(kit, "PROJECT", tmp_path)
    monkeypatch.setattr("subprocess.run", lambda *_words, cwd, **_how: found.extend((cwd / "build").iterdir()))
    kit.collect(tmp_path / "wheels")
    assert found == [kept.parent]
