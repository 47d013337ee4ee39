"""A lab in Notebook 7, which `make test-all` puts into build/notebook7: JupyterLab itself would change beside it."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time

import nbformat
import pytest
from playwright.sync_api import expect
from reader import SECOND, chart_in, it_moves, no_complaints, type_value

from tools.lab import PROJECT

NOTEBOOK_7 = PROJECT / "build" / "notebook7"
LAB = """from helpers import data
from helpers.labs import network_lab
network_lab.NetworkLab(data.load_mnist(), preset="lesson 03")"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def address(tmp_path):
    """The address of a Notebook 7 over a folder with one notebook, which shows a lab."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LAB)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "lab.ipynb")
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    environment |= {
        "PYTHONPATH": str(NOTEBOOK_7),
        "JUPYTER_PATH": str(NOTEBOOK_7 / "share" / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(NOTEBOOK_7 / "etc" / "jupyter"),
    } | {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    options = ["--no-browser", f"--port={port}", "--IdentityProvider.token=journey", f"--ServerApp.root_dir={tmp_path}"]
    config = f"--config={PROJECT / 'tools' / 'jupyter_server_config.py'}"
    with (tmp_path / "log").open("w") as log:
        command = [sys.executable, "-m", "notebook", config, "--allow-root", *options]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            while not _answers(port):
                assert server.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()  # it ends its kernels as well
            server.wait(30)


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(not NOTEBOOK_7.exists(), reason="`make test-all` sets Notebook 7 up")
def test_a_lab_trains_is_turned_and_goes_on_after_a_reload(address, browser):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.console_errors = []
    # Notebook's own code stumbles over a setting as it starts, with no notebook of ours open too.
    ours = lambda error: "/static/notebook/" not in (error.stack or "")  # noqa: E731
    page.on("pageerror", lambda error: page.console_errors.append(str(error)) if ours(error) else None)
    page.goto(f"{address}/notebooks/lab.ipynb?token=journey")
    expect(page.get_by_role("progressbar", name="Kernel status")).to_be_visible()
    area = page.locator(".jp-CodeCell").first.locator(".jp-Cell-outputArea")
    train = area.get_by_role("button", name="Train")
    for _ in range(5):  # the kernel may not yet be there to hear it
        page.locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(AssertionError):
            expect(train).to_be_enabled(timeout=20 * SECOND)
            break
    expect(train).to_be_enabled()
    type_value(area, "learning rate", "0,07")
    type_value(area, "steps", "100000")
    area.get_by_role("button", name="Train").click()
    it_moves(chart_in(area))
    with page.expect_response(lambda each: each.request.method == "PUT" and "lab.ipynb" in each.url):
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Save Notebook$")).click()
    page.reload()
    area = page.locator(".jp-CodeCell").first.locator(".jp-Cell-outputArea")
    it_moves(chart_in(area))
    area.get_by_role("button", name="Stop").click()
    expect(area.get_by_role("row").last).to_contain_text(re.compile(r"0\.07.*stopped after step"))
    no_complaints(page)
    page.close()
