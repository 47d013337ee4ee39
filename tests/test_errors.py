"""A mistake of the reader's in a notebook: the sentence, their own line, and the traceback only folded or by %tb."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CELLS = [
    "import helpers\nfrom helpers.errors import ReaderValueError, folded",
    "def model(x):\n    return missing\n\n\ndef ours():\n    model(0)",
    # as the engine does it: an error of the reader's code, told as one of ours
    "try:\n    ours()\nexcept NameError as missed:\n    raise ReaderValueError('Is\\nit? ' + 'word ' * 30) from missed",
    "%tb",
    "1 / 0",
    "raise ReaderValueError('<b>once</b> more')",
    "print('and on')",
]


@pytest.fixture(scope="module")
def shown():
    """The outputs of each of the cells, run by nbclient with errors allowed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    NotebookClient(notebook, allow_errors=True, timeout=120).execute()
    return [cell.outputs for cell in notebook.cells]


def test_the_sentence_comes_first_then_the_readers_own_line(shown):
    error, _fold = shown[2]
    assert (error.output_type, error.ename) == ("error", "ReaderValueError")
    assert error.traceback[0] == "\x1b[31mValueError\x1b[39m: Is"
    assert error.traceback[-2:] == ["In[2], line 2:", "    return missing"]
    assert max(map(len, error.traceback)) <= 100 and len(error.traceback) < 10


def test_the_traceback_is_folded_below(shown):
    _error, fold = shown[2]
    assert fold.data["text/html"].startswith("<details><summary>")
    assert "NameError: name &#x27;missing&#x27; is not defined" in fold.data["text/html"]
    assert "<b>once" not in shown[5][1].data["text/html"]


def test_tb_shows_all_of_it(shown):
    (error,) = shown[3]
    assert "Traceback (most recent call last)" in "".join(error.traceback)
    assert "NameError" in "".join(error.traceback)


def test_other_errors_are_shown_as_ever_and_nothing_is_left_behind(shown):
    (error,) = shown[4]
    assert "Traceback (most recent call last)" in "".join(error.traceback)
    assert [output.output_type for output in shown[6]] == ["stream"]


def test_whoever_runs_the_notebook_hears_of_the_failure():
    cells = [nbformat.v4.new_code_cell(source) for source in (CELLS[0], CELLS[5], CELLS[6])]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with pytest.raises(CellExecutionError, match="once"):
        NotebookClient(notebook, timeout=120).execute()
    assert not cells[2].outputs


def test_plain_python_shows_the_ordinary_traceback(in_new_process):
    ended = in_new_process("from helpers.errors import ReaderValueError\nraise ReaderValueError('oh')")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Traceback (most recent call last)")
    assert ended.stderr.rstrip().endswith("ReaderValueError: oh")
