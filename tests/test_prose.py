"""The advice on prose: what goes beyond a rule is named with its place, what has a reason for it is not."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import prose

ENOUGH = new_markdown_cell("Every neuron adds up what it is given, weight by weight, and hands on what is left. " * 2)
SHORT = new_code_cell("1 + 1")


def advice(*cells):
    return list(prose.advice(nbformat.NotebookNode(cells=cells)))


def test_what_keeps_to_the_rules_is_not_mentioned():
    assert advice(ENOUGH, SHORT, ENOUGH, new_code_cell("\n" * 24 + "last_line = 25"), ENOUGH, SHORT) == []


def test_a_long_cell_is_named_unless_it_says_why():
    long = new_code_cell("line = 0\n" * 26)
    cells = [ENOUGH, SHORT, ENOUGH, SHORT, ENOUGH, long]
    assert advice(*cells) == ["cell 6: 26 lines of code; a reader follows 25"]
    long.metadata["advice"] = "the derivation in one piece"
    assert advice(*cells) == []


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([ENOUGH, new_code_cell("line = 0\n" * 7)], "half of the code cells have 7 lines or more"),
        ([ENOUGH, *[SHORT] * 2], "no prose before cells 3; one code cell in ten"),
        ([new_markdown_cell("Too few words."), SHORT], "3 words before a code cell"),
        ([new_markdown_cell("many words " * 31), SHORT], "62 words before a code cell"),
        ([new_markdown_cell("### Exercise 1\nOne question.")], "exercises number 1; 2 to 4"),
        ([new_markdown_cell("So many iterations")], "cell 1: 'iterations'; these lessons say steps"),
        ([ENOUGH, new_markdown_cell("It learns!")], "cell 2: an exclamation mark"),
    ],
)
def test_each_rule_is_told_in_words(cells, words):
    assert any(words in line for line in advice(*cells))


def test_code_tables_and_what_is_folded_are_not_words_of_prose():
    assert prose.words("# A title\n\nTwo words.\n\n| a | table |\n\n<details>folded</details> [here](there.md)") == 3
    assert advice(new_markdown_cell("`for iterations!` ![A picture](of.png)\n\n```python\nlr = 3!\n```")) == []


def test_it_prints_a_line_for_each_place_and_names_what_cannot_be_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(prose, "NOTEBOOKS", tmp_path)
    nbformat.write(new_notebook(cells=[ENOUGH, new_markdown_cell("It learns!")]), tmp_path / "1.ipynb")
    prose.main()
    assert capsys.readouterr().out.splitlines() == [
        "1.ipynb, cell 2: an exclamation mark; the reader decides what is exciting"
    ]
    (tmp_path / "2.ipynb").write_text("no notebook")
    with pytest.raises(SystemExit, match=r"2\.ipynb cannot be read"):
        prose.main()
