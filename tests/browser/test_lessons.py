"""What the reader touches: the lessons in a real JupyterLab, driven in headless Chromium as a reader would.

Each journey fails on a pink or red box and on an error in the browser's console. Screenshots are left in
tests/screenshots, light and dark, to be looked at.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from reader import (
    FRAMES_A_SECOND,
    SECOND,
    bench,
    choose_theme,
    count_frames,
    no_complaints,
    run_all,
    scroll_to,
    slider,
    start_all,
)

PROJECT = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = PROJECT / "tests" / "screenshots"
LESSONS = sorted(path.name for path in (PROJECT / "notebooks").glob("*.ipynb"))

LAB = """from helpers import data, lab
import tensorflow as tf

def one_layer():
    W, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
    return lambda x: x @ W + b

bench = lab.Lab(data.load_mnist(), one_layer)
bench"""

pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_from_top_to_bottom_and_is_seen_on_both_themes(open_notebook, name):
    themes = ["Light", "Dark"] if LESSONS.index(name) % 2 else ["Dark", "Light"]
    page = open_notebook(name, themes[0])
    run_all(page)
    SCREENSHOTS.mkdir(exist_ok=True)
    pictures = page.locator(".jp-Notebook .jp-RenderedImage img")
    assert pictures.count() >= 3
    for theme in themes:
        choose_theme(page, theme)
        no_complaints(page)
        for number in range(pictures.count()):
            scroll_to(pictures.nth(number))
            expect(pictures.nth(number)).to_be_in_viewport()
            page.screenshot(path=SCREENSHOTS / f"{Path(name).stem}-{theme.lower()}-{number + 1:02}.png")


def test_the_explorer_follows_its_slider(open_cells):
    page = open_cells("from helpers import controls\ncontrols.cross_entropy_explorer()", name="explorer.ipynb")
    run_all(page)
    area = page.locator(".jp-CodeCell", has_text="cross_entropy_explorer").locator(".jp-Cell-outputArea")
    scroll_to(area)
    before = area.locator("img").get_attribute("src")
    handle = slider(area, "probability")
    handle.focus()
    handle.press("End")
    expect(area.locator(".widget-readout")).to_have_text("1.000")
    expect(area.locator("img")).not_to_have_attribute("src", before, timeout=5 * SECOND)


def test_the_lab_trains_stops_and_resets(open_cells):
    page = open_cells(LAB, "bench.run(learning_rate=0.003, steps=500)", name="lab.ipynb")
    run_all(page)
    area = bench(page)
    train, stop = area.get_by_role("button", name="Train"), area.get_by_role("button", name="Stop")
    expect(area.locator("table").last).to_contain_text("0.003")
    rows = area.locator("table").last.locator("tr")
    runs_before = rows.count()

    steps = slider(area, "steps")
    steps.focus()
    steps.press("End")
    expect(area.get_by_text("100,000", exact=True)).to_be_visible()
    train.click()
    expect(area.get_by_text(re.compile(r"^Training: step [1-9]"))).to_be_visible(timeout=10 * SECOND)
    frames = count_frames(page, area, 3)
    assert frames >= FRAMES_A_SECOND, f"only {frames:.1f} frames a second reached the page"

    rate = slider(area, "learning rate")
    rate.focus()
    for _ in range(5):
        rate.press("PageDown")
    stop.click()
    expect(train).to_be_enabled(timeout=5 * SECOND)
    expect(rows).to_have_count(runs_before + 1)
    expect(rows.last).to_contain_text("stopped after step")
    expect(rows.last).to_contain_text("then")  # the rate that was moved while it trained
    no_complaints(page)

    area.get_by_role("button", name="Reset").click()
    expect(area.get_by_text("No runs yet.")).to_be_visible()
    expect(area.get_by_text("Ready: set the sliders")).to_be_visible()


def test_the_kernels_stop_button_ends_training_in_words(open_cells):
    cell = (
        "from helpers import data, live, training\n"
        "import tensorflow as tf\n"
        "W = tf.Variable(tf.zeros([784, 10]))\n"
        "mnist = data.load_mnist()\n"
        "training.train(lambda x: x @ W, mnist, learning_rate=0.3, steps=1_000_000, watch=live.chart())"
    )
    page = open_cells(cell, name="stop.ipynb")
    start_all(page)
    expect(page.locator(".jp-RenderedImage img")).to_be_visible(timeout=60 * SECOND)
    page.get_by_role("button", name="Interrupt the kernel").click()
    expect(page.get_by_text(re.compile(r"^Stopped after step [\d,]+ of 1,000,000"))).to_be_visible(timeout=10 * SECOND)
    expect(page.get_by_text(re.compile("stopped after step .* test accuracy"))).to_be_visible()


def test_a_lesson_shows_itself_whole_before_anything_is_run(open_notebook):
    page = open_notebook("01_one_layer.ipynb")
    expect(page.get_by_text("Run this cell to turn them.").first).to_be_attached()
    assert page.locator(".jp-Notebook .jp-RenderedImage img").count() >= 10
