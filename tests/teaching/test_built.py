"""What an instructor makes, whole: site and slides in a browser, the kit in an empty folder without a network."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from factories import come_of

from classroom.load.learner import Learner
from classroom.load.rehearsal import Rehearsal
from helpers import own_folder
from tools import lessons
from tools.teaching import copies, kit, site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
NOWHERE = "http://127.0.0.1:9/"  # nobody listens on the port called discard


@pytest.fixture(scope="module", params=["site", "slides"])
def built(request):
    """The folder of the site or of the slides, just made."""
    return site.build(request.param)


@pytest.fixture(params=["light", "dark"])
def page(request, browser):
    """A page in either theme that remembers what it asked for and what went wrong."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme=request.param)
    page = context.new_page()
    page.asked, page.wrong = [], []
    page.on("request", lambda each: page.asked.append(each.url))
    page.on("console", lambda line: page.wrong.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    context.close()


def test_nothing_leaves_the_machine_no_link_is_broken_and_all_can_be_read_aloud(built, page):
    pages = sorted(built.glob("*.html"))
    assert {f"{path.stem}.html" for path in lessons.paths()} < {path.name for path in pages}
    for path in pages:
        page.goto(path.as_uri())
        page.wait_for_load_state("load")
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert not [each["id"] for each in found if each["impact"] in ("critical", "serious")], path.name
        links = page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
        files = {urlsplit(link).path for link in links if link.startswith("file:")}
        assert not [file for file in files if not os.path.exists(file)], path.name
    assert {urlsplit(url).scheme for url in page.asked} <= {"file", "data", "blob"}
    assert page.wrong == []


# Goes through a deck; where a slide ends, of 900, and how large its words are, of 100.
EVERY_SLIDE = """() => [...document.querySelectorAll(".slides section:not(:has(section))")].map(s => {
    const place = Reveal.getIndices(s);
    Reveal.slide(place.h, place.v);
    const top = s.getBoundingClientRect().top;
    const words = [...s.querySelectorAll("*")].filter(e => !e.closest("aside")).map(e => e.getBoundingClientRect());
    return {
        heading: s.firstElementChild.textContent,
        bottom: Math.max(...words.map(each => each.bottom - top)) / Reveal.getScale(),
        size: parseInt(s.style.fontSize || 100),
        text: s.innerText,
    };
})"""


@pytest.mark.parametrize("page", ["light"], indirect=True)
def test_every_slide_is_whole_and_can_be_read_from_the_last_row(page):
    folder = site.build("slides")
    for path in sorted(folder.glob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        for slide in page.evaluate(EVERY_SLIDE):
            where = f"{path.name}: {slide['heading']}"
            assert slide["bottom"] <= 900 and slide["size"] >= 70, where
            assert "\\frac" not in slide["text"] and "$$" not in slide["text"], where


@pytest.fixture(scope="module")
def archive():
    return kit.make(copies.BUILD / "kit")


def install(folder, python=sys.executable):
    """Run the kit's script as on a machine where every index and every proxy leads nowhere."""
    names = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    environment = os.environ | dict.fromkeys(names, NOWHERE) | {"PYTHON": python}
    command = ["sh", str(folder / "install.sh")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900)


def a_learners_environment():
    """The environment without a screen, and without the folder that the tests keep their own files in."""
    ours = ("DISPLAY", "WAYLAND_DISPLAY", own_folder.VARIABLE)
    return {name: value for name, value in os.environ.items() if name not in ours}


def starts_with_the_settings_of_the_project(folder):
    """Start the kit's JupyterLab, and ask it for a lesson and for what it would ask a new user."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    command = ["sh", str(folder / "start.sh"), f"--port={port}"]
    log = folder / "log"
    with log.open("w") as written:
        server = subprocess.Popen(command, env=a_learners_environment(), stdout=written, stderr=written)
    try:
        for _ in range(600):
            if found := re.search(rf"http://127\.0\.0\.1:{port}/lab\S*token=(\w+)", log.read_text(encoding="utf-8")):
                break
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.2)

        def answer(path):
            with urlopen(f"http://127.0.0.1:{port}/{path}?token={found[1]}") as response:
                return json.load(response)

        assert answer("api/contents/work/00_start_here.ipynb")["type"] == "notebook"
        news = answer("lab/api/settings/@jupyterlab/apputils-extension:notification")["schema"]["properties"]
        assert news["fetchNews"]["default"] == "false"
    finally:
        server.terminate()
        server.wait(60)


def test_the_kit_refuses_a_damaged_wheel_and_sets_up_without_a_network(archive, tmp_path):
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "a stick")
    (folder,) = (tmp_path / "a stick").iterdir()
    assert "Solution</summary>" not in (folder / "notebooks" / "01_one_layer.ipynb").read_text(encoding="utf-8")

    wheel = next((folder / "wheels").glob("ipywidgets-*.whl"))
    whole = wheel.read_bytes()
    wheel.write_bytes(whole + b"\0")
    refused = install(folder)
    assert refused.returncode == 1 and "Nothing was set up." in refused.stderr
    assert not (folder / ".venv").exists()

    wheel.write_bytes(whole)
    done = install(folder)
    assert done.returncode == 0, done.stderr
    assert "sh start.sh" in done.stdout
    again = subprocess.run(
        ["sh", str(folder / "fresh.sh"), "03"], env=a_learners_environment(), capture_output=True, text=True
    )
    assert "is as it came" in again.stdout and (folder / "work" / "03_five_layers_relu.ipynb").exists()
    python = folder / ".venv" / "bin" / "python"
    run = [python, "-m", "nbconvert", "--execute", "--to", "notebook", "--output-dir", tmp_path]
    subprocess.run([*run, folder / "notebooks" / "00_start_here.ipynb"], check=True, capture_output=True, timeout=600)
    starts_with_the_settings_of_the_project(folder)
    where = "import helpers; from helpers import own_folder; print(helpers.__file__, own_folder.folder(), sep='\\n')"
    shown = subprocess.run(
        [python, "-c", where], cwd=tmp_path, env=a_learners_environment(), capture_output=True, text=True, check=True
    )
    installed, work = shown.stdout.splitlines()
    assert installed.startswith(str(folder / ".venv")) and work == str(folder / "work")  # .venv goes with an install


def test_the_kit_for_a_class_serves_one_without_a_network(open_python):
    """The whole way: unpacked where learners' accounts may enter, installed, opened, and a learner's lesson run."""
    place = Path(tempfile.mkdtemp(prefix="kit-", dir="/tmp"))
    place.chmod(0o755)
    try:
        with zipfile.ZipFile(kit.make(copies.BUILD / "kit", for_class=True)) as packed:
            packed.extractall(place)
        (folder,) = place.iterdir()
        done = install(folder, python=open_python)
        assert done.returncode == 0, done.stderr
        with Rehearsal(python=str(folder / ".venv" / "bin" / "python"), project=folder) as room:
            assert str(folder) in come_of(a_learners_helpers(room))
        dry = ["sh", str(folder / "class.sh"), "--dry", "--port", str(room.port)]
        said = subprocess.run(dry, capture_output=True, text=True)
        assert f"Their files are in {folder / 'work' / 'class' / 'homes'}." in said.stdout, said.stderr
    finally:
        shutil.rmtree(place)


async def a_learners_helpers(room):
    async with Learner(room.address, "kit", room.code) as learner:
        await learner.come_in()
        notebook = await learner.open("01_one_layer.ipynb")
        assert "Solution</summary>" not in str(notebook)
        return (await learner.run("from helpers import data; data.load_mnist(); print(data.__file__)")).text
