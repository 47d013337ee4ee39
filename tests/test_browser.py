"""What the reader touches: the lessons in a real JupyterLab, driven in headless Chromium as a reader would.

Each journey fails on a pink or red box and on an error in the browser's console. Screenshots are left in
tests/screenshots, light and dark, to be looked at.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tools.browser import ARGUMENTS, chromium
from tools.lab import command

PROJECT = Path(__file__).resolve().parent.parent
SCREENSHOTS = PROJECT / "tests" / "screenshots"
LESSONS = sorted(path.name for path in (PROJECT / "notebooks").glob("*.ipynb"))
SECOND = 1000  # Playwright counts in milliseconds
FRAMES_A_SECOND = 10

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """The address of a JupyterLab over a copy of the lessons, with nobody's settings but ours."""
    home = tmp_path_factory.mktemp("jupyter")
    shutil.copytree(PROJECT / "notebooks", home / "lessons", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    options = [f"--ServerApp.root_dir={home / 'lessons'}", f"--port={port}", "--no-browser"]
    folders = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    folders["JUPYTERLAB_SETTINGS_DIR"] = folders["JUPYTERLAB_WORKSPACES_DIR"] = str(home / "lab")
    # ipykernel leaves out lines that a reader would see when it believes to run under pytest.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} | folders
    log = (home / "log").open("w")
    server = subprocess.Popen(
        command(*options, "--IdentityProvider.token=journey"), env=environment, stdout=log, stderr=log
    )
    try:
        _wait_until_it_answers(server, port, home / "log")
        yield f"http://127.0.0.1:{port}", home
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _wait_until_it_answers(server: subprocess.Popen, port: int, log: Path) -> None:
    for _ in range(300):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, f"JupyterLab ended before it answered:\n{log.read_text()}"
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer within a minute:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def open_notebook(jupyter, browser):
    """A function that opens a notebook in the light or dark theme; afterwards no error may have met the reader."""
    address, home = jupyter
    opened = []

    def open_it(name: str, theme: str = "Light") -> Page:
        settings = home / "lab" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": f"JupyterLab {theme}"}))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.console_errors = []
        page.on("console", lambda line: page.console_errors.append(line.text) if line.type == "error" else None)
        opened.append(page)
        page.goto(f"{address}/lab/tree/{name}?token=journey&reset")
        # JupyterLab puts the cells on the page little by little; a reader would wait for the page to settle as well.
        cells = nbformat.read(home / "lessons" / name, as_version=4).cells
        expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(cells), timeout=60 * SECOND)
        expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute(
            "data-status", "idle", timeout=60 * SECOND
        )
        return page

    yield open_it
    for page in opened:
        no_complaints(page)
        page.close()


def run_all(page: Page) -> None:
    """Run every cell from the menu and wait until the last one has its number."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    prompts = page.locator(".jp-CodeCell .jp-InputArea-prompt")
    expect(prompts.last).to_have_text("[*]:")
    expect(prompts.last, "the last cell was not reached").to_have_text(re.compile(r"\[\d+\]"), timeout=300 * SECOND)


def no_complaints(page: Page) -> None:
    """Fail if the reader was shown a pink box, a red box, a missing widget, or had an error in the console."""
    boxes = page.locator('[data-mime-type$="jupyter.stderr"], [data-mime-type$="jupyter.error"], .lab-error')
    assert boxes.all_inner_texts() == []
    assert page.get_by_text("Error displaying widget").count() == 0
    assert page.console_errors == []


def bench(page: Page):
    """The output of lesson 01's lab."""
    output = page.locator(".jp-CodeCell", has=page.get_by_role("button", name="Train")).locator(".jp-Cell-outputArea")
    output.scroll_into_view_if_needed()
    return output


def slider(area, name: str):
    """The handle of the slider with this description; it is moved with the keyboard."""
    return area.locator("label", has_text=re.compile(f"^{name}$")).locator("xpath=..").locator(".noUi-handle")


def count_frames(page: Page, area, seconds: float) -> float:
    """Watch the picture of `area` for a while; how many new ones came a second."""
    return area.evaluate(
        """async (area, seconds) => {
            const seen = new Set();
            const end = performance.now() + seconds * 1000;
            while (performance.now() < end) {
                await new Promise(requestAnimationFrame);
                const image = area.querySelector('.jp-RenderedImage img');
                if (image) seen.add(image.src.length + image.src.slice(-4000, -100));
            }
            return (seen.size - 1) / seconds;
        }""",
        seconds,
    )


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_from_top_to_bottom_on_either_theme(open_notebook, name, theme):
    page = open_notebook(name, theme)
    run_all(page)
    no_complaints(page)
    SCREENSHOTS.mkdir(exist_ok=True)
    pictures = page.locator(".jp-Notebook .jp-RenderedImage img")
    assert pictures.count() >= 3
    for number in range(pictures.count()):
        pictures.nth(number).scroll_into_view_if_needed()
        page.screenshot(path=SCREENSHOTS / f"{Path(name).stem}-{theme.lower()}-{number + 1:02}.png")


def test_the_explorer_follows_its_slider(open_notebook):
    page = open_notebook("01_one_layer.ipynb")
    run_all(page)
    area = page.locator(".jp-CodeCell", has_text="cross_entropy_explorer").locator(".jp-Cell-outputArea")
    area.scroll_into_view_if_needed()
    before = area.locator("img").get_attribute("src")
    handle = slider(area, "probability")
    handle.focus()
    handle.press("End")
    expect(area.locator(".widget-readout")).to_have_text("1.000")
    expect(area.locator("img")).not_to_have_attribute("src", before, timeout=5 * SECOND)


def test_the_lab_trains_stops_and_resets(open_notebook):
    page = open_notebook("01_one_layer.ipynb")
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
    began = time.monotonic()
    stop.click()
    expect(train).to_be_enabled(timeout=5 * SECOND)
    assert time.monotonic() - began < 1, "Stop took more than a second"
    expect(rows).to_have_count(runs_before + 1)
    expect(rows.last).to_contain_text("stopped after step")
    expect(rows.last).to_contain_text("then")  # the rate that was moved while it trained
    no_complaints(page)

    area.get_by_role("button", name="Reset").click()
    expect(area.get_by_text("No runs yet.")).to_be_visible()
    expect(area.get_by_text("Ready: set the sliders")).to_be_visible()


def test_the_kernels_stop_button_ends_training_in_words(open_notebook, jupyter):
    _, home = jupyter
    cell = (
        "from helpers import data, live, training\n"
        "import tensorflow as tf\n"
        "W = tf.Variable(tf.zeros([784, 10]))\n"
        "mnist = data.load_mnist()\n"
        "training.train(lambda x: x @ W, mnist, learning_rate=0.3, steps=1_000_000, watch=live.chart())"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, home / "lessons" / "stop.ipynb")
    page = open_notebook("stop.ipynb")
    page.locator(".jp-CodeCell").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".jp-RenderedImage img")).to_be_visible(timeout=60 * SECOND)
    page.get_by_role("button", name="Interrupt the kernel").click()
    expect(page.get_by_text(re.compile(r"^Stopped after step [\d,]+ of 1,000,000"))).to_be_visible(timeout=10 * SECOND)
    expect(page.get_by_text(re.compile("stopped after step .* test accuracy"))).to_be_visible()


def test_a_lesson_shows_itself_whole_before_anything_is_run(open_notebook):
    page = open_notebook("01_one_layer.ipynb")
    expect(page.get_by_text("Run this cell to turn them.").first).to_be_attached()
    assert page.locator(".jp-Notebook .jp-RenderedImage img").count() >= 10
