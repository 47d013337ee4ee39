"""The notebooks as they are stored: what a reader without a kernel sees, and the form that every lesson keeps.

That every cell runs is nbval's part of the same `make test`; rules of taste are advice, which `make lint` gives.
"""

import html
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from helpers import claims
from tools.execute import WIDGET_VIEW
from tools.lessons import anchor, sources_hash

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
LESSONS = [path for path in NOTEBOOKS if not path.name.startswith("00")]
LARGEST = 3_000_000  # bytes; every picture is there twice: as HTML, which has its words, and as PNG for web views
KNOWN_TAGS = {"nbval-check-output", "raises-exception"}
PARTS_OF_A_LESSON = (
    "What you'll do",
    "Predict first",
    "Turn the knobs",
    "What we claimed",
    "Summary",
    "If you knew TensorFlow 1",
)
# Figures in the prose that no training run of ours could hold to account, and why each may stand there.
ALLOWED = {
    ("00_start_here", "99%"): "from here on a network counts as sure; the cell beside it counts",
    ("01_one_layer", "0.1"): "one share in ten",
    ("01_one_layer", "0.10"): "one share in ten",
    ("01_one_layer", "0.05"): "one share in ten, less five fives in a hundred; the cell beside it prints it",
    ("01_one_layer", "85%"): "where the zoomed axis starts",
    ("01_one_layer", "100%"): "where the zoomed axis ends",
    ("01_one_layer", "99%"): "a question about lesson 02, not an answer",
    ("01_one_layer", "94%"): "what the source says of itself",
    ("01_one_layer", "0.7"): "where the zoomed axis of losses ends",
    ("01_one_layer", "2.30"): "the logarithm of ten",
    ("01_one_layer", "2.7"): "the number e",
    ("02_five_layers_sigmoid", "0.003"): "what the source says of itself",
    ("02_five_layers_sigmoid", "0.88"): "the spread of a bell curve cut off at two standard deviations",
    ("03_five_layers_relu", "93%"): "lesson 02's result, named before this lesson's",
    ("03_five_layers_relu", "0.003"): "what the source says of itself",
    ("03_five_layers_relu", "0.03"): "what the source says of itself, and a start to try in the lab",
    ("03_five_layers_relu", "0.0005"): "what the source says of itself",
    ("04_zero_init_pitfall", "0.11"): "what the question says of itself",
    ("04_zero_init_pitfall", "2.30"): "the logarithm of ten",
    ("05_why_depth", "95%"): "from here on a network counts as having learned the spiral",
    ("06_deeper_and_wider", "85.75%"): "what the source says of itself",
    ("06_deeper_and_wider", "0.08"): "2 over the steepest curvature of the valley, where plain descent is unstable",
    ("06_deeper_and_wider", "2.3"): "the logarithm of ten",
    ("01_one_layer", "1.46"): "ln(e + 9) − 1, the least loss of a softmax of a softmax",
    ("07_numpy_by_hand", "20%"): "what the source says of itself",
    ("07_numpy_by_hand", "97.48%"): "what the source says of itself",
    ("07_numpy_by_hand", "0.03"): "what the source says of itself",
    ("07_numpy_by_hand", "0.4154"): "a slope that the picture beside it works out, and the next cell measures",
    ("08_where_the_gain_came_from", "20%"): "what the source says of itself",
    ("08_where_the_gain_came_from", "97.48%"): "what the source says of itself",
    ("09_generalise", "100%"): "where the axis of accuracies ends",
    ("09_generalise", "90%"): "an example of a rule that somebody might have",
    ("09_generalise", "98%"): "lesson 03's figure, named beside this lesson's",
    ("09_generalise", "0.03"): "a rate to try in the lab, a tenth of this lesson's",
    ("10_convolution", "0.95%"): "what the paper of 1998 says of LeNet-5",
    ("10_convolution", "0.8%"): "what the paper of 1998 says of LeNet-5 with distorted images",
}


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    """The text of all markdown cells, without the code in it."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def test_the_series_starts_with_these():
    assert [path.stem for path in NOTEBOOKS[:2]] == ["00_start_here", "01_one_layer"]


# --- What is stored -------------------------------------------------------------------------------------------------


@every_notebook
def test_outputs_are_those_of_the_present_cells(path):
    notebook = read(path)
    assert notebook.metadata.get("sources_sha256") == sources_hash(notebook), "run: make execute"


@every_notebook
def test_cells_were_run_once_from_top_to_bottom(path):
    counts = [cell.execution_count for cell in code_cells(read(path))]
    assert counts == list(range(1, len(counts) + 1))
    assert len(counts) >= 5


@every_notebook
def test_there_are_no_pink_or_red_boxes(path):
    for cell in code_cells(read(path)):
        kinds = [output.get("name", output.output_type) for output in cell.outputs]
        assert "stderr" not in kinds, cell.source
        assert ("error" in kinds) == ("raises-exception" in cell.metadata.get("tags", [])), cell.source


@every_notebook
def test_tags_are_known(path):
    assert {tag for cell in read(path).cells for tag in cell.metadata.get("tags", [])} <= KNOWN_TAGS


@every_notebook
def test_no_widget_is_stored_since_it_would_be_dead(path):
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    assert not [output for output in outputs(notebook) if WIDGET_VIEW in output.get("data", {})]


@every_notebook
def test_nothing_of_the_machine_that_ran_it_is_stored(path):
    text = path.read_text(encoding="utf-8")
    folders = r"(?<![\w.:/~-])/(?:home|root|Users|tmp|work|usr|var|opt|mnt|private)/|\b[A-Z]:\\\\"
    assert not [text[found.start() - 40 : found.end() + 40] for found in re.finditer(folders, text)]
    assert "execution" not in {key for cell in read(path).cells for key in cell.metadata}  # times of day


@every_notebook
def test_it_is_small(path):
    assert path.stat().st_size <= LARGEST


@every_notebook
def test_every_picture_has_its_words(path):
    for output in outputs(read(path)):
        kinds = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
        for kind in kinds:
            said = " ".join(output.data["text/plain"].split())
            assert kind == "image/png"  # passing frames are JPEG: they are not for keeping
            # JupyterLab shows the HTML, which has the words as alternative text.
            assert f'alt="{html.escape(said)}"' in output.data["text/html"]
            assert output.metadata[kind]["alt"] == said
            assert len(said) > 20 and not said.startswith("<")


@every_notebook
def test_every_table_and_control_has_its_words(path):
    for output in outputs(read(path)):
        if "text/html" in output.get("data", {}):
            assert not output.data["text/plain"].startswith("<")


@every_lesson
def test_a_lesson_keeps_pictures_and_controls_for_readers_without_a_kernel(path):
    kinds = [kind for output in outputs(read(path)) for kind in output.get("data", {})]
    assert kinds.count("image/png") >= 5
    assert kinds.count("text/html") >= 2


@every_notebook
def test_links_lead_somewhere(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"(?:src|href)=[\"']([^\"']+)", text)
    for link in links:
        target, _, heading = link.partition("#")
        if target.startswith(("https://", "data:")):
            continue
        assert not target.startswith("http:") and (path.parent / target).exists(), link
        if heading:
            there = path.parent / target if target else path
            text_there = there.read_text(encoding="utf-8") if there.suffix == ".md" else prose(read(there))
            headings = [anchor(line.lstrip("# ")) for line in text_there.splitlines() if line.startswith("#")]
            assert heading in headings, link


def test_notebooks_lead_to_each_other():
    for path, following in pairwise(NOTEBOOKS):
        assert following.name in prose(read(path))
    assert all(NOTEBOOKS[0].name in prose(read(path)) for path in LESSONS)


# --- How it is written ----------------------------------------------------------------------------------------------


@every_lesson
def test_a_lesson_has_every_part_in_order(path):
    notebook = read(path)
    text = prose(notebook)
    places = [re.search(rf"^#+ {part}|<summary>{part}", text, re.MULTILINE) for part in PARTS_OF_A_LESSON]
    missing = [part for part, place in zip(PARTS_OF_A_LESSON, places, strict=True) if not place]
    assert not missing
    starts = [place.start() for place in places]
    assert starts == sorted(starts)
    first = notebook.cells[0].source
    assert first.startswith("# ") and "**What you will have at the end:**" in first and "**Price:**" in first


@every_lesson
def test_every_exercise_has_a_folded_hint_and_solution(path):
    text = "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    exercises = len(re.findall(r"^### Exercise \d", text, re.MULTILINE))
    assert exercises
    assert text.count("<details><summary>Hint</summary>") == exercises
    assert text.count("<details><summary>Solution</summary>") == exercises
    assert text.count("<details>") == text.count("</details>")


# --- Figures --------------------------------------------------------------------------------------------------------


def figures(notebook):
    """Every percentage and every number with a decimal point in the prose, as it is written."""
    text = prose(notebook)
    return set(re.findall(r"\d+(?:\.\d+)?%", text)) | set(re.findall(r"(?<![\w.])\d+\.\d+(?![\w%]|\.\d)", text))


def checked_runs(notebook):
    source = "\n".join(cell.source for cell in code_cells(notebook))
    return re.findall(r"^claims\.(?:check|compare)\(\s*\"(\w+)\"", source, re.M)


@every_notebook
def test_every_figure_in_the_prose_is_held_to_account(path):
    notebook = read(path)
    claimed = {claim.says for run in checked_runs(notebook) for claim in claims.claims(run).values()}
    settings = set(re.findall(r"(?<![\w.])\d+\.\d+", "\n".join(cell.source for cell in code_cells(notebook))))
    allowed = {figure for stem, figure in ALLOWED if stem == path.stem}
    assert figures(notebook) - claimed - settings - allowed == set()


def test_every_exception_is_still_needed():
    written = {(path.stem, figure) for path in NOTEBOOKS for figure in figures(read(path))}
    assert set(ALLOWED) <= written


def test_every_claim_is_checked_by_a_notebook():
    checked = [run for path in NOTEBOOKS for run in checked_runs(read(path))]
    assert set(checked) == set(claims.runs())


@every_notebook
def test_the_last_section_shows_that_every_claim_holds(path):
    notebook = read(path)
    shown = "".join(output.get("text", "") for output in outputs(notebook) if output.get("name") == "stdout")
    claimed = [(run, name) for run in checked_runs(notebook) for name in claims.claims(run)]
    assert claimed
    for run, name in claimed:
        assert re.search(rf"^{run}: {name} is .*: holds$", shown, re.MULTILINE)
