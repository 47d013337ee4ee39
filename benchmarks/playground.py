"""How the playground moves: frames a second in a real JupyterLab, the kernel's share of each, and how soon it answers.

`python -m benchmarks.playground` by itself prints the figures as JSON; needs a browser, as the journeys do.
"""

import secrets
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import nbformat
from playwright.sync_api import Page, sync_playwright

from benchmarks import setting
from helpers.labs.playground import CHUNK, Playground
from tools.browser import ARGUMENTS, chromium
from tools.lab import command

PRESET = "3 layers of 8"
SECONDS, CHANGES, FRAMES = 10, 20, 300
CELL = f'from helpers.labs.playground import Playground\nplayground = Playground("{PRESET}")\nplayground'
COUNT = """async (seconds) => {
    const line = document.querySelector('.playground-line'), end = performance.now() + seconds * 1000;
    let frames = 0, before = line.textContent;
    while (performance.now() < end) {
        await new Promise(requestAnimationFrame);
        if (line.textContent !== before) frames++;
        before = line.textContent;
    }
    return frames / seconds;
}"""
# One hidden layer less, then one more, and so on: the network's sizes stand at the beginning of the line.
CHANGE = """async (changes) => {
    const sizes = () => document.querySelector('.playground-line').textContent.split(',')[0], taken = [];
    for (let change = 0; change < changes; change++) {
        const before = sizes(), began = performance.now();
        document.querySelector(`.playground-depth button[data-step="${change % 2 ? 1 : -1}"]`).click();
        while (sizes() === before) await new Promise(requestAnimationFrame);
        taken.push(performance.now() - began);
        await new Promise((go) => setTimeout(go, 200));
    }
    return taken;
}"""


def main() -> None:
    """Measure, and report."""
    kernel = kernel_ms()
    frames, playing, at_rest = on_page()
    setting.report(
        kernel_ms=statistics.median(kernel),
        kernel_low=min(kernel),
        kernel_high=max(kernel),
        frames_a_second=frames,
        playing_ms=statistics.median(playing),
        playing_high=max(playing),
        at_rest_ms=statistics.median(at_rest),
        at_rest_high=max(at_rest),
    )


def kernel_ms() -> list[float]:
    """Processor time of each of many frames: all maps, weights and curves, handed to the widget."""
    playground = Playground(PRESET)
    playground.page.place.shown = True
    playground.view.put = lambda **_traits: None  # type: ignore[method-assign]  # what packs and sends them is Jupyter's
    taken = []
    for _ in range(FRAMES):
        playground._learn(CHUNK)
        began = time.thread_time()
        playground._show()
        taken.append(1000 * (time.thread_time() - began))
    return taken


def on_page() -> tuple[float, list[float], list[float]]:
    """Frames a second while it plays; milliseconds from a press to the changed network, while it plays and at rest."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as chosen, sync_playwright() as playwright:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, Path(folder) / "playground.ipynb")
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
        chosen.close()
        token = secrets.token_hex()
        options = [f"--ServerApp.root_dir={folder}", f"--port={port}", f"--IdentityProvider.token={token}"]
        quiet = subprocess.DEVNULL
        server = subprocess.Popen(command(*options, "--no-browser"), stdout=quiet, stderr=quiet)
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        try:
            wait_for(port)
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(f"http://127.0.0.1:{port}/lab/tree/playground.ipynb?token={token}&reset")
            return measured(page)
        finally:
            browser.close()
            server.terminate()
            server.wait(20)


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    for _ in range(300):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("JupyterLab did not answer within a minute.")


def measured(page: Page) -> tuple[float, list[float], list[float]]:
    """The figures of one page."""
    page.set_default_timeout(90_000)
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for()
    page.locator(".jp-CodeCell .cm-content").click()
    page.keyboard.press("Control+Enter")
    form = page.locator(".playground-form")
    page.locator(".playground-line", has_text="Press Play").wait_for()
    form.evaluate("form => form.scrollIntoView({block: 'start'})")
    form.get_by_role("button", name="Play").click()
    page.wait_for_timeout(2000)
    frames, playing = page.evaluate(COUNT, SECONDS), page.evaluate(CHANGE, CHANGES)
    form.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(2000)
    return frames, playing, page.evaluate(CHANGE, CHANGES)


if __name__ == "__main__":
    main()
