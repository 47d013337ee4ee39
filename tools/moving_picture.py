"""Make README's moving picture from the real page: `python -m tools.moving_picture`.

It opens lesson 00 in JupyterLab and a headless browser, trains its network, draws a digit, and takes pictures of the
page meanwhile.
"""

import io
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, sync_playwright

from helpers import own_folder
from tools.browser import ARGUMENTS, chromium
from tools.lab import PROJECT, command

TARGET = PROJECT / "images" / "moving.gif"
LARGEST = 600_000  # bytes
WIDTH = 720  # pixels of the picture
FRAME, REST = 110, 1800  # milliseconds that a frame is shown; the last one of a scene
COLOURS = 64
TALLEST = 400  # CSS pixels of the page
CELLS = (
    "from helpers import data, networks, training\n"
    "from helpers.labs import digit_pad\n"
    "from helpers.plots import live\n\n"
    "mnist = data.load_mnist()\n"
    'network = networks.Network(networks.Design(hidden=(100,), activation="ReLU", initialisation="He"))',
    "training.train(network, mnist, learning_rate=0.5, steps=15_000, watch=live.chart())",
    'digit_pad.keep(network, "my network")\ndigit_pad.DigitPad()',
)
# Where a hand goes for a 3, in shares of the pad.
STROKE = (
    (0.3, 0.24), (0.36, 0.17), (0.47, 0.14), (0.58, 0.17), (0.64, 0.25), (0.62, 0.35), (0.54, 0.43), (0.45, 0.47),
    (0.55, 0.49), (0.65, 0.56), (0.69, 0.67), (0.65, 0.78), (0.55, 0.85), (0.43, 0.86), (0.32, 0.82), (0.27, 0.75),
)  # fmt: skip


def training(page: Page) -> Iterator[Image.Image]:
    """The chart while the network trains."""
    run(page, 1)
    chart = page.locator(".training-chart")
    chart.wait_for()
    chart.scroll_into_view_if_needed()
    yield from pictures(page, chart, until=lambda: done(page, 1))


def drawing(page: Page) -> Iterator[Image.Image]:
    """The pad while a digit is drawn on it."""
    run(page, 2)
    pad = page.locator(".digit-pad[data-frame]")
    pad.wait_for()
    pad.scroll_into_view_if_needed()
    pad.get_by_role("button", name="Clear").click()
    page.wait_for_timeout(500)
    box = place(pad.locator(".pad-canvas"))
    for number, (x, y) in enumerate(STROKE):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)
        if not number:
            page.mouse.down()
        page.wait_for_timeout(120)
        yield picture(page, pad)
    page.mouse.up()
    page.wait_for_timeout(500)
    yield picture(page, pad)


def run(page: Page, cell: int) -> None:
    """Run one cell."""
    page.locator(".jp-CodeCell").nth(cell).locator(".jp-InputArea-editor").click()
    page.keyboard.press("Shift+Enter")


def done(page: Page, cell: int) -> bool:
    """Whether a cell has its number."""
    return page.locator(".jp-CodeCell").nth(cell).locator(".jp-InputArea-prompt").inner_text().strip("[]: ").isdigit()


def pictures(page: Page, part: Locator, until: Callable[[], bool]) -> Iterator[Image.Image]:
    """Pictures of a part of the page, one after the other, and a last one when `until` has come true."""
    while not until():
        yield picture(page, part)
        page.wait_for_timeout(FRAME)
    page.wait_for_timeout(500)
    yield picture(page, part)


def picture(page: Page, part: Locator) -> Image.Image:
    """A part of the page as it looks now, with a little of what is around it."""
    box = place(part)
    box["height"] = min(box["height"], TALLEST)
    return Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")


def place(part: Locator) -> FloatRect:
    """Where a part of the page lies. Raises ValueError if it is out of sight."""
    box = part.bounding_box()
    if box is None:
        raise ValueError(f"There is no {part} to be seen.")
    return box


def thinned(scene: list[Image.Image], most: int) -> list[Image.Image]:
    """At most so many of the pictures, evenly chosen, the first and the last among them."""
    count = min(most, len(scene))
    return [scene[round(place * (len(scene) - 1) / max(1, count - 1))] for place in range(count)]


def save(scenes: list[list[Image.Image]], target: Path) -> None:
    """Put the scenes into one moving picture, one size for all."""
    width = max(frame.width for scene in scenes for frame in scene)
    height = max(frame.height for scene in scenes for frame in scene)
    frames, durations = [], []
    for scene in scenes:
        for frame in scene:
            sheet = Image.new("RGB", (width, height), "white")
            sheet.paste(frame, ((width - frame.width) // 2, 0))
            sheet = sheet.resize((WIDTH, round(height * WIDTH / width)), Image.Resampling.LANCZOS)
            frames.append(sheet.quantize(COLOURS, dither=Image.Dither.NONE))
            durations.append(FRAME)
        durations[-1] = REST
    frames[0].save(target, save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True)


def wait_until_it_answers(port: int) -> None:
    """Wait until JupyterLab listens. Raises TimeoutError after a minute."""
    for _ in range(300):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError("JupyterLab did not answer within a minute.")


def main() -> None:
    """Make the picture, and say how large it is."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
        chosen.close()
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, Path(folder, "moving.ipynb"))
        places = {f"JUPYTER_{name}_DIR": f"{folder}/{name}" for name in ("CONFIG", "DATA", "RUNTIME")}
        places |= {f"JUPYTERLAB_{name}_DIR": f"{folder}/lab" for name in ("SETTINGS", "WORKSPACES")}
        options = [
            f"--ServerApp.root_dir={folder}",
            f"--port={port}",
            "--no-browser",
            "--IdentityProvider.token=picture",
        ]
        environment = os.environ | places | {own_folder.VARIABLE: f"{folder}/work"}
        server = subprocess.Popen(command(*options), env=environment)
        try:
            wait_until_it_answers(port)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.goto(f"http://127.0.0.1:{port}/lab/tree/moving.ipynb?token=picture&reset")
                page.locator("#jp-main-statusbar", has_text="(ipykernel) | Idle").wait_for()
                run(page, 0)
                while not done(page, 0):
                    page.wait_for_timeout(300)
                save([thinned(list(training(page)), 22), list(drawing(page))], TARGET)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    print(f"{TARGET.relative_to(PROJECT)}: {TARGET.stat().st_size:,} bytes, at most {LARGEST:,}.")


if __name__ == "__main__":
    main()
