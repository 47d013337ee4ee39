"""The decks: what a slide takes of a lesson."""

import base64

import nbformat
import pytest

from tools import lessons
from tools.teaching import slides

PICTURE = b"\x89PNG"


def cell_with_picture():
    data = {"image/png": base64.b64encode(PICTURE).decode(), "text/plain": "words"}
    output = nbformat.v4.new_output("display_data", data=data, metadata={"image/png": {"alt": "A [line] climbs."}})
    return nbformat.v4.new_code_cell("draw()", outputs=[output])


def test_a_section_is_a_column_with_its_pictures_and_the_words_that_read_them(tmp_path):
    lesson = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title\n\nA promise."),
            nbformat.v4.new_markdown_cell("## Lines\n\nSee [lesson 01](01.ipynb).\n\n<details>hidden</details>"),
            cell_with_picture(),
            nbformat.v4.new_markdown_cell("The line climbs.", metadata={"teaching": {"ask": "Does it?"}}),
            nbformat.v4.new_code_cell("print(1)", outputs=[nbformat.v4.new_output("stream", text="1\n")]),
            nbformat.v4.new_markdown_cell("## What we claimed\n\nFigures."),
        ]
    )
    title, section, picture, printed = slides.slides(lesson, "01", tmp_path)
    assert (title.level, title.heading, title.body) == (1, "Title", "A promise.")
    assert (section.level, section.body) == (2, "See lesson 01.")
    assert picture.level == 3 and picture.body.endswith("The line climbs.")
    assert "Does it?" in picture.told
    assert picture.body.startswith(f"![A \\[line\\] climbs.]({tmp_path.name}/01-002-0.png)")
    assert (tmp_path / "01-002-0.png").read_bytes() == PICTURE
    assert "```python\nprint(1)\n```" in printed.body and "```text\n1\n```" in printed.body


def test_nothing_is_lost_that_stands_in_the_middle_of_a_cell_or_after_code_that_shows_nothing(tmp_path):
    stub = "def double(x):\n    return None\n\n\nchecks.double(double)"
    solution = "<details><summary>Solution</summary>\n\n```python\ndef double(x):\n    return 2 * x\n```\n</details>"
    note = {"teaching": {"ask": "What is wrong?"}}
    lesson = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title"),
            nbformat.v4.new_code_cell("import tools"),
            nbformat.v4.new_markdown_cell("Told after tools.\n\n**Guess first.** How many?"),
            nbformat.v4.new_code_cell("def model(x):\n    return x"),
            nbformat.v4.new_markdown_cell("The model.\n\n## The loss\n\n$$\na = b\n$$\n\nHow wrong?", metadata=note),
            nbformat.v4.new_code_cell("loss()"),
            nbformat.v4.new_markdown_cell("A loss.\n\n### Exercise 1\n\nDouble it. Now."),
            nbformat.v4.new_code_cell(stub, outputs=[nbformat.v4.new_output("stream", text="Not yet.\n")]),
            nbformat.v4.new_markdown_cell(solution),
        ]
    )
    _, tools, guess, model, loss, code, exercise = slides.slides(lesson, "01", tmp_path)
    assert (tools.body, guess.body) == ("Told after tools.", "**Guess first.** How many?")
    assert model.body == "```python\ndef model(x):\n    return x\n```\n\nThe model."
    assert (loss.level, loss.heading) == (2, "The loss") and loss.body.endswith("How wrong?")
    assert "What is wrong?" in loss.told and "What is wrong?" not in model.told
    assert "$a = b$" in loss.told and "#" not in model.told  # either would end the notes, and be on the wall
    assert code.body.endswith("A loss.")
    assert exercise.body == f"Double it. Now.\n\n```python\n{stub}\n```"


def test_a_slide_keeps_whole_sentences():
    text = "One two three. Four five six seven? Eight."
    assert slides.beginning(text, words=7) == "One two three. Four five six seven?"
    assert slides.beginning(text, words=5) == "One two three."
    assert slides.beginning("Ten words that are too many for a slide here.", words=3).endswith("here.")
    assert slides.beginning("One two. Three four five. Is it six?", words=2) == "One two.\n\nIs it six?"
    assert slides.beginning("A list:\n\n- one\n- two\n\nMore of it here.", words=3) == "A list:\n\n- one\n- two"


@pytest.mark.parametrize("path", lessons.paths(), ids=lambda path: path.stem)
def test_a_deck_has_every_section_and_every_picture_of_its_lesson(path, tmp_path):
    lesson = lessons.read(path)
    deck = list(slides.slides(lesson, path.stem, tmp_path))
    assert deck[0].level == 1 and not any("<details>" in str(slide) for slide in deck)
    shown = len(list(tmp_path.iterdir()))
    stored = sum("image/png" in output.get("data", {}) for cell in lesson.cells for output in cell.get("outputs", []))
    assert shown == stored
