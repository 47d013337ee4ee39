"""A real JupyterLab and a headless Chromium for the journeys."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import nbformat
import pytest
from playwright.sync_api import Page, expect
from reader import PATIENCE, no_complaints

from helpers import own_folder
from tools.lab import command

NOTEBOOKS = Path(__file__).resolve().parent.parent.parent / "notebooks"


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """The address of a JupyterLab over a copy of the lessons, with nobody's settings but ours."""
    home = tmp_path_factory.mktemp("jupyter")
    shutil.copytree(NOTEBOOKS, home / "lessons", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    options = [f"--ServerApp.root_dir={home / 'lessons'}", f"--port={port}", "--no-browser"]
    folders = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    # A class that a journey joins, and networks that it keeps, are not for the kernels of another one beside it.
    folders[own_folder.VARIABLE] = str(home / "work")
    folders["JUPYTERLAB_SETTINGS_DIR"] = folders["JUPYTERLAB_WORKSPACES_DIR"] = str(home / "lab")
    # ipykernel leaves out lines that a reader would see when it believes to run under pytest.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} | folders
    environment["PYTHONFAULTHANDLER"] = "1"  # a kernel that crashes leaves a word about where in the log
    log = (home / "log").open("w")
    server = subprocess.Popen(
        command(*options, "--IdentityProvider.token=journey"), env=environment, stdout=log, stderr=log
    )
    try:
        _wait_until_it_answers(server, port, home / "log")
        yield f"http://127.0.0.1:{port}", home
    finally:
        server.terminate()
        server.wait(120)
        log.close()


def _wait_until_it_answers(server: subprocess.Popen, port: int, log: Path) -> None:
    for _ in range(900):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, f"JupyterLab ended before it answered:\n{log.read_text()}"
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer within three minutes:\n{log.read_text()}")


@pytest.fixture
def open_notebook(jupyter, browser):
    """A function that opens a notebook in the light or dark theme; afterwards no error may have met the reader."""
    address, home = jupyter
    opened = []

    def is_ours(line) -> bool:
        # TensorBoard, in a frame of its own, complains when it is laid out while the reader looks elsewhere.
        foreign = line.location["url"].startswith("http") and not line.location["url"].startswith(address)
        return line.type == "error" and not foreign

    def open_it(name: str, theme: str = "Light") -> Page:
        if (NOTEBOOKS / name).exists():  # JupyterLab saves by itself what an earlier journey has made of it
            shutil.copy(NOTEBOOKS / name, home / "lessons" / name)
        settings = home / "lab" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": f"JupyterLab {theme}"}))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.console_errors = []
        page.on("console", lambda line: page.console_errors.append(line.text) if is_ours(line) else None)
        opened.append(page)
        page.goto(f"{address}/lab/tree/{name}?token=journey&reset")
        # JupyterLab puts the cells on the page little by little; a reader would wait for the page to settle as well.
        cells = nbformat.read(home / "lessons" / name, as_version=4).cells
        expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(cells))
        # The notebook's own indicator says idle while there is no kernel yet; the status bar tells the two apart.
        expect(page.locator("#jp-main-statusbar")).to_contain_text("(ipykernel) | Idle")
        return page

    yield open_it
    try:
        for page in opened:
            no_complaints(page)
    finally:
        print((home / "log").read_text())  # pytest shows it if the journey failed
        for page in opened:
            page.close()
        _end_kernels(address)


def _end_kernels(address: str) -> None:
    """End every kernel of this JupyterLab: each holds a gigabyte, and what trains in it takes the next test's time."""
    headers = {"Authorization": "token journey"}
    with urlopen(Request(f"{address}/api/sessions", headers=headers)) as answer:
        sessions = json.load(answer)
    for session in sessions:
        _delete(Request(f"{address}/api/sessions/{session['id']}", headers=headers, method="DELETE"))


def _delete(request: Request) -> None:
    for _ in range(20):
        with contextlib.suppress(HTTPError):  # a kernel that is just being started again cannot be ended yet
            return urlopen(request).close()
        time.sleep(0.5)
    urlopen(request).close()


@pytest.fixture
def open_cells(open_notebook, jupyter):
    """A function that opens a new notebook with these code cells."""

    def open_them(*sources: str, name: str) -> Page:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, jupyter[1] / "lessons" / name)
        return open_notebook(name)

    return open_them
