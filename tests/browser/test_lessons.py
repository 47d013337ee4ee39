"""What the reader touches: the lessons in a real JupyterLab, driven in headless Chromium as a reader would.

Each journey fails on a pink or red box and on an error in the browser's console. A journey costs half a minute, so
`make test` makes those that prove most: one for each kind of control or picture, while a newcomer goes through lesson
00 (test_newcomer_journeys.py). `make test-all` makes the others, and runs every lesson whole, in both themes.
Screenshots are left in tests/screenshots, to be looked at.
"""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect
from reader import (
    LIVE,
    PICTURES,
    bench,
    chart_in,
    field,
    it_moves,
    no_complaints,
    photograph,
    run_all,
    scroll_to,
    slider,
    start_all,
)

from tools.slices import needed

PROJECT = Path(__file__).resolve().parent.parent.parent
LESSONS = sorted(path.name for path in (PROJECT / "notebooks").glob("*.ipynb"))

LAB = """from helpers import data
from helpers.labs import training_lab
import tensorflow as tf

def one_layer():
    W, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
    return lambda x: x @ W + b

bench = training_lab.TrainingLab(data.load_mnist(), one_layer)
bench"""
EXPLORER = "from helpers.labs import explorers\nexplorers.cross_entropy_explorer()"

pytestmark = pytest.mark.timeout(900)


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_from_top_to_bottom_in_either_theme(open_notebook, name, theme):
    page = open_notebook(name, theme)
    run_all(page)
    pictures = page.locator(PICTURES)
    for number in range(pictures.count()):
        scroll_to(pictures.nth(number))
        expect(pictures.nth(number)).to_be_in_viewport()
        photograph(page, f"{Path(name).stem}-{number + 1:02}", theme)
    no_complaints(page)


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS[1:])
def test_the_lab_of_a_lesson_trains(open_cells, name):
    """Of a lesson's own code only what its lab needs, then a run from its Train button."""
    notebook = nbformat.read(PROJECT / "notebooks" / name, as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    statements = [ast.unparse(statement) for cell in cells for statement in ast.parse(cell).body]
    lab = max(number for number, statement in enumerate(statements) if statement == "bench")
    page = open_cells("\n".join(statements[number] for number in needed(statements, [lab])), name=f"lab_of_{name}")
    run_all(page)
    area = bench(page)
    rows = area.locator("table").last.locator("tr")
    steps = slider(area, "steps")
    steps.focus()
    steps.press("Home")
    area.get_by_role("button", name="Train").click()
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("%")
    expect(area.get_by_role("button", name="Train")).to_be_enabled()


def test_an_explorer_follows_its_slider_and_a_lab_trains_stops_and_resets(open_cells):
    page = open_cells(LAB, "bench.run(learning_rate=0.003, steps=500)", EXPLORER, name="lab.ipynb")
    run_all(page)
    area = page.locator(".jp-CodeCell").last.locator(".jp-Cell-outputArea")
    scroll_to(area)
    before = area.locator(LIVE).get_attribute("src")
    handle = slider(area, "probability")
    handle.focus()
    handle.press("End")
    expect(field(area, "probability")).to_have_value("1")
    expect(area.locator(LIVE)).not_to_have_attribute("src", before)

    area = bench(page)
    train, stop = area.get_by_role("button", name="Train"), area.get_by_role("button", name="Stop")
    expect(area.locator("table").last).to_contain_text("0.003")
    rows = area.locator("table").last.locator("tr")
    runs_before = rows.count()

    steps = slider(area, "steps")
    steps.focus()
    steps.press("End")
    expect(field(area, "steps")).to_have_value("100,000")
    train.click()
    expect(area.get_by_text(re.compile(r"^Training: step [1-9]"))).to_be_visible()

    rate = slider(area, "learning rate")
    rate.focus()
    for _ in range(5):
        rate.press("PageDown")
    it_moves(chart_in(area))  # with the new rate
    stop.click()
    expect(train).to_be_enabled()
    expect(rows).to_have_count(runs_before + 1)
    expect(rows.last).to_contain_text("stopped after step")
    expect(rows.last).to_contain_text("then")  # the rate that was moved while it trained
    no_complaints(page)

    area.get_by_role("button", name="Reset").click()
    expect(area.get_by_text("No runs yet.")).to_be_visible()
    expect(area.get_by_text("Ready: set the sliders")).to_be_visible()


@pytest.mark.slow
@pytest.mark.alone  # beside a busy process the kernel died of a press once in many runs
def test_the_kernels_stop_button_ends_training_in_words(open_cells):
    cell = (
        "from helpers import data, training\nfrom helpers.plots import live\n"
        "import tensorflow as tf\n"
        "W = tf.Variable(tf.zeros([784, 10]))\n"
        "mnist = data.load_mnist()\n"
        "training.train(lambda x: x @ W, mnist, learning_rate=0.3, steps=1_000_000, watch=live.chart())"
    )
    page = open_cells(cell, name="stop.ipynb")
    start_all(page)
    expect(page.locator(".training-chart canvas")).to_be_visible()
    page.get_by_role("button", name="Interrupt the kernel").click()
    expect(page.get_by_text(re.compile(r"^Stopped after step [\d,]+ of 1,000,000"))).to_be_visible()
    expect(page.get_by_text(re.compile("stopped after step .* test accuracy"))).to_be_visible()


def test_a_lesson_shows_itself_whole_before_anything_is_run(open_notebook):
    page = open_notebook("01_one_layer.ipynb")
    expect(page.get_by_text("Run this cell to turn them.").first).to_be_attached()
    assert page.locator(PICTURES).count() >= 10


def test_a_word_leads_to_its_place_in_the_glossary(open_notebook):
    page = open_notebook("00_start_here.ipynb")
    page.locator(".jp-RenderedMarkdown a", has_text=re.compile("^loss$")).click()
    expect(page.locator(".jp-MarkdownViewer h3", has_text=re.compile("^loss"))).to_be_in_viewport()
    expect(page.locator(".jp-MarkdownViewer h1")).not_to_be_in_viewport()
    page.locator(".jp-MarkdownViewer a", has_text=re.compile("^tanh$")).click()  # of the list at its top
    expect(page.locator(".jp-MarkdownViewer h3", has_text=re.compile("^tanh"))).to_be_in_viewport()
